import type { Budget } from './budget.ts'
import { inflateExactly } from './inflate.ts'
import { ValueReader } from './pdf-value.ts'
import type { Value } from './pdf-value.ts'
import { Rejection, demand } from './rejection.ts'

export type Dictionary = ReadonlyMap<string, Value>

/** One numbered object of a canonical file. */
export interface PdfObject {
  readonly value: Value
  /** Raw bytes of the stream as stored, when it is one. */
  readonly stream?: Uint8Array
}

export interface PdfFile {
  /** Index n − 1 holds object n. */
  readonly objects: readonly PdfObject[]
  readonly trailer: Dictionary
}

const HEADER = '%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n'
const MAX_OBJECTS = 5_000_000

/**
 * Reads a canonical PDF forwards: header, objects 1…n in order, one cross-reference table, one trailer, end. The table
 * is checked against where the objects really stand; it is never used to find them.
 */
export function readPdf(bytes: Uint8Array): PdfFile {
  const read = new ValueReader(bytes, 0, 'header')
  read.expect(HEADER)
  const objects: PdfObject[] = []
  const offsets: number[] = []
  while (!read.startsWith('xref\n')) {
    demand(objects.length < MAX_OBJECTS && read.at < bytes.length, 'VERIFY-PDF', 'objects')
    offsets.push(read.at)
    objects.push(readObject(bytes, read, objects.length + 1))
  }
  const xref = read.at
  read.expect(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`)
  for (const offset of offsets) read.expect(`${String(offset).padStart(10, '0')} 00000 n \n`)
  read.expect('trailer\n')
  const trailer = read.next(false)
  demand(trailer?.kind === 'dict', 'VERIFY-PDF', 'trailer')
  read.expect(`\nstartxref\n${xref}\n%%EOF\n`)
  demand(read.at === bytes.length, 'VERIFY-TRAILING', 'trailer')
  return { objects, trailer: trailer.entries }
}

function readObject(bytes: Uint8Array, read: ValueReader, number: number): PdfObject {
  const where = `object ${number}`
  read.expect(`${number} 0 obj\n`)
  const value = read.next(false)
  demand(value !== undefined, 'VERIFY-PDF', where)
  read.expect('\n')
  if (!read.startsWith('stream\n')) {
    read.expect('endobj\n')
    return { value }
  }
  demand(value.kind === 'dict', 'VERIFY-PDF', where)
  const length = value.entries.get('Length')
  demand(length?.kind === 'number' && length.integer && length.value >= 0, 'VERIFY-PDF', where)
  read.expect('stream\n')
  const stream = bytes.subarray(read.at, read.at + length.value)
  demand(stream.length === length.value, 'VERIFY-PDF', where)
  read.at += length.value
  read.expect('\nendstream\nendobj\n')
  return { value, stream }
}

/** Filter of a stream: at most one, by the grammar. */
export function filterOf(dictionary: Dictionary, where: string): string | undefined {
  const filter = dictionary.get('Filter')
  if (filter === undefined) return undefined
  const only = filter.kind === 'array' && filter.items.length === 1 ? filter.items[0]! : filter
  if (only.kind !== 'name') throw new Rejection('VERIFY-PDF', where)
  return only.value
}

/** Bytes of a stream that is stored plain or deflated; `undefined` for image codecs. */
export function decoded(object: PdfObject, budget: Budget, where: string): Uint8Array | undefined {
  if (object.value.kind !== 'dict' || object.stream === undefined) return undefined
  const filter = filterOf(object.value.entries, where)
  if (filter === undefined) return object.stream
  return filter === 'FlateDecode' ? inflateExactly(object.stream, 'zlib', budget, where) : undefined
}
