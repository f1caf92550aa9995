import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { orientationSegment, readOrientation } from '../jpeg/exif.ts'
import { reportLeftover } from '../leftover.ts'
import { isTooLong, littleEndian24, readAnimation, rebuildAnimation } from './animation.ts'
import { findFrame, needFrame, rebuildFrame, reportChunk } from './frame.ts'
import type { FrameChunks } from './frame.ts'
import { chunkBytes, readRiff, riffBytes } from './riff.ts'
import type { Chunk } from './riff.ts'

interface Size {
  readonly width: number
  readonly height: number
}

type Rebuilt = Size & { readonly output: Uint8Array }

/** Flags of a VP8X chunk (RFC 9649 §2.7). */
const ANIMATED = 0x02
const HAS_EXIF = 0x08
const HAS_ALPHA = 0x10

/** What JPEG puts before Exif, and WebP must not. */
const EXIF_PREFIX = Buffer.from('Exif\0\0', 'latin1')

/**
 * WebP in, WebP out of the same symbols: no pixel changes, and every probability and prefix code is chosen anew. Animations stay
 * within the limits, else their first picture. Metadata go; how the picture is turned stays, because lossy symbols cannot be turned.
 * Throws `Refusal`.
 */
export function webpFromWebp(bytes: Uint8Array, context: Context, where: string): Rebuilt {
  const { chunks, trailing, truncated } = readRiff(bytes)
  if (truncated) context.removed('IMG-TRUNCATED', where)
  reportLeftover(context, trailing, where)
  const parts = sorted(chunks, context, where)
  const { canvas, orientation, frames, settings } = parts
  if (frames.length === 0) {
    const picture = needFrame(findFrame(parts.others, canvas !== undefined, context, where))
    return stillPicture(picture, orientation, context, where)
  }
  for (const chunk of parts.others) reportChunk(chunk, context, where)
  const animation = readAnimation(settings, frames, context, where)
  if (isTooLong(animation)) {
    context.removed('IMG-ANIM', where)
    return stillPicture(animation.steps[0]!.picture, orientation, context, where)
  }
  const size = canvas ?? refuse('IMG-DECODE')
  const { chunks: pictures, alpha } = rebuildAnimation(animation, size, context, where)
  const flags = ANIMATED | (alpha ? HAS_ALPHA : 0)
  return { ...size, output: extended(flags, size, pictures, orientation) }
}

interface Parts {
  /** Of a VP8X chunk. */
  readonly canvas: Size | undefined
  readonly orientation: number
  readonly settings: Uint8Array | undefined
  readonly frames: readonly Chunk[]
  /** Chunks of a still picture, and what is not written. */
  readonly others: readonly Chunk[]
}

/** Which chunk serves what. A file with a still picture and frames is an animation when its flags say so. */
function sorted(chunks: readonly Chunk[], context: Context, where: string): Parts {
  const extension = chunks[0]?.type === 'VP8X' ? chunks[0] : undefined
  const animated = ((extension?.data[0] ?? 0) & ANIMATED) !== 0
  const hasPicture = chunks.some(({ type }) => type === 'VP8 ' || type === 'VP8L')
  const all = extension && (animated || !hasPicture) ? chunks : []
  const frames = all.filter(({ type }) => type === 'ANMF')
  const settings = frames.length > 0 ? all.find(({ type }) => type === 'ANIM') : undefined
  const exif = chunks.find(({ type }) => type === 'EXIF')
  const orientation = exif ? readOrientation(exifSegment(exif.data)) : 1
  const isOurs = exif && orientation > 1 && Buffer.compare(exif.data, exifData(orientation)) === 0
  if (exif && !isOurs) reportChunk(exif, context, where)
  const taken = new Set([extension, settings, exif, ...frames])
  return {
    canvas: extension && canvasSize(extension.data),
    orientation,
    settings: settings?.data,
    frames,
    others: chunks.filter((chunk) => !taken.has(chunk)),
  }
}

function canvasSize(data: Uint8Array): Size {
  return { width: littleEndian24(data, 4) + 1, height: littleEndian24(data, 7) + 1 }
}

/** The picture says how large it is; a canvas that says otherwise is not believed. */
function stillPicture(
  picture: FrameChunks,
  orientation: number,
  context: Context,
  where: string,
): Rebuilt {
  const { bytes, alpha, width, height } = rebuildFrame(picture, context, where)
  const size = { width, height }
  if (!picture.alpha && orientation === 1) return { ...size, output: riffBytes([bytes]) }
  return { ...size, output: extended(alpha ? HAS_ALPHA : 0, size, [bytes], orientation) }
}

function extended(
  flags: number,
  { width, height }: Size,
  pictures: readonly Uint8Array[],
  orientation: number,
): Uint8Array {
  const turned = orientation > 1
  const head = Buffer.alloc(10)
  head[0] = flags | (turned ? HAS_EXIF : 0)
  head.writeUIntLE(width - 1, 4, 3)
  head.writeUIntLE(height - 1, 7, 3)
  const exif = turned ? [chunkBytes('EXIF', exifData(orientation))] : []
  return riffBytes([chunkBytes('VP8X', head), ...pictures, ...exif])
}

/** Some writers put the prefix of JPEG before the data all the same. */
function exifSegment(data: Uint8Array): Uint8Array {
  const prefixed = Buffer.compare(data.subarray(0, EXIF_PREFIX.length), EXIF_PREFIX) === 0
  return prefixed ? data : Buffer.concat([EXIF_PREFIX, data])
}

function exifData(orientation: number): Uint8Array {
  return orientationSegment(orientation).subarray(EXIF_PREFIX.length)
}
