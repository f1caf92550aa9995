import { crc32 } from 'node:zlib'
import { SekishoError } from '@sekisho/core'
import { giveBack } from '../give-back.ts'
import type { Content, PackedContent } from './deflate.ts'
import { deflated } from './deflate.ts'

export interface NewEntry {
  /** Already canonical: UTF-8, 1–255 bytes, `/` between segments. */
  readonly name: string
  readonly bytes: Content
  /** Never packed: the `mimetype` of OpenDocument, which programs look for at a fixed place. */
  readonly stored?: boolean
}

/**
 * Writes the one zip form of docs/design/disarm-grammar.md: entries in the given order from offset 0 without a gap, no
 * time, no extra field, no comment, UTF-8 names. The same entries give the same bytes everywhere.
 */
export function writeZip(entries: readonly NewEntry[]): Uint8Array {
  const members = entries.map(pack)
  const central: Uint8Array[] = []
  let offset = 0
  for (const member of members) {
    central.push(centralHeader(member, offset), member.name)
    offset += LOCAL_SIZE + member.name.length + member.packedSize
  }
  const size = central.reduce((sum, part) => sum + part.length, 0)
  const whole = new Whole(offset + size + END_SIZE)
  const end = endRecord(entries.length, size, offset)
  for (const member of members) {
    whole.put(localHeader(member))
    whole.put(member.name)
    for (const piece of member.data) {
      whole.put(piece)
      if (member.own) giveBack(piece)
    }
  }
  for (const part of central) whole.put(part)
  whole.put(end)
  return whole.bytes
}

/** Packs a member now, so that its bytes need not wait for the others: they come out as if `writeZip` had packed them. */
export function packedEntry(name: string, bytes: Uint8Array): NewEntry {
  const packed = deflated(bytes)
  if (packed.length >= bytes.length) return { name, bytes, stored: true }
  return { name, bytes: { packed: [packed], crc: crc32(bytes), size: bytes.length } }
}

const LOCAL_SIZE = 30
const CENTRAL_SIZE = 46
const END_SIZE = 22
const VERSION = 20
const FLAG_UTF8 = 0x0800
/** 1980-01-01 in MS-DOS form. */
const DATE = 0x0021
/** Without zip64 the format ends here. */
const MAX_BYTES = 0xffffffff
const MAX_ENTRIES = 0xffff
const MAX_NAME = 255

interface Packed {
  readonly name: Uint8Array
  readonly data: readonly Uint8Array[]
  /** Nobody else has the data. */
  readonly own: boolean
  readonly packedSize: number
  readonly method: number
  readonly crc: number
  readonly size: number
}

function pack(entry: NewEntry): Packed {
  const name = new TextEncoder().encode(entry.name)
  if (name.length === 0 || name.length > MAX_NAME) {
    throw new SekishoError('BUG', 'zip member name of an impossible length')
  }
  if (!(entry.bytes instanceof Uint8Array)) return alreadyPacked(name, entry.bytes)
  const { bytes } = entry
  const packed = entry.stored ? bytes : deflated(bytes)
  const smaller = packed.length < bytes.length
  const data = smaller ? packed : bytes
  return {
    name,
    data: [data],
    own: smaller,
    packedSize: data.length,
    method: smaller ? 8 : 0,
    crc: crc32(bytes),
    size: bytes.length,
  }
}

function alreadyPacked(name: Uint8Array, { packed, crc, size }: PackedContent): Packed {
  const packedSize = packed.reduce((sum, piece) => sum + piece.length, 0)
  // Only text is packed on the way, and text always becomes smaller.
  if (packedSize >= size) throw new SekishoError('BUG', 'zip member packed for nothing')
  return { name, data: packed, own: true, packedSize, method: 8, crc, size }
}

function localHeader(packed: Packed): Uint8Array {
  const header = new Uint8Array(LOCAL_SIZE)
  const view = new DataView(header.buffer)
  view.setUint32(0, 0x04034b50, true)
  view.setUint16(4, VERSION, true)
  shared(view, 6, packed)
  return header
}

function centralHeader(packed: Packed, offset: number): Uint8Array {
  const header = new Uint8Array(CENTRAL_SIZE)
  const view = new DataView(header.buffer)
  view.setUint32(0, 0x02014b50, true)
  view.setUint16(4, VERSION, true)
  view.setUint16(6, VERSION, true)
  shared(view, 8, packed)
  view.setUint32(42, offset, true)
  return header
}

/** The 22 bytes that local header and central record have in common. */
function shared(view: DataView, at: number, packed: Packed): void {
  view.setUint16(at, FLAG_UTF8, true)
  view.setUint16(at + 2, packed.method, true)
  view.setUint16(at + 4, 0, true)
  view.setUint16(at + 6, DATE, true)
  view.setUint32(at + 8, packed.crc, true)
  view.setUint32(at + 12, packed.packedSize, true)
  view.setUint32(at + 16, packed.size, true)
  view.setUint16(at + 20, packed.name.length, true)
}

function endRecord(entries: number, size: number, offset: number): Uint8Array {
  if (entries > MAX_ENTRIES || offset + size > MAX_BYTES) {
    throw new SekishoError('BUG', 'zip output beyond the classic limits')
  }
  const record = new Uint8Array(END_SIZE)
  const view = new DataView(record.buffer)
  view.setUint32(0, 0x06054b50, true)
  view.setUint16(8, entries, true)
  view.setUint16(10, entries, true)
  view.setUint32(12, size, true)
  view.setUint32(16, offset, true)
  return record
}

class Whole {
  readonly bytes: Uint8Array
  #at = 0

  constructor(size: number) {
    this.bytes = new Uint8Array(size)
  }

  put(part: Uint8Array): void {
    this.bytes.set(part, this.#at)
    this.#at += part.length
  }
}
