/**
 * A request, whole → the files in it and every word of its data. Pure. What cannot be read in one way only is told as such, never guessed.
 */
import { decodeReferences, decodeText, detectEncoding, headType } from '@sekisho/disarm/look'
import { unpacked, withoutCoding } from './content-coding.ts'
import { encodedRuns } from './encoded.ts'
import { readForm } from './form.ts'
import { readJson, readJsonLines } from './json-strings.ts'
import type { JsonText } from './json-strings.ts'
import { ENCODED_DEPTH, OPAQUE_BYTES, SMALLEST_FILE } from './limits.ts'
import { readFieldWithParameters, fieldValues } from './media-type.ts'
import type { FieldWithParameters } from './media-type.ts'
import { readMultipart } from './multipart.ts'
import type { Part } from './multipart.ts'
import { isPiece } from './piece.ts'
import { beginsLikeFile, spelledFiles } from './spelled.ts'

/** A request as the terminal sent it. */
export interface SentRequest {
  readonly method: string
  /** With query. */
  readonly path: string
  /** Names in any letter case. */
  readonly headers: readonly (readonly [string, string])[]
  readonly body: Uint8Array
}

/** A file on its way out. */
export interface SentFile {
  /** Hostile; empty when it has none. */
  readonly name: string
  /** Media type that the sender wrote; absent when none. */
  readonly declared?: string
  readonly bytes: Uint8Array
}

export interface Sent {
  readonly reading: 'whole' | 'part' | 'coding' | 'unreadable'
  /** The body is more than may be sent, once its coding is taken away. */
  readonly over: boolean
  readonly carries: 'nothing' | 'data' | 'file' | 'stream'
  readonly files: readonly SentFile[]
  /** All words of the data and of the query. */
  readonly texts: readonly string[]
  /** The data holds more bytes that nobody can read than tokens are. */
  readonly opaque: boolean
  /** Its type says data, and it is a file. */
  readonly lies: boolean
}

/** @param most bytes of the body with its coding taken away */
export function readSent(request: SentRequest, most: number): Sent {
  const reading = new Reading(request, most)
  reading.query()
  if (request.body.length > 0) reading.body()
  return reading.told()
}

const FORM = 'application/x-www-form-urlencoded'
/** What a message of a WebSocket is asked under: it has no fields that would say what it is. */
export const WEBSOCKET_MESSAGE = 'application/x-websocket-message'
/** What is data when it is not put under a name: text/csv and the like are files. */
const DATA_TEXTS: ReadonlySet<string> = new Set([
  'text/plain',
  'text/xml',
  'text/html',
  'application/xml',
  'application/soap+xml',
  'application/graphql',
  'application/javascript',
])

class Reading {
  readonly #request: SentRequest
  readonly #most: number
  readonly #files: SentFile[] = []
  readonly #texts: string[] = []
  #reading: Sent['reading'] = 'whole'
  #over = false
  #lies = false
  #stream = false
  #opaque = 0
  #data = false

  constructor(request: SentRequest, most: number) {
    this.#request = request
    this.#most = most
  }

  told(): Sent {
    const carries = this.#stream
      ? 'stream'
      : this.#files.length > 0
        ? 'file'
        : this.#data
          ? 'data'
          : 'nothing'
    return {
      reading: this.#reading,
      over: this.#over,
      carries,
      files: this.#files,
      texts: this.#texts,
      opaque: this.#opaque > OPAQUE_BYTES,
      lies: this.#lies,
    }
  }

  /** An address carries as well as a body. */
  query(): void {
    const { path } = this.#request
    const at = path.indexOf('?')
    if (at < 0) return
    const fields = readForm(path.slice(at + 1))
    if (fields) for (const field of fields) this.#words(field, 0)
    else this.#text(path.slice(at + 1), 0)
  }

  body(): void {
    const { headers, path, body } = this.#request
    this.#data = true
    const types = fieldValues(headers, 'content-type')
    const type = types[0] === undefined ? undefined : readFieldWithParameters(types[0])
    if (types.length > 1 || (types.length === 1 && !type)) return this.#unreadable()
    if (type?.value.startsWith('application/grpc') === true) {
      this.#stream = true
      return
    }
    if (isPiece(path, headers, body.length)) {
      this.#reading = 'part'
      return
    }
    const plain = withoutCoding(body, fieldValues(headers, 'content-encoding'), this.#most)
    if (plain.ok) return this.#typed(plain.bytes, type)
    if (plain.problem === 'over') this.#over = true
    else this.#reading = 'coding'
  }

  #typed(bytes: Uint8Array, type: FieldWithParameters | undefined): void {
    if (type?.value.startsWith('multipart/') === true) return this.#multipart(bytes, type)
    const value = type?.value ?? ''
    const put = this.#request.method === 'PUT'
    if (value === FORM) return this.#form(bytes)
    if (value === WEBSOCKET_MESSAGE) return this.#message(bytes)
    if (isJson(value)) return this.#json(bytes, readJson)
    if (JSON_LINES.has(value)) return this.#json(bytes, readJsonLines)
    if (isDataText(value) && !put) return this.#dataText(bytes, type)
    if (value === '' && !put && textOf(bytes) !== undefined) return this.#declaredText(bytes)
    this.#file({ name: this.#lastName(), declared: value, bytes })
  }

  #multipart(bytes: Uint8Array, type: FieldWithParameters): void {
    const known = ['multipart/form-data', 'multipart/related', 'multipart/mixed']
    const parts = known.includes(type.value) ? readMultipart(bytes, type) : undefined
    if (!parts) return this.#unreadable()
    for (const part of parts) this.#part(part)
  }

  #part({ name, fileName, type = '', bytes }: Part): void {
    this.#texts.push(name)
    const isData = fileName === undefined && (type === '' || type.startsWith('text/'))
    if (isData) return this.#declaredText(bytes)
    // Programs of pages send their fields as a file called `blob`.
    if (isJson(type) && (fileName ?? 'blob') === 'blob') return this.#json(bytes, readJson)
    this.#file({ name: fileName ?? '', declared: type, bytes })
  }

  #form(bytes: Uint8Array): void {
    const text = textOf(bytes)
    const fields = text === undefined ? undefined : readForm(text)
    if (!fields) return this.#unreadable()
    for (const field of fields) this.#words(field, 0)
    this.#spelled(fields.map((field) => Buffer.from(field).toString('latin1')).join('\n'))
  }

  /** Words, JSON behind the number of its kind (Socket.IO), several of them with record separators between (SignalR), or bytes of a form of its own, which are counted as tokens are. */
  #message(bytes: Uint8Array): void {
    const texts = records(bytes).map(textOf)
    if (!texts.every((text) => text !== undefined) || isWritten(bytes)) return this.#bytes(bytes, 0)
    for (const text of texts) this.#text(text.replace(/^\d{1,5}(?=[[{])/u, ''), 0)
    this.#spelled(texts.join('\n'))
  }

  /** JSON is UTF-8 (RFC 8259 §8.1), and nothing stands before it. */
  #json(bytes: Uint8Array, read: (text: string) => JsonText | undefined): void {
    if (headType(bytes) !== undefined) return this.#liar(bytes)
    const json = utf8(bytes, read)
    if (!json) return this.#unreadable()
    this.#jsonText(json, 0)
  }

  #jsonText({ flat, strings, lists }: JsonText, depth: number): void {
    this.#texts.push(decodeReferences(flat, false))
    this.#spelled(flat)
    for (const one of strings) this.#inside(one, depth)
    for (const list of lists) this.#bytes(list, depth)
  }

  /** What a string holds: JSON again, as half of all programs send it, or bytes written as letters. */
  #inside(text: string, depth: number): void {
    const letters = Buffer.from(text.slice(0, SMALLEST_FILE), 'latin1')
    // Each letter a byte: what a page reads as a « binary string ».
    if (letters.length === SMALLEST_FILE && beginsLikeFile(letters)) {
      this.#files.push({ name: '', bytes: Buffer.from(text, 'latin1') })
      return
    }
    const json = /^\s*[[{]/u.test(text) ? readJson(text) : undefined
    if (!json) this.#encoded(text, depth)
    else if (depth < ENCODED_DEPTH) this.#jsonText(json, depth + 1)
    else this.#unreadable()
  }

  #declaredText(bytes: Uint8Array): void {
    const text = textOf(bytes)
    if (text === undefined || isWritten(bytes)) this.#liar(bytes)
    else this.#text(text, 0)
  }

  /** In letters that are read here (UTF-7 hides every word), and without pieces that a reader puts together itself. */
  #dataText(bytes: Uint8Array, type: FieldWithParameters | undefined): void {
    const charset = type?.parameters.get('charset')
    if (charset !== undefined && !CHARSETS.test(charset)) return this.#unreadable()
    if (/<!ENTITY/iu.test(textOf(bytes) ?? '')) return this.#unreadable()
    this.#declaredText(bytes)
  }

  /** A value in a form or in a query: words, or bytes with escapes. */
  #words(bytes: Uint8Array, depth: number): void {
    const text = textOf(bytes)
    if (text === undefined || isWritten(bytes)) this.#bytes(bytes, depth)
    else this.#text(text, depth)
  }

  #text(written: string, depth: number): void {
    const text = decodeReferences(written, false)
    this.#texts.push(text)
    this.#spelled(text)
    this.#inside(text, depth)
  }

  /** In pieces, as digits, … : found only when it begins like a file. */
  #spelled(text: string): void {
    for (const bytes of spelledFiles(text)) this.#files.push({ name: '', bytes })
  }

  #encoded(text: string, depth: number): void {
    if (depth >= ENCODED_DEPTH) {
      if (encodedRuns(text).length > 0) this.#unreadable()
      return
    }
    for (const run of encodedRuns(text)) this.#bytes(run, depth + 1)
    // An address in a text, and what was escaped twice.
    if (ESCAPE.test(text)) for (const one of readForm(text) ?? []) this.#words(one, depth + 1)
  }

  /** Bytes that were written as letters: a file, words again, or what nobody can read. */
  #bytes(bytes: Uint8Array, depth: number): void {
    const text = textOf(bytes)
    const isFile = bytes.length >= SMALLEST_FILE && headType(bytes) !== undefined
    if (isFile && (text === undefined || isWritten(bytes))) this.#files.push({ name: '', bytes })
    else if (text !== undefined) this.#text(text, depth)
    else this.#packed(bytes, depth)
  }

  /** A state or a request of a sign-in is packed before it is written as letters (SAML 2.0 bindings 3.4.4.1). */
  #packed(bytes: Uint8Array, depth: number): void {
    const plain =
      depth < ENCODED_DEPTH && bytes.length <= OPAQUE_BYTES
        ? unpacked(bytes, this.#most)
        : undefined
    if (plain) this.#bytes(plain, depth + 1)
    else this.#opaque += bytes.length
  }

  #file(file: SentFile): void {
    if (file.bytes.length > 0) this.#files.push(file)
    this.#texts.push(file.name)
  }

  #liar(bytes: Uint8Array): void {
    this.#lies = true
    this.#files.push({ name: '', bytes })
  }

  #unreadable(): void {
    this.#reading = 'unreadable'
  }

  /** The name that a raw upload gives to its file is the end of its path. */
  #lastName(): string {
    const place = this.#request.path.replace(/[?#].*$/su, '').replace(/:[\w/-]{0,40}$/u, '')
    const last = place.slice(place.lastIndexOf('/') + 1)
    try {
      return decodeURIComponent(last)
    } catch {
      return last
    }
  }
}

/** What `detectEncoding` tells from the bytes, or reads as if it were. */
const CHARSETS =
  /^(?:utf-?8|us-ascii|iso-8859-1|windows-1252|shift[_-]jis|x-sjis|sjis|windows-31j|cp932|ms932|euc-jp|iso-2022-jp|utf-16(?:le|be)?)$/iu
const ESCAPE = /%[0-9A-Fa-f]{2}/u
const JSON_LINES: ReadonlySet<string> = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
])
/** A drawing is written in XML as well (`image/svg+xml`), and is a file. */
const isDataText = (type: string): boolean =>
  DATA_TEXTS.has(type) || (type.endsWith('+xml') && !type.startsWith('image/'))
const isJson = (type: string): boolean =>
  type === 'application/json' || type === 'text/json' || type.endsWith('+json')

/** What stands between separators of records (RFC 7464). */
function records(bytes: Uint8Array): readonly Uint8Array[] {
  const all: Uint8Array[] = []
  let start = 0
  for (let at = bytes.indexOf(0x1e); at !== -1; at = bytes.indexOf(0x1e, start)) {
    all.push(bytes.subarray(start, at))
    start = at + 1
  }
  return [...all, bytes.subarray(start)].filter(({ length }) => length > 0)
}

/** What the bytes say when they are words, `undefined` when they are not. */
function textOf(bytes: Uint8Array): string | undefined {
  const encoding = detectEncoding(bytes)
  const text = encoding === undefined ? undefined : decodeText(bytes, encoding)
  return text === undefined || CONTROLS.test(text) ? undefined : text
}

const CONTROLS = /[\u0000-\u0008\u000E-\u001F\u007F\u0080-\u009F]/u

/** Files that may consist of letters alone. */
function isWritten(bytes: Uint8Array): boolean {
  const type = headType(bytes)
  return type === 'pdf' || type === 'rtf'
}

function utf8<T>(bytes: Uint8Array, read: (text: string) => T | undefined): T | undefined {
  try {
    return read(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return undefined
  }
}
