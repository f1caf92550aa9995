import { plainText } from '../xml/decode.ts'
import { MAX_DEPTH } from '../xml/read.ts'
import type { XmlReader } from '../xml/read.ts'
import { normalText, normalValue } from '../xml/reference.ts'
import { escapeText, escapeValue } from '../xml/write.ts'
import type { PlainElement, TagPath } from './lane-tags.ts'
import { LaneTags } from './lane-tags.ts'

/** Elements with which the lane begins: of them a sheet or a letter has many. */
const STARTS = ['<table:table-row', '<text:p', '<text:h', '<text:list']

/**
 * Passes rows and paragraphs on without building anything from them, as long as the tables alone decide about all their tags and values.
 * Nothing is written of a row or paragraph in which anything else stands: the lane ends in front of it, and the filter takes it over.
 */
export class Lane {
  readonly #reader: XmlReader
  readonly #tags: LaneTags
  readonly #pass: (binary: string) => void
  #scope: object | undefined
  #pending = ''
  #written = ''
  /** How much of the part must be read before the lane is tried again, so that nothing is tried at every depth. */
  #notBefore = 0

  constructor(reader: XmlReader, tags: LaneTags, pass: (binary: string) => void) {
    this.#reader = reader
    this.#tags = tags
    this.#pass = pass
  }

  /** Reads on until something else than a plain row or paragraph begins. `blanks`: white space between them is not written. */
  run(blanks: boolean, look: () => void): void {
    const reader = this.#reader
    if (!reader.between || reader.position < this.#notBefore) return
    if (reader.scope !== this.#scope) {
      this.#scope = reader.scope
      this.#tags.forget()
    }
    while (this.#child(blanks)) {
      look()
      if (this.#pending.length > FLUSH) this.#flush()
    }
    this.#flush()
  }

  #child(blanks: boolean): boolean {
    const reader = this.#reader
    for (;;) {
      const { text, at } = reader
      const from = blanks ? skipBlanks(text, at) : at
      const end = this.#passChild(text, from)
      if (end > 0) {
        this.#pending += this.#written
        reader.at = end
        return true
      }
      if (end === OTHER) return false
      if (text.length - at > MAX_CHILD) this.#notBefore = reader.position + text.length - at
      if (text.length - at > MAX_CHILD || !reader.grow(at)) return false
    }
  }

  #passChild(text: string, start: number): number {
    if (text.length - start < MIN_WINDOW) return CUT
    if (!STARTS.some((one) => text.startsWith(one, start))) return OTHER
    const child = new Child(text, start, this.#tags)
    const end = child.read(MAX_DEPTH - this.#reader.depth)
    if (end > 0) {
      this.#reader.count(child.count)
      this.#written = child.written
    } else if (end === OTHER) this.#notBefore = this.#reader.position + child.at - this.#reader.at
    return end
  }

  #flush(): void {
    if (this.#pending === '') return
    this.#pass(this.#pending)
    this.#pending = ''
  }
}

const CUT = 0
const OTHER = -1
const FLUSH = 128 * 1024
/** A longer child is taken apart by the filter. */
const MAX_CHILD = 1024 * 1024
/** A name is never cut off by the window. */
const MIN_WINDOW = 128
const MAX_VALUE = 65_536

/** One row or paragraph on its way through. */
class Child {
  at: number
  /** What is written, in binary text. */
  written = ''
  /** Elements in it. */
  count = 0
  readonly #text: string
  readonly #tags: LaneTags
  /** Where that begins which is written as it stands. */
  #from: number
  readonly #open: PlainElement[] = []
  /** The last tag is a start tag and nothing was written since. */
  #bare = false
  /** Its `>` is not written yet, because white space behind it was left out. */
  #owed = false

  constructor(text: string, start: number, tags: LaneTags) {
    this.#text = text
    this.#tags = tags
    this.at = start
    this.#from = start
  }

  /** @returns where the child ends; `CUT` when the window ends before it does; `OTHER` when it is not plain */
  read(depth: number): number {
    const text = this.#text
    do {
      let result: number
      if (text.charCodeAt(this.at) !== 0x3c) result = this.#characters()
      else if (text.charCodeAt(this.at + 1) === 0x2f) result = this.#close()
      else result = this.#open.length < depth ? this.#start() : OTHER
      if (result <= 0) return result
      this.at = result
    } while (this.#open.length > 0)
    this.written += text.slice(this.#from, this.at)
    return this.at
  }

  #start(): number {
    const text = this.#text
    if (this.#owed) this.written += '>'
    this.#owed = false
    const element = this.#tags.element(text, this.at)
    if (!element) return text.length - this.at < MIN_WINDOW ? CUT : OTHER
    let path: TagPath = element
    let at = this.at + element.spelled.length
    while (text.charCodeAt(at) === 0x20) {
      let next = path.likely
      if (next === undefined || !text.startsWith(next.spelled, at)) {
        next = this.#tags.attribute(path, text, at)
        if (!next) return text.length - at < MIN_WINDOW ? CUT : OTHER
        path.likely = next
      }
      path = next
      at = this.#value(path, at + path.spelled.length)
      if (at <= 0) return at
    }
    return this.#startEnd(element, at)
  }

  #startEnd(element: PlainElement, at: number): number {
    const code = this.#text.charCodeAt(at)
    const empty = code === 0x2f
    if (empty ? this.#text.charCodeAt(at + 1) !== 0x3e : code !== 0x3e)
      return at + 1 >= this.#text.length ? CUT : OTHER
    this.count++
    if (!empty) this.#open.push(element)
    this.#bare = !empty
    return empty ? at + 2 : at + 1
  }

  /** @returns where the tag goes on behind the value that begins at `start` */
  #value({ judge }: TagPath, start: number): number {
    const text = this.#text
    const end = text.indexOf('"', start)
    if (end < 0) return text.length - start > MAX_VALUE ? OTHER : CUT
    if (end - start > MAX_VALUE) return OTHER
    const plain = isPlainValue(text, start, end)
    if (!plain || judge) {
      const raw = text.slice(start, end)
      if (raw.includes('<') || (judge && !judge(raw))) return OTHER
      if (!plain) this.#replace(start, end, escapeValue(normalValue(plainText(raw))))
    }
    return end + 1
  }

  #characters(): number {
    const text = this.#text
    const end = text.indexOf('<', this.at)
    if (end < 0) return CUT
    if (!this.#open[this.#open.length - 1]?.textual) {
      // White space between elements is not written.
      if (skipBlanks(text, this.at) < end) return OTHER
      this.#leaveOut(end)
      return end
    }
    this.#bare = false
    if (!isPlainText(text, this.at, end)) {
      const raw = text.slice(this.at, end)
      if (raw.includes(']]>')) return OTHER
      this.#replace(this.at, end, escapeText(normalText(plainText(raw))))
    }
    return end
  }

  #close(): number {
    const text = this.#text
    const element = this.#open.pop()
    if (!element) return OTHER
    const end = this.at + element.close.length
    if (!text.startsWith(element.close, this.at)) return end > text.length ? CUT : OTHER
    // An element that holds nothing is written as one tag.
    if (this.#bare) {
      this.written += `${this.#owed ? '' : text.slice(this.#from, this.at - 1)}/>`
      this.#from = end
    }
    this.#bare = false
    this.#owed = false
    return end
  }

  /** What stands from `at` to `end` is not written. */
  #leaveOut(end: number): void {
    if (!this.#owed)
      this.written += this.#text.slice(this.#from, this.#bare ? this.at - 1 : this.at)
    this.#owed = this.#bare
    this.#from = end
  }

  #replace(start: number, end: number, meant: string): void {
    this.written += this.#text.slice(this.#from, start) + binary(meant)
    this.#from = end
  }
}

function binary(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function skipBlanks(text: string, from: number): number {
  let at = from
  for (let code = text.charCodeAt(at); isBlank(code); code = text.charCodeAt(at)) at++
  return at
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** Text that is written as it stands. */
function isPlainText(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x26 || code === 0x3e || code === 0x0d) return false
  }
  return true
}

function isPlainValue(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x26 || code === 0x3e || code === 0x3c || code < 0x20) return false
  }
  return true
}
