import type { Context } from '../../family.ts'
import { ArithmeticDecoder } from './arithmetic.ts'
import type { Contexts } from './arithmetic.ts'
import type { BitStream } from './bit-stream.ts'
import { Bitmap } from './bitmap.ts'
import { damaged } from './damage.ts'
import { decodeFax } from './fax.ts'
import { decodeGeneric } from './generic.ts'
import type { GenericCoding } from './generic.ts'
import { HuffmanTable } from './huffman.ts'
import { arithmeticInteger, arithmeticSymbol, IntegerContexts } from './integers.ts'
import { decodeRefinement } from './refinement.ts'
import type { RefinementCoding } from './refinement.ts'
import { standardTable } from './standard-tables.ts'
import { ArithmeticSource, CORNER, decodeText, HuffmanSource } from './text.ts'
import type { TextLayout, TextTables } from './text.ts'

/** Symbols of one dictionary and of all that it builds on. */
export const MAX_SYMBOLS = 65_536

/** Pixels of the symbols that one dictionary makes. Those of a book page have some millions. */
const MAX_SYMBOL_PIXELS = 100_000_000

/** How a symbol dictionary is coded (ITU-T T.88, table 13). */
export interface SymbolCoding {
  readonly huffman: boolean
  readonly refines: boolean
  readonly generic: GenericCoding
  readonly refinement: RefinementCoding
  readonly exported: number
  readonly made: number
  readonly tables: SymbolTables
}

export interface SymbolTables {
  readonly height: HuffmanTable
  readonly width: HuffmanTable
  readonly size: HuffmanTable
  readonly instances: HuffmanTable
}

/** Adaptive probabilities that a later dictionary may go on with. */
export interface BitmapContexts {
  readonly generic: Contexts
  readonly refinement: Contexts
}

/** Bits of the number of one of `count` symbols. */
export function symbolBits(count: number, huffman: boolean): number {
  let bits = huffman ? 1 : 0
  while (1 << bits < count) bits++
  return bits
}

/** Decodes a dictionary (6.5.5). @returns the symbols it exports */
export function decodeSymbols(
  coding: SymbolCoding,
  known: readonly Bitmap[],
  stream: BitStream,
  contexts: BitmapContexts,
  context: Context,
): readonly Bitmap[] {
  if (known.length + coding.made > MAX_SYMBOLS) damaged()
  return new SymbolReader(coding, known, stream, contexts, context).read()
}

type SymbolNumber = 'DH' | 'DW' | 'AI' | 'EX'

class SymbolReader {
  readonly #coding: SymbolCoding
  readonly #stream: BitStream
  readonly #contexts: BitmapContexts
  readonly #context: Context
  readonly #symbols: Bitmap[]
  readonly #total: number
  readonly #bits: number
  readonly #integers = new IntegerContexts()
  readonly #decoder: ArithmeticDecoder | undefined
  #tables: TextTables | undefined
  #pixels = 0

  constructor(
    coding: SymbolCoding,
    known: readonly Bitmap[],
    stream: BitStream,
    contexts: BitmapContexts,
    context: Context,
  ) {
    this.#coding = coding
    this.#stream = stream
    this.#contexts = contexts
    this.#context = context
    this.#symbols = [...known]
    this.#total = known.length + coding.made
    this.#bits = symbolBits(this.#total, coding.huffman)
    this.#decoder = coding.huffman ? undefined : new ArithmeticDecoder(stream.rest())
  }

  read(): readonly Bitmap[] {
    for (let height = 0; this.#symbols.length < this.#total;) {
      height += this.#number('DH') ?? damaged()
      this.#readClass(height)
    }
    return this.#exported()
  }

  /** Symbols of one height, until out of band. */
  #readClass(height: number): void {
    const together = this.#coding.huffman && !this.#coding.refines
    const widths: number[] = []
    let width = 0
    for (;;) {
      const wider = this.#number('DW')
      if (wider === undefined) break
      width += wider
      if (this.#symbols.length + widths.length >= this.#total || width < 0) damaged()
      if (together) widths.push(width)
      else this.#add(this.#bitmap(width, height))
    }
    if (together) this.#readTogether(widths, height)
  }

  /** All symbols stay in memory until the picture is done. */
  #add(symbol: Bitmap): void {
    this.#pixels += symbol.pixels.length
    if (this.#pixels > MAX_SYMBOL_PIXELS) damaged()
    this.#symbols.push(symbol)
  }

  #bitmap(width: number, height: number): Bitmap {
    if (this.#coding.refines) return this.#refined(width, height)
    const { generic } = this.#coding
    const contexts = this.#contexts.generic
    return decodeGeneric(width, height, generic, this.#decoder!, contexts, this.#context)
  }

  /** 6.5.9: all symbols of a height in one bitmap, side by side; of size 0 when it is not packed. */
  #readTogether(widths: readonly number[], height: number): void {
    const total = widths.reduce((sum, width) => sum + width, 0)
    const size = this.#coding.tables.size.read(this.#stream) ?? damaged()
    this.#stream.align()
    const all =
      size === 0
        ? this.#plain(total, height)
        : decodeFax(this.#stream.take(size), total, height, this.#context).bitmap
    let left = 0
    for (const width of widths) {
      this.#add(all.part(left, 0, width, height, this.#context))
      left += width
    }
  }

  #plain(width: number, height: number): Bitmap {
    const bitmap = new Bitmap(width, height, this.#context)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) bitmap.pixels[y * width + x] = this.#stream.bit()
      this.#stream.align()
    }
    return bitmap
  }

  /** 6.5.8.2: made of one symbol that is changed, or of several. */
  #refined(width: number, height: number): Bitmap {
    const instances = this.#number('AI') ?? damaged()
    if (instances === 1) return this.#refinedOne(width, height)
    const layout = textLayout(instances, this.#coding.refinement)
    const source = this.#decoder
      ? new ArithmeticSource(this.#decoder, this.#integers, this.#bits)
      : new HuffmanSource(this.#stream, (this.#tables ??= textTables(this.#bits)))
    const contexts = this.#contexts.refinement
    return decodeText(width, height, layout, this.#symbols, source, contexts, this.#context)
  }

  #refinedOne(width: number, height: number): Bitmap {
    const decode = (index: number, left: number, top: number, decoder: ArithmeticDecoder) => {
      const bitmap = this.#symbols[index] ?? damaged()
      const { refinement } = this.#coding
      const reference = { bitmap, left, top }
      const contexts = this.#contexts.refinement
      return decodeRefinement(
        width,
        height,
        refinement,
        reference,
        decoder,
        contexts,
        this.#context,
      )
    }
    if (this.#decoder) {
      const ids = this.#integers.of('ID', 1 << (this.#bits + 1))
      const index = arithmeticSymbol(this.#decoder, ids, this.#bits)
      const left = arithmeticInteger(this.#decoder, this.#integers.of('RDX')) ?? damaged()
      const top = arithmeticInteger(this.#decoder, this.#integers.of('RDY')) ?? damaged()
      return decode(index, left, top, this.#decoder)
    }
    const index = this.#stream.number(this.#bits)
    const left = standardTable(15).read(this.#stream) ?? damaged()
    const top = standardTable(15).read(this.#stream) ?? damaged()
    const size = standardTable(1).read(this.#stream) ?? damaged()
    this.#stream.align()
    return decode(index, left, top, new ArithmeticDecoder(this.#stream.take(size)))
  }

  /** 6.5.10: runs of symbols that are exported and that are not, in turn. */
  #exported(): readonly Bitmap[] {
    const exported: Bitmap[] = []
    let isExported = false
    for (let at = 0, empty = 0; at < this.#total; isExported = !isExported) {
      const run = this.#number('EX') ?? damaged()
      // Two empty runs in a row would go on for ever.
      empty = run === 0 ? empty + 1 : 0
      if (run < 0 || at + run > this.#total || empty > 2) damaged()
      if (isExported) exported.push(...this.#symbols.slice(at, at + run))
      at += run
    }
    if (exported.length !== this.#coding.exported) damaged()
    return exported
  }

  #number(kind: SymbolNumber): number | undefined {
    if (this.#decoder) return arithmeticInteger(this.#decoder, this.#integers.of(kind))
    const { height, width, instances } = this.#coding.tables
    const tables = { DH: height, DW: width, AI: instances, EX: standardTable(1) }
    return tables[kind].read(this.#stream)
  }
}

/** Table 17. */
function textLayout(instances: number, refinement: RefinementCoding): TextLayout {
  return {
    refines: true,
    strips: 1,
    corner: CORNER.topLeft,
    transposed: false,
    operator: 0,
    ground: 0,
    offset: 0,
    instances,
    refinement,
  }
}

function textTables(bits: number): TextTables {
  const [fs, ds, dt, rest] = [6, 8, 11, 15].map(standardTable) as [
    HuffmanTable,
    HuffmanTable,
    HuffmanTable,
    HuffmanTable,
  ]
  return {
    numbers: { FS: fs, DS: ds, DT: dt, RDW: rest, RDH: rest, RDX: rest, RDY: rest },
    size: standardTable(1),
    symbols: new HuffmanTable(
      Array.from({ length: 1 << bits }, (_, i) => ({
        prefix: bits,
        bits: 0,
        least: i,
        kind: 'range' as const,
      })),
    ),
    stripBits: 0,
  }
}
