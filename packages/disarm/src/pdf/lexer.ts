import { fromLatin1, latin1, list, name, text } from './objects.ts'
import type { Dictionary, List, Name, Text, Value } from './objects.ts'

/** A bare word that is no object: `obj`, `stream`, `R`, or an operator of a content stream. */
export interface Keyword {
  readonly kind: 'keyword'
  readonly word: string
}

export type Token = Value | Keyword

/** Deepest nesting of arrays and dictionaries in one object; real files stay below 20. */
export const MAX_NESTING = 96
/** Longest string, ISO 32000-1 Annex C allows 32,767 bytes in content; real object streams need more. */
export const MAX_STRING_BYTES = 32 * 1024 * 1024
/** Annex C.2: 127 bytes. Real producers write a little more. */
export const MAX_NAME_BYTES = 512
const MAX_KEYWORD_BYTES = 128
const MAX_NUMBER_BYTES = 512

const REGULAR = 0
const WHITE = 1
const DELIMITER = 2

const CLASS = new Uint8Array(256)
for (const byte of [0, 9, 10, 12, 13, 32]) CLASS[byte] = WHITE
for (const byte of fromLatin1('()<>[]{}/%')) CLASS[byte] = DELIMITER

/** ISO 32000-1, table 1. */
export function isWhite(byte: number): boolean {
  return CLASS[byte] === WHITE
}

export function isRegular(byte: number): boolean {
  return CLASS[byte] === REGULAR
}

/** Thrown for bytes that are no PDF syntax. Never leaves this folder: callers drop, repair or refuse. */
export class SyntaxFault extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.name = 'SyntaxFault'
    this.at = at
  }
}

/**
 * Reads tokens of ISO 32000-1, 7.2–7.3, from `bytes`. One pass, no backtracking beyond the look-ahead for `R`, nesting bounded.
 * `references` is off for content streams, where `1 0 R` is not an object.
 */
export class Lexer {
  readonly bytes: Uint8Array
  readonly end: number
  at: number
  readonly #references: boolean

  constructor(bytes: Uint8Array, at = 0, options: { references?: boolean; end?: number } = {}) {
    this.bytes = bytes
    this.at = at
    this.end = Math.min(options.end ?? bytes.length, bytes.length)
    this.#references = options.references ?? true
  }

  /** Skips white space and comments. */
  skip(): void {
    while (this.at < this.end) {
      const byte = this.bytes[this.at] as number
      if (CLASS[byte] === WHITE) this.at += 1
      else if (byte === 0x25) this.#skipComment()
      else return
    }
  }

  /** The next object or keyword, or undefined at the end of the bytes. */
  token(depth = 0): Token | undefined {
    this.skip()
    if (this.at >= this.end) return undefined
    const byte = this.bytes[this.at] as number
    if (isNumberStart(byte)) return this.#numberOrReference()
    switch (byte) {
      case 0x2f:
        return this.#name()
      case 0x28:
        return this.#literal()
      case 0x3c:
        return this.bytes[this.at + 1] === 0x3c ? this.#dictionary(depth) : this.#hexadecimal()
      case 0x5b:
        return this.#list(depth)
      default:
        return this.#word()
    }
  }

  /** The next token, which must be an object. */
  value(depth = 0): Value {
    const token = this.token(depth)
    if (token === undefined) throw new SyntaxFault('object expected at the end', this.at)
    if (isKeyword(token)) throw new SyntaxFault('object expected', this.at)
    return token
  }

  /** Consumes `word` if it comes next. */
  keyword(word: string): boolean {
    this.skip()
    for (let i = 0; i < word.length; i += 1) {
      if (this.bytes[this.at + i] !== word.charCodeAt(i)) return false
    }
    this.at += word.length
    return true
  }

  /** An unsigned decimal integer, or undefined (nothing consumed). */
  integer(): number | undefined {
    this.skip()
    const start = this.at
    let value = 0
    while (this.at < this.end && isDigit(this.bytes[this.at] as number)) {
      value = value * 10 + (this.bytes[this.at] as number) - 0x30
      this.at += 1
      if (this.at - start > 15) break
    }
    const length = this.at - start
    if (length > 0 && length <= 15) return value
    this.at = start
    return undefined
  }

  #skipComment(): void {
    while (this.at < this.end) {
      const byte = this.bytes[this.at] as number
      if (byte === 10 || byte === 13) return
      this.at += 1
    }
  }

  #numberOrReference(): Value {
    const start = this.at
    const value = this.#number()
    if (!this.#references || !Number.isInteger(value) || value < 0) return value
    const after = this.at
    if (!isDigit(this.bytes[start] as number)) return value
    const generation = this.#lookAheadGeneration()
    if (generation !== undefined) return { kind: 'reference', number: value, generation }
    this.at = after
    return value
  }

  #lookAheadGeneration(): number | undefined {
    if (!isWhite(this.bytes[this.at] ?? 0x52)) return undefined
    const generation = this.integer()
    if (generation === undefined || generation > 65_535) return undefined
    if (!isWhite(this.bytes[this.at] ?? 0)) return undefined
    this.skip()
    if (this.bytes[this.at] !== 0x52 || this.at >= this.end) return undefined
    const next = this.bytes[this.at + 1]
    if (next !== undefined && this.at + 1 < this.end && isRegular(next)) return undefined
    this.at += 1
    return generation
  }

  /**
   * 7.3.3, and as readers do: `--5` is -5, a second point or a sign inside ends the value. Digits are gathered as an integer and divided
   * once by a power of ten, which rounds exactly as long as both are exact.
   */
  #number(): number {
    const { bytes, end } = this
    const start = this.at
    let at = start
    let mantissa = 0
    let digits = 0
    let places = -1
    let negative = false
    let open = true
    for (; at < end; at += 1) {
      const byte = bytes[at] as number
      if (byte >= 0x30 && byte <= 0x39) {
        if (!open) continue
        mantissa = mantissa * 10 + byte - 0x30
        digits += 1
        if (places >= 0) places += 1
      } else if (byte === 0x2e) {
        if (places >= 0) open = false
        else places = 0
      } else if (byte === 0x2d) {
        if (digits > 0 || places >= 0) open = false
        else negative = true
      } else if (byte !== 0x2b) break
    }
    this.at = at
    if (at - start > MAX_NUMBER_BYTES) throw new SyntaxFault('number too long', start)
    if (digits > EXACT_DIGITS)
      mantissa = rounded(bytes, start, at) ?? mantissa / 10 ** Math.max(0, places)
    else if (places > 0) mantissa /= 10 ** places
    return negative ? -Math.abs(mantissa) : mantissa
  }

  #name(): Name {
    const start = this.at
    this.at += 1
    let plain = true
    while (this.at < this.end && CLASS[this.bytes[this.at] as number] === REGULAR) {
      if (this.bytes[this.at] === 0x23) plain = false
      this.at += 1
    }
    if (this.at - start > MAX_NAME_BYTES * 3) throw new SyntaxFault('name too long', start)
    const raw = latin1(this.bytes.subarray(start + 1, this.at))
    const value = plain ? raw : unescapeName(raw)
    if (value.length > MAX_NAME_BYTES) throw new SyntaxFault('name too long', start)
    return name(value)
  }

  #literal(): Text {
    const start = this.at + 1
    const close = this.#closingBracket(start)
    const out = new Uint8Array(close - start)
    let length = 0
    this.at = start
    while (this.at < close) {
      const byte = this.bytes[this.at] as number
      this.at += 1
      if (byte === 0x5c) length = this.#escape(out, length)
      else {
        out[length] = byte === 13 ? 10 : byte
        length += 1
        if (byte === 13 && this.bytes[this.at] === 10) this.at += 1
      }
    }
    this.at = close + 1
    return text(out.subarray(0, length))
  }

  #closingBracket(start: number): number {
    let depth = 1
    for (let at = start; at < this.end; at += 1) {
      const byte = this.bytes[at]
      if (byte === 0x5c) at += 1
      else if (byte === 0x28) depth += 1
      else if (byte === 0x29) depth -= 1
      if (depth === 0) return at
      if (at - start > MAX_STRING_BYTES) throw new SyntaxFault('string too long', start)
    }
    throw new SyntaxFault('string does not end', start)
  }

  /** 7.3.4.2, table 3. */
  #escape(out: Uint8Array, length: number): number {
    const byte = this.bytes[this.at] ?? 0x5c
    this.at += 1
    if (byte === 13 && this.bytes[this.at] === 10) this.at += 1
    if (byte === 13 || byte === 10) return length
    const octal = byte >= 0x30 && byte <= 0x37
    out[length] = octal ? this.#octal(byte - 0x30) : (ESCAPES.get(byte) ?? byte)
    return length + 1
  }

  #octal(first: number): number {
    let value = first
    for (let i = 0; i < 2; i += 1) {
      const byte = this.bytes[this.at] ?? 0
      if (byte < 0x30 || byte > 0x37) break
      value = value * 8 + byte - 0x30
      this.at += 1
    }
    return value & 255
  }

  /** Bytes that are no digits are skipped, as readers do. */
  #hexadecimal(): Text {
    const start = this.at + 1
    const close = this.bytes.indexOf(0x3e, start)
    if (close < 0 || close >= this.end) throw new SyntaxFault('string does not end', this.at)
    if (close - start > 2 * MAX_STRING_BYTES) throw new SyntaxFault('string too long', this.at)
    const out = new Uint8Array((close - start + 1) >> 1)
    let digits = 0
    for (let at = start; at < close; at += 1) {
      const digit = HEX_DIGITS[this.bytes[at] as number] as number
      if (digit < 0) continue
      out[digits >> 1] = (out[digits >> 1] as number) | ((digits & 1) === 0 ? digit << 4 : digit)
      digits += 1
    }
    this.at = close + 1
    return text(out.subarray(0, (digits + 1) >> 1))
  }

  #list(depth: number): List {
    if (depth >= MAX_NESTING) throw new SyntaxFault('nested too deep', this.at)
    this.at += 1
    const items: Value[] = []
    for (;;) {
      this.skip()
      if (this.at >= this.end) throw new SyntaxFault('array does not end', this.at)
      if (this.bytes[this.at] === 0x5d) break
      items.push(this.#item(depth + 1))
    }
    this.at += 1
    return list(items)
  }

  /** A stray word inside an array or dictionary is read as null; the words that end an object are not swallowed. */
  #item(depth: number): Value {
    const before = this.at
    const token = this.token(depth)
    if (token === undefined) throw new SyntaxFault('object expected', this.at)
    if (!isKeyword(token)) return token
    if (STOPS.has(token.word)) throw new SyntaxFault('object ends inside', before)
    return null
  }

  #dictionary(depth: number): Dictionary {
    if (depth >= MAX_NESTING) throw new SyntaxFault('nested too deep', this.at)
    this.at += 2
    const entries = new Map<string, Value>()
    for (;;) {
      this.skip()
      if (this.at >= this.end) throw new SyntaxFault('dictionary does not end', this.at)
      const byte = this.bytes[this.at]
      if (byte === 0x3e && this.bytes[this.at + 1] === 0x3e) break
      if (byte === 0x2f) this.#entry(entries, depth + 1)
      else this.#item(depth + 1)
    }
    this.at += 2
    return { kind: 'dictionary', entries }
  }

  /** The last of two equal keys wins, as in the readers people use. */
  #entry(entries: Map<string, Value>, depth: number): void {
    const key = this.#name().value
    this.skip()
    if (this.bytes[this.at] === 0x3e && this.bytes[this.at + 1] === 0x3e) return
    entries.delete(key)
    entries.set(key, this.#item(depth))
  }

  #word(): Token {
    const start = this.at
    const { bytes, end } = this
    let at = start
    let key = 0
    while (at < end && CLASS[bytes[at] as number] === REGULAR) {
      key = key * 256 + (bytes[at] as number)
      at += 1
    }
    if (at === start) at += 1
    this.at = at
    const known = at - start <= SHORT_WORD ? SHORT_WORDS.get(key) : undefined
    return known ?? this.#newWord(start, at, key)
  }

  #newWord(start: number, end: number, key: number): Token {
    const word = latin1(this.bytes.subarray(start, Math.min(end, start + MAX_KEYWORD_BYTES)))
    if (word === 'true') return true
    if (word === 'false') return false
    if (word === 'null') return null
    const keyword: Keyword = { kind: 'keyword', word }
    const isShort = end - start <= SHORT_WORD && key > 0
    if (isShort && SHORT_WORDS.size < MAX_SHORT_WORDS) SHORT_WORDS.set(key, keyword)
    return keyword
  }
}

/** Operators come by the million; each is made once. */
const SHORT_WORD = 3
const MAX_SHORT_WORDS = 1024
const SHORT_WORDS = new Map<number, Keyword>()

export function isKeyword(token: Token | undefined): token is Keyword {
  return typeof token === 'object' && token !== null && token.kind === 'keyword'
}

/** -1 when `byte` is no hexadecimal digit. */
export function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

const HEX_DIGITS = Int8Array.from({ length: 256 }, (_, byte) => hexDigit(byte))

const STOPS = new Set(['endobj', 'endstream', 'stream', 'obj', 'xref', 'trailer', 'startxref'])

const ESCAPES = new Map([
  [0x6e, 10],
  [0x72, 13],
  [0x74, 9],
  [0x62, 8],
  [0x66, 12],
])

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isNumberStart(byte: number): boolean {
  return isDigit(byte) || byte === 0x2b || byte === 0x2d || byte === 0x2e
}

/** Integers of so many digits are exact, and so are the powers of ten they are divided by. */
const EXACT_DIGITS = 15

/** The magnitude of a well-formed long number; undefined for the odd forms that readers tolerate. */
function rounded(bytes: Uint8Array, start: number, end: number): number | undefined {
  const value = Math.abs(Number(latin1(bytes.subarray(start, end))))
  return Number.isFinite(value) ? value : undefined
}

function unescapeName(raw: string): string {
  let out = ''
  for (let i = 0; i < raw.length; i += 1) {
    const high = raw[i] === '#' ? hexDigit(raw.charCodeAt(i + 1)) : -1
    const low = high >= 0 ? hexDigit(raw.charCodeAt(i + 2)) : -1
    out += low >= 0 ? String.fromCharCode(high * 16 + low) : raw[i]
    if (low >= 0) i += 2
  }
  return out
}
