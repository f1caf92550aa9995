import { Refusal } from '../family.ts'
import type { Context, Family } from '../family.ts'
import { isBmp } from './bmp/read.ts'
import { bmpFromBmp } from './bmp/rebuild.ts'
import { gifFromGif } from './gif/rebuild.ts'
import { jpegFromJpeg } from './jpeg/rebuild.ts'
import { emfFromEmf, wmfFromWmf } from './metafile/rebuild.ts'
import { pngFromPng } from './png/rebuild.ts'
import { startsWith } from './reading.ts'
import { tiffFromTiff } from './tiff/rebuild.ts'
import { webpFromWebp } from './webp/rebuild.ts'

/** Forms of pictures that are read and written. */
export type ImageType = 'png' | 'jpeg' | 'gif' | 'tiff' | 'bmp' | 'webp' | 'emf' | 'wmf'

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
 * Pictures as files of their own. The form is told by the first bytes, never by the name, so a PNG that
 * is called `.jpg` comes out as a PNG.
 */
export const imageFamily: Family = {
  id: 'image',
  types: ['jpeg', 'png', 'gif', 'tiff', 'bmp', 'webp', 'emf', 'wmf'],
  rebuild(input, _type, context) {
    const rebuilt = rebuildImage(input, context)
    return rebuilt.ok ? { ok: true, outputType: rebuilt.type, output: rebuilt.output } : rebuilt
  },
}

/**
 * Rebuilds a picture by its first bytes. Never throws `Refusal`, so that a document can show a placeholder instead
 * of failing; budgets of `context` that are gone (`LIMIT-…`) are thrown, because they concern the whole file.
 * @param where place in reports, e.g. `xl/media/image1.png`
 * @returns reason IMG-DECODE for anything that is none of the forms or is damaged, IMG-BOMB beyond the limits
 */
export function rebuildImage(bytes: Uint8Array, context: Context, where = ''): RebuiltImage {
  const type = imageType(bytes)
  if (type === undefined) return { ok: false, reason: 'IMG-DECODE' }
  return refusalAsValue(() => ({ ok: true, type, ...REBUILDERS[type](bytes, context, where) }))
}

type Rebuilder = (
  bytes: Uint8Array,
  context: Context,
  where: string,
) => { output: Uint8Array; width: number; height: number }

const REBUILDERS: Readonly<Record<ImageType, Rebuilder>> = {
  png: pngFromPng,
  jpeg: jpegFromJpeg,
  gif: gifFromGif,
  tiff: tiffFromTiff,
  bmp: bmpFromBmp,
  webp: webpFromWebp,
  emf: emfFromEmf,
  wmf: wmfFromWmf,
}

/** The form that the first bytes promise. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  if (startsWith(bytes, '\x89PNG\r\n\x1a\n')) return 'png'
  if (startsWith(bytes, '\xff\xd8\xff')) return 'jpeg'
  if (startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')) return 'gif'
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].some((mark) => startsWith(bytes, mark))) return 'tiff'
  if (startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)) return 'webp'
  if (startsWith(bytes, '\x01\0\0\0') && startsWith(bytes, ' EMF', 40)) return 'emf'
  if (startsWith(bytes, '\xd7\xcd\xc6\x9a') || startsWith(bytes, '\x01\0\x09\0\0\x03')) return 'wmf'
  if (isBmp(bytes)) return 'bmp'
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
