/**
 * A first page for the approver, made on the high side from the disarmed and verified bytes only.
 */
import words from '../words/ja.json' with { type: 'json' }
import { previewOffice } from './preview-office.ts'
import { previewTable, previewText } from './preview-text.ts'
import { readZip } from './zip-reader.ts'

/** A first page to look at. */
export type Preview =
  | { readonly kind: 'text'; readonly paragraphs: readonly string[]; readonly more: boolean }
  | { readonly kind: 'table'; readonly sheets: readonly PreviewSheet[] }
  | { readonly kind: 'image'; readonly dataUrl: string }
  | { readonly kind: 'pdf'; readonly pages: number }
  | { readonly kind: 'list'; readonly names: readonly string[] }
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

const OFFICE = new Set(['docx', 'dotx', 'xlsx', 'xltx', 'pptx', 'potx', 'ppsx'])
const IMAGES = new Set(['png', 'jpeg', 'gif'])

/**
 * Never throws and is bounded in time and size: what cannot be shown is `none` with a sentence.
 *
 * @param type as the verifier named it, e.g. `xlsx`
 */
export function previewFile(bytes: Uint8Array, type: string): Preview {
  try {
    return previewOf(bytes, type) ?? none(words.previewUnreadable)
  } catch {
    return none(words.previewUnreadable)
  }
}

function previewOf(bytes: Uint8Array, type: string): Preview | undefined {
  if (IMAGES.has(type)) return previewImage(bytes, type)
  if (OFFICE.has(type)) return previewOffice(bytes, type)
  if (type === 'pdf') return { kind: 'pdf', pages: countPages(bytes) }
  if (type === 'zip') return previewList(bytes)
  if (type === 'csv' || type === 'tsv') return previewTable(bytes, type === 'csv' ? ',' : '\t')
  if (type === 'txt' || type === 'text') return previewText(bytes)
  return undefined
}

function previewImage(bytes: Uint8Array, type: string): Preview {
  if (bytes.length > PREVIEW_IMAGE_MAX) return none(words.previewTooLarge)
  return {
    kind: 'image',
    dataUrl: `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`,
  }
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
