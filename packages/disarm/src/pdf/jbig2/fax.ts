import type { Context } from '../../family.ts'
import { faxLines } from '../ccitt.ts'
import { Bitmap } from './bitmap.ts'
import { damaged } from './damage.ts'

/** Decodes a bitmap in the coding of fax machines (ITU-T T.88, 6.2.6). @returns it and how many bytes it took */
export function decodeFax(
  bytes: Uint8Array,
  width: number,
  height: number,
  context: Context,
): { readonly bitmap: Bitmap; readonly length: number } {
  const bitmap = new Bitmap(width, height, context)
  const { lines, end } = faxLines(bytes, width, height)
  if (lines.length < height) damaged()
  for (const [y, changes] of lines.entries()) {
    for (let i = 0; i < changes.length; i += 2) {
      bitmap.pixels.fill(1, y * width + changes[i]!, y * width + (changes[i + 1] ?? width))
    }
  }
  return { bitmap, length: Math.min(end, bytes.length) }
}
