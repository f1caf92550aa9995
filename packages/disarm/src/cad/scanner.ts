import { refuse } from '../family.ts'
import type { TextEncoding } from '../text/encoding.ts'
import type { Source } from './source.ts'

/** Reads the tokens of an exchange structure (ISO 10303-21:2016 §5, §6). Anything unreadable is CAD-TOKEN. */
export class Scanner {
  readonly encoding: TextEncoding | undefined
  readonly #bytes: Buffer
  #at = 0

  constructor(source: Source) {
    const { bytes } = source
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.encoding = source.encoding
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** The next character, or an empty string at the end. */
  get character(): string {
    const byte = this.#bytes[this.#at]
    return byte === undefined ? '' : String.fromCharCode(byte)
  }

  /** True when `text` stands here. */
  sees(text: string): boolean {
    for (let at = 0; at < text.length; at++)
      if (this.#bytes[this.#at + at] !== text.charCodeAt(at)) return false
    return true
  }

  space(): void {
    while (isSpace(this.#bytes[this.#at])) this.#at++
  }

  /** Takes `text` when it stands here. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false
    this.#at += text.length
    return true
  }

  expect(text: string): void {
    this.space()
    if (!this.takes(text)) refuse('CAD-TOKEN')
  }

  /** Bytes as characters, as long as `belongs` says so. */
  while(belongs: (byte: number) => boolean, most: number): string {
    const from = this.#at
    for (let byte = this.#bytes[from]; byte !== undefined && belongs(byte);) {
      byte = this.#bytes[++this.#at]
    }
    if (this.#at - from > most) refuse('CAD-TOKEN')
    return this.#slice(from, this.#at)
  }

  /** Up to and with `end`; the text before it. */
  until(end: string): string {
    const found = this.#bytes.indexOf(end, this.#at, 'latin1')
    if (found < 0) refuse('CAD-TOKEN')
    const from = this.#at
    this.#at = found + end.length
    return this.#slice(from, found)
  }

  /**
   * Up to and with `end`, a quote with or without a backslash. In CP932 the second byte of 表 is a backslash: it is a part of that
   * letter.
   */
  quoted(end: string): string {
    const from = this.#at
    while (this.#at < this.#bytes.length) {
      if (this.#isLead()) this.#at += 2
      else if (this.takes(end)) return this.#slice(from, this.#at - end.length)
      else this.#at++
    }
    return refuse('CAD-TOKEN')
  }

  #isLead(): boolean {
    const byte = this.#bytes[this.#at]!
    const lead = (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc)
    return this.encoding === 'cp932' && lead && (this.#bytes[this.#at + 1] ?? 0) >= 0x40
  }

  #slice(from: number, to: number): string {
    return this.#bytes.toString('latin1', from, to)
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d
}
