import { refuse } from '../family.ts'
import type { Context } from '../family.ts'
import { unascii85, unhex } from './ascii.ts'
import { inflate } from './flate.ts'
import type { Inflated } from './flate.ts'
import { SyntaxFault } from './lexer.ts'
import { unlzw } from './lzw.ts'
import { isDictionary, isList, isName } from './objects.ts'
import type { Dictionary, Stream, Value } from './objects.ts'
import { unpredict } from './predictor.ts'
import type { Rows } from './predictor.ts'
import { unrun } from './run-length.ts'

/** Filters that hold an image in a coding of its own; they are not undone here. */
export type ImageFilter = 'DCTDecode' | 'CCITTFaxDecode' | 'JPXDecode' | 'JBIG2Decode'

/** A stream with every general filter undone. `filter` is what is left, always the last of the chain. */
export interface Decoded {
  readonly bytes: Uint8Array
  readonly filter?: ImageFilter
  readonly parameters?: Dictionary
  /** True when the bytes had been predicted by rows: worth predicting again. */
  readonly predicted: boolean
  /** With `keepRows`: the bytes are still rows of this geometry, each behind the number of its PNG filter. */
  readonly rows?: Rows
  /** The data broke off at something impossible; the bytes are what came before. */
  readonly damaged: boolean
}

/** More than this is a bomb, not a document. */
const MAX_FILTERS = 4

const FULL_NAMES: ReadonlyMap<string, string> = new Map([
  ['AHx', 'ASCIIHexDecode'],
  ['A85', 'ASCII85Decode'],
  ['LZW', 'LZWDecode'],
  ['Fl', 'FlateDecode'],
  ['RL', 'RunLengthDecode'],
  ['CCF', 'CCITTFaxDecode'],
  ['DCT', 'DCTDecode'],
])

export interface DecodeOptions {
  /** Leaves PNG prediction in place when nothing comes behind it. */
  readonly keepRows?: boolean
  /** Bytes that should come out of the last filter, when that is known. */
  readonly expected?: number
}

/**
 * ISO 32000-1, 7.4. `resolve` follows references. Throws `SyntaxFault` when the bytes cannot be decoded; refuses
 * `PDF-FILTER` for a chain longer than any honest producer writes.
 */
export function decodeStream(
  stream: Stream,
  resolve: (value: Value | undefined) => Value,
  context: Context,
  { keepRows = false, expected }: DecodeOptions = {},
): Decoded {
  const entries = stream.dictionary.entries
  const filters = each(resolve(entries.get('Filter')), resolve)
  const parameters = each(resolve(entries.get('DecodeParms')), resolve)
  if (filters.length > MAX_FILTERS) refuse('PDF-FILTER')
  let bytes = stream.raw
  let predicted = false
  let damaged = false
  for (const [i, filter] of filters.entries()) {
    const settings = parameters[i]
    const own = isDictionary(settings) ? settings : undefined
    const id = filterName(filter)
    if (isImageFilter(id)) {
      if (i !== filters.length - 1) throw new SyntaxFault('filter after an image filter', 0)
      return { bytes, filter: id, predicted: false, damaged, ...(own ? { parameters: own } : {}) }
    }
    const step = undo(id, bytes, own, resolve, context, expected)
    damaged ||= step.damaged
    const kind = isRowed(id) ? predictor(own, resolve) : 1
    predicted = kind > 1
    const rows = rowsOf(own, resolve)
    if (keepRows && kind >= 10 && i === filters.length - 1)
      return { bytes: step.bytes, predicted, damaged, rows }
    bytes = unpredict(step.bytes, kind, rows, context)
  }
  return { bytes, predicted, damaged }
}

function each(value: Value, resolve: (value: Value | undefined) => Value): Value[] {
  if (value === null) return []
  return isList(value) ? value.items.map((item) => resolve(item)) : [value]
}

function filterName(value: Value): string {
  if (!isName(value)) throw new SyntaxFault('filter without a name', 0)
  return FULL_NAMES.get(value.value) ?? value.value
}

function isImageFilter(id: string): id is ImageFilter {
  return ['DCTDecode', 'CCITTFaxDecode', 'JPXDecode', 'JBIG2Decode'].includes(id)
}

/** The two filters that may stand on predicted rows (table 8). */
function isRowed(id: string): boolean {
  return id === 'FlateDecode' || id === 'LZWDecode'
}

function undo(
  id: string,
  bytes: Uint8Array,
  settings: Dictionary | undefined,
  resolve: (value: Value | undefined) => Value,
  context: Context,
  expected: number | undefined,
): Inflated {
  if (id === 'FlateDecode') return inflate(bytes, context, expected)
  return { bytes: undoSimple(id, bytes, settings, resolve, context), damaged: false }
}

function undoSimple(
  id: string,
  bytes: Uint8Array,
  settings: Dictionary | undefined,
  resolve: (value: Value | undefined) => Value,
  context: Context,
): Uint8Array {
  switch (id) {
    case 'LZWDecode':
      return unlzw(bytes, whole(settings, 'EarlyChange', 1, resolve), context)
    case 'ASCIIHexDecode':
      return unhex(bytes, context)
    case 'ASCII85Decode':
      return unascii85(bytes, context)
    case 'RunLengthDecode':
      return unrun(bytes, context)
    case 'Crypt':
      // Decryption happened when the object was read; here the filter is only a name.
      return bytes
    default:
      throw new SyntaxFault('unknown filter', 0)
  }
}

function rowsOf(
  settings: Dictionary | undefined,
  resolve: (value: Value | undefined) => Value,
): Rows {
  return {
    colors: whole(settings, 'Colors', 1, resolve),
    bits: whole(settings, 'BitsPerComponent', 8, resolve),
    columns: whole(settings, 'Columns', 1, resolve),
  }
}

function predictor(
  settings: Dictionary | undefined,
  resolve: (value: Value | undefined) => Value,
): number {
  return whole(settings, 'Predictor', 1, resolve)
}

function whole(
  settings: Dictionary | undefined,
  key: string,
  otherwise: number,
  resolve: (value: Value | undefined) => Value,
): number {
  const value = resolve(settings?.entries.get(key))
  return typeof value === 'number' ? Math.trunc(value) : otherwise
}

/** As `decodeStream`, for bytes where a part would be worse than nothing: the tables of the file itself. */
export function decodeExactly(
  stream: Stream,
  resolve: (value: Value | undefined) => Value,
  context: Context,
): Uint8Array {
  const { bytes, filter, damaged } = decodeStream(stream, resolve, context)
  if (damaged || filter !== undefined) throw new SyntaxFault('damaged', 0)
  return bytes
}
