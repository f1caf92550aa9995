import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportLeftover } from '../leftover.ts'
import { byteAt, slice } from '../reading.ts'
import { BitReader } from './vp8l/bit-reader.ts'
import { readStream } from './vp8l/read.ts'
import { encodeStream } from './vp8l/write.ts'

const RAW = 0
const PACKED = 1

/**
 * The data of an ALPH chunk written anew (RFC 9649 §2.7.1.2): how transparent each pixel of a picture of the given sides is,
 * one byte each or as a lossless stream. The way of prediction stays; the hint that levels were lost goes.
 */
export function rebuildAlpha(
  data: Uint8Array,
  width: number,
  height: number,
  context: Context,
  where: string,
): Uint8Array {
  const flags = byteAt(data, 0)
  const method = flags & 3
  if (method > PACKED) refuse('IMG-DECODE')
  const levels =
    method === RAW
      ? rawLevels(data, width * height, context, where)
      : packedLevels(data.subarray(1), width, height, context, where)
  return Buffer.concat([Uint8Array.of(flags & 0b1101), levels])
}

function rawLevels(data: Uint8Array, pixels: number, context: Context, where: string): Uint8Array {
  const levels = slice(data, 1, pixels)
  context.spend(pixels)
  reportLeftover(context, data.subarray(1 + pixels), where)
  return levels
}

function packedLevels(
  data: Uint8Array,
  width: number,
  height: number,
  context: Context,
  where: string,
): Uint8Array {
  const reader = new BitReader(data)
  const stream = readStream(reader, width, height, context, where)
  return encodeStream(stream, reader, context)
}
