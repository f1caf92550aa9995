import { BLACK, HORIZONTAL, LONGEST, MODES, PASS, VERTICAL, WHITE } from '../../pdf/fax-tables.ts'

/** How the rows follow one another: plain Huffman on byte or word bounds, T.4 in one or two dimensions, T.6. */
export type FaxMode = 'bytes' | 'words' | 'lines' | 'mixed' | 'group4'

export interface FaxRows {
  /** Packed rows, white 0, black 1, spare bits 0; white where nothing was decoded. */
  readonly rows: Uint8Array
  /** Rows that were decoded or, on a noisy line, repeated. */
  readonly count: number
  /** A row did not decode as it should. */
  readonly damaged: boolean
}

/**
 * Decodes ITU-T T.4 and T.6, and Huffman coding of TIFF 6.0 §10. With T.4 a damaged row is shown like the one above and decoding
 * goes on behind the next end-of-line, as fax machines do; with the others it ends the picture. Every turn uses up bits.
 */
export function decodeFax(data: Uint8Array, width: number, height: number, mode: FaxMode): FaxRows {
  const reader = new FaxReader(data, width, mode)
  const stride = (width + 7) >> 3
  const rows = new Uint8Array(stride * height)
  let count = 0
  for (; count < height && reader.nextRow(); count++) {
    paint(rows, count * stride, reader.changes, reader.count, width)
  }
  return { rows, count, damaged: reader.damaged }
}

/** No code begins so, or the row would be too long. */
const INVALID = -1

class FaxReader {
  /** Columns where the colour changes, white first, each larger than the one before; `width` behind the last. */
  changes: Int32Array
  count = 0
  damaged = false
  #above: Int32Array
  readonly #data: Uint8Array
  readonly #bits: number
  readonly #width: number
  readonly #mode: FaxMode
  #at = 0
  /** An end of line was seen. */
  #lined = false

  constructor(data: Uint8Array, width: number, mode: FaxMode) {
    this.#data = data
    this.#bits = data.length * 8
    this.#width = width
    this.#mode = mode
    // The row above the first is white.
    this.changes = new Int32Array(width + 4).fill(width)
    this.#above = new Int32Array(width + 4)
  }

  /** Decodes one row into `changes`; false at the end. */
  nextRow(): boolean {
    if (!this.#startRow()) return false
    ;[this.changes, this.#above] = [this.#above, this.changes]
    this.count = 0
    if (this.#readRow()) {
      this.changes.fill(this.#width, this.count, this.count + 3)
      return true
    }
    return this.#recover()
  }

  /** Puts the reader on the first code of the row; false when no row follows. */
  #startRow(): boolean {
    if (this.#mode === 'bytes') this.#at = (this.#at + 7) & ~7
    else if (this.#mode === 'words') this.#at = (this.#at + 15) & ~15
    else if (!this.#passLineEnds()) return false
    return this.#at < this.#bits
  }

  /**
   * Steps over the end of line. Two in a row end the page: nothing but T.6's and T.4's final sign has them. In a page that has
   * ends of line, a row without one is the rest of a damaged row.
   */
  #passLineEnds(): boolean {
    const ends = this.#skipLineEnds()
    if (ends > 1) return false
    if (ends === 1) this.#lined = true
    if (ends === 1 || !this.#lined || this.#mode === 'group4') return true
    this.damaged = true
    this.#seekLineEnd()
    return this.#skipLineEnds() === 1
  }

  #skipLineEnds(): number {
    let ends = 0
    while (ends < 2 && this.#at < this.#bits && this.#peek(11) === 0) {
      this.#skipZeros()
      ends++
      if (this.#mode === 'mixed' && (this.#peek(13) & 0xfff) === 1) this.#at++
    }
    return ends
  }

  #seekLineEnd(): void {
    while (this.#at < this.#bits && this.#peek(11) !== 0) this.#at++
  }

  /** Behind the one that ends a run of zeros. */
  #skipZeros(): void {
    while (this.#at < this.#bits && this.#peek(8) === 0) this.#at += 8
    while (this.#at < this.#bits && this.#peek(1) === 0) this.#at++
    this.#at++
  }

  #readRow(): boolean {
    if (this.#mode === 'group4') return this.#twoDimensional()
    if (this.#mode === 'mixed' && this.#tag() === 0) return this.#twoDimensional()
    return this.#oneDimensional()
  }

  #tag(): number {
    const bit = this.#peek(1)
    this.#at++
    return bit
  }

  /** The row above again, and on behind the next end of line. */
  #recover(): boolean {
    this.damaged = true
    if (this.#mode !== 'lines' && this.#mode !== 'mixed') return false
    this.#seekLineEnd()
    this.changes.set(this.#above)
    this.count = this.changes.indexOf(this.#width)
    return this.#at < this.#bits
  }

  #oneDimensional(): boolean {
    let at = 0
    for (let black = 0; at < this.#width; black ^= 1) {
      const run = this.#run(black)
      if (run < 0) return false
      at += run
      if (at < this.#width) this.#push(at)
    }
    return this.#within(at)
  }

  /** A run beyond the end is not what the sender meant: T.4 looks for the next end of line, the others cut it off. */
  #within(at: number): boolean {
    if (at <= this.#width) return true
    this.damaged = true
    return this.#mode !== 'lines' && this.#mode !== 'mixed'
  }

  /** T.4, 4.2.1.3: each change is coded against the changes of the row above. */
  #twoDimensional(): boolean {
    const above = this.#above
    const width = this.#width
    let a0 = -1
    let near = 0
    let black = 0
    while (a0 < width) {
      while (above[near]! <= a0 && above[near]! < width) near += 2
      const mode = MODES[this.#peek(7)]!
      if (mode < 0) return false
      this.#at += mode & 15
      const kind = mode >> 4
      if (kind === PASS) a0 = above[near]! < width ? above[near + 1]! : width
      else if (kind === HORIZONTAL) {
        a0 = this.#pair(Math.max(a0, 0), black)
        if (a0 < 0) return false
      } else {
        const a1 = above[near]! + kind - VERTICAL
        if (a1 < Math.max(a0, 0) || a1 > width) return false
        a0 = a1
        if (a1 < width) this.#push(a1)
        black ^= 1
        near = near > 0 ? near - 1 : near + 1
      }
    }
    return true
  }

  /** Two runs; returns where they end, or -1. */
  #pair(from: number, black: number): number {
    const first = this.#run(black)
    const second = first < 0 ? INVALID : this.#run(black ^ 1)
    if (second < 0) return INVALID
    const middle = from + first
    const end = middle + second
    if (!this.#within(end)) return INVALID
    if (middle < this.#width) this.#push(middle)
    if (end < this.#width) this.#push(end)
    return Math.min(end, this.#width)
  }

  /** A change at the place of the last one takes both away: the run between them is empty. */
  #push(at: number): void {
    if (this.count > 0 && this.changes[this.count - 1] === at) this.count--
    else this.changes[this.count++] = at
  }

  /** Length of one run of a colour, or -1. */
  #run(black: number): number {
    const table = black ? BLACK : WHITE
    let total = 0
    for (;;) {
      const found = table[this.#peek(LONGEST)]!
      if (found < 0) return INVALID
      this.#at += found & 15
      const run = found >> 4
      total += run
      if (run < 64) return total
      if (total > this.#width + 2560) return INVALID
    }
  }

  /** The next `count` bits, up to 16; zeros behind the end. */
  #peek(count: number): number {
    const data = this.#data
    const byte = this.#at >> 3
    const three =
      byte + 2 < data.length
        ? (data[byte]! << 16) | (data[byte + 1]! << 8) | data[byte + 2]!
        : ((data[byte] ?? 0) << 16) | ((data[byte + 1] ?? 0) << 8)
    return (three >> (24 - (this.#at & 7) - count)) & ((1 << count) - 1)
  }
}

/** Fills the black runs: between the first and second change, the third and fourth, … */
function paint(
  rows: Uint8Array,
  from: number,
  changes: Int32Array,
  count: number,
  width: number,
): void {
  for (let i = 0; i < count; i += 2) {
    fillBits(rows, from, changes[i]!, i + 1 < count ? changes[i + 1]! : width)
  }
}

/** Sets the bits from column `start` up to `end`, which is larger. */
function fillBits(rows: Uint8Array, from: number, start: number, end: number): void {
  const first = from + (start >> 3)
  const last = from + ((end - 1) >> 3)
  const head = 0xff >> (start & 7)
  const tail = (0xff << (7 - ((end - 1) & 7))) & 0xff
  if (first === last) {
    rows[first] = rows[first]! | (head & tail)
    return
  }
  rows[first] = rows[first]! | head
  rows.fill(0xff, first + 1, last)
  rows[last] = rows[last]! | tail
}
