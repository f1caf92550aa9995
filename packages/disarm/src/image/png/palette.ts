import type { Png } from './png.ts'
import { rowBytes } from './png.ts'

/**
 * An indexed picture whose palette holds exactly what the pixels use: entries that no pixel names become black
 * (they could carry a hidden message), the palette ends with the highest index used, and an index beyond the
 * palette, which readers treat differently, is black. Trailing opaque alphas go. The pixels stay.
 */
export function tidyPalette(png: Png): Png {
  const used = usedIndices(png)
  const size = used.lastIndexOf(1) + 1
  const palette = new Uint8Array(size * 3)
  const alphas = new Uint8Array(size).fill(255)
  for (let index = 0; index < size; index++) {
    if (!used[index]) continue
    palette.set(png.palette!.subarray(index * 3, index * 3 + 3), index * 3)
    alphas[index] = png.transparency?.[index] ?? 255
  }
  const last = alphas.findLastIndex((alpha) => alpha !== 255)
  const { transparency: _, ...rest } = png
  const opaque = { ...rest, palette }
  return last < 0 ? opaque : { ...opaque, transparency: alphas.subarray(0, last + 1) }
}

/** 1 at each index that a pixel names. */
function usedIndices(png: Png): Uint8Array {
  const used = new Uint8Array(256)
  const stride = rowBytes(png, png.width)
  const { bitDepth, data } = png
  const mask = (1 << bitDepth) - 1
  for (let y = 0; y < png.height; y++) {
    for (let x = 0; x < png.width; x++) {
      const bit = x * bitDepth
      used[(data[y * stride + (bit >> 3)]! >> (8 - bitDepth - (bit & 7))) & mask] = 1
    }
  }
  return used
}
