import { colorSpace } from './color.ts'
import { rewriteContent } from './content.ts'
import type { Content } from './content.ts'
import { deflate } from './flate.ts'
import { font } from './font.ts'
import { functions } from './function.ts'
import { image, INTENTS } from './image.ts'
import { droppedNames, isDropped, optionalContent } from './layer.ts'
import { SyntaxFault } from './lexer.ts'
import { isDictionary, isName, isStream, name } from './objects.ts'
import type { Stream, Value } from './objects.ts'
import { isExternal, streamBytes } from './raster.ts'
import { resources } from './resources.ts'
import {
  anyBoolean,
  anyNumber,
  copyForm,
  either,
  form,
  indirect,
  integer,
  later,
  listOf,
  numbers,
  oneOf,
  shared,
  streamOf,
  withBody,
} from './shape.ts'
import type { Body, Form } from './shape.ts'
import type { Shape, Walk } from './walk.ts'

const MAX_STRUCT_PARENT = 100_000_000

const BLEND_MODES = oneOf(
  ...`Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight Difference
   Exclusion Hue Saturation Color Luminosity`.split(/\s+/u),
)

/** Transparency group, ISO 32000-1, table 147. */
export const transparencyGroup: Shape = shared(
  form({
    fixed: { S: 'Transparency' },
    keys: { CS: shared(colorSpace), I: anyBoolean, K: anyBoolean },
  }),
)

/** Form XObject, table 95. Without `Ref`, `OPI`, `PS`, `PieceInfo`, `LastModified`. */
const FORM: Form = {
  fixed: { Type: 'XObject', Subtype: 'Form' },
  keys: {
    BBox: numbers(4),
    Matrix: numbers(6),
    Resources: shared(later(() => resources)),
    Group: transparencyGroup,
    StructParent: integer(0, MAX_STRUCT_PARENT),
    StructParents: integer(0, MAX_STRUCT_PARENT),
    OC: optionalContent,
  },
  required: ['BBox'],
}

export const formXObject: Shape = streamOf(FORM, (stream, walk) =>
  isExternal(stream) ? undefined : contentBody(stream, walk),
)

/** Rewrites the stream as content. */
export function contentBody(stream: Stream, walk: Walk): Body | undefined {
  try {
    const bytes = streamBytes(stream, walk)
    const hidden = droppedNames(stream.dictionary.entries.get('Resources'), walk)
    if (bytes) return packContent(rewriteContent(bytes, walk, hidden), walk)
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
  }
  walk.removed('PDF-FILTER')
  return undefined
}

/** Packs content and remembers what it uses, for the check of loops. */
export function packContent({ bytes, uses }: Content, walk: Walk): Body {
  const raw = deflate(bytes)
  walk.uses.set(raw, uses)
  return { raw, entries: { Filter: name('FlateDecode') } }
}

/** What `Do` may paint: images and forms; PostScript XObjects are not written (8.8.2). */
export const xObject: Shape = (value, walk) => {
  const entries = walk.entries(value)
  const subtype = walk.resolve(entries.get('Subtype'))
  if (isDropped(entries.get('OC'), walk)) return undefined
  if (isName(subtype, 'Image')) return image(value, walk)
  return isName(subtype, 'Form') ? formXObject(value, walk) : undefined
}

const softMask = form({
  fixed: { Type: 'Mask' },
  keys: {
    S: oneOf('Alpha', 'Luminosity'),
    G: formXObject,
    BC: listOf(anyNumber, { most: 32 }),
    TR: either(oneOf('Identity'), functions),
  },
  required: ['S', 'G'],
})

/** Graphics state, table 58, without halftones, black generation and undercolour removal: they are for one printer. */
export const graphicsState: Shape = form({
  fixed: { Type: 'ExtGState' },
  keys: {
    LW: anyNumber,
    LC: integer(0, 2),
    LJ: integer(0, 2),
    ML: anyNumber,
    D: (value, walk) => dash(value, walk),
    RI: oneOf(...INTENTS),
    OP: anyBoolean,
    op: anyBoolean,
    OPM: integer(0, 1),
    Font: (value, walk) => fontAndSize(value, walk),
    SM: anyNumber,
    SA: anyBoolean,
    BM: either(BLEND_MODES, listOf(BLEND_MODES, { most: 32, strict: false })),
    SMask: either(oneOf('None'), shared(softMask)),
    CA: anyNumber,
    ca: anyNumber,
    AIS: anyBoolean,
    TK: anyBoolean,
    TR: either(oneOf('Identity'), functions),
    TR2: either(oneOf('Identity', 'Default'), functions),
  },
})

const dashArray = numbers(0, 32)

function dash(value: Value | undefined, walk: Walk): Value | undefined {
  const found = walk.resolve(value)
  if (typeof found !== 'object' || found === null || found.kind !== 'list') return undefined
  const array = dashArray(found.items[0], walk)
  const phase = anyNumber(found.items[1], walk)
  return array === undefined || phase === undefined
    ? undefined
    : { kind: 'list', items: [array, phase] }
}

function fontAndSize(value: Value | undefined, walk: Walk): Value | undefined {
  const found = walk.resolve(value)
  if (typeof found !== 'object' || found === null || found.kind !== 'list') return undefined
  const chosen = font(found.items[0], walk)
  const size = anyNumber(found.items[1], walk)
  return chosen === undefined || size === undefined
    ? undefined
    : { kind: 'list', items: [chosen, size] }
}

const TILING: Form = {
  fixed: { Type: 'Pattern' },
  keys: {
    PatternType: integer(1, 1),
    PaintType: integer(1, 2),
    TilingType: integer(1, 3),
    BBox: numbers(4),
    XStep: anyNumber,
    YStep: anyNumber,
    Resources: shared(later(() => resources)),
    Matrix: numbers(6),
  },
  required: ['PatternType', 'PaintType', 'BBox', 'XStep', 'YStep'],
}
const tiling = streamOf(TILING, contentBody)

const shadingPattern = form({
  fixed: { Type: 'Pattern' },
  keys: {
    PatternType: integer(2, 2),
    Shading: later(() => shading),
    Matrix: numbers(6),
    ExtGState: shared(later(() => graphicsState)),
  },
  required: ['PatternType', 'Shading'],
})

export const pattern: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (isStream(found)) return tiling(value, walk)
  return isDictionary(found) ? shared(shadingPattern)(value, walk) : undefined
}

const SHADING: Form = {
  keys: {
    ShadingType: integer(1, 7),
    ColorSpace: shared(colorSpace),
    Background: listOf(anyNumber, { most: 32 }),
    BBox: numbers(4),
    AntiAlias: anyBoolean,
    Domain: numbers(2, 4),
    Matrix: numbers(6),
    Coords: numbers(4, 6),
    Function: functions,
    Extend: listOf(anyBoolean, { least: 2, most: 2 }),
    BitsPerCoordinate: integer(1, 32),
    BitsPerComponent: integer(1, 16),
    BitsPerFlag: integer(2, 8),
    Decode: listOf(anyNumber, { least: 4, most: 70 }),
    VerticesPerRow: integer(2, 65_536),
  },
  required: ['ShadingType', 'ColorSpace'],
}

/** Table 78. Mesh data (types 4 to 7) is numbers of stated widths: any bytes are a mesh. */
export const shading: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (isStream(found)) return meshShading(value, walk)
  return isDictionary(found) ? shared(plainShading)(value, walk) : undefined
}

const plainShading: Shape = (value, walk) => {
  const found = walk.resolve(value)
  return isDictionary(found) ? copyForm(found, SHADING, walk) : undefined
}

const meshShading: Shape = indirect((value, walk) => {
  const found = walk.resolve(value)
  if (!isStream(found)) return undefined
  const copy = copyForm(found.dictionary, SHADING, walk)
  const body = copy && meshBody(found, walk)
  return copy && body ? withBody(copy, body) : undefined
})

function meshBody(stream: Stream, walk: Walk): Body | undefined {
  try {
    const bytes = streamBytes(stream, walk)
    return bytes && { raw: deflate(bytes), entries: { Filter: name('FlateDecode') } }
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
    return undefined
  }
}
