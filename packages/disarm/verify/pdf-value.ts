import { Rejection, demand } from './rejection.ts'

/** A PDF value as the verifier sees it. ISO 32000-1 §7.3. */
export type Value =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number; readonly integer: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'name'; readonly value: string }
  | { readonly kind: 'array'; readonly items: readonly Value[] }
  | { readonly kind: 'dict'; readonly entries: ReadonlyMap<string, Value> }
  | { readonly kind: 'reference'; readonly number: number }
  | { readonly kind: 'operator'; readonly value: string }

const SPACE = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20])
const DELIMITER = new Set([...'()<>[]{}/%'].map((character) => character.charCodeAt(0)))
const MAX_DEPTH = 128
const MAX_NAME = 127

/** Reads values forwards from one buffer. Comments are not part of the grammar and are refused. */
export class ValueReader {
  readonly #bytes: Uint8Array
  readonly #where: string
  at: number

  constructor(bytes: Uint8Array, at: number, where: string) {
    this.#bytes = bytes
    this.at = at
    this.#where = where
  }

  /** Next value, or `undefined` at the end. Inside content streams bare words come back as operators. */
  next(content: boolean, depth = 0): Value | undefined {
    this.skipSpace()
    const byte = this.#bytes[this.at]
    if (byte === undefined) return undefined
    if (depth > MAX_DEPTH) this.#fail()
    switch (byte) {
      case 0x2f:
        return { kind: 'name', value: this.#name() }
      case 0x28:
        return { kind: 'string', value: this.#literal() }
      case 0x5b:
        this.at++
        return { kind: 'array', items: this.#until(0x5d, content, depth) }
      case 0x3c:
        return this.#bytes[this.at + 1] === 0x3c
          ? this.#dictionary(content, depth)
          : { kind: 'string', value: this.#hexadecimal() }
      default:
        return this.#word(content)
    }
  }

  skipSpace(): void {
    while (SPACE.has(this.#bytes[this.at] ?? -1)) this.at++
  }

  /** Consumes exactly `text`. */
  expect(text: string): void {
    for (let index = 0; index < text.length; index++) {
      if (this.#bytes[this.at + index] !== text.charCodeAt(index)) this.#fail()
    }
    this.at += text.length
  }

  startsWith(text: string): boolean {
    return (
      Buffer.from(this.#bytes.subarray(this.at, this.at + text.length)).toString('latin1') === text
    )
  }

  #until(end: number, content: boolean, depth: number): readonly Value[] {
    const items: Value[] = []
    for (;;) {
      this.skipSpace()
      if (this.#bytes[this.at] === end) {
        this.at++
        return items
      }
      const item = this.next(content, depth + 1)
      if (item === undefined || item.kind === 'operator') this.#fail()
      items.push(item)
    }
  }

  #dictionary(content: boolean, depth: number): Value {
    this.at += 2
    const entries = new Map<string, Value>()
    for (;;) {
      this.skipSpace()
      if (this.#bytes[this.at] === 0x3e) {
        this.expect('>>')
        return { kind: 'dict', entries }
      }
      const key = this.next(content, depth + 1)
      const value = this.next(content, depth + 1)
      if (key?.kind !== 'name' || value === undefined || value.kind === 'operator') this.#fail()
      // The same key twice would let two readers see two values.
      if (entries.has(key.value)) this.#fail()
      entries.set(key.value, value)
    }
  }

  #name(): string {
    let name = ''
    for (this.at++; ; this.at++) {
      const byte = this.#bytes[this.at]
      if (byte === undefined || SPACE.has(byte) || DELIMITER.has(byte)) break
      if (byte < 0x21 || byte > 0x7e) this.#fail()
      name += byte === 0x23 ? this.#escaped() : String.fromCharCode(byte)
    }
    demand(name.length <= MAX_NAME, 'VERIFY-PDF', this.#where)
    return name
  }

  #escaped(): string {
    const code = Number.parseInt(
      Buffer.from(this.#bytes.subarray(this.at + 1, this.at + 3)).toString('latin1'),
      16,
    )
    const character = String.fromCharCode(code)
    // `#4a` for `J` hides names from plain readers: only what must be escaped may be.
    const needed = code < 0x21 || code > 0x7e || DELIMITER.has(code) || code === 0x23
    if (!needed || Number.isNaN(code) || code === 0) this.#fail()
    this.at += 2
    return character
  }

  #literal(): string {
    const start = ++this.at
    for (let depth = 1; depth > 0; this.at++) {
      const byte = this.#bytes[this.at]
      if (byte === undefined) this.#fail()
      if (byte === 0x5c) this.at++
      else if (byte === 0x28) depth++
      else if (byte === 0x29) depth--
    }
    return unescape(Buffer.from(this.#bytes.subarray(start, this.at - 1)).toString('latin1'))
  }

  #hexadecimal(): string {
    const end = this.#bytes.indexOf(0x3e, this.at)
    const digits = Buffer.from(this.#bytes.subarray(this.at + 1, end)).toString('latin1')
    if (end < 0 || !/^(?:[0-9A-Fa-f]{2})*$/u.test(digits)) this.#fail()
    this.at = end + 1
    return Buffer.from(digits, 'hex').toString('latin1')
  }

  #word(content: boolean): Value {
    const start = this.at
    for (;;) {
      const byte = this.#bytes[this.at]
      if (byte === undefined || SPACE.has(byte) || DELIMITER.has(byte)) break
      this.at++
    }
    const word = Buffer.from(this.#bytes.subarray(start, this.at)).toString('latin1')
    if (/^[+-]?\d+$/u.test(word)) return content ? number(word) : this.#reference(word)
    if (/^[+-]?(?:\d+\.\d*|\.\d+)$/u.test(word)) return number(word)
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word === 'true' }
    if (word === 'null') return { kind: 'null' }
    if (content && /^[A-Za-z'"*0-9]{1,3}$/u.test(word)) return { kind: 'operator', value: word }
    return this.#fail()
  }

  /** `n 0 R`, or the integer alone. */
  #reference(word: string): Value {
    const rest = Buffer.from(this.#bytes.subarray(this.at, this.at + 4)).toString('latin1')
    if (!/^\d+$/u.test(word) || !rest.startsWith(' 0 R')) return number(word)
    this.at += 4
    return { kind: 'reference', number: Number(word) }
  }

  #fail(): never {
    throw new Rejection('VERIFY-PDF', this.#where)
  }
}

function number(word: string): Value {
  return { kind: 'number', value: Number(word), integer: !word.includes('.') }
}

function unescape(raw: string): string {
  const single: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }
  return raw.replaceAll(/\\([0-7]{1,3}|[\s\S])/gu, (_, escaped: string) =>
    /^[0-7]/u.test(escaped)
      ? String.fromCharCode(Number.parseInt(escaped, 8) & 255)
      : (single[escaped] ?? escaped),
  )
}
