import { refuse } from '../family.ts'

/** What stands at one place of an RTF file. `text` and `bin` are ranges of bytes, `hex` is one byte written as `\'xx`. */
export type Token = 'open' | 'close' | 'word' | 'symbol' | 'hex' | 'text' | 'bin' | 'end'

/** Longest control word (RTF 1.9.1, "Control word"). */
export const MAX_WORD = 32
/** Digits of a parameter: more can never be a 32-bit number. */
const MAX_DIGITS = 10

/**
 * Tokens of RTF (specification 1.9.1, "RTF syntax"), read in one pass. Every byte belongs to exactly one token; the only input that
 * is refused here (RTF-PARSE) is a `\bin` that claims more bytes than the file has.
 */
export class Lexer {
  /** Name of the last `word`; empty when it was too long or its number too large, so that it is known to nobody. */
  word = ''
  /** Its number, when it has one. */
  parameter: number | undefined
  /** The last `symbol` or `hex`. */
  byte = 0
  /** Range of the last `text` or `bin`. */
  start = 0
  end = 0
  /**
   * Raw bytes are Shift_JIS, whose second byte may look like a backslash or a brace (表 ボ マ). Only who reads the tokens knows
   * the font, so he says it before each.
   */
  shiftJis = false
  readonly bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** Bytes behind the last token. */
  get rest(): Uint8Array {
    return this.bytes.subarray(this.#at)
  }

  next(): Token {
    const { bytes } = this
    while (isLineEnd(bytes[this.#at])) this.#at++
    const byte = bytes[this.#at]
    if (byte === undefined) return 'end'
    if (byte === OPEN || byte === CLOSE) {
      this.#at++
      return byte === OPEN ? 'open' : 'close'
    }
    return byte === BACKSLASH ? this.#control() : this.#text()
  }

  #text(): Token {
    this.start = this.#at
    for (;;) {
      const byte = this.bytes[this.#at]
      if (this.shiftJis && isFirst(byte) && this.#isSecond(this.#at + 1)) this.#at += 2
      else if (isText(byte)) this.#at++
      else break
    }
    this.end = this.#at
    return 'text'
  }

  /** A backslash that is itself escaped belongs to who wrote it so: nothing that a control could begin with follows the two. */
  #isSecond(at: number): boolean {
    const [byte = 0, next = 0, after = 0] = this.bytes.subarray(at, at + 3)
    if (byte < 0x40 || byte === 0x7f || byte > 0xfc) return false
    return byte !== BACKSLASH || next !== BACKSLASH || isLetter(after) || isEscaped(after)
  }

  #control(): Token {
    const byte = this.bytes[++this.#at]
    if (byte === undefined) return 'end'
    if (isLetter(byte)) return this.#word()
    this.#at++
    this.parameter = undefined
    if (byte === QUOTE) return this.#hex()
    // A backslash before a line end is a paragraph, before a tab a tab.
    this.word = isLineEnd(byte) ? 'par' : byte === TAB ? 'tab' : ''
    if (this.word !== '') return 'word'
    this.byte = byte
    return 'symbol'
  }

  /** `\'` without two digits behind it is a symbol that means nothing. */
  #hex(): Token {
    const high = nibble(this.bytes[this.#at])
    const low = nibble(this.bytes[this.#at + 1])
    this.byte = QUOTE
    if (high < 0 || low < 0) return 'symbol'
    this.#at += 2
    this.byte = high * 16 + low
    return 'hex'
  }

  #word(): Token {
    const from = this.#at
    while (isLetter(this.bytes[this.#at])) this.#at++
    const length = this.#at - from
    this.word = length > MAX_WORD ? '' : latin(this.bytes, from, this.#at)
    this.parameter = this.#number()
    if (this.bytes[this.#at] === SPACE) this.#at++
    return this.word === 'bin' ? this.#bin() : 'word'
  }

  #number(): number | undefined {
    const negative = this.bytes[this.#at] === MINUS
    let at = this.#at + (negative ? 1 : 0)
    const from = at
    let value = 0
    while (isDigit(this.bytes[at])) value = Math.min(2 ** 40, value * 10 + this.bytes[at++]! - ZERO)
    if (at === from) return undefined
    this.#at = at
    // A number that overflows would mean something else to each reader: the word is unknown.
    if (at - from > MAX_DIGITS || value > 0x7fffffff) this.word = ''
    return negative && value !== 0 ? -value : value
  }

  #bin(): Token {
    const length = this.parameter ?? 0
    if (length < 0 || length > this.bytes.length - this.#at) refuse('RTF-PARSE')
    this.start = this.#at
    this.#at += length
    this.end = this.#at
    return 'bin'
  }
}

const OPEN = 0x7b
const CLOSE = 0x7d
const BACKSLASH = 0x5c
const QUOTE = 0x27
const SPACE = 0x20
const TAB = 0x09
const MINUS = 0x2d
const ZERO = 0x30

function isLineEnd(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d
}

function isText(byte: number | undefined): boolean {
  return (
    byte !== undefined && byte !== OPEN && byte !== CLOSE && byte !== BACKSLASH && !isLineEnd(byte)
  )
}

/** First byte of a letter of two in Shift_JIS; what lies between are half-width katakana. */
function isFirst(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc))
}

/** Behind a backslash: a byte in hexadecimal, or what must be escaped. */
function isEscaped(byte: number): boolean {
  return byte === QUOTE || byte === BACKSLASH || byte === OPEN || byte === CLOSE
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a))
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

/** Value of a hexadecimal digit, or -1. */
export function nibble(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (isDigit(byte)) return byte - ZERO
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function latin(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!)
  return text
}
