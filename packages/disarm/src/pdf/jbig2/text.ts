import type { Context } from '../../family.ts'
import { ArithmeticDecoder } from './arithmetic.ts'
import type { Contexts } from './arithmetic.ts'
import type { BitStream } from './bit-stream.ts'
import { Bitmap } from './bitmap.ts'
import { damaged } from './damage.ts'
import type { HuffmanTable } from './huffman.ts'
import { arithmeticInteger, arithmeticSymbol } from './integers.ts'
import type { IntegerContexts } from './integers.ts'
import { decodeRefinement } from './refinement.ts'
import type { RefinementCoding } from './refinement.ts'

/** What a text region decodes, in the words of ITU-T T.88, 6.4. */
export type TextNumber = 'DT' | 'FS' | 'DS' | 'IT' | 'RI' | 'RDW' | 'RDH' | 'RDX' | 'RDY'

/** Where the numbers of a text region come from: arithmetic coding or Huffman codes. */
export interface TextSource {
  /** Undefined for out of band. */
  number(kind: TextNumber): number | undefined
  symbol(): number
  /** Decodes a refined symbol by `decode`, from where its data stand. */
  refined(decode: (decoder: ArithmeticDecoder) => Bitmap): Bitmap
}

/** Corners of a symbol that its place names. */
export const CORNER = { bottomLeft: 0, topLeft: 1, bottomRight: 2, topRight: 3 } as const

/** How symbols are put on a region (6.4, table 9). */
export interface TextLayout {
  readonly refines: boolean
  /** Rows that share their vertical place: 1, 2, 4 or 8. */
  readonly strips: number
  readonly corner: number
  readonly transposed: boolean
  readonly operator: number
  readonly ground: number
  readonly offset: number
  readonly instances: number
  readonly refinement: RefinementCoding
}

/** What putting a symbol somewhere takes from the budget, besides a byte for every 32 pixels. */
const INSTANCE_COST = 16

export function decodeText(
  width: number,
  height: number,
  layout: TextLayout,
  symbols: readonly Bitmap[],
  source: TextSource,
  refinementContexts: Contexts,
  context: Context,
): Bitmap {
  const bitmap = new Bitmap(width, height, context)
  if (layout.ground === 1) bitmap.pixels.fill(1)
  const writer = new TextWriter(bitmap, layout, symbols, source, refinementContexts, context)
  writer.write()
  return bitmap
}

class TextWriter {
  readonly #bitmap: Bitmap
  readonly #layout: TextLayout
  readonly #symbols: readonly Bitmap[]
  readonly #source: TextSource
  readonly #refinementContexts: Contexts
  readonly #context: Context

  constructor(
    bitmap: Bitmap,
    layout: TextLayout,
    symbols: readonly Bitmap[],
    source: TextSource,
    refinementContexts: Contexts,
    context: Context,
  ) {
    this.#bitmap = bitmap
    this.#layout = layout
    this.#symbols = symbols
    this.#source = source
    this.#refinementContexts = refinementContexts
    this.#context = context
  }

  /** 6.4.5. */
  write(): void {
    const { strips, instances } = this.#layout
    let strip = -this.#number('DT') * strips
    let first = 0
    for (let done = 0; done < instances;) {
      strip += this.#number('DT') * strips
      first += this.#number('FS')
      done += this.#writeStrip(first, strip, instances - done)
    }
  }

  /** Symbols until out of band. @returns how many */
  #writeStrip(first: number, strip: number, most: number): number {
    let along = first
    for (let count = 1; ; count++) {
      const across = strip + (this.#layout.strips === 1 ? 0 : this.#number('IT'))
      along = this.#writeSymbol(along, across)
      const distance = this.#source.number('DS')
      if (distance === undefined) return count
      if (count >= most) damaged()
      along += distance + this.#layout.offset
    }
  }

  /** @returns the place along the line where the symbol ends */
  #writeSymbol(along: number, across: number): number {
    const symbol = this.#symbols[this.#source.symbol()] ?? damaged()
    const isRefined = this.#layout.refines && this.#number('RI') === 1
    const bitmap = isRefined ? this.#refined(symbol) : symbol
    this.#context.spend((bitmap.pixels.length >> 5) + INSTANCE_COST)
    const { corner, transposed, operator } = this.#layout
    const right = corner === CORNER.topRight || corner === CORNER.bottomRight
    const bottom = corner === CORNER.bottomLeft || corner === CORNER.bottomRight
    const end = along + (transposed ? bitmap.height : bitmap.width) - 1
    // A corner at the far end of the symbol is named by where the symbol ends.
    const place = (transposed ? bottom : right) ? end : along
    const [x, y] = transposed ? [across, place] : [place, across]
    const left = right ? x - bitmap.width + 1 : x
    const top = bottom ? y - bitmap.height + 1 : y
    if (!Number.isSafeInteger(left) || !Number.isSafeInteger(top)) damaged()
    this.#bitmap.draw(bitmap, left, top, operator)
    return end
  }

  /** 6.4.11: the changes of width and height, and where the old symbol lies on the new one. */
  #refined(symbol: Bitmap): Bitmap {
    const [wider, higher] = [this.#number('RDW'), this.#number('RDH')]
    const [right, down] = [this.#number('RDX'), this.#number('RDY')]
    const left = Math.floor(wider / 2) + right
    const top = Math.floor(higher / 2) + down
    return this.#source.refined((decoder) =>
      decodeRefinement(
        symbol.width + wider,
        symbol.height + higher,
        this.#layout.refinement,
        { bitmap: symbol, left, top },
        decoder,
        this.#refinementContexts,
        this.#context,
      ),
    )
  }

  #number(kind: TextNumber): number {
    return this.#source.number(kind) ?? damaged()
  }
}

/** Everything by one arithmetic decoder. */
export class ArithmeticSource implements TextSource {
  readonly #decoder: ArithmeticDecoder
  readonly #contexts: IntegerContexts
  readonly #symbolBits: number

  constructor(decoder: ArithmeticDecoder, contexts: IntegerContexts, symbolBits: number) {
    this.#decoder = decoder
    this.#contexts = contexts
    this.#symbolBits = symbolBits
  }

  number(kind: TextNumber): number | undefined {
    return arithmeticInteger(this.#decoder, this.#contexts.of(kind))
  }

  symbol(): number {
    const contexts = this.#contexts.of('ID', 1 << (this.#symbolBits + 1))
    return arithmeticSymbol(this.#decoder, contexts, this.#symbolBits)
  }

  refined(decode: (decoder: ArithmeticDecoder) => Bitmap): Bitmap {
    return decode(this.#decoder)
  }
}

/** Tables of a text region. */
export interface TextTables {
  readonly numbers: Readonly<Record<Exclude<TextNumber, 'IT' | 'RI'>, HuffmanTable>>
  readonly size: HuffmanTable
  readonly symbols: HuffmanTable
  /** Rows of a strip are 2 to this power. */
  readonly stripBits: number
}

/** Huffman codes; a refined symbol has arithmetic-coded data of a given size between them. */
export class HuffmanSource implements TextSource {
  readonly #stream: BitStream
  readonly #tables: TextTables

  constructor(stream: BitStream, tables: TextTables) {
    this.#stream = stream
    this.#tables = tables
  }

  number(kind: TextNumber): number | undefined {
    if (kind === 'IT') return this.#stream.number(this.#tables.stripBits)
    if (kind === 'RI') return this.#stream.bit()
    return this.#tables.numbers[kind].read(this.#stream)
  }

  symbol(): number {
    return this.#tables.symbols.read(this.#stream) ?? damaged()
  }

  refined(decode: (decoder: ArithmeticDecoder) => Bitmap): Bitmap {
    const size = this.#tables.size.read(this.#stream) ?? damaged()
    this.#stream.align()
    return decode(new ArithmeticDecoder(this.#stream.take(size)))
  }
}
