import type { BitStream } from './bit-stream.ts'
import { damaged } from './damage.ts'

/** One line of a Huffman table (ITU-T T.88, Annex B). */
export interface Line {
  /** Bits of its word; 0 when it is not used. */
  readonly prefix: number
  /** Bits behind the word, and what is added to them. */
  readonly bits: number
  readonly least: number
  /** `lower` counts downwards from `least`; `end` is out of band. */
  readonly kind: 'range' | 'lower' | 'end'
}

const LONGEST = 32
/** Lines of a table that a file brings itself. */
const MAX_LINES = 4096

/** A Huffman table. Its words are by length, and then in the order of its lines (B.3). */
export class HuffmanTable {
  /** Lines by length of word, each length in order. */
  readonly #lines: readonly Line[]
  readonly #counts = new Uint32Array(LONGEST + 1)

  /** A table with more words than fit is damage: its words would not be told apart. */
  constructor(lines: readonly Line[]) {
    this.#lines = lines.filter(({ prefix }) => prefix > 0).toSorted((a, b) => a.prefix - b.prefix)
    for (const { prefix } of this.#lines) this.#counts[prefix]!++
    if (this.share > 1) damaged()
  }

  /** How much of the tree of words is used: 1 for a complete code. */
  get share(): number {
    return this.#lines.reduce((sum, { prefix }) => sum + 2 ** -prefix, 0)
  }

  /** The next number; undefined for out of band. */
  read(stream: BitStream): number | undefined {
    const { bits, least, kind } = this.#line(stream)
    if (kind === 'end') return undefined
    const offset = stream.number(bits)
    return kind === 'lower' ? least - offset : least + offset
  }

  #line(stream: BitStream): Line {
    for (let length = 1, word = 0, first = 0, index = 0; length <= LONGEST; length++) {
      word = word * 2 + stream.bit()
      const count = this.#counts[length]!
      if (word - first < count) return this.#lines[index + word - first]!
      index += count
      first = (first + count) * 2
    }
    return damaged()
  }
}

/** A table that a file brings itself (B.2, segment type 53). */
export function readHuffmanTable(stream: BitStream): HuffmanTable {
  const flags = stream.number(8)
  const prefixBits = ((flags >> 1) & 7) + 1
  const rangeBits = ((flags >> 4) & 7) + 1
  const lowest = stream.number(32) | 0
  const highest = stream.number(32) | 0
  const lines: Line[] = []
  let least = lowest
  while (least < highest) {
    const prefix = stream.number(prefixBits)
    const bits = stream.number(rangeBits)
    if (bits > LONGEST || lines.length === MAX_LINES) damaged()
    lines.push({ prefix, bits, least, kind: 'range' })
    least += 2 ** bits
  }
  lines.push({ prefix: stream.number(prefixBits), bits: 32, least: lowest - 1, kind: 'lower' })
  lines.push({ prefix: stream.number(prefixBits), bits: 32, least, kind: 'range' })
  if (flags & 1) lines.push({ prefix: stream.number(prefixBits), bits: 0, least: 0, kind: 'end' })
  return new HuffmanTable(lines)
}
