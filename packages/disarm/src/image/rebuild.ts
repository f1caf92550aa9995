import { Refusal } from '../family.ts'
import type { Context, Family } from '../family.ts'
import { gifFromGif } from './gif/rebuild.ts'
import { jpegFromJpeg } from './jpeg/rebuild.ts'
import { pngFromPng } from './png/rebuild.ts'
import { startsWith } from './reading.ts'

/** Forms of pictures that are read and written. */
export type ImageType = 'png' | 'jpeg' | 'gif'

/** A rebuilt picture of the same form as the input, or the reason why there is none. */
export type RebuiltImage =
  | {
      readonly ok: true
      readonly type: ImageType
      readonly output: Uint8Array
      readonly width: number
      readonly height: number
    }
  | { readonly ok: false; readonly reason: string }

/** What `rebuildJpeg` says more: 1, 3 or 4 colour components, which a PDF must agree with. */
export type RebuiltJpeg = RebuiltImage & { readonly components?: number }

/**
 * PNG, JPEG and GIF as files of their own. The form is told by the first bytes, never by the name, so a PNG that
 * is called `.jpg` comes out as a PNG.
 */
export const imageFamily: Family = {
  id: 'image',
  types: ['jpeg', 'png', 'gif'],
  rebuild(input, _type, context) {
    const rebuilt = rebuildImage(input, context)
    return rebuilt.ok ? { ok: true, outputType: rebuilt.type, output: rebuilt.output } : rebuilt
  },
}

/**
 * Rebuilds a picture by its first bytes. Never throws `Refusal`, so that a document can show a placeholder instead
 * of failing; budgets of `context` that are gone (`LIMIT-…`) are thrown, because they concern the whole file.
 * @param where place in reports, e.g. `xl/media/image1.png`
 * @returns reason IMG-DECODE for anything that is none of the three forms or is damaged, IMG-BOMB beyond the limits
 */
export function rebuildImage(bytes: Uint8Array, context: Context, where = ''): RebuiltImage {
  const type = imageType(bytes)
  if (type === 'png') return rebuildPng(bytes, context, where)
  if (type === 'jpeg') return rebuildJpeg(bytes, context, where)
  if (type === 'gif') return rebuildGif(bytes, context, where)
  return { ok: false, reason: 'IMG-DECODE' }
}

/** The form that the first bytes promise. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'png'
  if (startsWith(bytes, '\xff\xd8\xff')) return 'jpeg'
  if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return 'gif'
  return undefined
}

/** As `rebuildImage`, for bytes that must be a PNG. Pixels stay; interlacing, hints and metadata go. */
export function rebuildPng(bytes: Uint8Array, context: Context, where = ''): RebuiltImage {
  return refusalAsValue(() => ({ ok: true, type: 'png', ...pngFromPng(bytes, context, where) }))
}

/**
 * As `rebuildImage`, for bytes that must be a JPEG, also out of a PDF's DCTDecode stream: components, their ids,
 * sampling, quantisation, coefficients and Adobe's colour transform stay, so CMYK and YCCK mean what they meant.
 */
export function rebuildJpeg(bytes: Uint8Array, context: Context, where = ''): RebuiltJpeg {
  return refusalAsValue(() => ({ ok: true, type: 'jpeg', ...jpegFromJpeg(bytes, context, where) }))
}

/** As `rebuildImage`, for bytes that must be a GIF. */
export function rebuildGif(bytes: Uint8Array, context: Context, where = ''): RebuiltImage {
  return refusalAsValue(() => ({ ok: true, type: 'gif', ...gifFromGif(bytes, context, where) }))
}

function refusalAsValue<T extends RebuiltImage>(
  rebuild: () => T,
): T | { ok: false; reason: string } {
  try {
    return rebuild()
  } catch (error) {
    const ofThisPicture = error instanceof Refusal && error.reason.startsWith('IMG-')
    if (!ofThisPicture) throw error
    return { ok: false, reason: error.reason }
  }
}
