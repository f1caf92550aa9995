import type { Decoded } from './filter.ts'
import { decodeJbig2 } from './jbig2/picture.ts'
import { streamBytes } from './raster.ts'
import type { Walk } from './walk.ts'

/**
 * Decodes a JBIG2 picture into bilevel rows of the given size, so that no segment of it reaches a reader: their decoders have
 * computed whole machines out of such segments (CVE-2021-30860). White where the page is smaller. Throws `SyntaxFault`.
 */
export function jbig2Raster(
  decoded: Decoded,
  width: number,
  height: number,
  walk: Walk,
): Uint8Array {
  const globals = decoded.parameters?.entries.get('JBIG2Globals')
  const shared = globals === undefined ? undefined : streamBytes(globals, walk)
  const page = decodeJbig2(shared, decoded.bytes, height, walk.context)
  const row = (width + 7) >> 3
  walk.context.spend(row * height)
  // In JBIG2 1 is black, in a PDF 0 (ISO 32000-1, 7.4.7).
  const raster = new Uint8Array(row * height).fill(0xff)
  for (let y = 0; y < Math.min(height, page.height); y++) {
    for (let x = 0; x < Math.min(width, page.width); x++) {
      if (page.pixels[y * page.width + x] === 0) continue
      const at = y * row + (x >> 3)
      raster[at] = raster[at]! & ~(0x80 >> (x & 7))
    }
  }
  return raster
}
