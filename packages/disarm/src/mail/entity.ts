import { createHash } from 'node:crypto'
import { writtenFileName } from './written-header.ts'

/** A part in its one spelling, in pieces: ASCII, lines that end with CR LF, and one at the end. An attachment is never one string. */
export type Entity = readonly (string | Buffer)[]

export function textEntity(text: string): Entity {
  return coded('Content-Type: text/plain; charset=utf-8', Buffer.from(text))
}

export function htmlEntity(page: string): Entity {
  return coded('Content-Type: text/html; charset=utf-8', Buffer.from(page))
}

export function calendarEntity(text: string, method: string | undefined): Entity {
  const of = method === undefined ? '' : `; method=${method}`
  return coded(`Content-Type: text/calendar; charset=utf-8${of}`, Buffer.from(text))
}

/** A picture that a page of the message shows as `cid:image<number>@sekisho`. */
export function imageEntity(bytes: Uint8Array, type: string, number: number): Entity {
  return coded(
    `Content-Type: image/${type}`,
    bytes,
    `Content-ID: <image${number}@sekisho>\r\nContent-Disposition: inline; filename="image${number}.${type}"\r\n`,
  )
}

export function fileEntity(name: string, type: string, bytes: Uint8Array): Entity {
  return coded(
    `Content-Type: ${MEDIA_TYPES.get(type) ?? 'application/octet-stream'}`,
    bytes,
    `Content-Disposition: attachment;\r\n ${writtenFileName(name)}\r\n`,
  )
}

export function messageEntity(name: string, message: Entity): Entity {
  const head = `Content-Type: message/rfc822\r\nContent-Disposition: attachment;\r\n ${writtenFileName(name)}\r\n\r\n`
  return [head, ...message]
}

/** The boundary is taken from what it parts, so that no part can hold it and every machine writes the same. */
export function multipart(kind: string, entities: readonly Entity[]): Entity {
  const hash = createHash('sha256')
  entities.forEach((entity, index) => {
    if (index > 0) hash.update('\n')
    for (const piece of entity) hash.update(piece)
  })
  const boundary = `=_${hash.digest('hex').slice(0, 32)}`
  return [
    `Content-Type: multipart/${kind};\r\n boundary="${boundary}"\r\n\r\n`,
    ...entities.flatMap((entity) => [`--${boundary}\r\n`, ...entity]),
    `--${boundary}--\r\n`,
  ]
}

function coded(type: string, bytes: Uint8Array, more = ''): Entity {
  return [`${type}\r\nContent-Transfer-Encoding: base64\r\n${more}\r\n`, base64Lines(bytes)]
}

const LINE_BYTES = 57
const LETTERS = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const PAD = 0x3d

/** Lines of 76 letters; an empty line for no bytes. */
function base64Lines(bytes: Uint8Array): Buffer {
  const lines = Math.max(1, Math.ceil(bytes.length / LINE_BYTES))
  const output = Buffer.allocUnsafeSlow(Math.ceil(bytes.length / 3) * 4 + lines * 2)
  let to = 0
  for (let line = 0; line < lines; line++) {
    const end = Math.min(bytes.length, (line + 1) * LINE_BYTES)
    for (let at = line * LINE_BYTES; at < end; at += 3) {
      const three = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
      output[to++] = LETTERS[three >> 18]!
      output[to++] = LETTERS[(three >> 12) & 63]!
      output[to++] = at + 1 < bytes.length ? LETTERS[(three >> 6) & 63]! : PAD
      output[to++] = at + 2 < bytes.length ? LETTERS[three & 63]! : PAD
    }
    output[to++] = 0x0d
    output[to++] = 0x0a
  }
  return output
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
