import { refuse } from '../../family.ts'
import { valuesOf } from './directory.ts'
import type { Directory } from './directory.ts'
import { TAG } from './tags.ts'

/** From the 8 bits of old writers to the 16 of the format. */
const WIDEN = 257

/**
 * The colour map with exactly what the pixels use: entries that no pixel names are 0. Maps that use only the lower 8 bits, as writers
 * of the eighties made them and every reader understands them, are widened; a map that is then still so dark is black.
 */
export function readPalette(page: Directory, bits: number, data: Uint8Array): Uint8Array {
  const size = 1 << bits
  const map = valuesOf(page, TAG.ColorMap, [], 3 * size)
  if (map.length < 3 * size || map.some((value) => !(value >= 0 && value <= 0xffff))) {
    refuse('IMG-DECODE')
  }
  const factor = map.every((value) => value <= 0xff) ? WIDEN : 1
  const used = usedIndices(data, bits)
  const colors = map.map((value, i) => (used[i % size] ? value * factor : 0))
  return shorts(colors.every((value) => value <= 0xff) ? colors.map(() => 0) : colors)
}

/** 1 at each index that a pixel names; spare bits are 0, so index 0 may be counted once too often. */
function usedIndices(data: Uint8Array, bits: number): Uint8Array {
  const bytes = new Uint8Array(256)
  for (const byte of data) bytes[byte] = 1
  if (bits === 8) return bytes
  const used = new Uint8Array(1 << bits)
  const mask = (1 << bits) - 1
  for (let byte = 0; byte < 256; byte++) {
    if (!bytes[byte]) continue
    for (let shift = 0; shift < 8; shift += bits) used[(byte >> shift) & mask] = 1
  }
  return used
}

function shorts(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [value & 0xff, value >> 8]))
}
