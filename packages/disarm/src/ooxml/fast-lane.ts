import { escapeText } from '../xml/write.ts'
import { plainText } from '../xml/decode.ts'
import { MAX_DEPTH } from '../xml/read.ts'
import type { XmlReader } from '../xml/read.ts'
import { normalText } from '../xml/reference.ts'
import type { Deflater } from '../zip/deflate.ts'
import { learnPhrase, ownCopy, phraseAt } from './phrases.ts'
import type { Phrase } from './phrases.ts'

/** What is known about one start tag, as it is spelled: the same spelling in the same scope means the same. All in binary text. */
export interface KnownTag {
  /** Something in it needs a look at more than the tag. */
  readonly complex: boolean
  /** An empty element that is not written. */
  readonly gone: boolean
  /** The tag as it is written, without its end. */
  readonly open: string
  /** Whether it is spelled so already. */
  readonly same: boolean
  /** End tag as the input must spell it. */
  readonly closes: string
  /** End tag as it is written. */
  readonly close: string
  /** Holds elements only; text in it is not written. */
  readonly structure: boolean
  /** Means nothing without content. */
  readonly needsContent: boolean
  /** Its text is a formula. */
  readonly formula: boolean
  /** Group of a shared formula. */
  readonly group: string | undefined
  /** Rules to report each time it is written. */
  readonly drops: readonly string[]
  readonly keeps: readonly string[]
  /** Namespaces that the tag uses. */
  readonly uris: readonly string[]
  /** The whole tag as the input spells it. */
  readonly spelled: string
  /** Whether it is its own end tag. */
  readonly empty: boolean
  /** What stands between the digits of editing sessions in its spelling, when they are new each time and do not matter. */
  masked: readonly string[] | undefined
  uses: number
  /** A row of a sheet, whose number is that of the row at hand. */
  row: boolean
  /** What came after it last time. */
  next: KnownTag | undefined
  /** Whole elements that came after it before. */
  readonly phrases: Phrase[]
}

/** What the lane asks the filter. */
export interface Judge {
  /** The tag that stands from `at` to `end` of the window. */
  learn(at: number, end: number): KnownTag
  /** Called before the first child is written. */
  begin(): void
  /** Whether a formula may stay. */
  mayStay(formula: string, group: string | undefined): boolean
  /** Whether a formula may stay does not depend on its numbers, as long as it names no sheet. */
  readonly numbersAreFree: boolean
  /** Notes that a tag was written `uses` times. */
  count(tag: KnownTag, uses: number): void
}

/**
 * Passes the children of an open element on without building anything from them, as long as all their tags are known and harmless by
 * themselves: plain paragraphs, tables, rows of cells, texts. Nothing is written of a child in which anything else stands: the lane
 * ends in front of it, and the tree filter takes it over.
 */
export class FastLane {
  readonly #reader: XmlReader
  readonly #judge: Judge
  readonly #out: Deflater
  #tags = new Map<string, KnownTag>()
  #scope: object | undefined
  #pending = ''
  /** Tags with digits that do not matter, by the length of their spelling. */
  readonly #masks = new Map<number, (spelling: string) => KnownTag | undefined>()
  #masked = 0
  readonly #formulas = new Set<string>()
  readonly #used: KnownTag[] = []
  #first: KnownTag = newCell()
  #cell: KnownTag = newCell()

  constructor(reader: XmlReader, judge: Judge, out: Deflater) {
    this.#reader = reader
    this.#judge = judge
    this.#out = out
  }

  /** Reads on until something else than a plain child begins. `cells`: the children are rows of a sheet. */
  run(cells: boolean): void {
    const reader = this.#reader
    if (reader.scope !== this.#scope) {
      this.#scope = reader.scope
      this.#tags = new Map()
      this.#masks.clear()
      this.#masked = 0
      // What they remember holds in one scope only.
      this.#first = newCell()
      this.#cell = newCell()
    }
    while (this.#child(cells)) if (this.#pending.length > FLUSH) this.#flush()
    this.#flush()
  }

  /** Passes one child. */
  #child(cells: boolean): boolean {
    const reader = this.#reader
    for (;;) {
      const end = this.#pass(cells)
      if (end > 0) {
        reader.at = end
        return true
      }
      if (end !== CUT || reader.text.length - reader.at > MAX_CHILD || !reader.grow(reader.at))
        return false
    }
  }

  /** @returns where the child ends; `CUT` when the window ends before it does; `OTHER` when it is not plain */
  #pass(cells: boolean): number {
    const { text } = this.#reader
    const limit = MAX_DEPTH - this.#reader.depth
    const stack: KnownTag[] = []
    /** Where each open element begins, and the tag before it. */
    const starts: number[] = []
    const before: KnownTag[] = []
    /** The last place that a phrase may not reach back to: text, a change, something to be counted. */
    let touched = -1
    const used = this.#used
    used.length = 0
    // White space between the children of a container is not written.
    let at = text.indexOf('<', this.#reader.at)
    if (at < 0) return CUT
    if (at > this.#reader.at && !isBlank(text, this.#reader.at, at)) return OTHER
    let written = ''
    let from = at
    let opened = -1
    let count = 0
    const cell = this.#cell
    let last = this.#first
    do {
      if (text.charCodeAt(at) === 0x3c) {
        const second = text.charCodeAt(at + 1)
        if (second === 0x2f) {
          const tag = stack.pop()
          if (tag === undefined) return OTHER
          if (!text.startsWith(tag.closes, at))
            return at + tag.closes.length > text.length ? CUT : OTHER
          const end = at + tag.closes.length
          const start = starts.pop() ?? 0
          const previous = before.pop()
          if (opened === at) {
            if (tag.needsContent || (tag.formula && !this.#judge.mayStay('', tag.group)))
              return OTHER
            // The `>` of the start tag goes; what vanished behind it has moved it out of the window's text.
            if (from < at) written += `${text.slice(from, at - 1)}/>`
            else written = `${written.slice(0, -1)}/>`
            from = touched = end
          } else if (tag.close !== tag.closes) {
            written += text.slice(from, at) + tag.close
            from = touched = end
          } else if (start > touched && previous !== undefined)
            learnPhrase(previous, text.slice(start, end), last)
          opened = -1
          at = end
        } else if (
          cells &&
          second === 0x63 &&
          text.charCodeAt(at + 2) === 0x20 &&
          stack.length === 1
        ) {
          const end = cellTag(text, at + 2)
          if (end <= 0) return end
          const empty = text.charCodeAt(end - 2) === 0x2f
          last = cell
          if (!empty) {
            stack.push(cell)
            starts.push(at)
            before.push(cell)
            opened = end
          }
          touched = at
          count++
          at = end
        } else {
          // After a tag mostly comes what came after it last time.
          const phrase = phraseAt(text, at, last)
          if (phrase !== undefined && stack.length + phrase.depth <= limit) {
            at += phrase.spelled.length
            count += phrase.elements
            last = phrase.last
            continue
          }
          const previous = last
          let tag = last.next
          let gt = tag === undefined ? -1 : endOfSame(text, at, tag)
          if (tag === undefined || gt < 0) {
            gt = text.indexOf('>', at)
            if (gt < 0) return CUT
            if (second === 0x21 || second === 0x3f) return OTHER
            tag = this.#tagAt(text, at, gt, cells && stack.length === 0)
            last.next = tag
          }
          last = tag
          const { empty } = tag
          if (tag.complex || stack.length >= limit || (empty && tag.needsContent)) return OTHER
          // A formula that is in no cell is for the filter.
          if (tag.formula && stack[stack.length - 1] !== cell) return OTHER
          if (empty && tag.formula && !this.#judge.mayStay('', tag.group)) return OTHER
          if (tag.gone) {
            if (!empty) return OTHER
            used.push(tag)
            written += text.slice(from, at)
            if (opened === at) opened = gt + 1
            from = at = touched = gt + 1
            continue
          }
          const counted = tag.uses === 0 || tag.drops.length > 0 || tag.keeps.length > 0
          if (counted) used.push(tag)
          // The numbers of a formula are looked at each time.
          if (counted || tag.formula) touched = gt
          if (!empty) {
            stack.push(tag)
            starts.push(at)
            before.push(previous)
            opened = gt + 1
          }
          if (!tag.same) {
            const open = tag.row ? tag.open.replace(ROW_NUMBER, rowNumber(text, at)) : tag.open
            written += text.slice(from, at) + open
            from = empty ? gt - 1 : gt
            touched = gt
          }
          at = gt + 1
          count++
        }
      } else {
        const end = text.indexOf('<', at)
        if (end < 0) return CUT
        const tag = stack[stack.length - 1]
        if (tag?.structure) {
          // White space between the parts of a cell or a table is not written.
          if (!isBlank(text, at, end)) return OTHER
          if (opened === at) opened = end
          written += text.slice(from, at)
          from = end
        } else if (!isPlain(text, at, end)) {
          const raw = text.slice(at, end)
          if (raw.includes(']]>')) return OTHER
          if (!CANONICAL.test(raw)) {
            written += text.slice(from, at) + binary(escapeText(normalText(plainText(raw))))
            from = end
          }
        }
        touched = end
        if (tag?.formula) {
          const more = text.charCodeAt(end + 1) !== 0x2f
          if (more || !this.#formulaMayStay(text.slice(at, end), tag.group)) return OTHER
        }
        at = end
      }
    } while (stack.length > 0)
    this.#reader.count(count)
    const output = written + text.slice(from, at)
    if (output !== '') this.#judge.begin()
    this.#pending += output
    this.#commit(used)
    return at
  }

  /** The tag from `at` to the `>` at `gt`, learned when its spelling is new. */
  #tagAt(text: string, at: number, gt: number, row: boolean): KnownTag {
    // The number of a row is the only thing that is new about most rows.
    const numbered = row && text.startsWith(ROW_START, at)
    const from = numbered ? at + rowNumber(text, at).length : at
    const spelling = text.slice(from, gt + 1)
    const known = this.#tags.get(spelling) ?? this.#masks.get(spelling.length)?.(spelling)
    if (known) return known
    const tag = this.#judge.learn(at, gt + 1)
    // Remembered ones must not keep the window in memory.
    const own = ownCopy(spelling)
    tag.row = numbered && ROW_NUMBER.test(tag.open)
    if ((numbered && !tag.row) || spelling.length > MAX_SPELLING) return tag
    if (!this.#mask(own, tag) && this.#tags.size < MAX_TAGS) this.#tags.set(own, tag)
    return tag
  }

  /**
   * Eight digits by which an editing session names itself are new all the time. When a tag has some and none of them is written, every
   * tag that differs in these digits alone is the same tag.
   */
  #mask(spelling: string, tag: KnownTag): boolean {
    const parts = spelling.split(SESSION)
    if (parts.length < 2 || tag.open.search(SESSION) >= 0) return false
    if (!tag.row) tag.masked = parts
    const before = this.#masks.get(spelling.length)
    if (!before || this.#masked < MAX_MASKED) {
      this.#masked++
      this.#masks.set(spelling.length, (other) =>
        maskedEnd(other, 0, parts) === other.length ? tag : before?.(other),
      )
    }
    return true
  }

  /** A formula in binary text, as escaped. Formulas that differ in their numbers alone are judged once. */
  #formulaMayStay(raw: string, group: string | undefined): boolean {
    const skeleton =
      group === undefined && this.#judge.numbersAreFree && SIMPLE.test(raw)
        ? raw.replaceAll(/[0-9]+/g, '0')
        : undefined
    if (skeleton !== undefined && this.#formulas.has(skeleton)) return true
    const formula = normalText(plainText(raw))
    if (!this.#judge.mayStay(formula, group)) return false
    // With other numbers another function could be called: LOG10 is one, LOG11 is none.
    if (
      skeleton !== undefined &&
      this.#formulas.size < MAX_TAGS &&
      this.#judge.mayStay(normalText(plainText(skeleton)), undefined)
    )
      this.#formulas.add(skeleton)
    return true
  }

  #commit(used: readonly KnownTag[]): void {
    for (const tag of used) {
      this.#judge.count(tag, 1)
      tag.uses++
    }
  }

  #flush(): void {
    if (this.#pending === '') return
    this.#out.binary(this.#pending)
    this.#pending = ''
  }
}

const ROW_START = '<row r="'
const ROW_NUMBER = /^<row r="[0-9]{1,7}"/
const SESSION = /"[0-9A-F]{8}"/
const SESSION_LENGTH = 10
/** Masks of all lengths together; what comes later is learned each time. */
const MAX_MASKED = 64

/** Where the tag at `at` ends (its `>`), if it is the same as `tag` but for what does not matter; −1 when it is not. */
function endOfSame(text: string, at: number, { spelled, masked }: KnownTag): number {
  if (masked !== undefined) return maskedEnd(text, at, masked) - 1
  return spelled !== '' && text.startsWith(spelled, at) ? at + spelled.length - 1 : -1
}

/** Behind the last of these parts, which stand in `text` from `at` with eight digits in quotes between them; 0 when they do not. */
function maskedEnd(text: string, at: number, parts: readonly string[]): number {
  let end = at
  for (let index = 0; index < parts.length; index++) {
    if (index > 0) {
      if (!isSession(text, end)) return 0
      end += SESSION_LENGTH
    }
    const part = parts[index] ?? ''
    if (!text.startsWith(part, end)) return 0
    end += part.length
  }
  return end
}

function isSession(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 0x22 || text.charCodeAt(at + SESSION_LENGTH - 1) !== 0x22)
    return false
  for (let index = at + 1; index < at + SESSION_LENGTH - 1; index++) {
    const code = text.charCodeAt(index)
    if (!((code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46))) return false
  }
  return true
}
/** No quoted sheet, other book or numeric reference in it. */
const SIMPLE = /^[^'[!#|]*$/
/** Text whose escapes are those that are written. */
const CANONICAL = /^(?:[^&>\r]|&(?:amp|lt|gt);)*$/

/** `<row r="12"` of the row at `at`; only the start of it when its number is not plain. */
function rowNumber(text: string, at: number): string {
  let end = at + ROW_START.length
  for (let code = text.charCodeAt(end); code >= 0x30 && code <= 0x39; code = text.charCodeAt(end))
    end++
  return text.charCodeAt(end) === 0x22 ? text.slice(at, end + 1) : ''
}

const CUT = 0
const OTHER = -1
const FLUSH = 128 * 1024
/** A longer child is taken apart by the filter. */
const MAX_CHILD = 1024 * 1024
/** Spellings that are remembered. */
const MAX_TAGS = 8192
const MAX_SPELLING = 256

/** A cell, whose tag is read letter by letter: no two are spelled alike. */
const CELL: KnownTag = {
  complex: false,
  gone: false,
  open: '',
  same: true,
  closes: '</c>',
  close: '</c>',
  structure: true,
  needsContent: false,
  formula: false,
  group: undefined,
  drops: [],
  keeps: [],
  uris: [],
  spelled: '',
  empty: false,
  masked: undefined,
  uses: 1,
  row: false,
  next: undefined,
  phrases: [],
}

function newCell(): KnownTag {
  return { ...CELL, phrases: [] }
}

/**
 * Reads ` r="A1" s="3" t="s">` from `at`: the attributes of a cell, each a letter or two, with values of letters and digits.
 * @returns position behind the tag; `CUT` or `OTHER`
 */
function cellTag(text: string, start: number): number {
  let at = start
  let seen = 0
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === 0x3e) return at + 1
    if (code === 0x2f)
      return text.charCodeAt(at + 1) === 0x3e ? at + 2 : at + 1 < text.length ? OTHER : CUT
    if (code !== 0x20) return at < text.length ? OTHER : CUT
    const name = text.charCodeAt(at + 1)
    const bit = name === 0x72 ? 1 : name === 0x73 ? 2 : name === 0x74 ? 4 : 0
    // A date as text is written as a number.
    if (bit === 0 || (seen & bit) !== 0 || (bit === 4 && text.startsWith('d"', at + 4)))
      return at + 8 < text.length ? OTHER : CUT
    seen |= bit
    if (text.charCodeAt(at + 2) !== 0x3d || text.charCodeAt(at + 3) !== 0x22)
      return at + 4 < text.length ? OTHER : CUT
    at += 4
    for (let value = text.charCodeAt(at); isLetterOrDigit(value); value = text.charCodeAt(at)) at++
    if (text.charCodeAt(at) !== 0x22) return at < text.length ? OTHER : CUT
    at++
  }
}

function isLetterOrDigit(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a)
  )
}

/** Text that is written as it stands. */
function isPlain(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x26 || code === 0x3e || code === 0x0d) return false
  }
  return true
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return false
  }
  return true
}

function binary(text: string): string {
  return Buffer.from(text).toString('latin1')
}
