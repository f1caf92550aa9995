import {
  isDictionary,
  isList,
  isName,
  isReference,
  isStream,
  isText,
  name,
  text,
} from './objects.ts'
import type { Dictionary, Stream, Value } from './objects.ts'
import type { Shape, Walk } from './walk.ts'
import { SyntaxFault } from './lexer.ts'
import { safeName } from './safe-name.ts'
import { isReportedByCensus, isSilent } from './keys.ts'

/** Largest magnitude that every reader holds in a number (ISO 32000-1, Annex C). */
export const MAX_NUMBER = 2_147_483_647
/** Longest text or byte string that is written. */
export const MAX_TEXT = 1024 * 1024

/** Lists from this length pay for their place in memory. */
const LONG_LIST = 256
const ITEM_BYTES = 32

export const anyNumber: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (typeof found !== 'number' || !Number.isFinite(found)) return undefined
  return Math.max(-MAX_NUMBER, Math.min(MAX_NUMBER, found))
}

export const anyBoolean: Shape = (value, walk) => {
  const found = walk.resolve(value)
  return typeof found === 'boolean' ? found : undefined
}

/** A name that says what something is called; free, because it is only compared. */
export const anyName: Shape = (value, walk) => {
  const found = walk.resolve(value)
  return isName(found) ? name(safeName(found.value)) : undefined
}

export const anyText: Shape = (value, walk) => {
  const found = walk.resolve(value)
  return isText(found) && found.bytes.length <= MAX_TEXT ? text(found.bytes) : undefined
}

export function integer(low: number, high: number): Shape {
  return (value, walk) => {
    const found = walk.resolve(value)
    if (typeof found !== 'number') return undefined
    const whole = Math.trunc(found)
    return whole >= low && whole <= high ? whole : undefined
  }
}

export const anyInteger = integer(-MAX_NUMBER, MAX_NUMBER)

export function oneOf(...names: readonly string[]): Shape {
  const allowed = new Set(names)
  return (value, walk) => {
    const found = walk.resolve(value)
    return isName(found) && allowed.has(found.value) ? name(found.value) : undefined
  }
}

export function either(...shapes: readonly Shape[]): Shape {
  return (value, walk) => {
    for (const shape of shapes) {
      const found = shape(value, walk)
      if (found !== undefined) return found
    }
    return undefined
  }
}

/** Array whose items all fit; `strict` drops the whole array for one bad item, otherwise only the item goes. */
export function listOf(
  item: Shape,
  {
    least = 0,
    most = 100_000,
    strict = true,
  }: { least?: number; most?: number; strict?: boolean } = {},
): Shape {
  return (value, walk) => {
    const found = walk.resolve(value)
    if (!isList(found) || found.items.length > most) return undefined
    // One long list that is named in a hundred thousand places would be written as often.
    if (found.items.length > LONG_LIST) walk.context.spend(found.items.length * ITEM_BYTES)
    const items = found.items.map((each) => item(each, walk))
    if (strict && items.includes(undefined)) return undefined
    const kept = items.filter((each) => each !== undefined)
    if (kept.length < least) return undefined
    return { kind: 'list', items: kept, gaps: strict ? 'spoil' : 'left out' }
  }
}

export function numbers(least: number, most = least): Shape {
  return listOf(anyNumber, { least, most })
}

/** A referenced value becomes one shared object; a direct one stays in place. */
export function shared(shape: Shape): Shape {
  return (value, walk) => (isReference(value) ? walk.link(value, shape) : shape(value, walk))
}

/** Always an object of its own. Streams must be. */
export function indirect(shape: Shape): Shape {
  return (value, walk) => {
    const found = walk.resolve(value)
    return found === null ? undefined : walk.link(isReference(value) ? value : found, shape)
  }
}

/** For shapes that need each other. */
export function later(shape: () => Shape): Shape {
  return (value, walk) => shape()(value, walk)
}

export interface Form {
  /** The allow-list: everything else is not written. The order is the order of writing. */
  readonly keys: Readonly<Record<string, Shape>>
  /** Names written whatever the input says, e.g. `Type`. */
  readonly fixed?: Readonly<Record<string, string>>
  /** Without these the whole dictionary is not written. */
  readonly required?: readonly string[]
}

/** A dictionary by allow-list. */
export function form(spec: Form): Shape {
  return (value, walk) => {
    const found = walk.resolve(value)
    const source = isStream(found) ? found.dictionary : found
    return isDictionary(source) ? copyForm(source, spec, walk) : undefined
  }
}

export function copyForm(source: Dictionary, spec: Form, walk: Walk): Dictionary | undefined {
  const entries = new Map<string, Value>()
  const { fixed, shapes, known } = tablesOf(spec)
  for (const [key, value] of fixed) entries.set(key, value)
  for (const [key, shape] of shapes) {
    const given = source.entries.get(key)
    const copy = given === undefined ? undefined : shape(given, walk)
    if (copy !== undefined && copy !== null) entries.set(key, copy)
  }
  reportUnknown(source, known, walk)
  const { required = [] } = spec
  return required.every((key) => entries.has(key))
    ? { kind: 'dictionary', entries, required }
    : undefined
}

interface Tables {
  readonly fixed: readonly (readonly [string, Value])[]
  readonly shapes: readonly (readonly [string, Shape])[]
  readonly known: ReadonlySet<string>
}

const TABLES = new WeakMap<Form, Tables>()

/** A form is used for thousands of dictionaries; it is taken apart once. */
function tablesOf(spec: Form): Tables {
  const before = TABLES.get(spec)
  if (before) return before
  const fixed = Object.entries(spec.fixed ?? {}).map(([key, value]) => [key, name(value)] as const)
  const shapes = Object.entries(spec.keys)
  const known = new Set([...fixed, ...shapes].map(([key]) => key))
  const tables = { fixed, shapes, known }
  TABLES.set(spec, tables)
  return tables
}

/** Private data of the producing program, unknown to us: it is not written, and it is said. */
function reportUnknown(source: Dictionary, known: ReadonlySet<string>, walk: Walk): void {
  for (const key of source.entries.keys()) {
    if (!known.has(key) && !isSilent(key) && !isReportedByCensus(key)) walk.removed('PDF-META')
  }
}

/** Dictionary with free keys, such as resource names. */
export function mapOf(shape: Shape, most = 100_000): Shape {
  return (value, walk) => {
    const found = walk.resolve(value)
    if (!isDictionary(found) || found.entries.size > most) return undefined
    const entries = new Map<string, Value>()
    for (const [key, each] of found.entries) {
      const copy = shape(each, walk)
      if (copy !== undefined && copy !== null) entries.set(safeName(key), copy)
    }
    return { kind: 'dictionary', entries }
  }
}

export interface Body {
  readonly raw: Uint8Array
  /** `Filter`, `DecodeParms` and whatever else follows from the bytes. */
  readonly entries: Readonly<Record<string, Value | undefined>>
}

/** A stream: dictionary by allow-list, bytes by `body`. Always an object of its own. */
export function streamOf(
  spec: Form,
  body: (stream: Stream, walk: Walk) => Body | undefined,
): Shape {
  return indirect((value, walk) => {
    const found = walk.resolve(value)
    if (!isStream(found)) return undefined
    const copy = copyForm(found.dictionary, spec, walk)
    const made = copy && readable(() => body(found, walk), walk)
    return copy && made ? withBody(copy, made) : undefined
  })
}

/** Bytes that cannot be unpacked are nothing, and that is said. */
function readable(read: () => Body | undefined, walk: Walk): Body | undefined {
  try {
    return read()
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
    walk.removed('PDF-FILTER')
    return undefined
  }
}

export function withBody(copy: Dictionary, { raw, entries }: Body): Stream {
  const all = new Map(copy.entries)
  for (const [key, value] of Object.entries(entries)) if (value !== undefined) all.set(key, value)
  return { kind: 'stream', dictionary: { ...copy, entries: all }, raw }
}
