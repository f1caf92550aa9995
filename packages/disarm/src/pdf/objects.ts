/** The basic objects of ISO 32000-1, 7.3. Numbers, booleans and null are themselves. */

export interface Name {
  readonly kind: 'name'
  /** One character per byte, `#xx` already resolved: an obfuscated name equals the plain one from here on. */
  readonly value: string
}

export interface Text {
  readonly kind: 'string'
  readonly bytes: Uint8Array
}

export interface List {
  readonly kind: 'list'
  readonly items: readonly Value[]
  /** What becomes of links to nothing: they are left out, the whole list goes, or (absent) they are null. */
  readonly gaps?: 'left out' | 'spoil'
}

export interface Dictionary {
  readonly kind: 'dictionary'
  readonly entries: ReadonlyMap<string, Value>
  /** Without these keys it is worth nothing and is not written. */
  readonly required?: readonly string[]
}

/** A stream as found in the file: `raw` is decrypted and still filtered. */
export interface Stream {
  readonly kind: 'stream'
  readonly dictionary: Dictionary
  readonly raw: Uint8Array
}

export interface Reference {
  readonly kind: 'reference'
  readonly number: number
  readonly generation: number
}

/** Link to an object of the file being written. `Slot.value` is undefined while, or when, nothing is written for it. */
export interface Link {
  readonly kind: 'link'
  readonly slot: Slot
}

export interface Slot {
  value: Value | undefined
}

export type Value =
  | null
  | boolean
  | number
  | Name
  | Text
  | List
  | Dictionary
  | Stream
  | Reference
  | Link

export function name(value: string): Name {
  return { kind: 'name', value }
}

export function list(items: readonly Value[]): List {
  return { kind: 'list', items }
}

/** A list whose links may turn out to lead nowhere. */
export function compactList(items: readonly Value[]): List {
  return { kind: 'list', items, gaps: 'left out' }
}

export function text(bytes: Uint8Array): Text {
  return { kind: 'string', bytes }
}

/** Entries that are `undefined` are left out, so that optional keys need no branches. */
export function dictionary(entries: Readonly<Record<string, Value | undefined>>): Dictionary {
  const map = new Map<string, Value>()
  for (const [key, value] of Object.entries(entries)) {
    if (value !== undefined) map.set(key, value)
  }
  return { kind: 'dictionary', entries: map }
}

export function isName(value: Value | undefined, expected?: string): value is Name {
  if (typeof value !== 'object' || value === null || value.kind !== 'name') return false
  return expected === undefined || value.value === expected
}

export function isText(value: Value | undefined): value is Text {
  return typeof value === 'object' && value !== null && value.kind === 'string'
}

export function isList(value: Value | undefined): value is List {
  return typeof value === 'object' && value !== null && value.kind === 'list'
}

export function isDictionary(value: Value | undefined): value is Dictionary {
  return typeof value === 'object' && value !== null && value.kind === 'dictionary'
}

export function isStream(value: Value | undefined): value is Stream {
  return typeof value === 'object' && value !== null && value.kind === 'stream'
}

export function isReference(value: Value | undefined): value is Reference {
  return typeof value === 'object' && value !== null && value.kind === 'reference'
}

export function isLink(value: Value | undefined): value is Link {
  return typeof value === 'object' && value !== null && value.kind === 'link'
}

/** Bytes of Latin-1 text; for names and keywords, which hold one character per byte. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

export function fromLatin1(value: string): Uint8Array {
  return Buffer.from(value, 'latin1')
}
