/** For tests only: a BMP writer that shares nothing with the one under test, and can write any lie. */

export interface BmpSpecimen {
  readonly width: number
  /** Negative: rows from top to bottom. */
  readonly height: number
  readonly bits: number
  readonly compression?: number
  /** 12, 40, 52, 56, 64, 108 or 124. */
  readonly headerSize?: number
  /** Red, green, blue and perhaps alpha. */
  readonly masks?: readonly number[]
  /** Entries of three or four bytes, as the header has them. */
  readonly palette?: Uint8Array
  readonly colors?: number
  readonly perMetre?: readonly [number, number]
  /** CSType of V4 and V5. */
  readonly colorSpace?: number
  /** Bytes between colour table and pixels, and the offset that the file header gives. */
  readonly gap?: Uint8Array
  readonly offset?: number
  readonly pixels: Uint8Array
  readonly trailing?: Uint8Array
}

export function bmpSpecimen(bmp: BmpSpecimen): Buffer {
  const header = bmp.headerSize === 12 ? coreHeader(bmp) : infoHeader(bmp)
  const size = bmp.headerSize ?? 40
  const behind = size < 52 ? words(bmp.masks ?? []) : Buffer.alloc(0)
  const before = Buffer.concat([
    header,
    behind,
    bmp.palette ?? Buffer.alloc(0),
    bmp.gap ?? Buffer.alloc(0),
  ])
  const file = Buffer.alloc(14)
  file.write('BM', 'latin1')
  file.writeUInt32LE(14 + before.length + bmp.pixels.length, 2)
  file.writeUInt32LE(bmp.offset ?? 14 + before.length, 10)
  return Buffer.concat([file, before, bmp.pixels, bmp.trailing ?? Buffer.alloc(0)])
}

function coreHeader({ width, height, bits }: BmpSpecimen): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt32LE(12, 0)
  header.writeUInt16LE(width, 4)
  header.writeUInt16LE(height, 6)
  header.writeUInt16LE(1, 8)
  header.writeUInt16LE(bits, 10)
  return header
}

function infoHeader(bmp: BmpSpecimen): Buffer {
  const size = bmp.headerSize ?? 40
  const header = Buffer.alloc(size)
  header.writeUInt32LE(size, 0)
  header.writeInt32LE(bmp.width, 4)
  header.writeInt32LE(bmp.height, 8)
  header.writeUInt16LE(1, 12)
  header.writeUInt16LE(bmp.bits, 14)
  header.writeUInt32LE(bmp.compression ?? 0, 16)
  header.writeUInt32LE(bmp.perMetre?.[0] ?? 0, 24)
  header.writeUInt32LE(bmp.perMetre?.[1] ?? 0, 28)
  header.writeUInt32LE(bmp.colors ?? 0, 32)
  if (size >= 52) words(bmp.masks ?? []).copy(header, 40)
  if (size >= 108) header.writeUInt32LE(bmp.colorSpace ?? 0, 56)
  return header
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, i) => bytes.writeUInt32LE(value, i * 4))
  return bytes
}

/** Bytes of each row, filled up to groups of four. */
export function padded(rows: readonly (readonly number[])[]): Buffer {
  return Buffer.from(
    rows.flatMap((row) => [...row, ...Array<number>((4 - (row.length % 4)) % 4).fill(0)]),
  )
}
