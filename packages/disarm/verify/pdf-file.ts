import { createHash } from 'node:crypto'
import { ValueReader } from './pdf-value.ts'
import type { Dictionary, Value } from './pdf-value.ts'
import { Rejection, demand } from './rejection.ts'

export interface PdfFile {
  /** Index n − 1 holds object n. */
  readonly objects: readonly Value[]
  /** Object numbers of the trailer's `Root` and `Info`. */
  readonly root: number
  readonly info: number | undefined
}

const HEADER = '%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n'
const MAX_OBJECTS = 5_000_000
const ID_BYTES = 16

/**
 * Reads a canonical PDF forwards: header, objects 1…n in order, one cross-reference table, one trailer, end. The table
 * is checked against where the objects really stand; it is never used to find them.
 */
export function readPdf(bytes: Uint8Array): PdfFile {
  const read = new ValueReader(bytes, 0, 'file')
  read.expect(HEADER)
  const objects: Value[] = []
  const offsets: number[] = []
  while (!read.startsWith('xref\n')) {
    demand(objects.length < MAX_OBJECTS && !read.atEnd, 'VERIFY-PDF', 'objects')
    offsets.push(read.at)
    objects.push(readObject(bytes, read, objects.length + 1))
  }
  const xref = read.at
  const id = createHash('sha256').update(bytes.subarray(HEADER.length, xref)).digest('hex')
  const count = objects.length + 1
  read.expect(`xref\n0 ${count}\n0000000000 65535 f \n`)
  for (const offset of offsets) read.expect(`${String(offset).padStart(10, '0')} 00000 n \n`)
  read.expect(`trailer\n<< /Size ${count} /Root `)
  const root = reference(read)
  const info = read.accept(' /Info ') ? reference(read) : undefined
  const half = id.slice(0, 2 * ID_BYTES).toUpperCase()
  read.expect(` /ID [<${half}> <${half}>] >>\nstartxref\n${xref}\n%%EOF\n`)
  demand(read.atEnd, 'VERIFY-TRAILING', 'file')
  const file = { objects, root, info }
  checkNumbering(file)
  return file
}

function reference(read: ValueReader): number {
  const value = read.value(true)
  if (value.kind !== 'reference') throw new Rejection('VERIFY-PDF', 'trailer')
  return value.number
}

function readObject(bytes: Uint8Array, read: ValueReader, number: number): Value {
  const where = `object ${number}`
  read.expect(`${number} 0 obj\n`)
  const value = new ValueReader(bytes, read.at, where)
  const found = value.value(true)
  read.at = value.at
  read.expect('\n')
  if (read.accept('endobj\n')) return found
  const length = found.kind === 'dict' ? lengthOf(found.entries) : undefined
  if (found.kind !== 'dict' || length === undefined) throw new Rejection('VERIFY-PDF', where)
  read.expect('stream\n')
  const raw = bytes.subarray(read.at, read.at + length)
  read.at += raw.length
  read.expect('\nendstream\nendobj\n')
  return { kind: 'stream', entries: found.entries, raw }
}

/** `Length` as the last key, direct and exact: a reader that looks elsewhere for the end must find the same. */
function lengthOf(entries: Dictionary): number | undefined {
  const [key, value] = [...entries].at(-1) ?? []
  if (key !== 'Length' || value?.kind !== 'number' || !value.integer) return undefined
  return value.value >= 0 ? value.value : undefined
}

/**
 * Every object is reached from the trailer, and its number is its place in a depth-first walk: nothing is left over from an
 * older state, and the numbers carry no message.
 */
function checkNumbering({ objects, root, info }: PdfFile): void {
  const waiting: Value[] = [{ kind: 'reference', number: root }]
  if (info !== undefined) waiting.unshift({ kind: 'reference', number: info })
  let met = 0
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value.kind === 'reference') {
      if (value.number <= met) continue
      demand(value.number === ++met && met <= objects.length, 'VERIFY-PDF-ORDER', `object ${met}`)
      waiting.push(objects[met - 1]!)
    } else for (const child of childrenOf(value).toReversed()) waiting.push(child)
  }
  demand(met === objects.length, 'VERIFY-PDF-UNREACHABLE', `object ${met + 1}`)
}

function childrenOf(value: Value): readonly Value[] {
  if (value.kind === 'array') return value.items
  return value.kind === 'dict' || value.kind === 'stream' ? [...value.entries.values()] : []
}
