import type { Preview } from './preview.ts'
import { shownName } from './name.ts'
import { linesOfHtml } from './preview-html.ts'
import { PREVIEW_PARAGRAPHS_MAX, shorten } from './preview-text.ts'

/** Attachments that are named. */
const NAMES_MAX = 100
/** Parts in parts. */
const DEPTH_MAX = 12
/** Longest body that is read, in letters as they are packed. */
const BODY_MAX = 4 * 1024 * 1024

type Mail = Extract<Preview, { kind: 'mail' }>

/** Head, words and names of the attachments of a message in the one spelling that the disarmer writes. */
export function previewMail(bytes: Uint8Array): Mail {
  const message = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const { header, body } = split(message)
  const found: Found = { attachments: [] }
  gather(header, body, found, 0)
  const lines = [found.text, found.page].map(inked).find(({ length }) => length > 0) ?? []
  const written = Date.parse(header.get('date') ?? '')
  return {
    kind: 'mail',
    from: words(header.get('from')),
    to: words(header.get('to')),
    subject: words(header.get('subject')),
    ...(Number.isNaN(written) ? {} : { at: new Date(written).toISOString() }),
    paragraphs: lines.slice(0, PREVIEW_PARAGRAPHS_MAX).map(shorten),
    more: lines.length > PREVIEW_PARAGRAPHS_MAX,
    attachments: found.attachments,
  }
}

interface Found {
  text?: readonly string[]
  page?: readonly string[]
  readonly attachments: string[]
}

type Header = ReadonlyMap<string, string>

/** Fields with their folds undone, by name in lower case, and what stands behind the empty line. */
function split(entity: string): { readonly header: Header; readonly body: string } {
  const end = entity.indexOf('\r\n\r\n')
  const head = end < 0 ? entity : entity.slice(0, end)
  const fields = head.replaceAll(/\r\n[ \t]/gu, ' ').split('\r\n')
  const header = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':')
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const
    }),
  )
  return { header, body: end < 0 ? '' : entity.slice(end + 4) }
}

function gather(header: Header, body: string, found: Found, depth: number): void {
  const type = header.get('content-type') ?? 'text/plain'
  const disposition = header.get('content-disposition') ?? ''
  if (disposition.startsWith('attachment')) {
    if (found.attachments.length < NAMES_MAX) found.attachments.push(nameOf(disposition))
  } else if (type.startsWith('multipart/')) {
    const boundary = /boundary="([^"]{1,200})"/u.exec(type)?.[1]
    if (boundary !== undefined && depth < DEPTH_MAX)
      for (const part of partsOf(body, boundary)) {
        const inner = split(part)
        gather(inner.header, inner.body, found, depth + 1)
      }
  } else if (type.startsWith('text/plain')) found.text ??= plain(header, body)
  else if (type.startsWith('text/html')) found.page ??= linesOfHtml(decoded(header, body)).lines
}

/** What stands between the lines of the boundary. */
function partsOf(body: string, boundary: string): readonly string[] {
  return `\r\n${body}`
    .split(`\r\n--${boundary}`)
    .slice(1)
    .filter((part) => part.startsWith('\r\n'))
    .map((part) => part.slice(2))
}

function plain(header: Header, body: string): readonly string[] {
  return decoded(header, body).split(/\r\n|\r|\n/u, PREVIEW_PARAGRAPHS_MAX + 1)
}

function decoded(header: Header, body: string): string {
  const packed = body.slice(0, BODY_MAX)
  const base64 = header.get('content-transfer-encoding')?.toLowerCase() === 'base64'
  return new TextDecoder().decode(Buffer.from(packed, base64 ? 'base64' : 'latin1'))
}

/** Without the empty lines before and behind. */
function inked(lines: readonly string[] = []): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== '')
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex((line) => line.trim() !== '') + 1)
}

/** Encoded words (RFC 2047) in UTF-8, undone; the space between two of them is none. */
function words(field = ''): string {
  const text = field
    .replaceAll(/\?=\s+=\?UTF-8\?B\?/gu, '?==?UTF-8?B?')
    .replaceAll(/=\?UTF-8\?B\?([A-Za-z0-9+/=]*)\?=/gu, (_, packed: string) =>
      Buffer.from(packed, 'base64').toString(),
    )
  return shownName(shorten(text.replaceAll(/\s+/gu, ' ')))
}

/** `filename*` (RFC 8187) or `filename`. */
function nameOf(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;\s]+)/u.exec(disposition)?.[1]
  if (encoded !== undefined) return decodeURIComponent(encoded)
  return (
    /filename="([^"]*)"/u.exec(disposition)?.[1] ??
    /filename=([^;\s]+)/u.exec(disposition)?.[1] ??
    ''
  )
}
