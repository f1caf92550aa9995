import { refuse } from '../family.ts'
import type { Context } from '../family.ts'
import { decodeExactly } from './filter.ts'
import { isKeyword, Lexer, SyntaxFault } from './lexer.ts'
import { isDictionary, isList, isName, isStream } from './objects.ts'
import type { Dictionary, Stream, Value } from './objects.ts'
import { readIndirectObject } from './indirect.ts'

/** Where an object is. `free` shadows an older definition. */
export type Entry =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'packed'; readonly stream: number; readonly index: number }

export interface Table {
  readonly entries: Map<number, Entry>
  readonly trailer: Dictionary
  /** Older revisions that the newest one replaced in whole or in part. */
  readonly revisions: number
  /** Something had to be mended or ignored to read the table. */
  readonly mended: boolean
  /** No trailer stands behind the last object: the rest of the file is missing. */
  readonly cut?: boolean
}

/** Objects of one file. */
export const MAX_OBJECTS = 5_000_000
/** Sections on the `/Prev` chain: a file saved this often has another problem. */
const MAX_SECTIONS = 4096

interface Section {
  readonly trailer: Dictionary
  readonly entries: ReadonlyMap<number, Entry>
}

/**
 * Reads the cross-reference chain that the last `startxref` names: tables, streams and hybrids (ISO 32000-1, 7.5.4–7.5.8).
 * `base` is added to every offset, for files with bytes before the header. Throws `SyntaxFault` when any part does not parse.
 */
export function readTable(bytes: Uint8Array, base: number, context: Context): Table {
  const entries = new Map<number, Entry>()
  const seen = new Set<number>()
  let trailer: Dictionary | undefined
  let offset: number | undefined = lastStart(bytes)
  let mended = false
  while (offset !== undefined) {
    if (seen.has(offset)) {
      mended = true
      break
    }
    seen.add(offset)
    if (seen.size > MAX_SECTIONS) refuse('PDF-LIMIT')
    const section: Section = readSection(bytes, offset + base, context)
    merge(entries, section.entries)
    mergeHybrid(entries, section.trailer, bytes, base, context)
    trailer ??= section.trailer
    offset = previous(section.trailer)
  }
  if (!trailer) throw new SyntaxFault('no trailer', 0)
  const linear = isLinearized(bytes) ? 1 : 0
  return { entries, trailer, revisions: Math.max(0, seen.size - 1 - linear), mended }
}

function lastStart(bytes: Uint8Array): number {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf('startxref')
  if (at < 0) throw new SyntaxFault('no startxref', 0)
  const offset = new Lexer(bytes, at + 9).integer()
  if (offset === undefined) throw new SyntaxFault('no offset', at)
  return offset
}

/** Newest first: what is already known stays. */
function merge(known: Map<number, Entry>, older: ReadonlyMap<number, Entry>): void {
  for (const [number, entry] of older) if (!known.has(number)) known.set(number, entry)
  if (known.size > MAX_OBJECTS) refuse('PDF-LIMIT')
}

function mergeHybrid(
  known: Map<number, Entry>,
  trailer: Dictionary,
  bytes: Uint8Array,
  base: number,
  context: Context,
): void {
  const at = trailer.entries.get('XRefStm')
  if (typeof at !== 'number') return
  merge(known, readStreamSection(bytes, at + base, context).entries)
}

/** `/Prev 0` is written by some producers for "none". */
function previous(trailer: Dictionary): number | undefined {
  const value = trailer.entries.get('Prev')
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : undefined
}

function readSection(bytes: Uint8Array, at: number, context: Context): Section {
  if (!(at >= 0 && at < bytes.length)) throw new SyntaxFault('offset outside the file', at)
  const lexer = new Lexer(bytes, at)
  return lexer.keyword('xref')
    ? readTableSection(lexer, context)
    : readStreamSection(bytes, at, context)
}

function readTableSection(lexer: Lexer, context: Context): Section {
  const entries = new Map<number, Entry>()
  while (!lexer.keyword('trailer')) {
    const first = lexer.integer()
    const count = lexer.integer()
    if (first === undefined || count === undefined)
      throw new SyntaxFault('bad subsection', lexer.at)
    if (first + count > MAX_OBJECTS) refuse('PDF-LIMIT')
    for (let i = 0; i < count; i += 1) entries.set(first + i, readLine(lexer))
    context.checkTime()
  }
  const trailer = lexer.value()
  if (!isDictionary(trailer)) throw new SyntaxFault('trailer is no dictionary', lexer.at)
  return { trailer, entries }
}

function readLine(lexer: Lexer): Entry {
  const offset = lexer.integer()
  const generation = lexer.integer()
  const type = lexer.token()
  if (offset === undefined || generation === undefined || !isKeyword(type)) {
    throw new SyntaxFault('bad entry', lexer.at)
  }
  if (type.word === 'f') return { kind: 'free' }
  if (type.word !== 'n') throw new SyntaxFault('bad entry', lexer.at)
  return offset === 0 ? { kind: 'free' } : { kind: 'offset', offset, generation }
}

function readStreamSection(bytes: Uint8Array, at: number, context: Context): Section {
  const found = readIndirectObject(bytes, at, () => undefined)
  if (!isStream(found.value)) throw new SyntaxFault('no cross-reference stream', at)
  return { trailer: found.value.dictionary, entries: readEntries(found.value, context) }
}

/** 7.5.8.2–7.5.8.3. Also used by the repair scan for its trailer keys only. */
function readEntries(stream: Stream, context: Context): Map<number, Entry> {
  const get = (key: string): Value => stream.dictionary.entries.get(key) ?? null
  if (!isName(get('Type'), 'XRef')) throw new SyntaxFault('no cross-reference stream', 0)
  const widths = integers(get('W'))
  const size = get('Size')
  if (widths.length < 3 || widths.some((width) => width < 0 || width > 7)) {
    throw new SyntaxFault('bad widths', 0)
  }
  const index =
    get('Index') === null ? [0, typeof size === 'number' ? size : 0] : integers(get('Index'))
  const bytes = decodeExactly(stream, (value) => value ?? null, context)
  return unpackEntries(bytes, widths, index)
}

function unpackEntries(bytes: Uint8Array, widths: number[], index: number[]): Map<number, Entry> {
  const entries = new Map<number, Entry>()
  const row = widths.reduce((sum, width) => sum + width, 0)
  if (row === 0) return entries
  let at = 0
  for (let i = 0; i + 1 < index.length; i += 2) {
    const first = index[i] as number
    const count = index[i + 1] as number
    if (first < 0 || count < 0 || first + count > MAX_OBJECTS) refuse('PDF-LIMIT')
    for (let n = 0; n < count && at + row <= bytes.length; n += 1) {
      entries.set(first + n, unpackEntry(bytes, at, widths))
      at += row
    }
  }
  return entries
}

function unpackEntry(bytes: Uint8Array, at: number, widths: number[]): Entry {
  const [a = 0, b = 0, c = 0] = widths
  const type = a === 0 ? 1 : bigEndian(bytes, at, a)
  const second = bigEndian(bytes, at + a, b)
  const third = bigEndian(bytes, at + a + b, c)
  if (type === 1 && second > 0) return { kind: 'offset', offset: second, generation: third }
  if (type === 2) return { kind: 'packed', stream: second, index: third }
  return { kind: 'free' }
}

function bigEndian(bytes: Uint8Array, at: number, width: number): number {
  let value = 0
  for (let i = 0; i < width; i += 1) value = value * 256 + (bytes[at + i] ?? 0)
  return value
}

function integers(value: Value): number[] {
  if (!isList(value)) return []
  return value.items.map((item) => (typeof item === 'number' ? Math.trunc(item) : -1))
}

/** Annex F: the first object of a linearized file says so; its second section is no older revision. */
function isLinearized(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 2048))
  return head.includes('/Linearized')
}
