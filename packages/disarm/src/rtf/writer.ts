import { refuse } from '../family.ts'

interface Group {
  prefix: string
  suffix: string
  written: boolean
}

/**
 * Writes RTF in its one spelling: a space behind a control word only where it is needed, `\uN?` for all that is not ASCII, no line
 * end, no group that would be empty. Groups are written when their first content is, so a group can still be given up or renamed.
 */
export class Writer {
  #bytes = new Uint8Array(1024)
  #length = 0
  readonly #limit: number
  /** A space, digit, letter or minus that follows would belong to the control word before it. */
  #afterWord = false
  readonly #groups: Group[] = []
  /** Groups from the outside in that are written already. */
  #written = 0

  /** @param limit most bytes; beyond it LIMIT-SIZE */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** True when the innermost group has no content yet. */
  get pending(): boolean {
    return this.#written < this.#groups.length
  }

  /** @param prefix `{`, perhaps with control words behind it, or nothing for a group that leaves no trace */
  begin(prefix: string, suffix = '}'): void {
    this.#groups.push({ prefix, suffix, written: false })
  }

  /** A group that is written even when nothing follows: the document. */
  open(prefix: string): void {
    this.begin(prefix)
    this.#flush()
  }

  /** Gives the innermost group, which must be pending, another beginning. */
  rename(prefix: string, suffix = '}'): void {
    Object.assign(this.#groups.at(-1)!, { prefix, suffix })
  }

  end(): void {
    const group = this.#groups.pop()!
    if (!group.written) return
    this.#written--
    this.#put(group.suffix)
    if (group.suffix !== '') this.#afterWord = false
  }

  word(name: string, parameter?: number): void {
    this.#flush()
    this.#put(`\\${name}${parameter ?? ''}`)
    this.#afterWord = true
  }

  /** `\~ \- \_ \| \:` */
  symbol(character: string): void {
    this.#flush()
    this.#put(`\\${character}`)
    this.#afterWord = false
  }

  /** Surrogates that are no pair become U+FFFD; control characters must not be there. */
  text(text: string): void {
    if (text === '') return
    this.#flush()
    this.#delimit(text.charCodeAt(0))
    this.#reserve(text.length)
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      if (unit > 0x7e || PUNCTUATION.has(unit))
        this.#escaped(wellFormed(text, at), text.length - at)
      else this.#bytes[this.#length++] = unit
    }
  }

  /** A byte as `\'xx`: places of numbers in list levels. */
  byte(value: number): void {
    this.#flush()
    this.#put(`\\'${value.toString(16).padStart(2, '0')}`)
    this.#afterWord = false
  }

  /** Data of a picture. */
  hex(bytes: Uint8Array): void {
    this.#flush()
    if (this.#afterWord) this.#put(' ')
    this.#afterWord = false
    this.#reserve(bytes.length * 2)
    for (const byte of bytes) {
      this.#bytes[this.#length++] = DIGITS.charCodeAt(byte >> 4)
      this.#bytes[this.#length++] = DIGITS.charCodeAt(byte & 15)
    }
  }

  /** Ready RTF of another writer; `first` is its beginning. */
  append(other: Writer): void {
    const bytes = other.bytes()
    if (bytes.length === 0) return
    this.#flush()
    this.#delimit(bytes[0]!)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
    this.#afterWord = other.#afterWord
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  #flush(): void {
    for (; this.#written < this.#groups.length; this.#written++) {
      const group = this.#groups[this.#written]!
      group.written = true
      this.#put(group.prefix)
      if (group.prefix !== '') this.#afterWord = /[A-Za-z0-9]$/.test(group.prefix)
    }
  }

  #delimit(first: number): void {
    if (this.#afterWord && CLINGS.test(String.fromCharCode(first))) this.#put(' ')
    this.#afterWord = false
  }

  /** @param more units that are still to come, for which there is room */
  #escaped(unit: number, more: number): void {
    const ascii = PUNCTUATION.has(unit)
    const signed = unit > 0x7fff ? unit - 0x10000 : unit
    this.#put(ascii ? `\\${String.fromCharCode(unit)}` : `\\u${signed}?`)
    this.#reserve(more)
  }

  #put(ascii: string): void {
    this.#reserve(ascii.length)
    for (let at = 0; at < ascii.length; at++) this.#bytes[this.#length++] = ascii.charCodeAt(at)
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed > this.#limit) refuse('LIMIT-SIZE')
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2)))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}

/** `\\ { }` */
const PUNCTUATION: ReadonlySet<number> = new Set([0x5c, 0x7b, 0x7d])
const DIGITS = '0123456789abcdef'
const CLINGS = /[A-Za-z0-9 -]/

function wellFormed(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  if (unit < 0xd800 || unit > 0xdfff) return unit
  const other = text.charCodeAt(unit < 0xdc00 ? at + 1 : at - 1)
  const paired =
    unit < 0xdc00 ? other >= 0xdc00 && other <= 0xdfff : other >= 0xd800 && other <= 0xdbff
  return paired ? unit : 0xfffd
}
