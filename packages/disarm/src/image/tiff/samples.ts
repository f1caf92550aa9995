import { refuse } from '../../family.ts'
import { PHOTOMETRIC } from './layout.ts'
import type { Layout } from './layout.ts'
import type { Plane, Planes } from './raster.ts'

/** Pixel after pixel, with one of the depths that are written. */
export interface Interleaved {
  readonly bits: number
  readonly samples: number
  readonly data: Uint8Array
}

/**
 * Joins planes, widens depths that are not written (3 or 12 bits, or 4 bits of each colour) to 8 or 16, and clears the spare bits
 * of each row, where something could hide.
 */
export function interleave({ planes }: Planes, layout: Layout): Interleaved {
  const { bits, samples, width, height } = layout
  const stays = [8, 16, 32].includes(bits) || (samples === 1 && [1, 2, 4].includes(bits))
  if (!stays)
    return joined(
      planes.map((plane) => widened(plane, layout)),
      layout,
      bits > 8 ? 16 : 8,
    )
  if (planes.length > 1) return joined(planes, layout, bits)
  const [plane] = planes
  if (bits < 8) clearSpareBits(plane!, width * bits, height)
  return { bits, samples, data: plane!.data }
}

/** Keeps the samples at `chosen`, in that order. */
export function pick({ bits, samples, data }: Interleaved, chosen: readonly number[]): Interleaved {
  if (chosen.length === samples) return { bits, samples, data }
  const size = bits / 8
  const pixels = data.length / (size * samples)
  const picked = new Uint8Array(pixels * chosen.length * size)
  let to = 0
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (const sample of chosen) {
      const from = (pixel * samples + sample) * size
      for (let byte = 0; byte < size; byte++) picked[to++] = data[from + byte]!
    }
  }
  return { bits, samples: chosen.length, data: picked }
}

function clearSpareBits({ stride, data }: Plane, rowBits: number, height: number): void {
  const spare = stride * 8 - rowBits
  if (spare === 0) return
  const mask = (0xff << spare) & 0xff
  for (let at = stride - 1, y = 0; y < height; y++, at += stride) data[at] = data[at]! & mask
}

function joined(planes: readonly Plane[], layout: Layout, bits: number): Interleaved {
  const [only, ...others] = planes
  if (others.length === 0) return { bits, samples: layout.samples, data: only!.data }
  const size = bits / 8
  const data = new Uint8Array(planes.reduce((sum, plane) => sum + plane.data.length, 0))
  planes.forEach((plane, index) => {
    let to = index * size
    for (let from = 0; from < plane.data.length; from += size, to += planes.length * size) {
      for (let byte = 0; byte < size; byte++) data[to + byte] = plane.data[from + byte]!
    }
  })
  return { bits, samples: planes.length, data }
}

/** Each sample in a byte, or above 8 bits in two, stretched so that white stays white. */
function widened({ stride, data }: Plane, layout: Layout): Plane {
  const { bits, width, height, samples, planar, photometric } = layout
  // An index into a palette must not be stretched.
  if (photometric === PHOTOMETRIC.palette) refuse('IMG-TIFF')
  const perRow = planar ? width : width * samples
  const size = bits > 8 ? 2 : 1
  const factor = (2 ** (size * 8) - 1) / (2 ** bits - 1)
  const wide = new Uint8Array(perRow * size * height)
  let to = 0
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < perRow; i++) {
      const value = Math.round(bitsAt(data, y * stride * 8 + i * bits, bits) * factor)
      wide[to++] = value
      if (size === 2) wide[to++] = value >> 8
    }
  }
  return { stride: perRow * size, data: wide }
}

/** Up to 15 bits from bit `at`, high bit first. */
function bitsAt(data: Uint8Array, at: number, count: number): number {
  const byte = Math.floor(at / 8)
  const three = (data[byte]! << 16) | ((data[byte + 1] ?? 0) << 8) | (data[byte + 2] ?? 0)
  return (three >> (24 - (at % 8) - count)) & ((1 << count) - 1)
}
