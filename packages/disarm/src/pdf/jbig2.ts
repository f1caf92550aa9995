import type { Decoded } from './filter.ts'
import { deflate } from './flate.ts'
import { streamBytes } from './raster.ts'
import { SyntaxFault } from './lexer.ts'
import { dictionary, name } from './objects.ts'
import type { Stream } from './objects.ts'
import type { Body } from './shape.ts'
import type { Walk } from './walk.ts'

/** Segments of one picture; a page of a copier has a handful. */
const MAX_SEGMENTS = 65_536
/** Side of a bitmap that a segment may ask a reader to allocate. */
const MAX_SIDE = 65_535
/** ITU-T T.88, 7.3; without end of file, profiles, colour palette and extensions (62: comments and private data). */
const SYMBOLS = 0
const PAGE_INFORMATION = 48
const END_OF_STRIPE = 50
const ALLOWED = new Set([0, 4, 6, 7, 16, 20, 22, 23, 36, 38, 39, 40, 42, 43, 48, 49, 50, 52, 53])
/** Segments that begin with a region segment information field (7.4.1). */
const REGIONS = new Set([4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43])
const DROPPED = new Set([51, 62])

interface Segment {
  readonly number: number
  readonly type: number
  readonly refers: readonly number[]
  readonly start: number
  readonly dataStart: number
  readonly end: number
}

/**
 * A JBIG2 picture is not decoded, only its segments are: known types, true lengths, references to earlier segments, bitmaps of
 * bearable size; comments and extensions are taken out. A person is told so (`PDF-FILTER` kept).
 */
export function jbig2Stream(decoded: Decoded, walk: Walk): Body {
  const globals = decoded.parameters?.entries.get('JBIG2Globals')
  const shared = globals === undefined ? undefined : streamBytes(globals, walk)
  const known = new Set<number>()
  const cleanShared = shared && cleanSegments(shared, known)
  const raw = cleanSegments(decoded.bytes, known)
  walk.kept('PDF-FILTER')
  const parameters =
    cleanShared && dictionary({ JBIG2Globals: walk.fresh(() => packedStream(cleanShared)) })
  return { raw, entries: { Filter: name('JBIG2Decode'), DecodeParms: parameters } }
}

function packedStream(bytes: Uint8Array): Stream {
  return {
    kind: 'stream',
    dictionary: dictionary({ Filter: name('FlateDecode') }),
    raw: deflate(bytes),
  }
}

/** Checks all segments and gives those that stay. `known` collects their numbers over globals and picture. */
export function cleanSegments(bytes: Uint8Array, known: Set<number>): Uint8Array {
  const kept: Uint8Array[] = []
  for (let at = 0, count = 0; at < bytes.length; count += 1) {
    if (count > MAX_SEGMENTS) throw new SyntaxFault('too many segments', at)
    const segment = readSegment(bytes, at)
    at = segment.end
    if (DROPPED.has(segment.type)) continue
    checkSegment(bytes, segment, known)
    known.add(segment.number)
    kept.push(bytes.subarray(segment.start, segment.end))
  }
  return Buffer.concat(kept)
}

/** T.88, 7.2. */
function readSegment(bytes: Uint8Array, start: number): Segment {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  try {
    const number = view.getUint32(start)
    const flags = view.getUint8(start + 4)
    const { refers, next } = readReferences(view, start + 5, number)
    const pageBytes = (flags & 0x40) === 0 ? 1 : 4
    const length = view.getUint32(next + pageBytes)
    const dataStart = next + pageBytes + 4
    if (length === 0xffffffff || dataStart + length > bytes.length) {
      throw new SyntaxFault('segment without an end', start)
    }
    return { number, type: flags & 63, refers, start, dataStart, end: dataStart + length }
  } catch (fault) {
    if (fault instanceof RangeError) throw new SyntaxFault('segment cut off', start)
    throw fault
  }
}

function readReferences(
  view: DataView,
  at: number,
  number: number,
): { refers: number[]; next: number } {
  const short = view.getUint8(at) >> 5
  const long = short === 7
  const count = long ? view.getUint32(at) & 0x1fffffff : short
  if (count > MAX_SEGMENTS || short === 5 || short === 6)
    throw new SyntaxFault('bad references', at)
  let next = at + (long ? 4 + ((count + 8) >> 3) : 1)
  const width = number <= 256 ? 1 : number <= 65_536 ? 2 : 4
  const refers: number[] = []
  for (let i = 0; i < count; i += 1) {
    refers.push(
      width === 1 ? view.getUint8(next) : width === 2 ? view.getUint16(next) : view.getUint32(next),
    )
    next += width
  }
  return { refers, next }
}

function checkSegment(bytes: Uint8Array, segment: Segment, known: ReadonlySet<number>): void {
  const { type, refers, number, dataStart, end } = segment
  if (!ALLOWED.has(type)) throw new SyntaxFault('unknown segment', segment.start)
  if (refers.some((each) => each >= number || !known.has(each))) {
    throw new SyntaxFault('reference to nothing', segment.start)
  }
  const length = end - dataStart
  if (REGIONS.has(type)) checkSides(bytes, dataStart, length, 17)
  if (type === PAGE_INFORMATION) checkSides(bytes, dataStart, length, 19)
  if (type === END_OF_STRIPE && length !== 4) throw new SyntaxFault('bad stripe', dataStart)
  if (type === SYMBOLS && length < 10) throw new SyntaxFault('bad symbols', dataStart)
}

/** Width and height come first in a region and in the page; a height of all ones means "not known yet". */
function checkSides(bytes: Uint8Array, at: number, length: number, least: number): void {
  if (length < least) throw new SyntaxFault('segment too short', at)
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8)
  const height = view.getUint32(4)
  if (view.getUint32(0) > MAX_SIDE || (height > MAX_SIDE && height !== 0xffffffff)) {
    throw new SyntaxFault('bitmap too large', at)
  }
}
