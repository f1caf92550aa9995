import type { Context } from '../../family.ts'
import { ArithmeticDecoder } from './arithmetic.ts'
import { BitStream } from './bit-stream.ts'
import { Bitmap } from './bitmap.ts'
import { damaged } from './damage.ts'
import { decodeFax } from './fax.ts'
import { adaptivePixels, decodeGeneric, newGenericContexts, USUAL_PLACES } from './generic.ts'
import type { GenericCoding } from './generic.ts'
import { decodeHalftone, decodePatterns } from './halftone.ts'
import { readHuffmanTable } from './huffman.ts'
import type { HuffmanTable } from './huffman.ts'
import { IntegerContexts } from './integers.ts'
import { readPlaces, readRefinement, USUAL_REFINEMENT } from './places.ts'
import { decodeRefinement, newRefinementContexts } from './refinement.ts'
import type { RefinementCoding } from './refinement.ts'
import { readRegion } from './region.ts'
import type { Region } from './region.ts'
import { readSegments } from './segment.ts'
import type { Segment } from './segment.ts'
import { decodeSymbols, MAX_SYMBOLS, symbolBits } from './symbols.ts'
import type { BitmapContexts } from './symbols.ts'
import { symbolTables, textTables } from './tables.ts'
import { ArithmeticSource, decodeText, HuffmanSource } from './text.ts'
import type { TextLayout, TextSource } from './text.ts'

/** Types of segments (ITU-T T.88, 7.3). Of a region the number itself is intermediate, 2 or 3 more is immediate. */
const TYPE = {
  symbols: 0,
  text: 4,
  patterns: 16,
  halftone: 20,
  generic: 36,
  refinement: 40,
  page: 48,
  table: 53,
} as const
/** End of a stripe, profiles, and extensions: comments and private data. They draw nothing. */
const SILENT = new Set([50, 52, 62])

/** Pixels of all that segments leave for later ones, together. */
const MAX_KEPT_PIXELS = 200_000_000

/** What a segment leaves for later ones. */
interface Result {
  readonly symbols?: readonly Bitmap[]
  readonly contexts?: BitmapContexts
  readonly patterns?: readonly Bitmap[]
  readonly table?: HuffmanTable
  readonly bitmap?: Bitmap
}

/**
 * Decodes a picture of JBIG2 as it stands in a PDF: segments without a file header, first the shared ones. Anything that is damaged,
 * unknown or beyond the limits is a `SyntaxFault`; nothing is painted in part, because two readers would show two pictures.
 *
 * @param height of the picture by its dictionary, for a page that does not say
 */
export function decodeJbig2(
  shared: Uint8Array | undefined,
  bytes: Uint8Array,
  height: number,
  context: Context,
): Bitmap {
  const picture = new Picture(height, context)
  for (const segment of [...(shared ? readSegments(shared) : []), ...readSegments(bytes)]) {
    picture.read(segment)
  }
  return picture.page ?? damaged()
}

class Picture {
  page: Bitmap | undefined
  readonly #height: number
  readonly #context: Context
  readonly #results = new Map<number, Result>()
  #kept = 0

  constructor(height: number, context: Context) {
    this.#height = height
    this.#context = context
  }

  read(segment: Segment): void {
    this.#context.checkTime()
    if (SILENT.has(segment.type)) return
    // Only what was decoded before can be referred to.
    const results = segment.refers.map((number) => this.#results.get(number) ?? damaged())
    const result = this.#resultOf(segment, results)
    this.#kept += pixelsOf(result)
    if (this.#kept > MAX_KEPT_PIXELS) damaged()
    this.#results.set(segment.number, result)
  }

  #resultOf({ type, data }: Segment, results: readonly Result[]): Result {
    const stream = new BitStream(data)
    switch (type) {
      case TYPE.symbols:
        return this.#symbols(stream, results)
      case TYPE.patterns:
        return this.#patterns(stream)
      case TYPE.table:
        return { table: readHuffmanTable(stream) }
      case TYPE.page:
        return this.#openPage(stream)
      default:
        return this.#region(type, stream, results)
    }
  }

  /** 7.4.8. */
  #openPage(stream: BitStream): Result {
    if (this.page) damaged()
    const width = stream.number(32)
    const height = stream.number(32)
    stream.take(8)
    const isBlack = (stream.number(8) & 4) !== 0
    this.page = new Bitmap(width, height === 0xffffffff ? this.#height : height, this.#context)
    if (isBlack) this.page.pixels.fill(1)
    return {}
  }

  #region(type: number, stream: BitStream, results: readonly Result[]): Result {
    const region = readRegion(stream)
    const bitmap = this.#bitmapOf(type & ~3, region, stream, results)
    if ((type & 3) === 0) return { bitmap }
    if ((type & 3) === 1) damaged()
    const page = this.page ?? damaged()
    page.draw(bitmap, region.left, region.top, region.operator)
    return {}
  }

  #bitmapOf(kind: number, region: Region, stream: BitStream, results: readonly Result[]): Bitmap {
    switch (kind) {
      case TYPE.generic:
        return this.#generic(region, stream)
      case TYPE.refinement:
        return this.#refinement(region, stream, results)
      case TYPE.text:
        return this.#text(region, stream, results)
      case TYPE.halftone:
        return this.#halftone(region, stream, results)
      default:
        return damaged()
    }
  }

  /** 7.4.6. */
  #generic({ width, height }: Region, stream: BitStream): Bitmap {
    const flags = stream.number(8)
    if (flags & 1) return decodeFax(stream.rest(), width, height, this.#context).bitmap
    // Twelve adaptive pixels are of a later edition that nobody writes.
    if (flags & 0x10) damaged()
    const template = (flags >> 1) & 3
    const adaptive = readPlaces(stream, adaptivePixels(template))
    const coding = { template, adaptive, typical: (flags & 8) !== 0 }
    const decoder = new ArithmeticDecoder(stream.rest())
    const contexts = newGenericContexts()
    return decodeGeneric(width, height, coding, decoder, contexts, this.#context)
  }

  /** 7.4.7: a change of another region, or of what is on the page. */
  #refinement(region: Region, stream: BitStream, results: readonly Result[]): Bitmap {
    const { width, height, left, top } = region
    const flags = stream.number(8)
    const coding = readRefinement(stream, flags & 1, (flags & 2) !== 0)
    const other = results.find((result) => result.bitmap)?.bitmap
    const page = this.page ?? damaged()
    const bitmap = other ?? page.part(left, top, width, height, this.#context)
    if (bitmap.width !== width || bitmap.height !== height) damaged()
    const decoder = new ArithmeticDecoder(stream.rest())
    const reference = { bitmap, left: 0, top: 0 }
    const contexts = newRefinementContexts()
    return decodeRefinement(width, height, coding, reference, decoder, contexts, this.#context)
  }

  /** 7.4.2. */
  #symbols(stream: BitStream, results: readonly Result[]): Result {
    const flags = stream.number(16)
    const huffman = (flags & 1) !== 0
    const refines = (flags & 2) !== 0
    const template = (flags >> 10) & 3
    const generic: GenericCoding = {
      template,
      adaptive: huffman ? USUAL_PLACES : readPlaces(stream, adaptivePixels(template)),
      typical: false,
    }
    const refinement = refines ? readRefinement(stream, (flags >> 12) & 1, false) : USUAL_REFINEMENT
    const exported = stream.number(32)
    const made = stream.number(32)
    const tables = symbolTables(flags, tablesOf(results))
    const known = symbolsOf(results)
    const contexts = bitmapContexts((flags & 0x100) !== 0, results)
    const coding = { huffman, refines, generic, refinement, exported, made, tables }
    const symbols = decodeSymbols(coding, known, stream, contexts, this.#context)
    return (flags & 0x200) !== 0 ? { symbols, contexts } : { symbols }
  }

  /** 7.4.4. */
  #patterns(stream: BitStream): Result {
    const flags = stream.number(8)
    const width = stream.number(8)
    const height = stream.number(8)
    const count = stream.number(32) + 1
    const coding = { fax: (flags & 1) !== 0, template: (flags >> 1) & 3, width, height, count }
    return { patterns: decodePatterns(coding, stream.rest(), this.#context) }
  }

  /** 7.4.5. */
  #halftone({ width, height }: Region, stream: BitStream, results: readonly Result[]): Bitmap {
    const flags = stream.number(8)
    const coding = {
      fax: (flags & 1) !== 0,
      template: (flags >> 1) & 3,
      skips: (flags & 8) !== 0,
      operator: Math.min(4, (flags >> 4) & 7),
      ground: flags >> 7,
      gridWidth: stream.number(32),
      gridHeight: stream.number(32),
      gridX: stream.number(32) | 0,
      gridY: stream.number(32) | 0,
      vectorX: stream.number(16),
      vectorY: stream.number(16),
    }
    const patterns = results.find((result) => result.patterns)?.patterns ?? damaged()
    return decodeHalftone(width, height, coding, patterns, stream.rest(), this.#context)
  }

  /** 7.4.3. */
  #text({ width, height }: Region, stream: BitStream, results: readonly Result[]): Bitmap {
    const flags = stream.number(16)
    const huffman = (flags & 1) !== 0
    const refines = (flags & 2) !== 0
    const huffmanFlags = huffman ? stream.number(16) : 0
    const refinement = refines ? readRefinement(stream, flags >> 15, false) : USUAL_REFINEMENT
    const symbols = symbolsOf(results)
    const layout = textLayout(flags, refines, stream.number(32), refinement)
    const source = huffman
      ? new HuffmanSource(
          stream,
          textTables(stream, huffmanFlags, (flags >> 2) & 3, symbols.length, tablesOf(results)),
        )
      : arithmeticSource(stream, symbols.length)
    const contexts = newRefinementContexts()
    return decodeText(width, height, layout, symbols, source, contexts, this.#context)
  }
}

/** Elsewhere the symbols of all references were counted in 32 bits, and written beyond their list (CVE-2021-30860). */
function symbolsOf(results: readonly Result[]): readonly Bitmap[] {
  const count = results.reduce((sum, { symbols }) => sum + (symbols?.length ?? 0), 0)
  if (count > MAX_SYMBOLS) damaged()
  return results.flatMap(({ symbols }) => symbols ?? [])
}

function pixelsOf({ bitmap, symbols = [], patterns = [] }: Result): number {
  const all = [...symbols, ...patterns, ...(bitmap ? [bitmap] : [])]
  return all.reduce((sum, { pixels }) => sum + pixels.length, 0)
}

function tablesOf(results: readonly Result[]): readonly HuffmanTable[] {
  return results.flatMap((result) => result.table ?? [])
}

function bitmapContexts(goesOn: boolean, results: readonly Result[]): BitmapContexts {
  if (!goesOn) return { generic: newGenericContexts(), refinement: newRefinementContexts() }
  const { generic, refinement } =
    results.findLast((result) => result.contexts)?.contexts ?? damaged()
  return { generic: generic.slice(), refinement: refinement.slice() }
}

function textLayout(
  flags: number,
  refines: boolean,
  instances: number,
  refinement: RefinementCoding,
): TextLayout {
  return {
    refines,
    strips: 1 << ((flags >> 2) & 3),
    corner: (flags >> 4) & 3,
    transposed: (flags & 0x40) !== 0,
    operator: (flags >> 7) & 3,
    ground: (flags >> 9) & 1,
    // Five bits with a sign.
    offset: (((flags >> 10) & 31) << 27) >> 27,
    instances,
    refinement,
  }
}

function arithmeticSource(stream: BitStream, symbols: number): TextSource {
  const decoder = new ArithmeticDecoder(stream.rest())
  return new ArithmeticSource(decoder, new IntegerContexts(), symbolBits(symbols, false))
}
