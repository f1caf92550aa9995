import { createHash } from 'node:crypto'
import {
  cleanName,
  collectItems,
  fieldValue,
  partBytes,
  partName,
  readEntity,
  readMailHeader,
  readMessage,
  readablePage,
  rebuildCalendar,
  Refusal,
} from '@sekisho/disarm/mail'
import type {
  Calendar,
  Context,
  Field,
  MailBody,
  MailFile,
  MailItem,
  MailMessage,
  OpenedPart,
  Part,
  ReadablePage,
} from '@sekisho/disarm/mail'
import type { Fate, PartRow } from './certificate.ts'
import { rawWords } from './raw-words.ts'
import { readersAgree } from './second-reader.ts'

/** A row that still waits for its fate. */
export type OpenRow = { -readonly [Key in keyof PartRow]: PartRow[Key] }

/** What the office reader will read, in order. */
export type Block =
  | { readonly kind: 'words'; readonly text: string }
  /** A message inside the message begins. */
  | { readonly kind: 'message'; readonly header: MailMessage }
  | { readonly kind: 'calendar'; readonly calendar: Calendar }
  /** Only words of this message came in, or none. */
  | { readonly kind: 'flattened'; readonly reason: string }
  /** The words of a part cannot be read. */
  | { readonly kind: 'unreadable' }
  /** A part that nobody here can read, or that has nothing in it to read. */
  | { readonly kind: 'absent'; readonly what: Absent }

export type Absent = 'encrypted' | 'partial' | 'elsewhere'

export interface FoundFile {
  readonly row: OpenRow
  /** As the sender calls it, hostile; may be empty. */
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
  /** A picture that the text of the page shows. */
  readonly inline: boolean
}

/** A whole mail, read: nothing of it may be shown before it was written anew. */
export interface Reading {
  readonly header: MailMessage
  readonly fields: readonly Field[]
  readonly rows: readonly OpenRow[]
  readonly blocks: readonly Block[]
  readonly files: readonly FoundFile[]
  readonly flattened: readonly { readonly part: string; readonly reason: string }[]
  readonly hiddenPlaces: number
}

/** Messages in messages. */
const MAX_DEPTH = 10
/** Two readers see two structures. */
export const DISAGREE = 'MAIL-READERS'

/** Reads a mail with everything in it, under one budget. Refuses LIMIT-* when that is gone. @param raw a letter is a byte */
export async function readAll(raw: string, context: Context): Promise<Reading> {
  const reader = new Reader(context)
  const header = await reader.message(raw, '', 0)
  return { ...reader, header, fields: readEntity(raw).fields }
}

/** RFC 2046 5.2.2, 5.2.3: a piece of a mail, and a body that a program would fetch. */
const ABSENT: ReadonlyMap<string, Absent> = new Map([
  ['message/partial', 'partial'],
  ['message/external-body', 'elsewhere'],
])

/** One message, outermost or inner, while it is read. */
interface Layer {
  readonly items: ReadonlyMap<Part, readonly MailItem[]>
  readonly opened: ReadonlyMap<Part, OpenedPart>
  /** Words that were chosen for each body. */
  readonly words: ReadonlyMap<MailItem, string | undefined>
  /** Parts that said them. */
  readonly spoken: ReadonlySet<Part>
  readonly pages: readonly string[]
  readonly flat: boolean
  readonly depth: number
}

class Reader {
  readonly rows: OpenRow[] = []
  readonly blocks: Block[] = []
  readonly files: FoundFile[] = []
  readonly flattened: { part: string; reason: string }[] = []
  hiddenPlaces = 0
  readonly #context: Context
  readonly #decoded = new Map<Part, Uint8Array>()
  /** Often the same invitation comes twice. */
  readonly #calendars = new Set<string>()

  constructor(context: Context) {
    this.#context = context
  }

  async message(raw: string, place: string, depth: number): Promise<MailMessage> {
    this.#context.spend(raw.length)
    const path = `${place}1`
    const shallow = shallowPart(raw)
    const opened = new Map<Part, OpenedPart>()
    let root: Part | undefined
    try {
      root = readMessage(raw, this.#context)
      const items = collectItems(root, this.#context, opened)
      const header = readMailHeader(root, this.#context)
      if (depth > 0) this.blocks.push({ kind: 'message', header })
      const agreed = await this.#agreed(raw, root, opened)
      if (!agreed) this.#flatten(path, DISAGREE)
      await this.#part(root, path, this.#layer(items, opened, !agreed, depth))
      return header
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason.startsWith('LIMIT-')) throw error
      const header = readMailHeader(shallow, this.#context)
      if (depth > 0) this.blocks.push({ kind: 'message', header })
      if (error.reason === 'RIGHTS') this.#encrypted(root ?? shallow, path)
      else this.#unread(shallow, path, error.reason)
      return header
    }
  }

  async #agreed(raw: string, root: Part, opened: ReadonlyMap<Part, OpenedPart>): Promise<boolean> {
    const bytesOf = (part: Part): Uint8Array => this.#bytes(part)
    if (!(await readersAgree(raw, root, bytesOf))) return false
    for (const inner of opened.values())
      if (!(await readersAgree(inner.raw, inner.root, bytesOf))) return false
    return true
  }

  #flatten(part: string, reason: string): void {
    this.flattened.push({ part, reason })
    this.blocks.push({ kind: 'flattened', reason })
  }

  /** A message of which not even the parts can be told: its letters, without what is no language. */
  #unread(shallow: Part, path: string, reason: string): void {
    this.#flatten(path, reason)
    const row = this.#row(shallow, path)
    row.reason = reason
    row.fate = 'sealed'
    const text = rawWords(shallow.raw)
    if (text === '') return
    row.fate = 'text'
    this.blocks.push({ kind: 'words', text })
  }

  /** A message of which nothing can be read: its parts, with none of what they hold. */
  #encrypted(root: Part, path: string): void {
    this.#flatten(path, 'RIGHTS')
    const seal = (part: Part, place: string): void => {
      const row = this.#row(part, place)
      if (part.type.startsWith('multipart/')) {
        this.#around(part.preamble, `${place}.0`)
        part.children.forEach((child, index) => seal(child, `${place}.${index + 1}`))
        return this.#around(part.epilogue, `${place}.${part.children.length + 1}`)
      }
      row.fate = 'sealed'
      row.reason = 'RIGHTS'
    }
    seal(root, path)
  }

  #layer(
    items: readonly MailItem[],
    opened: ReadonlyMap<Part, OpenedPart>,
    flat: boolean,
    depth: number,
  ): Layer {
    const byPart = new Map<Part, MailItem[]>()
    const words = new Map<MailItem, string | undefined>()
    const spoken = new Set<Part>()
    for (const item of items) {
      if (!item.from) continue
      const list = byPart.get(item.from.part) ?? []
      list.push(item)
      byPart.set(item.from.part, list)
      if (item.kind === 'body') words.set(item, this.#chosen(item, item.from.part, spoken))
    }
    const pages = items.flatMap((item) =>
      item.kind === 'body' && item.html !== undefined ? [item.html] : [],
    )
    return { items: byPart, opened, words, spoken, pages, flat, depth }
  }

  /** The plain words, unless the page says much more; marks who said them. */
  #chosen(body: MailBody, part: Part, spoken: Set<Part>): string | undefined {
    const { text, html, words = [] } = body
    if (html === undefined) {
      spoken.add(part)
      return text ?? ''
    }
    const plain = text !== undefined && text.trim() !== '' ? text : undefined
    if (plain !== undefined && saysEnough(plain, lettersOf(html)))
      return saidBy(words.length === 0 ? [part] : words, plain, spoken)
    const page = this.#page(html)
    if (plain !== undefined && (page === undefined || saysEnough(plain, page.text)))
      return saidBy(words.length === 0 ? [part] : words, plain, spoken)
    if (page === undefined) return undefined
    // Only a page that is shown has anything to hide.
    this.hiddenPlaces += page.hidden
    return saidBy([part], page.text, spoken)
  }

  #page(html: string): ReadablePage | undefined {
    try {
      return readablePage(html, this.#context)
    } catch (error) {
      if (error instanceof Refusal && !/^LIMIT-(?:SIZE|TIME|ENTRIES)/.test(error.reason))
        return undefined
      throw error
    }
  }

  // --- parts

  /** @param choice it is one of several forms of the same */
  async #part(part: Part, path: string, layer: Layer, choice = false): Promise<void> {
    const row = this.#row(part, path)
    if (part.type.startsWith('multipart/')) {
      const choices = choice || part.type === 'multipart/alternative'
      this.#around(part.preamble, `${path}.0`)
      for (const [index, child] of part.children.entries())
        await this.#part(child, `${path}.${index + 1}`, layer, choices)
      return this.#around(part.epilogue, `${path}.${part.children.length + 1}`)
    }
    const inner = layer.opened.get(part)
    if (inner) {
      row.fate = 'opened'
      return this.#part(inner.root, `${path}/1`, layer, choice)
    }
    const items = layer.items.get(part) ?? []
    if (items.length === 0) return this.#silent(part, row, layer, choice)
    if (items.some(({ from }) => from?.inside !== true)) row.fate = 'text'
    else row.fate = 'opened'
    let number = 0
    for (const item of items) {
      const wrapped = item.from?.inside === true
      const own = wrapped ? this.#innerRow(item, `${path}/${++number}`) : row
      await this.#item(item, own, layer)
    }
  }

  /** A part of which nothing is an item: the same words in another form, or nothing for a reader. */
  #silent(part: Part, row: OpenRow, { spoken }: Layer, choice: boolean): void {
    if (spoken.has(part)) row.fate = 'text'
    // A third part of a signed mail says nothing that the message says: only a choice is another form.
    else if (
      choice &&
      part.type.startsWith('text/') &&
      !/^text\/(?:x-amp|watch)-html$/.test(part.type)
    )
      row.fate = 'other-form'
    else {
      row.fate = 'left-out'
      row.reason = 'M-PART'
      const what = ABSENT.get(part.type)
      if (what) this.#absent(what)
    }
  }

  /** Said once, however many parts it is. */
  #absent(what: Absent): void {
    if (this.blocks.some((block) => block.kind === 'absent' && block.what === what)) return
    this.blocks.push({ kind: 'absent', what })
  }

  async #item(item: MailItem, row: OpenRow, layer: Layer): Promise<void> {
    switch (item.kind) {
      case 'body':
        return this.#body(item, row, layer)
      case 'file':
        return this.#file(item, row, layer)
      case 'calendar':
        return this.#calendar(item.text, row, layer)
      case 'message':
        return this.#inner(item, row, layer)
      case 'gone':
        row.fate = 'sealed'
        row.reason = item.reason
        if (item.reason === 'RIGHTS') this.#absent('encrypted')
    }
  }

  #body(item: MailItem, row: OpenRow, { words, spoken }: Layer): void {
    const text = words.get(item)
    const part = item.from?.part
    row.fate = part !== undefined && spoken.has(part) ? 'text' : 'other-form'
    if (text !== undefined) this.blocks.push({ kind: 'words', text })
    else {
      row.fate = 'sealed'
      row.reason = 'M-HTML'
      this.blocks.push({ kind: 'unreadable' })
    }
  }

  #file(item: MailFile & MailItem, row: OpenRow, { flat, pages }: Layer): void {
    const bytes = item.from?.inside === false ? this.#bytes(item.from.part) : item.read()
    row.fate = flat ? 'sealed' : 'pick-up'
    if (flat) row.reason = DISAGREE
    const inline = item.ids.some((id) => id !== '' && pages.some((page) => page.includes(id)))
    const { name, type } = item
    if (!flat) this.files.push({ row, name, type, bytes, inline })
  }

  #calendar(raw: string, row: OpenRow, { flat }: Layer): void {
    const calendar = flat ? undefined : rebuildCalendar(raw)
    row.fate = calendar ? 'calendar' : 'sealed'
    if (!calendar) row.reason = flat ? DISAGREE : 'M-PART'
    else if (this.#calendars.has(calendar.text)) row.fate = 'other-form'
    else {
      this.#calendars.add(calendar.text)
      this.blocks.push({ kind: 'calendar', calendar })
    }
  }

  async #inner(
    item: MailItem & { readonly kind: 'message' },
    row: OpenRow,
    { flat, depth }: Layer,
  ): Promise<void> {
    const { content } = item
    row.fate = 'sealed'
    row.reason = flat ? DISAGREE : 'LIMIT-DEPTH'
    if (flat || typeof content !== 'string') return
    if (depth >= MAX_DEPTH) {
      this.#flatten(row.part, 'LIMIT-DEPTH')
      return
    }
    row.fate = 'opened'
    delete row.reason
    await this.message(content, `${row.part}/`, depth + 1)
  }

  // --- rows

  #row(part: Part, path: string): OpenRow {
    const holds = part.type.startsWith('multipart/')
    const bytes = holds ? Buffer.of() : this.#bytes(part)
    const row = rowOf(path, part.type, partName(part), bytes, 'opened')
    this.rows.push(row)
    return row
  }

  /** Beside the parts of a multipart: no mail program shows it, and some people hide there what a program should find. */
  #around(words: string | undefined, path: string): void {
    if (words === undefined || words.trim() === '') return
    this.rows.push(rowOf(path, 'unknown', '', Buffer.from(words, 'latin1'), 'around'))
  }

  #innerRow(item: MailItem, path: string): OpenRow {
    const file = item.kind === 'file'
    const words = item.kind === 'body' ? (item.html ?? item.text ?? '') : ''
    const bytes = file ? item.read() : Buffer.from(words)
    const name = item.kind === 'file' || item.kind === 'gone' ? item.name : ''
    const row = rowOf(path, 'unknown', name, bytes, 'opened')
    this.rows.push(row)
    return row
  }

  /** Decoded once, however often it is asked for. */
  #bytes(part: Part): Uint8Array {
    const known = this.#decoded.get(part)
    if (known) return known
    const bytes = partBytes(part, this.#context)
    this.#decoded.set(part, bytes)
    return bytes
  }
}

function rowOf(part: string, type: string, name: string, bytes: Uint8Array, fate: Fate): OpenRow {
  const tidy = /^[a-z0-9][a-z0-9.+_-]{0,40}\/[a-z0-9][a-z0-9.+_-]{0,80}$/.test(type)
  return {
    part,
    type: tidy ? type : 'unknown',
    name: name === '' ? '' : cleanName(name).name,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    fate,
  }
}

/** The message as one part: its fields, and behind them letters. */
function shallowPart(raw: string): Part {
  const { fields, body } = readEntity(raw)
  const nothing = { value: '', parameters: new Map<string, string>() }
  const declared = fieldValue(fields, 'content-type') ?? ''
  const type = declared === '' ? 'text/plain' : 'message/rfc822'
  const { parameters } = nothing
  return { fields, type, parameters, disposition: nothing, children: [], raw: body }
}

function saidBy(parts: readonly Part[], text: string, spoken: Set<Part>): string {
  for (const part of parts) spoken.add(part)
  return text
}

/** The plain words of a mail say at least half of what its page says. */
function saysEnough(plain: string, page: string): boolean {
  return weight(plain) * 2 >= weight(page)
}

function weight(text: string): number {
  return text.replace(/[\s\p{P}\p{S}]+/gu, '').length
}

/** At least the letters that the page can show, without reading it: spares the work where the plain words say it all. */
function lettersOf(html: string): string {
  return html.replace(/<[^<>]*>/g, ' ')
}
