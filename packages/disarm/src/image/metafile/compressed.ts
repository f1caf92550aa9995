import { gunzipSync } from 'node:zlib'
import { refuse } from '../../family.ts'
import type { Context } from '../../family.ts'
import { startsWith } from '../reading.ts'

/** True for a gzip stream (RFC 1952), as which Office also stores metafiles (.emz, .wmz). */
export function isCompressedMetafile(bytes: Uint8Array): boolean {
  return startsWith(bytes, '\x1f\x8b\x08')
}

/**
 * The metafile inside of an .emz or .wmz, as hostile as before: give it to `rebuildImage`. Bounded by what `context` may
 * still decode. Refuses IMG-DECODE when the stream is broken or does not end where the bytes do.
 */
export function readCompressedMetafile(bytes: Uint8Array, context: Context): Uint8Array {
  try {
    const metafile = gunzipSync(bytes, { maxOutputLength: context.remainingBytes })
    context.spend(metafile.length)
    return metafile
  } catch (error) {
    if (error instanceof RangeError) return refuse('IMG-BOMB')
    return refuse('IMG-DECODE')
  }
}
