/** The fields of an answer as the terminal gets them. What was said of the bytes that came does not stand for those that leave. */
import { KNOWN_CODINGS } from '../upload/content-coding.ts'

type Headers = readonly (readonly [string, string])[]

/** Of the bytes as they came: coding, length, framing, digests (RFC 9530, RFC 3230). */
const OF_BYTES: ReadonlySet<string> = new Set([
  'content-encoding',
  'content-length',
  'transfer-encoding',
  'trailer',
  'content-md5',
  'content-digest',
  'repr-digest',
  'digest',
])
/** Of a file as it was: a browser would ask for the rest of it, or for no new one. */
const OF_FILE: ReadonlySet<string> = new Set([
  ...OF_BYTES,
  'accept-ranges',
  'content-disposition',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'x-content-type-options',
])

/** A part of a page, its coding taken away. A browser that guesses types would run what is called words. */
export function pageFields(headers: Headers): Headers {
  return [
    ...headers.filter(
      ([name]) => !OF_BYTES.has(name.toLowerCase()) && name.toLowerCase() !== NOSNIFF[0],
    ),
    NOSNIFF,
  ]
}

const NOSNIFF = ['x-content-type-options', 'nosniff'] as const

/** @param file rebuilt; its name is cleaned */
export function fileFields(
  headers: Headers,
  file: {
    readonly name: string
    readonly type: string
    readonly bytes: number
    readonly attachment: boolean
  },
): Headers {
  const place = file.attachment ? 'attachment' : 'inline'
  return [
    ...headers.filter(([name]) => !OF_FILE.has(name.toLowerCase())),
    ['content-type', mediaTypeOf(file.type)],
    ['content-length', String(file.bytes)],
    ['content-disposition', `${place}; filename*=UTF-8''${encoded(file.name)}`],
    NOSNIFF,
  ]
}

/** RFC 8187 §3.2.1: what is no `attr-char` is escaped. */
function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/gu,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

const OFFICE = 'application/vnd.openxmlformats-officedocument'
const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['docx', `${OFFICE}.wordprocessingml.document`],
  ['xlsx', `${OFFICE}.spreadsheetml.sheet`],
  ['pptx', `${OFFICE}.presentationml.presentation`],
  ['pdf', 'application/pdf'],
  ['zip', 'application/zip'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['bmp', 'image/bmp'],
  ['tiff', 'image/tiff'],
  ['txt', 'text/plain'],
  ['csv', 'text/csv'],
  ['tsv', 'text/tab-separated-values'],
])

/** Of all others the browser knows no more than that they are to be saved. */
const mediaTypeOf = (type: string): string => MEDIA_TYPES.get(type) ?? 'application/octet-stream'

/**
 * The fields of a request for which the gate can judge the answer: whole, and in a coding that it undoes. A browser that asks for the rest of a file gets all of it (RFC 9110
 * §14.2 lets a server answer so).
 */
export function askedWhole(headers: Headers): Headers {
  return headers.flatMap(([name, value]): Headers => {
    const key = name.toLowerCase()
    if (key === 'range' || key === 'if-range') return []
    return [[name, key === 'accept-encoding' ? narrowed(value) : value]]
  })
}

function narrowed(value: string): string {
  const known = KNOWN_CODINGS.split(', ')
  const wanted = value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => known.includes((one.split(';')[0] ?? '').trim().toLowerCase()))
  return wanted.length === 0 ? 'identity' : wanted.join(', ')
}
