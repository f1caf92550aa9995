import type { Budget } from './budget.ts'
import { Fields } from './metafile-fields.ts'
import { demand } from './rejection.ts'
import { WMF_LAYOUTS, WmfObjects, readWmfRecord } from './wmf-record.ts'

const REASON = 'VERIFY-WMF'
const PLACEABLE_BYTES = 22
const HEADER_BYTES = 18
const END_BYTES = 6

/**
 * Accepts exactly the WMF of the grammar: a placeable header with a true checksum, the header with true numbers, then only records of
 * the list, each with exactly its fields, then the end of the file.
 */
export function verifyWmf(bytes: Uint8Array, budget: Budget, where: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const start = PLACEABLE_BYTES + HEADER_BYTES
  demand(bytes.length >= start + END_BYTES, REASON, where)
  const objects = new WmfObjects()
  let largest = END_BYTES
  let at = start
  for (let record = 1; at < bytes.length - END_BYTES; record++) {
    const [size, type] = [view.getUint32(at, true) * 2, view.getUint16(at + 4, true)]
    demand(WMF_LAYOUTS.has(type), REASON, `${where} record type ${type}`)
    demand(size >= 6 && size <= bytes.length - END_BYTES - at, REASON, where)
    const fields = new Fields(bytes.subarray(at, at + size), REASON, `${where} record ${record}`)
    readWmfRecord(fields, type, objects, budget)
    largest = Math.max(largest, size)
    at += size
  }
  demand(at === bytes.length - END_BYTES, REASON, where)
  const end = new Fields(bytes.subarray(at), REASON, where)
  end.is(END_BYTES / 2)
  end.zeros(2)
  placement(new Fields(bytes.subarray(0, PLACEABLE_BYTES), REASON, where))
  const header = new Fields(bytes.subarray(PLACEABLE_BYTES, start), REASON, where)
  header.is(0x00090001)
  header.demand(header.u16() === 0x300)
  header.is((bytes.length - PLACEABLE_BYTES) / 2)
  header.demand(header.u16() === objects.most)
  header.is(largest / 2)
  header.zeros(2)
}

/** The eleven words of the placeable header, of which the last is what the others give together. */
function placement(read: Fields): void {
  const words = Array.from({ length: 11 }, () => read.u16())
  const [, , handle, left, top, right, bottom, unitsPerInch, reserved, more] = words
  read.demand(words[0] === 0xcdd7 && words[1] === 0x9ac6)
  read.demand(handle === 0 && reserved === 0 && more === 0)
  read.demand(left !== right && top !== bottom && unitsPerInch !== 0)
  read.demand(words.reduce((sum, word) => sum ^ word, 0) === 0)
}
