import { rebuildCalendar } from '../calendar/rebuild.ts'
import type { Context } from '../family.ts'
import { Refusal } from '../family.ts'
import type { Pictures } from '../html/picture.ts'
import { rebuildPage } from '../html/rebuild.ts'
import { pageText } from '../html/text.ts'
import { cleanText } from '../html/words.ts'
import type { Mailbox } from './address.ts'
import { Attachments } from './attachments.ts'
import { bodyText } from './body-text.ts'
import type { Entity } from './entity.ts'
import { calendarEntity, htmlEntity, imageEntity, multipart, textEntity } from './entity.ts'
import type { MailBody, MailFile, MailItem, MailMessage } from './message.ts'
import { readMail } from './read-mail.ts'
import { cutName, writtenMailboxes, writtenText } from './written-header.ts'

/** Messages in messages. */
const MAX_DEPTH = 10

/**
 * Writes a message anew: the fields of the grammar, its bodies, then its attachments, each rebuilt by its own type.
 * @param place of this message in reports, empty or ending with a slash
 */
export function writeMessage(
  message: MailMessage,
  context: Context,
  place = '',
  depth = 0,
): Entity {
  return new MessageWriter(message, context, place, depth).run()
}

class MessageWriter {
  readonly #message: MailMessage
  readonly #context: Context
  readonly #place: string
  readonly #depth: number
  readonly #attachments: Attachments
  readonly #byId = new Map<string, MailFile>()
  readonly #shown = new Set<MailFile>()
  /** Often the same invitation comes twice. */
  readonly #calendars = new Set<string>()
  #images = 0

  constructor(message: MailMessage, context: Context, place: string, depth: number) {
    this.#message = message
    this.#context = context
    this.#place = place
    this.#depth = depth
    this.#attachments = new Attachments(context)
    for (const item of message.items) {
      if (item.kind !== 'file') continue
      for (const id of item.ids) if (!this.#byId.has(id)) this.#byId.set(id, item)
    }
  }

  run(): Entity {
    const header = this.#header()
    // Pages first: a picture that a page shows is no attachment, wherever it stands.
    const pages = new Map<MailItem, Entity>()
    for (const item of this.#message.items) {
      if (item.kind === 'body') pages.set(item, this.#body(item))
    }
    const entities = this.#message.items
      .map((item, index) => pages.get(item) ?? this.#other(item, `${this.#place}part ${index + 1}`))
      .filter((entity) => entity !== undefined)
    const list = this.#attachments.list()
    if (list !== undefined) entities.push(list)
    const [only] = entities
    const single = only !== undefined && entities.length === 1 && pages.size === 1
    if (only === undefined) return [header, ...textEntity('')]
    return [header, ...(single ? only : multipart('mixed', entities))]
  }

  #header(): string {
    const { from, sender, replyTo, to, cc, date, subject } = this.#message
    const { messageId, inReplyTo, references } = this.#message
    const fields: readonly (readonly [name: string, value: string | undefined])[] = [
      ['From', this.#mailboxes(from)],
      ['Sender', this.#mailboxes(sender)],
      ['Reply-To', this.#mailboxes(replyTo)],
      ['To', this.#mailboxes(to)],
      ['Cc', this.#mailboxes(cc)],
      ['Date', date],
      ['Subject', this.#subject(subject)],
      ['Message-ID', messageId],
      ['In-Reply-To', inReplyTo.length > 0 ? inReplyTo.join('\r\n ') : undefined],
      ['References', references.length > 0 ? references.join('\r\n ') : undefined],
    ]
    const lines = fields.flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}: ${value}\r\n`],
    )
    return `${lines.join('')}MIME-Version: 1.0\r\n`
  }

  #mailboxes(mailboxes: readonly Mailbox[]): string | undefined {
    const clean = mailboxes
      .map(({ name, address }) => ({
        name: cutName(this.#words(name).replace(/ {2,}/g, ' ')),
        address,
      }))
      .filter(({ name, address }) => name !== '' || address !== undefined)
    const written = writtenMailboxes(clean)
    this.#context.removed('M-HEADER', `${this.#place}recipients`, clean.length - written.count)
    return written.count > 0 ? written.text : undefined
  }

  #subject(subject: string | undefined): string | undefined {
    if (subject === undefined) return undefined
    const whole = this.#words(subject)
    if (whole.length > MAX_SUBJECT) this.#context.removed('M-HEADER', `${this.#place}subject`)
    const words = whole
      .slice(0, MAX_SUBJECT)
      .replace(/[\uD800-\uDBFF]$/, '')
      .trim()
    return words === '' ? undefined : writtenText(words)
  }

  #words(raw: string): string {
    const clean = cleanText(raw.replace(/[\t\r\n]+/g, ' '))
    this.#context.removed('T-CTRL', `${this.#place}header`, clean.count)
    return clean.text.trim()
  }

  #body({ text, html }: MailBody): Entity {
    const wanted = html === undefined || this.#context.profile.mailBody === 'html'
    const page = html === undefined ? undefined : this.#page(html)
    if (page === undefined || !wanted) {
      if (page !== undefined) this.#context.removed('M-HTML', `${this.#place}body`)
      const words =
        text !== undefined && text.trim() !== '' ? text : page ? pageText(page.text) : (text ?? '')
      return this.#text(words)
    }
    if (text === undefined) return page.entity
    return multipart('alternative', [this.#text(text), page.entity])
  }

  #text(raw: string): Entity {
    const { text, count } = bodyText(raw)
    this.#context.removed('T-CTRL', `${this.#place}body`, count)
    return textEntity(text)
  }

  #page(raw: string): { readonly entity: Entity; readonly text: string } {
    const images: Entity[] = []
    const places = new Map<string, string>()
    const pictures: Pictures = {
      find: (source) => this.#picture(source),
      place: (bytes, type) => {
        const key = `${type} ${Buffer.from(bytes).toString('latin1')}`
        const known = places.get(key)
        if (known !== undefined) return known
        const number = ++this.#images
        images.push(imageEntity(bytes, type, number))
        places.set(key, `cid:image${number}@sekisho`)
        return `cid:image${number}@sekisho`
      },
    }
    const text = rebuildPage(raw, this.#context, 'mail', pictures)
    const page = htmlEntity(text)
    return { text, entity: images.length === 0 ? page : multipart('related', [page, ...images]) }
  }

  #picture(source: string): Uint8Array | undefined {
    const file = this.#byId.get(source) ?? this.#byId.get(decodedId(source))
    if (!file) return undefined
    this.#shown.add(file)
    return file.read()
  }

  #other(item: MailItem, place: string): Entity | undefined {
    switch (item.kind) {
      case 'body':
        return undefined
      case 'file':
        return this.#shown.has(item) ? undefined : this.#attachments.file(item, place)
      case 'calendar':
        return this.#calendar(item.text, place)
      case 'message':
        return this.#inner(item.name, item.content, place)
      case 'gone':
        this.#attachments.leaveOut(item.name, item.reason, place)
        return undefined
    }
  }

  #calendar(raw: string, place: string): Entity | undefined {
    const calendar = rebuildCalendar(raw)
    if (!calendar) {
      this.#context.removed('M-PART', place)
      return undefined
    }
    for (const [rule, count] of calendar.removed) this.#context.removed(rule, place, count)
    if (this.#calendars.has(calendar.text)) return undefined
    this.#calendars.add(calendar.text)
    return calendarEntity(calendar.text, calendar.method)
  }

  #inner(name: string, content: MailMessage | string, place: string): Entity | undefined {
    if (this.#depth >= MAX_DEPTH) {
      this.#attachments.leaveOut(name === '' ? 'message.eml' : name, 'LIMIT-DEPTH', place)
      return undefined
    }
    try {
      const message = typeof content === 'string' ? readMail(content, this.#context) : content
      const written = writeMessage(message, this.#context, `${place}/`, this.#depth + 1)
      return this.#attachments.message(name, written, place)
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason.startsWith('LIMIT-')) throw error
      this.#attachments.leaveOut(name === '' ? 'message.eml' : name, error.reason, place)
      return undefined
    }
  }
}

const MAX_SUBJECT = 1_000

/** Some programs escape what stands behind `cid:`. */
function decodedId(source: string): string {
  try {
    return decodeURIComponent(source)
  } catch {
    return source
  }
}
