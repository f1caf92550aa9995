import { refuse } from '../family.ts'
import type { Context } from '../family.ts'
import { openEncryption } from './crypt.ts'
import type { Decryptor } from './crypt.ts'
import { decodeExactly, decodeStream } from './filter.ts'
import type { Decoded, DecodeOptions } from './filter.ts'
import { readIndirectObject } from './indirect.ts'
import { Lexer, SyntaxFault } from './lexer.ts'
import { LockedStream } from './locked-stream.ts'
import { isDictionary, isList, isReference, isStream, isText } from './objects.ts'
import type { Dictionary, Reference, Stream, Text, Value } from './objects.ts'
import { scanObjects } from './repair.ts'
import { readTable } from './xref.ts'
import type { Entry, Table } from './xref.ts'

/** Longest chain of references to references. */
const MAX_HOPS = 32
/** Bytes in front of `%PDF-` that readers tolerate. */
const MAX_PREFIX = 1024

/** A parsed input file: objects by number, decrypted, loaded when asked for. */
export class PdfFile {
  readonly trailer: Dictionary
  readonly encrypted: boolean
  readonly table: Table
  readonly #bytes: Uint8Array
  readonly #base: number
  readonly #context: Context
  readonly #strict: boolean
  readonly #objects = new Map<number, Value>()
  readonly #loading = new Set<number>()
  readonly #packs = new Map<number, ReadonlyMap<number, Value>>()
  #decryptor: Decryptor | undefined
  #encryptNumber = -1
  /** A stream had a wrong length, or the table was mended. */
  mended: boolean

  constructor(bytes: Uint8Array, table: Table, base: number, strict: boolean, context: Context) {
    this.#bytes = bytes
    this.#base = base
    this.#strict = strict
    this.#context = context
    this.table = table
    this.trailer = table.trailer
    this.mended = table.mended
    const encrypt = this.trailer.entries.get('Encrypt')
    this.encrypted = encrypt !== undefined && encrypt !== null
    if (this.encrypted) this.#openEncryption(encrypt as Value)
  }

  /** Follows references; anything missing is null (ISO 32000-1, 7.3.10). */
  resolve = (value: Value | undefined): Value => {
    let current: Value = value ?? null
    for (let hop = 0; isReference(current); hop += 1) {
      if (hop > MAX_HOPS) return null
      current = this.object(current)
    }
    return current
  }

  object(reference: Reference): Value {
    const { number, generation } = reference
    const known = this.#objects.get(number)
    if (known !== undefined) return known
    const entry = this.table.entries.get(number)
    if (!entry || entry.kind === 'free' || this.#loading.has(number)) return null
    if (entry.kind === 'offset' && entry.generation !== generation && this.#strict) return null
    this.#loading.add(number)
    try {
      const value = this.#load(number, entry)
      this.#objects.set(number, value)
      return value
    } finally {
      this.#loading.delete(number)
    }
  }

  decode(stream: Stream, options: DecodeOptions = {}): Decoded {
    const decoded = decodeStream(stream, this.resolve, this.#context, options)
    if (decoded.damaged) this.mended = true
    return decoded
  }

  /** Adds the members of object streams found by the repair scan. */
  addPacks(numbers: readonly number[]): void {
    for (const number of numbers) {
      for (const [index, member] of [...this.#pack(number).keys()].entries()) {
        if (!this.table.entries.has(member)) {
          this.table.entries.set(member, { kind: 'packed', stream: number, index })
        }
      }
    }
  }

  #openEncryption(encrypt: Value): void {
    if (isReference(encrypt)) this.#encryptNumber = encrypt.number
    const dictionary = this.resolve(encrypt)
    if (!isDictionary(dictionary)) throw new SyntaxFault('no encryption dictionary', 0)
    const id = this.resolve(this.trailer.entries.get('ID'))
    const first = isList(id) ? this.resolve(id.items[0]) : null
    const bytes = isText(first) ? first.bytes : new Uint8Array()
    this.#decryptor = openEncryption(dictionary, bytes, this.resolve, this.#context.password)
    this.#objects.clear()
  }

  #load(number: number, entry: Exclude<Entry, { kind: 'free' }>): Value {
    if (entry.kind === 'packed') return this.#packed(number, entry.stream)
    try {
      return this.#loadAt(number, entry.offset + this.#base)
    } catch (fault) {
      if (fault instanceof SyntaxFault && !this.#strict) return null
      throw fault
    }
  }

  #loadAt(number: number, offset: number): Value {
    if (offset < 0 || offset >= this.#bytes.length)
      throw new SyntaxFault('offset outside the file', offset)
    const found = readIndirectObject(this.#bytes, offset, (value) => this.#length(value))
    if (found.number !== number) throw new SyntaxFault('another object is here', offset)
    if (found.mended) this.mended = true
    if (!this.#decryptor || number === this.#encryptNumber) return found.value
    return decryptValue(found.value, number, found.generation, this.#decryptor)
  }

  #length(value: Value): number | undefined {
    const length = this.resolve(value)
    return typeof length === 'number' ? length : undefined
  }

  #packed(number: number, stream: number): Value {
    return this.#pack(stream).get(number) ?? null
  }

  /** 7.5.7. A pack inside a pack is not allowed and reads as empty. */
  #pack(number: number): ReadonlyMap<number, Value> {
    const known = this.#packs.get(number)
    if (known) return known
    this.#packs.set(number, new Map())
    if (this.table.entries.get(number)?.kind !== 'offset') return new Map()
    const stream = this.object({ kind: 'reference', number, generation: 0 })
    if (!isStream(stream)) throw new SyntaxFault('no object stream', 0)
    const members = unpack(stream, decodeExactly(stream, this.resolve, this.#context), this.resolve)
    this.#packs.set(number, members)
    return members
  }
}

/**
 * Opens a file: strictly by its cross-reference table, else by a scan of all objects. Every object that can be reached is loaded
 * once here, so that damage is known before anything is written. Refuses `PDF-XREF` when neither way is certain.
 */
export function openFile(bytes: Uint8Array, context: Context): PdfFile {
  const header = headerOffset(bytes)
  for (const base of new Set([0, header])) {
    try {
      const file = new PdfFile(bytes, readTable(bytes, base, context), base, true, context)
      loadReachable(file, context)
      return file
    } catch (fault) {
      if (!(fault instanceof SyntaxFault)) throw fault
    }
  }
  return repairFile(bytes, context)
}

function repairFile(bytes: Uint8Array, context: Context): PdfFile {
  try {
    const scan = scanObjects(bytes, context)
    const file = new PdfFile(bytes, scan, 0, false, context)
    file.addPacks(scan.packs.toReversed())
    loadReachable(file, context)
    return file
  } catch (fault) {
    if (fault instanceof SyntaxFault) return refuse('PDF-XREF')
    throw fault
  }
}

function headerOffset(bytes: Uint8Array): number {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_PREFIX + 5))
  const at = head.indexOf('%PDF-')
  return at < 0 ? 0 : at
}

/** Loads everything reachable from the trailer without recursion; throws `SyntaxFault` when a part is damaged. */
function loadReachable(file: PdfFile, context: Context): void {
  if (!isDictionary(file.resolve(file.trailer.entries.get('Root')))) {
    throw new SyntaxFault('no catalog', 0)
  }
  const seen = new Set<number>()
  const waiting: Value[] = [file.trailer]
  while (waiting.length > 0) {
    const value = waiting.pop() as Value
    if (isReference(value)) {
      if (seen.has(value.number)) continue
      seen.add(value.number)
      if (seen.size % 1024 === 0) context.checkTime()
      waiting.push(file.object(value))
    } else {
      for (const child of childrenOf(value)) if (isCompound(child)) waiting.push(child)
    }
  }
}

/** Whether references may be inside. */
export function isCompound(value: Value): boolean {
  return (
    typeof value === 'object' && value !== null && value.kind !== 'name' && value.kind !== 'string'
  )
}

/** The values directly inside `value`. */
export function childrenOf(value: Value): Iterable<Value> {
  if (isList(value)) return value.items
  if (isDictionary(value)) return value.entries.values()
  return isStream(value) ? value.dictionary.entries.values() : []
}

function unpack(
  stream: Stream,
  bytes: Uint8Array,
  resolve: (value: Value | undefined) => Value,
): Map<number, Value> {
  const count = resolve(stream.dictionary.entries.get('N'))
  const first = resolve(stream.dictionary.entries.get('First'))
  if (typeof count !== 'number' || typeof first !== 'number')
    throw new SyntaxFault('bad object stream', 0)
  const header = new Lexer(bytes, 0)
  const members = new Map<number, Value>()
  for (let i = 0; i < count; i += 1) {
    const number = header.integer()
    const offset = header.integer()
    if (number === undefined || offset === undefined) throw new SyntaxFault('bad object stream', 0)
    members.set(number, new Lexer(bytes, first + offset).value())
  }
  return members
}

function decryptValue(value: Value, number: number, generation: number, by: Decryptor): Value {
  const own = (inner: Value): Value => decryptValue(inner, number, generation, by)
  if (isText(value)) return decryptText(value, number, generation, by)
  if (isList(value)) return { kind: 'list', items: value.items.map(own) }
  if (isDictionary(value)) return decryptDictionary(value, own)
  if (!isStream(value)) return value
  const open = by.stream(value.raw, number, generation, value.dictionary)
  const dictionary = decryptDictionary(value.dictionary, own)
  return open ? new LockedStream(dictionary, open) : { ...value, dictionary }
}

function decryptText(value: Text, number: number, generation: number, by: Decryptor): Text {
  return { kind: 'string', bytes: by.string(value.bytes, number, generation) }
}

function decryptDictionary(value: Dictionary, own: (inner: Value) => Value): Dictionary {
  return {
    kind: 'dictionary',
    entries: new Map([...value.entries].map(([key, inner]) => [key, own(inner)])),
  }
}
