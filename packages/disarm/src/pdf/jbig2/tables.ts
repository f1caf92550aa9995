import type { BitStream } from './bit-stream.ts'
import { damaged } from './damage.ts'
import { HuffmanTable } from './huffman.ts'
import type { Line } from './huffman.ts'
import { standardTable } from './standard-tables.ts'
import type { SymbolTables } from './symbols.ts'
import type { TextTables } from './text.ts'

/** Tables that a file brings itself, in the order in which they are asked for. */
class OwnTables {
  readonly #tables: readonly HuffmanTable[]
  #next = 0

  constructor(tables: readonly HuffmanTable[]) {
    this.#tables = tables
  }

  /** One of the standard tables by their order in `standard`, or with the last choice a table of the file. */
  choose(choice: number, own: number, ...standard: readonly number[]): HuffmanTable {
    if (choice === own) return this.#tables[this.#next++] ?? damaged()
    return standardTable(standard[choice] ?? damaged())
  }
}

/** Tables of a symbol dictionary by its flags (ITU-T T.88, 7.4.2.1.6); without Huffman codes none is asked for. */
export function symbolTables(flags: number, given: readonly HuffmanTable[]): SymbolTables {
  const own = new OwnTables(given)
  if ((flags & 1) === 0) flags = 0
  return {
    height: own.choose((flags >> 2) & 3, 3, 4, 5),
    width: own.choose((flags >> 4) & 3, 3, 2, 3),
    size: own.choose((flags >> 6) & 1, 1, 1),
    instances: own.choose((flags >> 7) & 1, 1, 1),
  }
}

/** Tables of a text region by its flags (7.4.3.1.2, 7.4.3.1.6), and that of its symbols, which stands before the text. */
export function textTables(
  stream: BitStream,
  flags: number,
  stripBits: number,
  symbols: number,
  given: readonly HuffmanTable[],
): TextTables {
  const own = new OwnTables(given)
  const numbers = {
    FS: own.choose(flags & 3, 3, 6, 7),
    DS: own.choose((flags >> 2) & 3, 3, 8, 9, 10),
    DT: own.choose((flags >> 4) & 3, 3, 11, 12, 13),
    RDW: own.choose((flags >> 6) & 3, 3, 14, 15),
    RDH: own.choose((flags >> 8) & 3, 3, 14, 15),
    RDX: own.choose((flags >> 10) & 3, 3, 14, 15),
    RDY: own.choose((flags >> 12) & 3, 3, 14, 15),
  }
  const size = own.choose((flags >> 14) & 1, 1, 1)
  return { numbers, size, symbols: readSymbolTable(stream, symbols), stripBits }
}

const RUN_CODES = 35
/** Codes that repeat: bits behind them, and what is added. */
const RUNS = [
  { bits: 2, least: 3 },
  { bits: 3, least: 3 },
  { bits: 7, least: 11 },
] as const
const FIRST_RUN = 32

/** 7.4.3.1.7: lengths of the words of all symbols, packed by a code of their own. */
function readSymbolTable(stream: BitStream, symbols: number): HuffmanTable {
  const runs = new HuffmanTable(
    Array.from({ length: RUN_CODES }, (_, i) => lineFor(i, stream.number(4))),
  )
  const lengths: number[] = []
  while (lengths.length < symbols) {
    const code = runs.read(stream) ?? damaged()
    if (code < FIRST_RUN) {
      lengths.push(code)
      continue
    }
    const { bits, least } = RUNS[code - FIRST_RUN]!
    const length = code === FIRST_RUN ? (lengths.at(-1) ?? damaged()) : 0
    for (let left = least + stream.number(bits); left > 0; left--) lengths.push(length)
  }
  if (lengths.length > symbols) damaged()
  stream.align()
  return new HuffmanTable(lengths.map((length, i) => lineFor(i, length)))
}

function lineFor(value: number, prefix: number): Line {
  return { prefix, bits: 0, least: value, kind: 'range' }
}
