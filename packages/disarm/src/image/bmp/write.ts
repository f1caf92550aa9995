import type { Bitmap } from './bmp.ts'

const FILE_HEADER = 14
const INFO_HEADER = 40
const V4_HEADER = 108
const BITFIELDS = 3
const S_RGB = 0x73524742

/**
 * Writes the BMP form of the disarm grammar: BITMAPINFOHEADER, not compressed, rows from bottom to top, the whole colour
 * table; with alpha BITMAPV4HEADER, because only its mask says that there is one.
 */
export function encodeBmp(bitmap: Bitmap): Uint8Array {
  const headerSize = bitmap.depth === 32 ? V4_HEADER : INFO_HEADER
  const offset = FILE_HEADER + headerSize + (bitmap.palette?.length ?? 0)
  const head = Buffer.alloc(FILE_HEADER + headerSize)
  head.write('BM', 0, 'latin1')
  head.writeUInt32LE(offset + bitmap.rows.length, 2)
  head.writeUInt32LE(offset, 10)
  head.writeUInt32LE(headerSize, 14)
  head.writeInt32LE(bitmap.width, 18)
  head.writeInt32LE(bitmap.height, 22)
  head.writeUInt16LE(1, 26)
  head.writeUInt16LE(bitmap.depth, 28)
  head.writeUInt32LE(bitmap.rows.length, 34)
  head.writeUInt32LE(bitmap.density.x, 38)
  head.writeUInt32LE(bitmap.density.y, 42)
  if (bitmap.depth === 32) writeMasks(head)
  return Buffer.concat([head, bitmap.palette ?? new Uint8Array(0), bitmap.rows])
}

function writeMasks(head: Buffer): void {
  head.writeUInt32LE(BITFIELDS, 30)
  head.writeUInt32LE(0x00ff0000, 54)
  head.writeUInt32LE(0x0000ff00, 58)
  head.writeUInt32LE(0x000000ff, 62)
  head.writeUInt32LE(0xff000000, 66)
  head.writeUInt32LE(S_RGB, 70)
}
