import type { Context } from '../../family.ts'
import { giveBack } from '../../give-back.ts'
import { readJpeg } from './read.ts'
import { encodeJpeg } from './write.ts'

/** JPEG in, JPEG out of the same coefficients: no pixel changes, no entropy-coded byte is copied. Throws `Refusal`. */
export function jpegFromJpeg(bytes: Uint8Array, context: Context, where: string) {
  const jpeg = readJpeg(bytes, context, where)
  const { width, height, components } = jpeg.frame
  const output = encodeJpeg(jpeg)
  // Twice the size of the pixels: the next picture of a document must not find them here.
  for (const { coefficients } of components) giveBack(coefficients)
  return { output, width, height, components: components.length }
}
