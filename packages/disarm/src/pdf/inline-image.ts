import { decodeStream } from './filter.ts'
import type { Decoded } from './filter.ts'
import { rasterBytes } from './raster.ts'
import { rebuildJpeg } from '../image/index.ts'
import { ccittRaster } from './ccitt.ts'
import { isKeyword, isRegular, isWhite, Lexer, SyntaxFault } from './lexer.ts'
import type { Token } from './lexer.ts'
import { isDictionary, isList, isName, isText } from './objects.ts'
import type { Dictionary, Stream, Value } from './objects.ts'
import { safeName } from './safe-name.ts'
import type { Walk } from './walk.ts'
import { render, renderName, renderNumber } from './writer.ts'

/** Keys of an inline image and their long forms (ISO 32000-1, table 93). */
const LONG_KEYS: ReadonlyMap<string, string> = new Map([
  ['BPC', 'BitsPerComponent'],
  ['CS', 'ColorSpace'],
  ['D', 'Decode'],
  ['DP', 'DecodeParms'],
  ['F', 'Filter'],
  ['H', 'Height'],
  ['IM', 'ImageMask'],
  ['I', 'Interpolate'],
  ['W', 'Width'],
  ['L', 'Length'],
])

const COMPONENTS: ReadonlyMap<string, number> = new Map([
  ['G', 1],
  ['DeviceGray', 1],
  ['CalGray', 1],
  ['RGB', 3],
  ['DeviceRGB', 3],
  ['CMYK', 4],
  ['DeviceCMYK', 4],
])

/** Side of an inline image; larger ones belong into an image object. */
const MAX_SIDE = 32_767
/** Bytes looked at behind `EI` to be sure that it is not image data. */
const LOOK_BEHIND_EI = 16
const NOTHING = new Map<never, never>()

/**
 * Reads an inline image from behind `BI` to behind `EI` and gives it in the one form we write: hexadecimal data, so that no reader can
 * disagree about its end. Undefined when it cannot be decoded; the lexer stands behind it in either case.
 */
export function readInlineImage(lexer: Lexer, walk: Walk): string | undefined {
  const image = skipInlineImage(lexer)
  try {
    return image && rewrite(image, walk)
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined
    throw fault
  }
}

/** Goes from behind `BI` to behind `EI`, and gives what is between. */
export function skipInlineImage(lexer: Lexer): Stream | undefined {
  const dictionary = readDictionary(lexer)
  if (!dictionary) return undefined
  lexer.at += lexer.bytes[lexer.at] === 13 && lexer.bytes[lexer.at + 1] === 10 ? 2 : 1
  return { kind: 'stream', dictionary, raw: readData(lexer, dictionary) }
}

function readDictionary(lexer: Lexer): Dictionary | undefined {
  const entries = new Map<string, Value>()
  for (;;) {
    const key = soundToken(lexer)
    if (key === undefined) return undefined
    if (isKeyword(key)) {
      if (key.word === 'ID') return { kind: 'dictionary', entries }
      return undefined
    }
    if (!isName(key)) return undefined
    const value = soundToken(lexer)
    if (value === undefined || isKeyword(value)) return undefined
    entries.set(LONG_KEYS.get(key.value) ?? key.value, value)
  }
}

/** Nothing for a broken token, which costs a byte as it does outside of pictures. */
function soundToken(lexer: Lexer): Token | undefined {
  try {
    return lexer.token()
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
    lexer.at = Math.max(lexer.at, fault.at) + 1
    return undefined
  }
}

/** Unfiltered data has a length we can compute; filtered data ends at the `EI` behind which content goes on. */
function readData(lexer: Lexer, dictionary: Dictionary): Uint8Array {
  const start = lexer.at
  const exact = dictionary.entries.has('Filter') ? undefined : plainLength(dictionary)
  if (exact !== undefined && endsWithEi(lexer, start + exact)) {
    return lexer.bytes.subarray(start, start + exact)
  }
  const end = searchEi(lexer, start)
  lexer.at = Math.min(lexer.end, end + 2)
  return lexer.bytes.subarray(start, withoutLineEnd(lexer.bytes, start, end))
}

/** The line end in front of `EI` belongs to neither the picture nor the content. */
function withoutLineEnd(bytes: Uint8Array, start: number, end: number): number {
  let last = end
  if (last > start && bytes[last - 1] === 10) last -= 1
  if (last > start && bytes[last - 1] === 13) last -= 1
  return last
}

/** Undefined when the dictionary does not tell. */
function plainLength(dictionary: Dictionary): number | undefined {
  try {
    const { width, height, bits, components } = geometry(dictionary)
    return components === undefined
      ? undefined
      : height * Math.ceil((width * bits * components) / 8)
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined
    throw fault
  }
}

function endsWithEi(lexer: Lexer, at: number): boolean {
  if (at > lexer.end) return false
  const probe = new Lexer(lexer.bytes, at, { references: false, end: lexer.end })
  if (!probe.keyword('EI')) return false
  lexer.at = probe.at
  return true
}

function searchEi(lexer: Lexer, start: number): number {
  const { bytes, end } = lexer
  for (let at = start; at + 1 < end; at += 1) {
    if (bytes[at] !== 0x45 || bytes[at + 1] !== 0x49) continue
    if (at > start && isRegular(bytes[at - 1] as number) && bytes[at - 1] !== 0x3e) continue
    if (isContentBehind(bytes, at + 2, end)) return at
  }
  return end
}

function isContentBehind(bytes: Uint8Array, from: number, end: number): boolean {
  if (from < end && !isWhite(bytes[from] as number)) return false
  const stop = Math.min(end, from + LOOK_BEHIND_EI)
  for (let at = from; at < stop; at += 1) {
    const byte = bytes[at] as number
    if (byte === 0 || (byte < 0x20 && !isWhite(byte)) || byte > 0x7e) return false
  }
  return true
}

interface Geometry {
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly mask: boolean
  /** Undefined for a colour space named in the resources. */
  readonly components: number | undefined
}

function geometry({ entries }: Dictionary): Geometry {
  const mask = entries.get('ImageMask') === true
  const side = (key: string): number => {
    const value = entries.get(key)
    if (typeof value !== 'number' || value < 1 || value > MAX_SIDE)
      throw new SyntaxFault('impossible size', 0)
    return Math.trunc(value)
  }
  const bits = mask ? 1 : (entries.get('BitsPerComponent') ?? 8)
  if (![1, 2, 4, 8, 16].includes(bits as number)) throw new SyntaxFault('impossible depth', 0)
  const components = mask ? 1 : spaceComponents(entries.get('ColorSpace'))
  return { width: side('Width'), height: side('Height'), bits: bits as number, mask, components }
}

function spaceComponents(value: Value | undefined): number | undefined {
  if (isName(value)) return COMPONENTS.get(value.value)
  return isList(value) ? 1 : undefined
}

function rewrite(stream: Stream, walk: Walk): string {
  const shape = geometry(stream.dictionary)
  const decoded = decodeStream(stream, (value) => value ?? null, walk.context)
  const { data, filter } = imageData(decoded, shape, walk)
  const space = shape.mask
    ? ''
    : `/CS ${colorSpace(stream.dictionary.entries.get('ColorSpace'))} /BPC ${shape.bits} `
  return (
    `BI /W ${shape.width} /H ${shape.height} ${shape.mask ? '/IM true ' : space}` +
    decodeArray(stream.dictionary.entries.get('Decode')) +
    (stream.dictionary.entries.get('Interpolate') === true ? '/I true ' : '') +
    `/F ${filter} ID ${Buffer.from(data).toString('hex').toUpperCase()}>\nEI\n`
  )
}

function imageData(
  decoded: Decoded,
  shape: Geometry,
  walk: Walk,
): { data: Uint8Array; filter: string } {
  if (decoded.filter === 'DCTDecode') {
    const jpeg = rebuildJpeg(decoded.bytes, walk.context, walk.place)
    if (!jpeg.ok) throw new SyntaxFault('bad image', 0)
    return { data: jpeg.output, filter: '[/AHx /DCT]' }
  }
  if (decoded.filter === 'CCITTFaxDecode') {
    const data = ccittRaster(decoded, shape.width, shape.height, walk)
    return { data, filter: '/AHx' }
  }
  if (decoded.filter !== undefined) throw new SyntaxFault('not for inline images', 0)
  if (shape.components === undefined) return { data: decoded.bytes, filter: '/AHx' }
  const row = Math.ceil((shape.width * shape.bits * shape.components) / 8)
  return { data: rasterBytes(decoded.bytes, row * shape.height, walk), filter: '/AHx' }
}

/** A name, or an indexed space with its table as a string. */
function colorSpace(value: Value | undefined): string {
  if (isName(value)) return renderName(safeName(value.value))
  if (!isList(value) || value.items.length !== 4)
    throw new SyntaxFault('impossible colour space', 0)
  const [family, base, high, table] = value.items
  const fits =
    (isName(family, 'I') || isName(family, 'Indexed')) &&
    isName(base) &&
    typeof high === 'number' &&
    isText(table)
  if (!fits || high < 0 || high > 255) throw new SyntaxFault('impossible colour space', 0)
  return `[/Indexed ${renderName(base.value)} ${Math.trunc(high)} ${render(table, NOTHING)}]`
}

function decodeArray(value: Value | undefined): string {
  if (!isList(value) || isDictionary(value) || value.items.length > 8) return ''
  const parts = value.items.map((item) => (typeof item === 'number' ? renderNumber(item) : '0'))
  return `/D [${parts.join(' ')}] `
}
