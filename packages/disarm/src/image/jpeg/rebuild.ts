import type { Context } from '../../family.ts'
import { readJpeg } from './read.ts'
import { encodeJpeg } from './write.ts'

/** JPEG in, JPEG out of the same coefficients: no pixel changes, no entropy-coded byte is copied. Throws `Refusal`. */
export function jpegFromJpeg(bytes: Uint8Array, context: Context, where: string) {
  const jpeg = readJpeg(bytes, context, where)
  const { width, height, components } = jpeg.frame
  return { output: encodeJpeg(jpeg), width, height, components: components.length }
}
