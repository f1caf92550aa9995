import type { Context } from '../../family.ts'
import { readPng } from './read.ts'
import { encodePng } from './write.ts'

/** PNG in, PNG out of the same pixels. Throws `Refusal`. */
export function pngFromPng(bytes: Uint8Array, context: Context, where: string) {
  const png = readPng(bytes, context, where)
  return { output: encodePng(png), width: png.width, height: png.height }
}
