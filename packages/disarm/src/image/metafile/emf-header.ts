import { refuse } from '../../family.ts'
import type { RecordReader, RecordWriter } from './bytes.ts'

/** The header with both extensions ([MS-EMF] 2.2.9, 2.2.10, 2.2.11), as it is always written. */
export const HEADER_BYTES = 108
const SMALLEST_HEADER = 88
const SIGNATURE = 0x464d4520
const VERSION = 0x10000

export interface EmfHeader {
  /** Inclusive bounds in device units, and the frame in 0.01 mm. */
  readonly bounds: readonly number[]
  readonly frame: readonly number[]
  /** Size of the reference device in pixels, millimetres and micrometres. */
  readonly device: readonly [width: number, height: number]
  readonly millimetres: readonly [width: number, height: number]
  readonly micrometres: readonly [width: number, height: number]
  /** True when there was a description, which names the program and the drawing. */
  readonly described: boolean
}

/** Reads the first record. Refuses IMG-DECODE when it is not that of a metafile. */
export function readHeader(from: RecordReader, recordBytes: number): EmfHeader {
  const bounds = longs(from)
  const frame = longs(from)
  const signature = from.u32()
  from.take(16)
  const description = from.u32()
  from.take(8)
  const device = pair(from, 1024, 768)
  const millimetres = pair(from, 320, 240)
  // With the second extension, micrometres stand at 100.
  const extended = recordBytes >= HEADER_BYTES
  if (extended) from.take(12)
  const [width, height] = [millimetres[0] * 1000, millimetres[1] * 1000] as const
  const micrometres = extended ? pair(from, width, height) : ([width, height] as const)
  if (from.short || recordBytes < SMALLEST_HEADER || signature !== SIGNATURE) refuse('IMG-DECODE')
  return { bounds, frame, device, millimetres, micrometres, described: description > 0 }
}

const FARTHEST = 0x7ffffff
const LARGEST_DEVICE = 100_000_000

function longs(from: RecordReader): number[] {
  return [0, 1, 2, 3].map(() => Math.max(-FARTHEST, Math.min(FARTHEST, from.i32())))
}

/** A size that readers divide by: one that is zero or absurd becomes that of a common screen. */
function pair(from: RecordReader, width: number, height: number): readonly [number, number] {
  const [x, y] = [from.i32(), from.i32()]
  const fits = x > 0 && y > 0 && x <= LARGEST_DEVICE && y <= LARGEST_DEVICE
  return fits ? [x, y] : [Math.min(width, LARGEST_DEVICE), Math.min(height, LARGEST_DEVICE)]
}

/** Writes the header; numbers that are known only at the end are put in by `completeHeader`. */
export function writeHeader(to: RecordWriter, header: EmfHeader): void {
  const { bounds, frame, device, millimetres, micrometres } = header
  const words = [
    1,
    HEADER_BYTES,
    ...bounds,
    ...frame,
    SIGNATURE,
    VERSION,
    0,
    0,
    0,
    0,
    0,
    0,
    ...device,
    ...millimetres,
    0,
    0,
    0,
    ...micrometres,
  ]
  for (const word of words) to.u32(word)
}

/** Bytes, records and handles of the whole file, as they are and not as the input said. */
export function completeHeader(to: RecordWriter, records: number, handles: number): void {
  to.patch32(48, to.length)
  to.patch32(52, records)
  to.patch16(56, handles)
}
