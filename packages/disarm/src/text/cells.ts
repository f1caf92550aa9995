import type { TextEncoding } from './encoding.ts'

/** Where the cells are (RFC 4180, with the separators Excel may use), one after the other. Places count units. */
export interface Cells {
  /** Bytes of one unit. */
  readonly unit: number
  /** First unit of the content, after the opening quote of a quoted cell. */
  readonly start: number
  /** The closing quote; what follows it up to the separator still belongs to the cell. -1 for a cell without quotes. */
  readonly close: number
  readonly end: number
  /** Goes to the next cell; false when there is none. */
  next(): boolean
}

/** Cells of UTF-8 and of the legacy encodings, where every structuring character is a byte of its own. */
export function byteCells(bytes: Uint8Array, encoding: TextEncoding): Cells {
  const units = encoding === 'iso-2022-jp' ? maskDoubleBytes(bytes) : bytes
  const marked = units[0] === 0xef && units[1] === 0xbb && units[2] === 0xbf
  return new CellReader(units, 1, marked ? 3 : 0)
}

/** Cells of UTF-16. */
export function wideCells(bytes: Uint8Array, bigEndian: boolean): Cells {
  const units = new Uint16Array(bytes.length >> 1)
  const high = bigEndian ? 0 : 1
  for (let at = 0; at < units.length; at++)
    units[at] = (bytes[at * 2 + high]! << 8) | bytes[at * 2 + 1 - high]!
  return new CellReader(units, 2, units[0] === 0xfeff ? 1 : 0)
}

const ESCAPE = 0x1b
const QUOTE = 0x22
const SPACE = 0x20
/** Blanks before a quote that still quotes. */
const MAX_BLANKS = 7

// Behind ESC $ B and ESC ( I every byte belongs to a kanji or kana, also 0x22 and 0x2C; a line end is always ASCII again.
function maskDoubleBytes(bytes: Uint8Array): Uint8Array {
  const masked = Uint8Array.from(bytes)
  for (let at = masked.indexOf(ESCAPE); at >= 0; at = masked.indexOf(ESCAPE, at + 1)) {
    if (!shifts(bytes[at + 1], bytes[at + 2])) continue
    let end = at + 3
    while (end < bytes.length && bytes[end]! >= 0x21 && bytes[end]! <= 0x7e) end++
    masked.fill(0xff, at + 1, end)
  }
  return masked
}

/** `$@`, `$B` or `(I`. */
function shifts(first: number | undefined, second: number | undefined): boolean {
  if (first === 0x24) return second === 0x40 || second === 0x42
  return first === 0x28 && second === 0x49
}

class CellReader implements Cells {
  readonly unit: number
  start = 0
  close = -1
  end = 0
  readonly #units: Uint8Array | Uint16Array
  #at: number
  #quoting = true

  constructor(units: Uint8Array | Uint16Array, unit: number, from: number) {
    this.#units = units
    this.unit = unit
    this.#at = from
  }

  next(): boolean {
    if (this.#at >= this.#units.length) return false
    const quote = this.#quoting ? this.#openingQuote() : -1
    this.close = quote < 0 ? -1 : this.#closingQuote(quote + 1)
    // Programs disagree on a quote that never closes; from there on every separator counts.
    if (quote >= 0 && this.close < 0) this.#quoting = false
    this.start = this.close < 0 ? this.#at : quote + 1
    this.end = this.#separator(this.close < 0 ? this.#at : this.close)
    this.#at = this.end + 1
    return true
  }

  #openingQuote(): number {
    let at = this.#at
    while (at < this.#at + MAX_BLANKS && this.#units[at] === SPACE) at++
    return this.#units[at] === QUOTE ? at : -1
  }

  /** The closing quote, or -1; a doubled quote is a quote. */
  #closingQuote(from: number): number {
    let at = this.#units.indexOf(QUOTE, from)
    while (at >= 0 && this.#units[at + 1] === QUOTE) at = this.#units.indexOf(QUOTE, at + 2)
    return at
  }

  #separator(from: number): number {
    const units = this.#units
    let at = from
    while (at < units.length && !isSeparator(units[at]!)) at++
    return at
  }
}

/** Comma, semicolon, tab, line ends. */
function isSeparator(unit: number): boolean {
  return unit === 0x2c || unit === 0x3b || unit === 0x09 || unit === 0x0d || unit === 0x0a
}
