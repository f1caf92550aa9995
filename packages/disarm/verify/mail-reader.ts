import { createHash } from 'node:crypto'
import type { Budget } from './budget.ts'
import { verifyPage } from './html.ts'
import { calendarMethod } from './calendar.ts'
import { verifyHeader } from './mail-header.ts'
import { fileName, mediaType } from './mail-name.ts'
import type { VerifyMember } from './mail.ts'
import { verifyPicture } from './picture.ts'
import { Rejection, demand } from './rejection.ts'
import { isBodyText } from './mail-text.ts'

const MAX_DEPTH = 10
const MAX_PARTS = 2_000
const BASE64 = 'Content-Transfer-Encoding: base64\r\n'

/** A part: the lines of its header, and what stands behind the empty line. */
interface Entity {
  readonly header: string
  readonly body: string
}

/** What is counted over one message. */
interface Tally {
  parts: number
  images: number
  readonly names: Set<string>
  readonly calendars: Set<string>
  readonly depth: number
}

/** Reads a message of the grammar from its first letter to its last. */
export class MailReader {
  readonly #budget: Budget
  readonly #where: string
  readonly #verifyMember: VerifyMember

  constructor(budget: Budget, where: string, verifyMember: VerifyMember) {
    this.#budget = budget
    this.#where = where
    this.#verifyMember = verifyMember
  }

  message(text: string, depth: number): void {
    demand(depth <= MAX_DEPTH, 'VERIFY-LIMIT', this.#where)
    const rest = verifyHeader(text, this.#where)
    const tally: Tally = { parts: 0, images: 0, names: new Set(), calendars: new Set(), depth }
    const entity = this.#entity(rest, tally)
    if (!isMultipart(entity, 'mixed')) return this.#body(entity, tally)
    const parts = this.#parts(entity, 'mixed', tally)
    demand(parts.length > 1 || !isBody(parts[0]!), 'VERIFY-MAIL-PART', this.#where)
    // Pages are numbered first, as they are written.
    for (const part of parts) if (isBody(part)) this.#body(part, tally)
    for (const part of parts) if (!isBody(part)) this.#other(part, tally)
  }

  #entity(text: string, tally: Tally): Entity {
    demand(++tally.parts <= MAX_PARTS, 'VERIFY-LIMIT', this.#where)
    const end = text.indexOf('\r\n\r\n')
    demand(end >= 0 && text.endsWith('\r\n'), 'VERIFY-MAIL-PART', this.#where)
    return { header: text.slice(0, end + 2), body: text.slice(end + 4) }
  }

  #reject(): never {
    throw new Rejection('VERIFY-MAIL-PART', this.#where)
  }

  // --- bodies

  #body(entity: Entity, tally: Tally): void {
    if (!isMultipart(entity, 'alternative')) return this.#words(entity, tally)
    const [text, page, ...more] = this.#parts(entity, 'alternative', tally)
    demand(
      more.length === 0 && text !== undefined && page !== undefined,
      'VERIFY-MAIL-PART',
      this.#where,
    )
    demand(isText(text) && !isText(page) && isBody(page), 'VERIFY-MAIL-PART', this.#where)
    demand(!isMultipart(page, 'alternative'), 'VERIFY-MAIL-PART', this.#where)
    this.#words(text, tally)
    this.#words(page, tally)
  }

  #words(entity: Entity, tally: Tally): void {
    if (isText(entity)) {
      const bytes = this.#base64(entity.body)
      demand(isBodyText(bytes), 'VERIFY-MAIL-TEXT', this.#where)
    } else if (isMultipart(entity, 'related')) {
      const [page, ...images] = this.#parts(entity, 'related', tally)
      demand(images.length > 0 && isPage(page), 'VERIFY-MAIL-PART', this.#where)
      this.#page(page!, images, tally)
    } else if (isPage(entity)) this.#page(entity, [], tally)
    else this.#reject()
  }

  /** Every picture is shown by the page, in the order of the numbers, and none twice. */
  #page(entity: Entity, images: readonly Entity[], tally: Tally): void {
    const first = tally.images
    let shown = first
    const bytes = this.#base64(entity.body)
    verifyPage(bytes, this.#budget, this.#where, 'mail', (source) => {
      const number = Number(/^cid:image([1-9]\d{0,5})@sekisho$/u.exec(source)?.[1])
      if (number === shown + 1) shown++
      return number > first && number <= shown
    })
    demand(shown - first === images.length, 'VERIFY-MAIL-IMAGE', this.#where)
    const seen = new Set<string>()
    for (const image of images) {
      const key = this.#image(image, ++tally.images)
      demand(!seen.has(key), 'VERIFY-MAIL-IMAGE', this.#where)
      seen.add(key)
    }
  }

  #image({ header, body }: Entity, number: number): string {
    const type = /^Content-Type: image\/(png|jpeg|gif|webp|bmp)\r\n/u.exec(header)?.[1] ?? ''
    const expected =
      `Content-Type: image/${type}\r\n${BASE64}Content-ID: <image${number}@sekisho>\r\n` +
      `Content-Disposition: inline; filename="image${number}.${type}"\r\n`
    demand(type !== '' && header === expected, 'VERIFY-MAIL-IMAGE', this.#where)
    verifyPicture(this.#base64(body), type, this.#budget, this.#where)
    return `${type} ${body}`
  }

  // --- what is attached

  #other(entity: Entity, tally: Tally): void {
    const { header, body } = entity
    if (header.startsWith('Content-Type: text/calendar;')) return this.#calendar(entity, tally)
    const head = /^Content-Type: ([!-~]{3,80})\r\n/u.exec(header)
    const type = head?.[1] ?? this.#reject()
    const isMessage = type === 'message/rfc822'
    const start = `Content-Type: ${type}\r\n${isMessage ? '' : BASE64}Content-Disposition: attachment;\r\n `
    demand(header.startsWith(start) && header.endsWith('\r\n'), 'VERIFY-MAIL-PART', this.#where)
    const name = fileName(header.slice(start.length, -2), this.#where)
    demand(type === mediaType(name), 'VERIFY-MAIL-NAME', this.#where)
    const folded = name.normalize('NFC').toLowerCase()
    demand(!tally.names.has(folded), 'VERIFY-MAIL-NAME', this.#where)
    tally.names.add(folded)
    if (isMessage) return this.message(body, tally.depth + 1)
    this.#verifyMember({ name, bytes: this.#base64(body) }, this.#budget, 1)
  }

  #calendar({ header, body }: Entity, tally: Tally): void {
    const bytes = this.#base64(body)
    const method = calendarMethod(bytes)
    demand(method !== undefined && !tally.calendars.has(body), 'VERIFY-MAIL-CALENDAR', this.#where)
    tally.calendars.add(body)
    const of = method === '' ? '' : `; method=${method}`
    const expected = `Content-Type: text/calendar; charset=utf-8${of}\r\n${BASE64}`
    demand(header === expected, 'VERIFY-MAIL-CALENDAR', this.#where)
  }

  // --- the letters

  /** Parts between boundaries, which are a digest of them. */
  #parts({ header, body }: Entity, kind: string, tally: Tally): readonly Entity[] {
    const boundary = /boundary="(=_[0-9a-f]{32})"\r\n$/u.exec(header)?.[1] ?? this.#reject()
    demand(header === multipartHeader(kind, boundary), 'VERIFY-MAIL-PART', this.#where)
    const open = `--${boundary}\r\n`
    const close = `--${boundary}--\r\n`
    demand(body.startsWith(open) && body.endsWith(close), 'VERIFY-MAIL-PART', this.#where)
    const pieces = body.slice(open.length, -close.length).split(open)
    demand(digestOf(pieces) === boundary, 'VERIFY-MAIL-BOUNDARY', this.#where)
    return pieces.map((piece) => this.#entity(piece, tally))
  }

  /** Lines of 76 letters, the last perhaps shorter; one empty line for nothing. */
  #base64(body: string): Uint8Array {
    // Line ends are passed over by the decoder; where they stand is seen when the lines are written again.
    const bytes = Buffer.from(body, 'base64')
    this.#budget.spend(bytes.length, this.#where)
    demand(isWrittenAs(bytes, body), 'VERIFY-MAIL-BASE64', this.#where)
    return bytes
  }
}

function multipartHeader(kind: string, boundary: string): string {
  return `Content-Type: multipart/${kind};\r\n boundary="${boundary}"\r\n`
}

function digestOf(pieces: readonly string[]): string {
  const hash = createHash('sha256')
  pieces.forEach((piece, index) => hash.update(index === 0 ? '' : '\n').update(piece, 'latin1'))
  return `=_${hash.digest('hex').slice(0, 32)}`
}

/** Bytes in a line of 76 letters. */
const LINE_BYTES = 57

function isWrittenAs(bytes: Buffer, body: string): boolean {
  if (bytes.length === 0) return body === '\r\n'
  let at = 0
  for (let from = 0; from < bytes.length; from += LINE_BYTES) {
    const line = bytes.toString('base64', from, Math.min(bytes.length, from + LINE_BYTES))
    if (!body.startsWith(line, at) || !body.startsWith('\r\n', at + line.length)) return false
    at += line.length + 2
  }
  return at === body.length
}

function isMultipart({ header }: Entity, kind: string): boolean {
  return header.startsWith(`Content-Type: multipart/${kind};`)
}

function isText({ header }: Entity): boolean {
  return header === `Content-Type: text/plain; charset=utf-8\r\n${BASE64}`
}

function isPage(entity: Entity | undefined): boolean {
  return entity?.header === `Content-Type: text/html; charset=utf-8\r\n${BASE64}`
}

function isBody(entity: Entity): boolean {
  return (
    isText(entity) ||
    isPage(entity) ||
    isMultipart(entity, 'related') ||
    isMultipart(entity, 'alternative')
  )
}
