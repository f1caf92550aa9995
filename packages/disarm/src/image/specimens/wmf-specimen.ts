/** For tests only: Windows metafiles made record by record, the honest and the hostile ones. */
import { MONO, TRUE_COLOUR, int32 } from './emf-specimen.ts'

/** A record: function, then 16-bit words and bytes. */
export function wmfRecord(type: number, ...parts: readonly (number | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'number' ? int16(part) : part)))
  return Buffer.concat([int32((6 + body.length) / 2), int16(type), body])
}

export function int16(value: number): Buffer {
  return int32(value).subarray(0, 2)
}

export interface WmfSpecimen {
  readonly objects?: number
  /** False: without the placeable header. */
  readonly placeable?: boolean
  readonly box?: readonly [left: number, top: number, right: number, bottom: number]
  readonly unitsPerInch?: number
}

export const WMF_END = wmfRecord(0)

/** Headers, records, end. With nothing said it is the written form. */
export function wmf(records: readonly Uint8Array[], options: WmfSpecimen = {}): Buffer {
  const all = [...records, WMF_END]
  const body = Buffer.concat(all)
  const largest = Math.max(...all.map(({ length }) => length)) / 2
  const header = Buffer.concat([
    ...[1, 9, 0x300].map(int16),
    int32((18 + body.length) / 2),
    int16(options.objects ?? 0),
    int32(largest),
    int16(0),
  ])
  const placement = options.placeable === false ? [] : [placeableHeader(options)]
  return Buffer.concat([...placement, header, body])
}

function placeableHeader({ box = [0, 0, 100, 100], unitsPerInch = 96 }: WmfSpecimen): Buffer {
  const words = [0xcdd7, 0x9ac6, 0, ...box, unitsPerInch, 0, 0]
  const checksum = words.reduce((sum, word) => sum ^ (word & 0xffff), 0)
  return Buffer.concat([...words, checksum].map(int16))
}

const BOX = [9, 9, 0, 0]
const COPY = int32(0xcc0020)
const monoDib = Buffer.concat([...MONO])
const colourDib = Buffer.concat([...TRUE_COLOUR])

/** META_CREATEFONTINDIRECT with a face in CP932. */
export function wmfFont(face: Uint8Array): Buffer {
  const name = Buffer.alloc(32)
  name.set(face)
  return wmfRecord(0x02fb, -12, 0, 0, 0, 400, Buffer.from([0, 0, 0, 128, 0, 0, 0, 0]), name)
}

/** META_STRETCHDIB of a bitmap. */
export function wmfStretch(dib: Uint8Array, usage = 0): Buffer {
  return wmfRecord(0x0f43, COPY, usage, 2, 2, 0, 0, 9, 9, 0, 0, dib)
}

/** One of every record of the written form. Objects: 0 pen, 1 brush, 2 font, 3 palette, 4 region, 5 bitmap brush. */
export const EVERY_WMF_RECORD: readonly Buffer[] = [
  wmfRecord(0x02fa, 0, 1, 0, int32(0xff)),
  wmfRecord(0x02fc, 2, int32(0xff00), 4),
  wmfFont(Buffer.from('\x82l\x82r \x96\xbe\x92\xa9', 'latin1')),
  wmfRecord(0x00f7, 0x300, 2, int32(0xff), int32(0xff00)),
  wmfRecord(0x06ff, 0, 6, 0, 0, 34, 1, 2, 0, 0, 9, 9, 2, 0, 9, 0, 9, 2),
  wmfRecord(0x0142, 5, 0, monoDib),
  ...[0x012d, 0x012d].map((type, index) => wmfRecord(type, index)),
  wmfRecord(0x0234, 3),
  wmfRecord(0x012c, 4),
  wmfRecord(0x0228, 4, 1),
  wmfRecord(0x0429, 4, 1, 2, 2),
  wmfRecord(0x012a, 4),
  wmfRecord(0x012b, 4),
  wmfRecord(0x001e),
  wmfRecord(0x0127, -1),
  wmfRecord(0x0035),
  ...[0x0037, 0x0436].map((type) => wmfRecord(type, 0, 1, int32(0xff))),
  ...[0x0102, 0x0106].map((type) => wmfRecord(type, 2)),
  wmfRecord(0x0103, 8),
  wmfRecord(0x0104, 13),
  wmfRecord(0x0107, 3),
  wmfRecord(0x0108, 1),
  wmfRecord(0x012e, 0x18),
  wmfRecord(0x0139, 16),
  wmfRecord(0x0149, 1),
  ...[0x0201, 0x0209].map((type) => wmfRecord(type, int32(0x10000ff))),
  ...[0x020a, 0x020b, 0x020c, 0x020d, 0x020e, 0x020f, 0x0211, 0x0213, 0x0214, 0x0220].map((type) =>
    wmfRecord(type, -4, 5),
  ),
  wmfRecord(0x0231, int32(1)),
  ...[0x0324, 0x0325].map((type) => wmfRecord(type, 2, 1, 2, 3, 4)),
  ...[0x0410, 0x0412, 0x0415, 0x0416, 0x0418, 0x041b].map((type) => wmfRecord(type, ...BOX)),
  ...[0x0419, 0x041f].map((type) => wmfRecord(type, int32(0xff), 1, 2)),
  wmfRecord(0x0521, 3, Buffer.from('abc\0'), 5, 5),
  wmfRecord(0x0538, 2, 2, 1, 1, 2, 3, 4, 5, 6),
  wmfRecord(0x0548, 1, int32(0xff), 1, 2),
  wmfRecord(0x061c, 2, 2, ...BOX),
  wmfRecord(0x061d, int32(0xf00021), 9, 9, 0, 0),
  ...[0x0817, 0x081a, 0x0830].map((type) => wmfRecord(type, 1, 2, 3, 4, ...BOX)),
  wmfRecord(0x0940, COPY, 0, 0, 2, 2, 0, 0, monoDib),
  wmfRecord(0x0a32, 5, 5, 4, 6, ...BOX, Buffer.from('\x8d\x82\x8b\xb4', 'latin1'), 9, 0, 9, 0),
  wmfRecord(0x0a32, 5, 5, 1, 0, Buffer.from('a\0')),
  wmfRecord(0x0b41, COPY, 2, 2, 0, 0, 9, 9, 0, 0, colourDib),
  wmfRecord(0x0d33, 0, 2, 0, 0, 0, 2, 2, 0, 0, monoDib),
  wmfStretch(colourDib),
  wmfRecord(0x01f0, 5),
]
