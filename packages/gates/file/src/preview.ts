/**
 * A first page for the approver, made on the high side from the disarmed and verified bytes only.
 */
import words from '../words/ja.json' with { type: 'json' }
import { previewCalendar } from './preview-calendar.ts'
import { previewDxf, previewSxf } from './preview-drawing.ts'
import { previewHtml } from './preview-html.ts'
import { previewMail } from './preview-mail.ts'
import { previewOdf } from './preview-odf.ts'
import { previewOffice } from './preview-office.ts'
import { previewRtf } from './preview-rtf.ts'
import { previewTable, previewText } from './preview-text.ts'
import { previewTiff } from './preview-tiff.ts'
import { readZip } from './zip-reader.ts'

/** A first page to look at. */
export type Preview =
  | { readonly kind: 'text'; readonly paragraphs: readonly string[]; readonly more: boolean }
  | { readonly kind: 'table'; readonly sheets: readonly PreviewSheet[] }
  | {
      readonly kind: 'image'
      readonly dataUrl: string
      /** What the picture does not show, e.g. that there are more pages. */
      readonly note?: string
    }
  | { readonly kind: 'pdf'; readonly pages: number }
  | { readonly kind: 'list'; readonly names: readonly string[] }
  | {
      readonly kind: 'mail'
      readonly from: string
      readonly to: string
      readonly subject: string
      /** When it was written, as it says itself. */
      readonly at?: string
      readonly paragraphs: readonly string[]
      readonly more: boolean
      readonly attachments: readonly string[]
    }
  | { readonly kind: 'none'; readonly reason: string }

export interface PreviewSheet {
  readonly name: string
  readonly rows: readonly (readonly string[])[]
  readonly more: boolean
}

/** Largest picture that is put into a page as it is, bytes. */
export const PREVIEW_IMAGE_MAX = 8 * 1024 * 1024
/** Names of a zip that are listed. */
export const PREVIEW_NAMES_MAX = 500

/** Readers by type, as the verifier names it. */
const READERS: ReadonlyMap<string, (bytes: Uint8Array, type: string) => Preview | undefined> =
  new Map([
    ...readers(
      'docx dotx docm dotm xlsx xltx xlsm xltm pptx potx ppsx pptm potm ppsm',
      previewOffice,
    ),
    ...readers('odt ott ods ots odp otp odg otg fodt fods fodp fodg', previewOdf),
    ...readers('png jpeg gif webp bmp svg', previewImage),
    ...readers('pdf', (bytes) => ({ kind: 'pdf', pages: countPages(bytes) })),
    ...readers('zip', previewList),
    ...readers('csv', (bytes) => previewTable(bytes, ',')),
    ...readers('tsv', (bytes) => previewTable(bytes, '\t')),
    ...readers('txt text', previewText),
    ...readers('rtf', previewRtf),
    ...readers('html', previewHtml),
    ...readers('eml', previewMail),
    ...readers('tiff', previewTiff),
    ...readers('dxf', previewDxf),
    ...readers('sfc p21', previewSxf),
    ...readers('ics', previewCalendar),
  ])

function readers(
  types: string,
  read: (bytes: Uint8Array, type: string) => Preview | undefined,
): (readonly [string, typeof read])[] {
  return types.split(' ').map((type) => [type, read] as const)
}

/**
 * Never throws and is bounded in time and size: what cannot be shown is `none` with a sentence.
 *
 * @param type as the verifier named it, e.g. `xlsx`
 */
export function previewFile(bytes: Uint8Array, type: string): Preview {
  try {
    return READERS.get(type)?.(bytes, type) ?? none(words.previewUnreadable)
  } catch {
    return none(words.previewUnreadable)
  }
}

/** The picture itself, drawn as `<img>`: a drawing (SVG) runs nothing and loads nothing there. */
function previewImage(bytes: Uint8Array, type: string): Preview {
  if (bytes.length > PREVIEW_IMAGE_MAX) return none(words.previewTooLarge)
  const mime = type === 'svg' ? 'image/svg+xml' : `image/${type}`
  return { kind: 'image', dataUrl: `data:${mime};base64,${Buffer.from(bytes).toString('base64')}` }
}

function previewList(bytes: Uint8Array): Preview | undefined {
  const zip = readZip(bytes)
  return zip && { kind: 'list', names: zip.names.slice(0, PREVIEW_NAMES_MAX) }
}

/** Page objects, as the disarmer writes them: uncompressed, one value per object. */
function countPages(bytes: Uint8Array): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  return [...text.matchAll(/\/Type ?\/Page(?=[ \n/>])/gu)].length
}

function none(reason: string): Preview {
  return { kind: 'none', reason }
}
