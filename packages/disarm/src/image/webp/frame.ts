import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { reportMetadata } from '../leftover.ts'
import { rebuildAlpha } from './alpha.ts'
import { chunkBytes } from './riff.ts'
import type { Chunk } from './riff.ts'
import { readVp8, vp8Size } from './vp8/read.ts'
import { encodeVp8 } from './vp8/write.ts'
import { BitReader } from './vp8l/bit-reader.ts'
import { readVp8l, readVp8lHeader } from './vp8l/read.ts'
import { encodeVp8l } from './vp8l/write.ts'

/** The chunks of one picture: how transparent it is, if that is apart, and the picture. */
export interface FrameChunks {
  readonly alpha: Uint8Array | undefined
  readonly lossy: boolean
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** A picture written anew: its chunks with their headers. */
export interface Frame {
  readonly bytes: Uint8Array
  readonly width: number
  readonly height: number
  /** Whether it may be transparent somewhere. */
  readonly alpha: boolean
}

const PICTURE_CHUNKS = new Set(['VP8 ', 'VP8L'])

/**
 * Finds the picture among chunks. What else is there is reported: Exif and XMP as IMG-EXIF, a colour profile as IMG-ICC, anything
 * unknown or double as IMG-WEBP.
 * @param extended whether an ALPH chunk before the picture belongs to it
 */
export function findFrame(
  chunks: readonly Chunk[],
  extended: boolean,
  context: Context,
  where: string,
): FrameChunks | undefined {
  const picture = chunks.find(({ type }) => PICTURE_CHUNKS.has(type))
  const before = chunks.slice(0, picture ? chunks.indexOf(picture) : 0)
  const lossy = picture?.type === 'VP8 '
  const alpha = extended && lossy ? before.find(({ type }) => type === 'ALPH') : undefined
  for (const chunk of chunks) {
    if (chunk !== picture && chunk !== alpha) reportChunk(chunk, context, where)
  }
  if (!picture) return undefined
  const { data } = picture
  const { width, height } = lossy ? vp8Size(data) : readVp8lHeader(new BitReader(data))
  return { alpha: alpha?.data, lossy, data, width, height }
}

const METADATA: Readonly<Record<string, 'IMG-EXIF' | 'IMG-ICC'>> = {
  EXIF: 'IMG-EXIF',
  'XMP ': 'IMG-EXIF',
  ICCP: 'IMG-ICC',
}

/** Reports a chunk that is not written. */
export function reportChunk({ type, data }: Chunk, context: Context, where: string): void {
  reportMetadata(context, METADATA[type] ?? 'IMG-WEBP', data, where)
}

/** Writes the picture anew. */
export function rebuildFrame(chunks: FrameChunks, context: Context, where: string): Frame {
  return chunks.lossy ? lossyFrame(chunks, context, where) : losslessFrame(chunks, context, where)
}

function lossyFrame(chunks: FrameChunks, context: Context, where: string): Frame {
  const { data, width, height } = chunks
  const picture = chunkBytes('VP8 ', encodeVp8(readVp8(data, context, where)))
  if (!chunks.alpha) return { bytes: picture, width, height, alpha: false }
  const alpha = chunkBytes('ALPH', rebuildAlpha(chunks.alpha, width, height, context, where))
  return { bytes: Buffer.concat([alpha, picture]), width, height, alpha: true }
}

function losslessFrame({ data }: FrameChunks, context: Context, where: string): Frame {
  const reader = new BitReader(data)
  const picture = readVp8l(reader, context, where)
  const { width, height, alpha } = picture
  return { bytes: chunkBytes('VP8L', encodeVp8l(picture, reader, context)), width, height, alpha }
}

/** The picture, or the refusal IMG-DECODE when there is none. */
export function needFrame(frame: FrameChunks | undefined): FrameChunks {
  return frame ?? refuse('IMG-DECODE')
}
