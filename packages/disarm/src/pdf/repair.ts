import { refuse } from '../family.ts'
import type { Context } from '../family.ts'
import { readIndirectObject } from './indirect.ts'
import type { IndirectObject } from './indirect.ts'
import { isWhite, Lexer, SyntaxFault } from './lexer.ts'
import { dictionary, isDictionary, isName, isReference, isStream } from './objects.ts'
import type { Dictionary, Value } from './objects.ts'
import { MAX_OBJECTS } from './xref.ts'
import type { Entry, Table } from './xref.ts'

/** What a scan of the whole file found; object streams are named, not opened (they may be encrypted). */
export interface Scan extends Table {
  /** Numbers of the object streams, in the order of the file. */
  readonly packs: readonly number[]
}

interface Found {
  readonly offset: number
  readonly generation: number
  readonly end: number
  /** Counts the `%%EOF` marks before the object: a later revision may replace an object, the same one may not. */
  readonly revision: number
}

interface Survey {
  readonly bytes: Uint8Array
  readonly found: Map<number, Found>
  readonly packs: number[]
  readonly catalogs: Set<number>
  trailer: Dictionary | undefined
  /** Where the last trailer, and the last object that is none, begins. */
  trailerAt: number
  objectAt: number
  revision: number
  replaced: boolean
}

/**
 * Rebuilds the cross-reference table of a damaged file by reading all objects in order. Refuses `PDF-XREF` when one revision defines
 * an object twice with different bytes, or when the root is not certain: then two readers could see two documents.
 */
export function scanObjects(bytes: Uint8Array, context: Context): Scan {
  const survey: Survey = {
    bytes,
    found: new Map(),
    packs: [],
    catalogs: new Set(),
    trailer: undefined,
    trailerAt: -1,
    objectAt: 0,
    revision: 0,
    replaced: false,
  }
  let at = 0
  while (at < bytes.length) {
    at = step(survey, at)
    context.checkTime()
  }
  const entries = new Map<number, Entry>()
  for (const [number, { offset, generation }] of survey.found) {
    entries.set(number, { kind: 'offset', offset, generation })
  }
  return {
    entries,
    trailer: survey.trailer ?? trailerFromCatalog(survey),
    revisions: survey.replaced ? 1 : 0,
    mended: true,
    cut: survey.trailerAt < survey.objectAt,
    packs: survey.packs,
  }
}

/** Handles the next mark of interest at or after `at` and returns where to go on. */
function step(survey: Survey, at: number): number {
  const { bytes } = survey
  const next = nextMark(bytes, at)
  if (next === undefined) return bytes.length
  if (next.mark === 'eof') {
    survey.revision += 1
    return next.at + 5
  }
  if (next.mark === 'trailer') {
    noteTrailer(survey, next.at + 7)
    return next.at + 7
  }
  return noteObject(survey, next.at, next.start)
}

interface Mark {
  readonly mark: 'obj' | 'trailer' | 'eof'
  readonly at: number
  readonly start: number
}

/** Scans byte by byte for `obj` behind two numbers, `trailer` or `%%EOF`. */
function nextMark(bytes: Uint8Array, from: number): Mark | undefined {
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (byte === 0x6f && matches(bytes, at, 'obj')) {
      const start = headerStart(bytes, at)
      if (start !== undefined && start >= from) return { mark: 'obj', at, start }
    } else if (byte === 0x74 && matches(bytes, at, 'trailer')) {
      return { mark: 'trailer', at, start: at }
    } else if (byte === 0x25 && matches(bytes, at, '%%EOF')) {
      return { mark: 'eof', at, start: at }
    }
  }
  return undefined
}

function matches(bytes: Uint8Array, at: number, word: string): boolean {
  for (let i = 0; i < word.length; i += 1) {
    if (bytes[at + i] !== word.charCodeAt(i)) return false
  }
  return true
}

/** Longest white space between the numbers of an object header; more is no header. */
const MAX_GAP = 64

/** Walks back over `N G ` and returns where `N` begins. */
function headerStart(bytes: Uint8Array, at: number): number | undefined {
  const generation = backOverNumber(bytes, backOverWhite(bytes, at))
  if (generation === undefined) return undefined
  const gap = backOverWhite(bytes, generation)
  return gap === generation ? undefined : backOverNumber(bytes, gap)
}

function backOverWhite(bytes: Uint8Array, at: number): number {
  let back = at
  while (back > 0 && at - back < MAX_GAP && isWhite(bytes[back - 1] as number)) back -= 1
  return back
}

function backOverNumber(bytes: Uint8Array, at: number): number | undefined {
  let back = at
  while (back > 0 && at - back < 12 && isDigit(bytes[back - 1] as number)) back -= 1
  return back < at ? back : undefined
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function noteTrailer(survey: Survey, at: number): void {
  try {
    const value = new Lexer(survey.bytes, at).value()
    if (!isDictionary(value) || !isReference(value.entries.get('Root'))) return
    survey.trailer = value
    survey.trailerAt = at
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
  }
}

function noteObject(survey: Survey, at: number, start: number): number {
  let object: IndirectObject
  try {
    object = readIndirectObject(survey.bytes, start, () => undefined)
  } catch (fault) {
    if (fault instanceof SyntaxFault) return at + 3
    throw fault
  }
  if (object.number > MAX_OBJECTS || survey.found.size > MAX_OBJECTS) refuse('PDF-LIMIT')
  noteDefinition(survey, object, start)
  noteKind(survey, object, start)
  return Math.max(object.end, at + 3)
}

function noteDefinition(survey: Survey, object: IndirectObject, start: number): void {
  const { number, generation, end } = object
  const before = survey.found.get(number)
  if (
    before &&
    before.revision === survey.revision &&
    !equalBytes(survey.bytes, before, start, end)
  ) {
    refuse('PDF-XREF')
  }
  if (before && before.revision !== survey.revision) survey.replaced = true
  survey.found.set(number, { offset: start, generation, end, revision: survey.revision })
}

function equalBytes(bytes: Uint8Array, before: Found, start: number, end: number): boolean {
  const one = bytes.subarray(before.offset, before.end)
  return Buffer.compare(one, bytes.subarray(start, end)) === 0
}

function noteKind(survey: Survey, { number, value }: IndirectObject, start: number): void {
  const entries = entriesOf(value)
  const type = entries?.get('Type')
  if (isName(type, 'Catalog')) survey.catalogs.add(number)
  else survey.catalogs.delete(number)
  const isTrailer = isStream(value) && isName(type, 'XRef') && isReference(entries?.get('Root'))
  if (isTrailer) {
    survey.trailer = value.dictionary
    survey.trailerAt = start
  } else survey.objectAt = start
  if (isStream(value) && isName(type, 'ObjStm')) survey.packs.push(number)
}

function entriesOf(value: Value): ReadonlyMap<string, Value> | undefined {
  if (isStream(value)) return value.dictionary.entries
  return isDictionary(value) ? value.entries : undefined
}

function trailerFromCatalog(survey: Survey): Dictionary {
  const [only, ...others] = survey.catalogs
  if (only === undefined || others.length > 0) return refuse('PDF-XREF')
  const generation = survey.found.get(only)?.generation ?? 0
  return dictionary({ Root: { kind: 'reference', number: only, generation } })
}
