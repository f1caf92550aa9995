import { littleEndian16 } from '../reading.ts'
import type { RecordReader, RecordWriter } from './bytes.ts'
import type { Bounds } from './wmf-scene.ts'

const KEY = 0x9ac6cdd7
export const PLACEABLE_BYTES = 22
export const HEADER_BYTES = 18
const VERSION = 0x300
const DEFAULT_UNITS = 1440
const SCREEN_UNITS = 96
/** Windows wider than this in units are not in pixels. */
const WIDEST_SCREEN = 2000

/** Where the drawing lies and how many of its units make an inch ([MS-WMF] 2.3.2.3). */
export interface Placement {
  readonly box: readonly [left: number, top: number, right: number, bottom: number]
  readonly unitsPerInch: number
}

/** True when the file begins with the placeable header. */
export function isPlaceable(bytes: Uint8Array): boolean {
  return littleEndian16(bytes, 0) === (KEY & 0xffff) && littleEndian16(bytes, 2) === KEY >>> 16
}

/** Reads the placeable header; undefined when it places nothing. Its checksum is often wrong and asked by nobody. */
export function readPlacement(from: RecordReader): Placement | undefined {
  from.take(6)
  const box = [from.i16(), from.i16(), from.i16(), from.i16()] as const
  const unitsPerInch = from.u16()
  const isEmpty = box[0] === box[2] || box[1] === box[3] || unitsPerInch === 0
  return isEmpty ? undefined : { box, unitsPerInch }
}

/** For a drawing without a placeable header: its own window, and the unit of its mapping mode. */
export function placementOf(bounds: Bounds): Placement {
  const { box, mapMode } = bounds
  const longest = Math.max(box[2] - box[0], box[3] - box[1])
  const guess = longest > WIDEST_SCREEN ? DEFAULT_UNITS : SCREEN_UNITS
  return { box, unitsPerInch: UNITS.get(mapMode) ?? guess }
}

/** Units per inch of the metric mapping modes ([MS-WMF] 2.1.1.16). */
const UNITS: ReadonlyMap<number, number> = new Map([
  [2, 254],
  [3, 2540],
  [4, 100],
  [5, 1000],
  [6, 1440],
])

/** Both headers of a file whose records take `recordBytes`. */
export function writeHeaders(
  to: RecordWriter,
  { box, unitsPerInch }: Placement,
  numbers: { readonly recordBytes: number; readonly objects: number; readonly largest: number },
): void {
  const words = [KEY & 0xffff, KEY >>> 16, 0, ...box, unitsPerInch, 0, 0]
  const checksum = words.reduce((sum, word) => sum ^ (word & 0xffff), 0)
  for (const word of [...words, checksum, 1, HEADER_BYTES / 2, VERSION]) to.u16(word)
  to.u32((HEADER_BYTES + numbers.recordBytes) / 2)
  to.u16(numbers.objects)
  to.u32(numbers.largest / 2)
  to.u16(0)
}
