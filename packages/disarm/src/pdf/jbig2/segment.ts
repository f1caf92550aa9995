import { BitStream } from './bit-stream.ts'
import { damaged } from './damage.ts'

/** Segments of one picture; a page of a copier has a handful. */
const MAX_SEGMENTS = 65_536
const IMMEDIATE_GENERIC = 38
const UNKNOWN_LENGTH = 0xffffffff
/** End of the page and of the file: what follows is nothing, or of another page. */
const ENDS = new Set([49, 51])
/** Shorter than any segment: line ends, or the filling of a disk block. */
const LEAST_BYTES = 11

/** One segment: what it is, what it builds on, and its data (ITU-T T.88, 7.2). */
export interface Segment {
  readonly number: number
  readonly type: number
  readonly refers: readonly number[]
  readonly data: Uint8Array
}

/** Splits data into segments, up to the end of the page. */
export function readSegments(bytes: Uint8Array): readonly Segment[] {
  const segments: Segment[] = []
  for (let at = 0; at + LEAST_BYTES <= bytes.length;) {
    if (segments.length === MAX_SEGMENTS) damaged()
    const stream = new BitStream(bytes.subarray(at))
    const segment = readSegment(stream)
    if (ENDS.has(segment.type)) break
    segments.push(segment)
    at += stream.position
  }
  return segments
}

function readSegment(stream: BitStream): Segment {
  const number = stream.number(32)
  const flags = stream.number(8)
  const refers = readReferences(stream, number)
  // The page, in one byte or four: a picture in a PDF has only one.
  stream.number((flags & 0x40) === 0 ? 8 : 32)
  const type = flags & 63
  const length = stream.number(32)
  const data = length === UNKNOWN_LENGTH ? openData(stream, type) : stream.take(length)
  return { number, type, refers, data }
}

function readReferences(stream: BitStream, number: number): readonly number[] {
  let count = stream.number(3)
  if (count === 7) {
    count = stream.number(29)
    if (count > MAX_SEGMENTS) damaged()
    stream.take((count + 8) >> 3)
  } else {
    if (count > 4) damaged()
    stream.number(5)
  }
  const width = number <= 256 ? 8 : number <= 65_536 ? 16 : 32
  return Array.from({ length: count }, () => stream.number(width))
}

/** 7.2.7: a generic region of unknown height ends with a mark and its number of rows, which go with it. */
function openData(stream: BitStream, type: number): Uint8Array {
  if (type !== IMMEDIATE_GENERIC) damaged()
  const rest = Buffer.from(stream.bytes.subarray(stream.position))
  const isFax = ((rest[17] ?? 0) & 1) === 1
  const mark = rest.indexOf(isFax ? '0000' : 'ffac', 18, 'hex')
  if (mark < 0) damaged()
  const data = Buffer.from(stream.take(mark + 2))
  // The height is told behind the data: it takes the place of what was not known.
  data.set(stream.take(4), 4)
  return data
}
