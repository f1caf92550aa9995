import { giveBack } from '../give-back.ts'
import { rebuildJpeg } from '../image/index.ts'
import { ccittRaster } from './ccitt.ts'
import { colorSpace, componentsOf } from './color.ts'
import type { Decoded } from './filter.ts'
import { deflate } from './flate.ts'
import { jbig2Raster } from './jbig2.ts'
import { rebuildJpx } from './jpx.ts'
import { optionalContent } from './layer.ts'
import { SyntaxFault } from './lexer.ts'
import { LockedStream } from './locked-stream.ts'
import { dictionary, isStream, name } from './objects.ts'
import type { Dictionary, Stream, Value } from './objects.ts'
import { areKnown, predict, unpredict } from './predictor.ts'
import type { Rows } from './predictor.ts'
import { isExternal, rasterBytes } from './raster.ts'
import {
  anyBoolean,
  anyNumber,
  copyForm,
  either,
  indirect,
  integer,
  later,
  listOf,
  oneOf,
  shared,
  withBody,
} from './shape.ts'
import type { Body, Form } from './shape.ts'
import type { Shape, Walk } from './walk.ts'

/** Longest side of a picture. */
const MAX_SIDE = 1_000_000
const MAX_STRUCT_PARENT = 100_000_000

export const INTENTS = ['AbsoluteColorimetric', 'RelativeColorimetric', 'Saturation', 'Perceptual']

/** ISO 32000-1, table 89. `Alternates`, `OPI`, `ID`, `Metadata`, `Name` and external data are not on the list. */
const IMAGE: Form = {
  fixed: { Type: 'XObject', Subtype: 'Image' },
  keys: {
    Width: integer(1, MAX_SIDE),
    Height: integer(1, MAX_SIDE),
    ImageMask: anyBoolean,
    ColorSpace: shared(colorSpace),
    BitsPerComponent: integer(1, 16),
    Decode: listOf(anyNumber, { most: 64 }),
    Interpolate: anyBoolean,
    Intent: oneOf(...INTENTS),
    SMaskInData: integer(0, 2),
    Matte: listOf(anyNumber, { most: 32 }),
    StructParent: integer(0, MAX_STRUCT_PARENT),
    OC: optionalContent,
  },
  required: ['Width', 'Height'],
}

const MASKED_IMAGE: Form = {
  ...IMAGE,
  keys: {
    ...IMAGE.keys,
    SMask: later(() => maskImage),
    Mask: either(
      later(() => maskImage),
      listOf(integer(0, 65_535), { least: 2, most: 64 }),
    ),
  },
}

/** An image object: raster data decoded and packed again, JPEG rebuilt from its coefficients. */
export const image: Shape = imageOf(MASKED_IMAGE)

/** A mask has no mask of its own, so masks cannot form a loop. */
const maskImage: Shape = imageOf(IMAGE)

function imageOf(spec: Form): Shape {
  const make = indirect((value, walk) => {
    const found = walk.resolve(value)
    return isStream(found) && !isExternal(found) ? copyImage(found, spec, walk) : undefined
  })
  return (value, walk) => (isStream(walk.resolve(value)) ? make(value, walk) : undefined)
}

function copyImage(stream: Stream, spec: Form, walk: Walk): Stream | undefined {
  const copy = copyForm(withKnownSpace(stream.dictionary, walk), spec, walk)
  if (!copy) return undefined
  try {
    const [whole, body] = imageBody(stream, stencil(copy), walk)
    if (stream instanceof LockedStream) stream.close(body.raw)
    return withBody(inOrder(whole, spec), body)
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
    walk.removed('PDF-FILTER')
    return undefined
  }
}

/** A colour space that cannot be written is none, also for how the samples lie. */
function withKnownSpace(source: Dictionary, walk: Walk): Dictionary {
  const given = source.entries.get('ColorSpace')
  if (given === undefined || colorSpace(given, walk) !== undefined) return source
  const entries = new Map(source.entries)
  entries.delete('ColorSpace')
  return { kind: 'dictionary', entries }
}

/** What the picture itself told stands where the form has it: a file that is rebuilt twice is the same file. */
function inOrder(copy: Dictionary, { fixed = {}, keys }: Form): Dictionary {
  const entries = new Map<string, Value>()
  for (const key of [...Object.keys(fixed), ...Object.keys(keys)]) {
    const value = copy.entries.get(key)
    if (value !== undefined) entries.set(key, value)
  }
  return { ...copy, entries }
}

/** A stencil has one bit and no colours (8.9.6.2). */
function stencil(copy: Dictionary): Dictionary {
  if (copy.entries.get('ImageMask') !== true) return copy
  const entries = new Map(one(copy).entries)
  entries.delete('ColorSpace')
  return { kind: 'dictionary', entries }
}

function imageBody(stream: Stream, copy: Dictionary, walk: Walk): [Dictionary, Body] {
  const layout = layoutOf(stream, copy, walk)
  const expected = layout && (layout.row + 1) * layout.height
  const decoded = walk.file.decode(stream, {
    keepRows: true,
    ...(expected === undefined ? {} : { expected }),
  })
  switch (decoded.filter) {
    case 'DCTDecode':
      return jpegBody(decoded, copy, walk)
    case 'JPXDecode':
      walk.kept('PDF-FILTER')
      return [copy, { raw: rebuildJpx(decoded.bytes), entries: { Filter: name('JPXDecode') } }]
    case 'JBIG2Decode':
    case 'CCITTFaxDecode': {
      const bilevel = one(copy)
      const { width, height } = sides(bilevel)
      const decode = decoded.filter === 'JBIG2Decode' ? jbig2Raster : ccittRaster
      const raster = decode(decoded, width, height, walk)
      return [bilevel, packedRaster(raster)]
    }
    default: {
      const body = rasterBody(decoded, layout, walk)
      // What was unpacked is nobody else's; what never was packed is the file itself.
      if (decoded.bytes !== stream.raw) giveBack(decoded.bytes)
      return [copy, body]
    }
  }
}

/** A bilevel picture, whatever the dictionary says; grey when it does not say what its two colours are. */
function one(copy: Dictionary): Dictionary {
  const entries = new Map<string, Value>([...copy.entries, ['BitsPerComponent', 1]])
  if (!entries.has('ColorSpace') && entries.get('ImageMask') !== true)
    entries.set('ColorSpace', name('DeviceGray'))
  return { kind: 'dictionary', entries }
}

function sides(copy: Dictionary): { width: number; height: number } {
  return {
    width: copy.entries.get('Width') as number,
    height: copy.entries.get('Height') as number,
  }
}

/** The picture's own size wins over the dictionary's: two readers must not see two crops. */
function jpegBody(decoded: Decoded, copy: Dictionary, walk: Walk): [Dictionary, Body] {
  const jpeg = rebuildJpeg(decoded.bytes, walk.context, walk.place)
  if (!jpeg.ok) throw new SyntaxFault('bad image', 0)
  const sized = new Map([
    ...copy.entries,
    ['Width', jpeg.width] as const,
    ['Height', jpeg.height] as const,
  ])
  sized.set('BitsPerComponent', 8)
  const transform = walk.resolve(decoded.parameters?.entries.get('ColorTransform'))
  const parameters =
    transform === 0 || transform === 1 ? dictionary({ ColorTransform: transform }) : undefined
  return [
    { kind: 'dictionary', entries: sized },
    { raw: jpeg.output, entries: { Filter: name('DCTDecode'), DecodeParms: parameters } },
  ]
}

interface Layout {
  readonly rows: Rows
  readonly height: number
  /** Bytes of a row without the number of its filter. */
  readonly row: number
}

/** Undefined when the dictionary does not tell how the samples lie, which a picture in a coding of its own need not. */
function layoutOf(stream: Stream, copy: Dictionary, walk: Walk): Layout | undefined {
  const { width, height } = sides(copy)
  const mask = copy.entries.get('ImageMask') === true
  const bits = mask ? 1 : (copy.entries.get('BitsPerComponent') ?? 8)
  const space = copy.entries.has('ColorSpace') ? stream.dictionary.entries.get('ColorSpace') : null
  const colors = mask ? 1 : componentsOf(space, walk)
  if (colors === undefined || ![1, 2, 4, 8, 16].includes(bits as number)) return undefined
  const rows = { colors, bits: bits as number, columns: width }
  return { rows, height, row: Math.ceil((width * rows.bits * colors) / 8) }
}

function rasterBody(decoded: Decoded, layout: Layout | undefined, walk: Walk): Body {
  if (!layout) throw new SyntaxFault('no colour space or an impossible depth', 0)
  const { rows, row, height } = layout
  if (!decoded.predicted) {
    const raster = rasterBytes(decoded.bytes, row * height, walk)
    return packedRaster(raster)
  }
  const parameters = dictionary({
    Predictor: 15,
    Colors: rows.colors,
    BitsPerComponent: rows.bits,
    Columns: rows.columns,
  })
  return {
    raw: deflate(predictedRows(decoded, layout, walk)),
    entries: { Filter: name('FlateDecode'), DecodeParms: parameters },
  }
}

function packedRaster(raster: Uint8Array): Body {
  return { raw: deflate(raster), entries: { Filter: name('FlateDecode') } }
}

/** Rows that are whole, of the picture's own geometry and of known filters are what we would write; others are predicted again. */
function predictedRows(decoded: Decoded, { rows, row, height }: Layout, walk: Walk): Uint8Array {
  const given = decoded.rows
  const whole = decoded.bytes.subarray(0, (row + 1) * height)
  if (given && isSame(given, rows) && whole.length === (row + 1) * height && areKnown(whole, row))
    return whole
  const plain = given ? unpredict(decoded.bytes, 15, given, walk.context) : decoded.bytes
  return predict(rasterBytes(plain, row * height, walk), rows)
}

function isSame(given: Rows, wanted: Rows): boolean {
  return (
    given.colors === wanted.colors && given.bits === wanted.bits && given.columns === wanted.columns
  )
}
