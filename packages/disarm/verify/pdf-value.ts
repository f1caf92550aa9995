import { FORBIDDEN_NAMES } from './pdf-names.ts'
import { Rejection, demand } from './rejection.ts'

export type Dictionary = ReadonlyMap<string, Value>

/** A PDF value as the verifier sees it. ISO 32000-1 §7.3. A stream is an indirect object, never part of a value. */
export type Value =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number; readonly integer: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Value[] }
  | { readonly kind: 'dict'; readonly entries: Dictionary }
  | { readonly kind: 'stream'; readonly entries: Dictionary; readonly raw: Uint8Array }
  | { readonly kind: 'reference'; readonly number: number }

const MAX_DEPTH = 128
const MAX_CHARACTERS = 4 * 1024 * 1024
/** Longest name that is written, in bytes. */
const MAX_NAME = 512
const MAX_NUMBER = 2_147_483_647
/** Decimal places that are written. */
const MAX_PLACES = 12
const INTEGER = /^(?:0|-?[1-9][0-9]{0,9})$/u
const DECIMAL = /^-?(?:0|[1-9][0-9]{0,9})\.[0-9]{0,11}[1-9]$/u

/**
 * Reads values forwards in the one spelling of the grammar: one space between tokens, each name, number and string written
 * in only one way. Where there is one spelling, two readers cannot see two values.
 */
export class ValueReader {
  readonly #bytes: Buffer
  /** The bytes of a content stream as text, one character each; a whole file is too long to hold twice. */
  readonly #characters: string | undefined
  readonly where: string
  at: number

  constructor(bytes: Uint8Array, at: number, where: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const isShort = bytes.length <= MAX_CHARACTERS && at === 0
    this.#characters = isShort ? this.#bytes.toString('latin1') : undefined
    this.at = at
    this.where = where
  }

  get atEnd(): boolean {
    return this.at >= this.#bytes.length
  }

  /** The byte ahead, or -1. */
  peek(ahead = 0): number {
    return this.#bytes[this.at + ahead] ?? -1
  }

  /** @param references whether `n 0 R` is one value; it is not in content streams. */
  value(references: boolean, depth = 0): Value {
    if (depth > MAX_DEPTH) this.#fail()
    switch (this.peek()) {
      case 0x2f:
        return { kind: 'name', value: this.#name() }
      case 0x28:
        return { kind: 'string', value: this.#literal() }
      case 0x5b:
        return { kind: 'array', items: this.#array(references, depth + 1) }
      case 0x3c:
        return this.peek(1) === 0x3c
          ? { kind: 'dict', entries: this.#dictionary(references, depth + 1) }
          : { kind: 'string', value: this.#hexadecimal() }
      default:
        return this.#plain(references)
    }
  }

  /** A run of regular characters: a number or a keyword. */
  word(): string {
    const start = this.at
    while (isRegular(this.peek())) this.at++
    return this.#text(start, this.at)
  }

  /** Consumes exactly `text`. */
  expect(text: string): void {
    if (!this.accept(text)) this.#fail()
  }

  /** Consumes `text` when it comes next. */
  accept(text: string): boolean {
    if (!this.startsWith(text)) return false
    this.at += text.length
    return true
  }

  startsWith(text: string): boolean {
    for (let i = 0; i < text.length; i++) {
      if (this.#bytes[this.at + i] !== text.charCodeAt(i)) return false
    }
    return true
  }

  /** Everything up to `end`, which is consumed too. */
  until(end: string): string {
    const found = this.#bytes.indexOf(end, this.at, 'latin1')
    if (found < 0) this.#fail()
    const text = this.#text(this.at, found)
    this.at = found + end.length
    return text
  }

  #array(references: boolean, depth: number): readonly Value[] {
    const items: Value[] = []
    this.expect('[')
    if (this.accept(']')) return items
    do items.push(this.value(references, depth))
    while (this.accept(' '))
    this.expect(']')
    return items
  }

  #dictionary(references: boolean, depth: number): Dictionary {
    const entries = new Map<string, Value>()
    this.expect('<<')
    while (!this.accept(' >>')) {
      this.expect(' ')
      const key = this.#name()
      this.expect(' ')
      const value = this.value(references, depth)
      // The same key twice would let two readers see two values.
      if (entries.has(key) || value.kind === 'null') this.#fail()
      entries.set(key, value)
    }
    return entries
  }

  #name(): string {
    this.expect('/')
    const word = this.word()
    const name = word.includes('#') ? word.replaceAll(/#(.{0,2})/gu, this.#escaped) : word
    demand(name.length <= MAX_NAME, 'VERIFY-PDF', this.where)
    demand(!FORBIDDEN_NAMES.has(name), 'VERIFY-PDF-NAME', this.where)
    return name
  }

  /** `#4A` for `J` hides names from plain readers: only what must be escaped may be. */
  readonly #escaped = (_: string, digits: string): string => {
    const code = /^[0-9A-F]{2}$/u.test(digits) ? Number.parseInt(digits, 16) : -1
    if (code < 0 || (isRegular(code) && code !== 0x23)) this.#fail()
    return String.fromCharCode(code)
  }

  /** Printable ASCII; only parentheses and the backslash are escaped. */
  #literal(): string {
    const start = ++this.at
    for (; this.peek() !== 0x29; this.at++) {
      if (this.peek() === 0x5c) {
        this.at++
        if (!isEscapable(this.peek())) this.#fail()
      } else if (this.peek() < 0x20 || this.peek() > 0x7e || this.peek() === 0x28) this.#fail()
    }
    return this.#text(start, this.at++).replaceAll(/\\(.)/gu, '$1')
  }

  /** Only for strings that hold something else than printable ASCII. */
  #hexadecimal(): string {
    this.expect('<')
    const digits = this.until('>')
    if (!/^(?:[0-9A-F]{2})+$/u.test(digits)) this.#fail()
    const text = Buffer.from(digits, 'hex').toString('latin1')
    if (/^[ -~]*$/u.test(text)) this.#fail()
    return text
  }

  #plain(references: boolean): Value {
    const word = this.word()
    if (word === 'null') return { kind: 'null' }
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' }
    if (references && /^[1-9][0-9]{0,9}$/u.test(word) && this.accept(' 0 R')) {
      return { kind: 'reference', number: Number(word) }
    }
    return this.#number(word)
  }

  #number(word: string): Value {
    const integer = INTEGER.test(word)
    const value = Number(word)
    const canonical = integer || (DECIMAL.test(word) && spell(value) === word)
    if (!canonical || Math.abs(value) > MAX_NUMBER) this.#fail()
    return { kind: 'number', value, integer }
  }

  #text(start: number, end: number): string {
    if (this.#characters !== undefined) return this.#characters.slice(start, end)
    return this.#bytes.toString('latin1', start, Math.min(end, this.#bytes.length))
  }

  #fail(): never {
    throw new Rejection('VERIFY-PDF', this.where)
  }
}

/** The shortest spelling that reads back to the number, with at most twelve places: digits beyond would be a channel. */
function spell(value: number): string {
  const shortest = String(value)
  const places = shortest.length - shortest.indexOf('.') - 1
  if (!shortest.includes('e') && places < MAX_PLACES) return shortest
  return value.toFixed(MAX_PLACES).replace(/\.?0{1,12}$/u, '')
}

const REGULAR = Array.from(
  { length: 256 },
  (_, byte) => byte > 0x20 && byte < 0x7f && !'()<>[]{}/%'.includes(String.fromCharCode(byte)),
)

function isRegular(byte: number): boolean {
  return REGULAR[byte] === true
}

function isEscapable(byte: number): boolean {
  return byte === 0x28 || byte === 0x29 || byte === 0x5c
}
