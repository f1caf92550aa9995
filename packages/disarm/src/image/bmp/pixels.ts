import type { Bitmap } from './bmp.ts'
import { rowStride } from './bmp.ts'
import type { Header } from './header.ts'
import { scaleOf } from './masks.ts'

type Rows = Pick<Bitmap, 'depth' | 'rows'>

/** Rows of one byte per index, in stored order, packed to `depth` bits from bottom to top. */
export function packIndices(indices: Uint8Array, header: Header, depth: 1 | 4 | 8): Rows {
  const { width, height, topDown } = header
  const stride = rowStride(width, depth)
  const rows = new Uint8Array(stride * height)
  for (let y = 0; y < height; y++) {
    const to = (topDown ? height - 1 - y : y) * stride
    const from = y * width
    if (depth === 8) rows.set(indices.subarray(from, from + width), to)
    else packRow(indices.subarray(from, from + width), rows, to, depth)
  }
  return { depth, rows }
}

function packRow(indices: Uint8Array, rows: Uint8Array, to: number, depth: 1 | 4): void {
  const perByte = 8 / depth
  const mask = (1 << depth) - 1
  for (let x = 0; x < indices.length; x++) {
    const at = to + Math.floor(x / perByte)
    rows[at] = rows[at]! | ((indices[x]! & mask) << (8 - depth * ((x % perByte) + 1)))
  }
}

/** One byte per index out of packed rows of 1, 2, 4 or 8 bits, in stored order; 0 where `data` ends. */
export function unpackIndices(data: Uint8Array, { width, height, bits }: Header): Uint8Array {
  const stride = rowStride(width, bits)
  const indices = new Uint8Array(width * height)
  const mask = (1 << bits) - 1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * bits
      const byte = data[y * stride + (bit >> 3)] ?? 0
      indices[y * width + x] = (byte >> (8 - bits - (bit & 7))) & mask
    }
  }
  return indices
}

/**
 * Rows of 16, 24 or 32 bits as 24, or as 32 when some pixel has an alpha above 0: an alpha that is 0 everywhere was
 * never meant, and readers show such pictures as opaque.
 */
export function colorRows(data: Uint8Array, header: Header): Rows {
  const alpha = header.masks?.alpha
  if (!alpha) return convert(data, header, 24)
  const rows = convert(data, header, 32)
  return rows.rows.some((byte, at) => (at & 3) === 3 && byte !== 0)
    ? rows
    : convert(data, header, 24)
}

function convert(data: Uint8Array, header: Header, depth: 24 | 32): Rows {
  const { width, height, topDown, bits } = header
  const masks = header.masks!
  const scales = [masks.blue, masks.green, masks.red, masks.alpha ?? { shift: 0, maximum: 0 }].map(
    (channel) => scaleOf(channel),
  )
  const [blue, green, red, alpha] = scales as [Scale, Scale, Scale, Scale]
  const stride = rowStride(width, bits)
  const step = bits / 8
  const outStride = rowStride(width, depth)
  const rows = new Uint8Array(outStride * height)
  for (let y = 0; y < height; y++) {
    let to = (topDown ? height - 1 - y : y) * outStride
    let from = y * stride
    for (let x = 0; x < width && from + step <= data.length; x++, from += step) {
      const pixel = pixelAt(data, from, step)
      rows[to++] = blue(pixel)
      rows[to++] = green(pixel)
      rows[to++] = red(pixel)
      if (depth === 32) rows[to++] = alpha(pixel)
    }
  }
  return { depth, rows }
}

type Scale = (pixel: number) => number

function pixelAt(data: Uint8Array, at: number, step: number): number {
  const low = data[at]! | (data[at + 1]! << 8)
  if (step === 2) return low
  const three = low | (data[at + 2]! << 16)
  return step === 3 ? three : three | (data[at + 3]! << 24)
}
