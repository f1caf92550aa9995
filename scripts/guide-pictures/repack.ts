/**
 * The same picture in fewer bytes: each pixel is the number of one of 256 colours. Pages of letters and lines have few; edges of letters, which have many,
 * take the nearest one.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib'
import { paletteOf } from './palette.ts'

const SIGNATURE = 8
/** Length, name and checksum of a chunk, bytes. */
const AROUND = 12
/** Bytes of one pixel by colour type (PNG 3rd edition, 11.2.1), 8 bits a channel. */
const PIXEL: Readonly<Record<number, number>> = { 2: 3, 6: 4 }

/** @returns the picture as it was when it is of a kind that a browser does not write, or when nothing is gained */
export function repacked(png: Buffer): Buffer {
  const header = png.subarray(SIGNATURE + 8, SIGNATURE + 21)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const pixel = PIXEL[header[9] ?? 0]
  if (header[8] !== 8 || pixel === undefined || header[12] !== 0) return png
  const plain = unfiltered(inflateSync(dataOf(png)), width * pixel, height, pixel)
  const { colours, numbers } = paletteOf(plain, { width, height, pixel })
  const fresh = Buffer.concat([
    png.subarray(0, SIGNATURE),
    chunk('IHDR', Buffer.concat([header.subarray(0, 8), Buffer.from([8, 3, 0, 0, 0])])),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(numbers, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return fresh.length < png.length ? fresh : png
}

function dataOf(png: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = SIGNATURE; at < png.length;) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + length))
    at += AROUND + length
  }
  return Buffer.concat(parts)
}

/** Every line with filter 0 (PNG 3rd edition, 9.2). */
function unfiltered(raw: Buffer, line: number, height: number, pixel: number): Buffer {
  const plain = Buffer.alloc(height * (line + 1))
  for (let row = 0; row < height; row += 1) {
    const start = row * (line + 1) + 1
    const filter = raw[start - 1] ?? 0
    for (let x = 0; x < line; x += 1) {
      const left = x < pixel ? 0 : (plain[start + x - pixel] ?? 0)
      const above = row === 0 ? 0 : (plain[start + x - line - 1] ?? 0)
      const corner = row === 0 || x < pixel ? 0 : (plain[start + x - line - 1 - pixel] ?? 0)
      plain[start + x] = (raw[start + x] ?? 0) + predicted(filter, left, above, corner)
    }
  }
  return plain
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left
    case 2:
      return above
    case 3:
      return (left + above) >> 1
    case 4:
      return nearest(left, above, corner)
    default:
      return 0
  }
}

/** Paeth's predictor. */
function nearest(left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [a, b, c] = [left, above, corner].map((one) => Math.abs(guess - one)) as [
    number,
    number,
    number,
  ]
  if (a <= b && a <= c) return left
  return b <= c ? above : corner
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const around = Buffer.alloc(AROUND - 4)
  around.writeUInt32BE(data.length, 0)
  around.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)])
}
