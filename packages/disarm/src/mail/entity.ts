import { createHash } from 'node:crypto'
import { writtenFileName } from './written-header.ts'

/** Parts in their one spelling. Each is ASCII, has lines that end with CR LF, and ends with one. */

export function textEntity(text: string): string {
  return coded('Content-Type: text/plain; charset=utf-8', Buffer.from(text))
}

export function htmlEntity(page: string): string {
  return coded('Content-Type: text/html; charset=utf-8', Buffer.from(page))
}

export function calendarEntity(text: string, method: string | undefined): string {
  const of = method === undefined ? '' : `; method=${method}`
  return coded(`Content-Type: text/calendar; charset=utf-8${of}`, Buffer.from(text))
}

/** A picture that a page of the message shows as `cid:image<number>@sekisho`. */
export function imageEntity(bytes: Uint8Array, type: string, number: number): string {
  return coded(
    `Content-Type: image/${type}`,
    bytes,
    `Content-ID: <image${number}@sekisho>\r\nContent-Disposition: inline; filename="image${number}.${type}"\r\n`,
  )
}

export function fileEntity(name: string, type: string, bytes: Uint8Array): string {
  return coded(
    `Content-Type: ${MEDIA_TYPES.get(type) ?? 'application/octet-stream'}`,
    bytes,
    `Content-Disposition: attachment;\r\n ${writtenFileName(name)}\r\n`,
  )
}

export function messageEntity(name: string, message: string): string {
  return `Content-Type: message/rfc822\r\nContent-Disposition: attachment;\r\n ${writtenFileName(name)}\r\n\r\n${message}`
}

/** The boundary is taken from what it parts, so that no part can hold it and every machine writes the same. */
export function multipart(kind: string, entities: readonly string[]): string {
  const digest = createHash('sha256').update(entities.join('\n')).digest('hex').slice(0, 32)
  const boundary = `=_${digest}`
  const parts = entities.map((entity) => `--${boundary}\r\n${entity}`)
  return `Content-Type: multipart/${kind};\r\n boundary="${boundary}"\r\n\r\n${parts.join('')}--${boundary}--\r\n`
}

function coded(type: string, bytes: Uint8Array, more = ''): string {
  return `${type}\r\nContent-Transfer-Encoding: base64\r\n${more}\r\n${base64Lines(bytes)}`
}

const LINE_BYTES = 57

/** Lines of 76 letters; an empty line for no bytes. */
function base64Lines(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += LINE_BYTES)
    lines.push(Buffer.from(bytes.subarray(at, at + LINE_BYTES)).toString('base64'))
  return `${lines.join('\r\n')}\r\n`
}

const OFFICE = 'application/vnd.openxmlformats-officedocument.'
const OASIS = 'application/vnd.oasis.opendocument.'

/** Media types by type of file; what is not here is a stream of bytes with a name. */
export const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['pdf', 'application/pdf'],
  ['zip', 'application/zip'],
  ['rtf', 'application/rtf'],
  ['docx', `${OFFICE}wordprocessingml.document`],
  ['xlsx', `${OFFICE}spreadsheetml.sheet`],
  ['pptx', `${OFFICE}presentationml.presentation`],
  ['odt', `${OASIS}text`],
  ['ods', `${OASIS}spreadsheet`],
  ['odp', `${OASIS}presentation`],
  ['odg', `${OASIS}graphics`],
  ...'png jpeg gif tiff bmp webp'.split(' ').map((type) => [type, `image/${type}`] as const),
])
