import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { MAX_FRAME_PIXELS, MAX_FRAMES, MAX_PIXELS } from '../limits.ts'
import { littleEndian16, littleEndian32, slice } from '../reading.ts'
import { findFrame, needFrame, rebuildFrame } from './frame.ts'
import type { FrameChunks } from './frame.ts'
import { chunkBytes, readChunks } from './riff.ts'
import type { Chunk } from './riff.ts'

const FRAME_HEADER_BYTES = 16

/** One step of an animation (RFC 9649 §2.7.1.1). */
interface Step {
  /** Half of the place on the canvas, as written. */
  readonly left: number
  readonly top: number
  /** Milliseconds. */
  readonly duration: number
  /** Bit 1: do not blend; bit 0: clear afterwards. */
  readonly flags: number
  readonly picture: FrameChunks
}

/** An animation before its pictures are decoded. */
export interface Animation {
  readonly background: number
  readonly loops: number
  readonly steps: readonly Step[]
}

/** The animation of ANIM and ANMF chunks. */
export function readAnimation(
  settings: Uint8Array | undefined,
  chunks: readonly Chunk[],
  context: Context,
  where: string,
): Animation {
  const known = settings !== undefined && settings.length >= 6
  return {
    background: known ? littleEndian32(settings, 0) : 0,
    loops: known ? littleEndian16(settings, 4) : 0,
    steps: chunks.map(({ data }) => readStep(data, context, where)),
  }
}

function readStep(data: Uint8Array, context: Context, where: string): Step {
  const head = slice(data, 0, FRAME_HEADER_BYTES)
  const chunks = readChunks(data.subarray(FRAME_HEADER_BYTES))
  return {
    left: littleEndian24(head, 0),
    top: littleEndian24(head, 3),
    duration: littleEndian24(head, 12),
    flags: head[15]! & 3,
    picture: needFrame(findFrame(chunks, true, context, where)),
  }
}

/** True when an animation asks for more than is decoded of one file. */
export function isTooLong({ steps }: Animation): boolean {
  const pixels = steps.reduce((sum, { picture }) => sum + picture.width * picture.height, 0)
  return steps.length > MAX_FRAMES || pixels > MAX_FRAME_PIXELS
}

/** ANIM and ANMF chunks written anew, and whether any picture may be transparent. */
export function rebuildAnimation(
  animation: Animation,
  canvas: { readonly width: number; readonly height: number },
  context: Context,
  where: string,
): { readonly chunks: readonly Uint8Array[]; readonly alpha: boolean } {
  if (canvas.width * canvas.height > MAX_PIXELS) refuse('IMG-BOMB')
  const chunks = [chunkBytes('ANIM', settingsBytes(animation))]
  let alpha = false
  for (const step of animation.steps) {
    const { width, height } = step.picture
    const fits = step.left * 2 + width <= canvas.width && step.top * 2 + height <= canvas.height
    // Readers cut off what lies outside of the canvas, or write there.
    if (!fits) refuse('IMG-DECODE')
    const frame = rebuildFrame(step.picture, context, where)
    alpha ||= frame.alpha
    chunks.push(chunkBytes('ANMF', Buffer.concat([stepHeader(step), frame.bytes])))
  }
  return { chunks, alpha }
}

function settingsBytes({ background, loops }: Animation): Uint8Array {
  const data = Buffer.alloc(6)
  data.writeUInt32LE(background, 0)
  data.writeUInt16LE(loops, 4)
  return data
}

function stepHeader({ left, top, duration, flags, picture }: Step): Uint8Array {
  const data = Buffer.alloc(FRAME_HEADER_BYTES)
  const numbers = [left, top, picture.width - 1, picture.height - 1, duration]
  numbers.forEach((number, i) => data.writeUIntLE(number, i * 3, 3))
  data[15] = flags
  return data
}

/** 24 bits, low byte first. */
export function littleEndian24(bytes: Uint8Array, at: number): number {
  return littleEndian16(slice(bytes, at, 3), 0) | (bytes[at + 2]! << 16)
}
