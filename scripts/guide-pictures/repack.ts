/**
 * The same picture in fewer bytes. A browser writes its PNG fast, with filters made for photographs and three bytes a pixel; letters on white pack better
 * without any filter, and in one byte: a screen has few colours, and shades of the edges of letters.
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = 8
/** Length, name and checksum of a chunk, bytes. */
const AROUND = 12
/** Bytes of one pixel by colour type (PNG 3rd edition, 11.2.1), 8 bits a channel. */
const PIXEL: Readonly<Record<number, number>> = { 2: 3, 6: 4 }
const PALETTE_MAX = 256
/** How far a rare shade may move, steps of 256 in each channel: at the edge of a letter nobody sees it. */
const SHADE_MAX = 24

/** @returns the picture as it was when it is of a kind that a browser does not write, or when nothing is gained */
export function repacked(png: Buffer): Buffer {
  const header = png.subarray(SIGNATURE + 8, SIGNATURE + 21)
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const pixel = PIXEL[header[9] ?? 0]
  if (header[8] !== 8 || pixel === undefined || header[12] !== 0) return png
  const plain = unfiltered(inflateSync(dataOf(png)), width * pixel, height, pixel)
  const few = pixel === 3 ? indexed(plain, width, height) : undefined
  const fresh = Buffer.concat([
    png.subarray(0, SIGNATURE),
    ...(few === undefined
      ? [chunk('IHDR', header), packed(plain)]
      : [chunk('IHDR', withPalette(header)), chunk('PLTE', few.palette), packed(few.lines)]),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return fresh.length < png.length ? fresh : png
}

const packed = (lines: Buffer): Buffer =>
  chunk('IDAT', deflateSync(lines, { level: 9, memLevel: 9 }))

function withPalette(header: Buffer): Buffer {
  const fresh = Buffer.from(header)
  fresh[9] = 3
  return fresh
}

/** One byte a pixel; absent when a colour would move so far that a reader could see it. */
function indexed(
  plain: Buffer,
  width: number,
  height: number,
): { readonly palette: Buffer; readonly lines: Buffer } | undefined {
  const chosen = paletteOf(coloursOf(plain, width, height))
  if (chosen === undefined) return undefined
  const { palette, places } = chosen
  const lines = Buffer.alloc(height * (width + 1))
  eachPixel(plain, width, height, (x, row, colour) => {
    lines[row * (width + 1) + 1 + x] = places.get(colour)!
  })
  const bytes = palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])
  return { palette: Buffer.from(bytes), lines }
}

/** The most frequent colours, none nearer to another than the smallest step with which they are few enough; every other goes to one within that step. */
function paletteOf(
  colours: ReadonlyMap<number, number>,
):
  | { readonly palette: readonly number[]; readonly places: ReadonlyMap<number, number> }
  | undefined {
  const frequent = [...colours].toSorted((a, b) => b[1] - a[1]).map(([colour]) => colour)
  for (let step = 0; step <= SHADE_MAX; step += 4) {
    const palette: number[] = []
    const places = new Map<number, number>()
    for (const colour of frequent) {
      const near = palette.findIndex((one) => apart(one, colour) <= step)
      places.set(colour, near < 0 ? palette.push(colour) - 1 : near)
      if (palette.length > PALETTE_MAX) break
    }
    if (palette.length <= PALETTE_MAX) return { palette, places }
  }
  return undefined
}

function coloursOf(plain: Buffer, width: number, height: number): ReadonlyMap<number, number> {
  const colours = new Map<number, number>()
  eachPixel(plain, width, height, (_x, _row, colour) => {
    colours.set(colour, (colours.get(colour) ?? 0) + 1)
  })
  return colours
}

function eachPixel(
  plain: Buffer,
  width: number,
  height: number,
  visit: (x: number, row: number, colour: number) => void,
): void {
  for (let row = 0; row < height; row += 1) {
    const start = row * (width * 3 + 1) + 1
    for (let x = 0; x < width; x += 1) visit(x, row, plain.readUIntBE(start + x * 3, 3))
  }
}

/** The largest step in one channel. */
const apart = (a: number, b: number): number =>
  Math.max(
    Math.abs((a >> 16) - (b >> 16)),
    Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)),
    Math.abs((a & 255) - (b & 255)),
  )

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
