import type { Context } from '../../family.ts'
import { readBmp } from './read.ts'
import { encodeBmp } from './write.ts'

/** BMP in, BMP out of the same pixels. Throws `Refusal`. */
export function bmpFromBmp(
  bytes: Uint8Array,
  context: Context,
  where: string,
): { output: Uint8Array; width: number; height: number } {
  const bitmap = readBmp(bytes, context, where)
  return { output: encodeBmp(bitmap), width: bitmap.width, height: bitmap.height }
}
