import { demand } from './rejection.ts'

/** One part of canonical RTF. `text` is one UTF-16 unit, `byte` a `\'xx`. */
export type Part =
  | { readonly kind: 'open' | 'close' | 'star' | 'end' }
  | { readonly kind: 'word'; readonly word: string; readonly parameter: number | undefined }
  | { readonly kind: 'symbol'; readonly character: string }
  | { readonly kind: 'text'; readonly unit: number }
  | { readonly kind: 'byte'; readonly value: number }

const OPEN: Part = { kind: 'open' }
const CLOSE: Part = { kind: 'close' }
const STAR: Part = { kind: 'star' }
const END: Part = { kind: 'end' }

/**
 * Parts of RTF in the one spelling of the grammar: lower-case hexadecimal, no superfluous zero, sign or space, a space behind a word only
 * where the next byte would cling to it. Anything else, a line end included, is VERIFY-RTF.
 */
export class RtfReader {
  readonly #bytes: Uint8Array
  readonly #where: string
  #at = 0
  #peeked: Part | undefined

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes
    this.#where = where
  }

  peek(): Part {
    this.#peeked ??= this.#read()
    return this.#peeked
  }

  next(): Part {
    const part = this.peek()
    this.#peeked = undefined
    return part
  }

  /** ASCII text up to anything else: much faster than part by part. */
  plain(): string {
    if (this.#peeked !== undefined) return ''
    const from = this.#at
    while (isPlain(this.#bytes[this.#at] ?? 0)) this.#at++
    return Buffer.from(this.#bytes.subarray(from, this.#at)).toString('latin1')
  }

  /** Hexadecimal digits up to the brace that follows; nothing may have been peeked. */
  data(): Uint8Array {
    const from = this.#at
    const to = this.#bytes.indexOf(0x7d, from)
    this.must(to > from && (to - from) % 2 === 0)
    const data = new Uint8Array((to - from) / 2)
    for (let at = from; at < to; at += 2) {
      data[(at - from) / 2] = this.#digit(at) * 16 + this.#digit(at + 1)
    }
    this.#at = to
    return data
  }

  must(condition: boolean): asserts condition {
    demand(condition, 'VERIFY-RTF', this.#where)
  }

  #digit(at: number): number {
    const byte = this.#bytes[at] ?? 0
    if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
    this.must(byte >= 0x61 && byte <= 0x66)
    return byte - 0x57
  }

  #read(): Part {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) return END
    if (byte === 0x7b) return OPEN
    if (byte === 0x7d) return CLOSE
    if (byte === 0x5c) return this.#control()
    this.must(byte >= 0x20 && byte <= 0x7e)
    return { kind: 'text', unit: byte }
  }

  #control(): Part {
    const byte = this.#bytes[this.#at] ?? 0
    if (isLetter(byte)) return this.#word()
    this.#at++
    const character = String.fromCharCode(byte)
    if (character === '*') return STAR
    if ('\\{}'.includes(character)) return { kind: 'text', unit: byte }
    if (character === "'") {
      this.#at += 2
      return { kind: 'byte', value: this.#digit(this.#at - 2) * 16 + this.#digit(this.#at - 1) }
    }
    this.must('~-_|:'.includes(character))
    return { kind: 'symbol', character }
  }

  #word(): Part {
    const from = this.#at
    while (isLetter(this.#bytes[this.#at] ?? 0)) this.#at++
    this.must(this.#at - from <= 32)
    const word = Buffer.from(this.#bytes.subarray(from, this.#at)).toString('latin1')
    const parameter = this.#parameter()
    if (word === 'u') return this.#unit(parameter)
    if (this.#bytes[this.#at] === 0x20) {
      this.#at++
      this.must(clings(this.#bytes[this.#at] ?? 0))
    } else this.must(!clings(this.#bytes[this.#at] ?? 0))
    return { kind: 'word', word, parameter }
  }

  #parameter(): number | undefined {
    const from = this.#at
    if (this.#bytes[this.#at] === 0x2d) this.#at++
    while (isDigit(this.#bytes[this.#at] ?? 0)) this.#at++
    if (this.#at === from) return undefined
    this.must(this.#at - from <= 11)
    const digits = Buffer.from(this.#bytes.subarray(from, this.#at)).toString('latin1')
    this.must(/^(?:0|-?[1-9][0-9]*)$/u.test(digits))
    return Number(digits)
  }

  /** `\uN?`: never for a character that ASCII has, nor for one that is not written at all. */
  #unit(parameter: number | undefined): Part {
    this.must(parameter !== undefined && parameter >= -0x8000 && parameter <= 0x7fff)
    this.must(this.#bytes[this.#at++] === 0x3f)
    const unit = parameter & 0xffff
    this.must(unit > 0x9f && unit < 0xfffe)
    return { kind: 'text', unit }
  }
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e && byte !== 0x5c && byte !== 0x7b && byte !== 0x7d
}

function isLetter(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function clings(byte: number): boolean {
  return isLetter(byte) || isDigit(byte) || byte === 0x20 || byte === 0x2d
}
