import { SYMBOL, codepageOfCharset, decodeBytes } from './codepage.ts'

/** What decides how bytes become characters; each group inherits it and gives it back. */
export interface Reading {
  /** Code page of the current font; `undefined` before a font was chosen. */
  readonly codepage: number | undefined
  /** How many characters behind `\u` are a picture of it for older readers. */
  readonly fallback: number
}

export const FIRST_READING: Reading = { codepage: undefined, fallback: 1 }

/** Code pages by font number, and of the document. */
export class Codepages {
  #document: number | undefined
  #set = 1252
  #defaultFont = 0
  readonly #fonts = new Map<number, number | undefined>()

  /** `\ansicpg`, or what `\ansi \mac \pc \pca` mean. */
  get document(): number {
    return this.#document ?? this.#set
  }

  /** @param codepage `undefined` for the document's */
  setFont(number: number, codepage: number | undefined): void {
    this.#fonts.set(number, codepage)
  }

  /** What bytes mean where no font was chosen. */
  get default(): number {
    return this.#ofFont(this.#defaultFont)
  }

  /** Whether bytes are Shift_JIS of Windows or of the Macintosh. */
  isShiftJis({ codepage }: Reading): boolean {
    const meant = codepage ?? this.default
    return meant === 932 || meant === 10001
  }

  /** True for a font whose bytes are pictures and not letters. */
  isSymbol(font: number): boolean {
    return this.#fonts.get(font) === SYMBOL
  }

  /** True when the word only says how the document's bytes are to be read. */
  readHeader(word: string, parameter: number | undefined): boolean {
    const set = SETS.get(word)
    if (word === 'ansicpg') this.#document = parameter || undefined
    else if (word === 'deff') this.#defaultFont = parameter ?? 0
    else if (set !== undefined) this.#set = set
    return set !== undefined || word === 'ansicpg'
  }

  /** What the word changes in how text behind it is read. */
  after(reading: Reading, word: string, parameter: number | undefined): Reading {
    if (word === 'f') return { ...reading, codepage: this.#ofFont(parameter ?? this.#defaultFont) }
    if (word === 'plain') return { ...reading, codepage: undefined }
    if (word === 'uc') return { ...reading, fallback: Math.min(MAX_FALLBACK, parameter ?? 1) }
    if (word === 'fcharset')
      return { ...reading, codepage: codepageOfCharset(parameter ?? 0) ?? this.document }
    if (word === 'cpg' && parameter !== undefined) return { ...reading, codepage: parameter }
    return reading
  }

  #ofFont(number: number): number {
    return this.#fonts.get(number) ?? this.document
  }
}

const SETS: ReadonlyMap<string, number> = new Map([
  ['ansi', 1252],
  ['mac', 10000],
  ['pc', 437],
  ['pca', 850],
])

/** Real files have 0 to 2 (a double-byte character). */
const MAX_FALLBACK = 32

/**
 * Collects neighbouring bytes, escapes and `\u` characters, so that a double-byte character is put together however it was cut, and
 * a surrogate pair stays one character.
 */
export class Run {
  readonly #codepages: Codepages
  #bytes = new Uint8Array(256)
  #length = 0
  #text = ''
  #skip = 0

  constructor(codepages: Codepages) {
    this.#codepages = codepages
  }

  /** Bytes as they stand in the file. */
  raw(source: Uint8Array, start: number, end: number): void {
    const skipped = Math.min(this.#skip, end - start)
    this.#skip -= skipped
    this.#add(source.subarray(start + skipped, end))
  }

  byte(value: number): void {
    if (this.#skip > 0) this.#skip--
    else this.#add(Uint8Array.of(value))
  }

  /** `\uN`: a UTF-16 unit, negative above 32,767. */
  unicode(parameter: number, reading: Reading): void {
    this.#decode(reading)
    this.#text += String.fromCharCode(parameter & 0xffff)
    this.#skip = Math.max(0, reading.fallback)
  }

  /** A control word or brace ends the run, also one that stands where a fallback was announced. */
  take(reading: Reading): string {
    this.#skip = 0
    this.#decode(reading)
    const text = this.#text
    this.#text = ''
    return text
  }

  #add(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length
    if (needed > this.#bytes.length) {
      const grown = new Uint8Array(needed * 2)
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
    }
    this.#bytes.set(bytes, this.#length)
    this.#length = needed
  }

  #decode({ codepage }: Reading): void {
    if (this.#length === 0) return
    const bytes = this.#bytes.subarray(0, this.#length)
    this.#text += decodeBytes(bytes, codepage ?? this.#codepages.default)
    this.#length = 0
  }
}

/**
 * Characters that no reader of a document shows: C0 except tab, DEL, C1, and what is no character. Word writes 0x00 to 0x08 only
 * inside of list levels, which have a reader of their own.
 */
const CONTROLS = /[\u0000-\u0008\u000A-\u001F\u007F-\u009F\uFFFE\uFFFF]/g

export function withoutControls(text: string, dropped: (count: number) => void): string {
  const clean = text.replace(CONTROLS, '')
  if (clean.length < text.length) dropped(text.replace(/[\r\n]/g, '').length - clean.length)
  return clean
}
