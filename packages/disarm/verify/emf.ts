import type { Budget } from './budget.ts'
import { EmfObjects, EMF_LAYOUTS, readEmfRecord } from './emf-record.ts'
import { Fields } from './metafile-fields.ts'
import { demand } from './rejection.ts'

const REASON = 'VERIFY-EMF'
const HEADER_BYTES = 108
const END_BYTES = 20
const END = 14
const FARTHEST = 0x7ffffff
const LARGEST_DEVICE = 100_000_000

/**
 * Accepts exactly the EMF of the grammar: the 108-byte header with true numbers, then only records of the list, each with exactly its
 * fields, then the end of the file.
 */
export function verifyEmf(bytes: Uint8Array, budget: Budget, where: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const objects = new EmfObjects()
  demand(bytes.length >= HEADER_BYTES + END_BYTES, REASON, where)
  let at = HEADER_BYTES
  let records = 2
  for (; at < bytes.length - END_BYTES; records++) {
    const [type, size] = [view.getUint32(at, true), view.getUint32(at + 4, true)]
    demand(EMF_LAYOUTS.has(type), REASON, `${where} record type ${type}`)
    demand(size >= 8 && size % 4 === 0 && size <= bytes.length - END_BYTES - at, REASON, where)
    const fields = new Fields(bytes.subarray(at, at + size), REASON, `${where} record ${records}`)
    readEmfRecord(fields, type, objects, budget)
    at += size
  }
  demand(at === bytes.length - END_BYTES, REASON, where)
  end(new Fields(bytes.subarray(at), REASON, where))
  header(new Fields(bytes.subarray(0, HEADER_BYTES), REASON, where), bytes.length, records, objects)
}

function end(read: Fields): void {
  for (const word of [END, END_BYTES, 0, 16, END_BYTES]) read.is(word)
}

function header(read: Fields, size: number, records: number, objects: EmfObjects): void {
  read.is(1)
  read.is(HEADER_BYTES)
  for (let index = 0; index < 8; index++) read.demand(Math.abs(read.i32()) <= FARTHEST)
  read.is(0x464d4520)
  read.is(0x10000)
  read.is(size)
  read.is(records)
  read.is(objects.handles)
  read.zeros(12)
  for (let index = 0; index < 4; index++) length(read)
  read.zeros(12)
  for (let index = 0; index < 2; index++) length(read)
}

function length(read: Fields): void {
  const value = read.i32()
  read.demand(value > 0 && value <= LARGEST_DEVICE)
}
