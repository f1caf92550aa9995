import { Rejection, demand } from './rejection.ts'

const MAX_SEGMENTS = 65_536
/** Side of a bitmap that a segment may ask a reader to allocate. */
const MAX_SIDE = 65_535
const UNKNOWN = 0xffffffff
/** ITU-T T.88, 7.3, without end of file, profiles, palette and extensions: those hold comments and private data. */
const TYPES = new Set([0, 4, 6, 7, 16, 20, 22, 23, 36, 38, 39, 40, 42, 43, 48, 49, 50, 52, 53])
/** Segments that begin with the sides of a bitmap: regions (7.4.1) and the page (7.4.8), with their least length. */
const SIDED: Readonly<Record<number, number>> = Object.fromEntries([
  ...[4, 6, 7, 20, 22, 23, 36, 38, 39, 40, 42, 43].map((type) => [type, 17]),
  [48, 19],
])
const LEAST: Readonly<Record<number, number>> = { 0: 10 }
const END_OF_STRIPE = 50

/**
 * Accepts the segments of a JBIG2 picture: known types, true lengths, references only to earlier segments, bitmaps of bearable
 * size. The pictures themselves are not decoded.
 *
 * @param known numbers of the segments so far, over the shared part and the picture
 */
export function verifyJbig2(bytes: Uint8Array, known: Set<number>, where: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    for (let at = 0, count = 0; at < bytes.length; count++) {
      demand(count < MAX_SEGMENTS, 'VERIFY-PDF-JBIG2', where)
      at = segment(view, at, known, where)
    }
  } catch (error) {
    // Reads beyond the end of the picture.
    if (error instanceof RangeError) throw new Rejection('VERIFY-PDF-JBIG2', where)
    throw error
  }
}

/** One segment header and its data (7.2); @returns where the next one begins. */
function segment(view: DataView, start: number, known: Set<number>, where: string): number {
  const number = view.getUint32(start)
  const flags = view.getUint8(start + 4)
  const { refers, next } = references(view, start + 5, number, where)
  const lengthAt = next + ((flags & 0x40) === 0 ? 1 : 4)
  const length = view.getUint32(lengthAt)
  const data = lengthAt + 4
  demand(length !== UNKNOWN && data + length <= view.byteLength, 'VERIFY-PDF-JBIG2', where)
  const fair = refers.every((each) => each < number && known.has(each))
  demand(fair && typeFits(flags & 63, view, data, length), 'VERIFY-PDF-JBIG2', where)
  known.add(number)
  return data + length
}

function references(
  view: DataView,
  at: number,
  number: number,
  where: string,
): { refers: readonly number[]; next: number } {
  const short = view.getUint8(at) >> 5
  const count = short === 7 ? view.getUint32(at) & 0x1fffffff : short
  demand(count <= MAX_SEGMENTS && short !== 5 && short !== 6, 'VERIFY-PDF-JBIG2', where)
  const first = at + (short === 7 ? 4 + ((count + 8) >> 3) : 1)
  const width = number <= 256 ? 1 : number <= 65_536 ? 2 : 4
  const refers = Array.from({ length: count }, (_, index) =>
    unsigned(view, first + index * width, width),
  )
  return { refers, next: first + count * width }
}

function unsigned(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at)
  return width === 2 ? view.getUint16(at) : view.getUint32(at)
}

function typeFits(type: number, view: DataView, data: number, length: number): boolean {
  if (!TYPES.has(type) || length < (SIDED[type] ?? LEAST[type] ?? 0)) return false
  if (type === END_OF_STRIPE) return length === 4
  if (SIDED[type] === undefined) return true
  const height = view.getUint32(data + 4)
  return view.getUint32(data) <= MAX_SIDE && (height <= MAX_SIDE || height === UNKNOWN)
}
