import { constants, crc32, inflateRawSync } from 'node:zlib'
import type { Context } from '../family.ts'
import { Refusal, refuse } from '../family.ts'
import type { ZipEncryption } from './decrypt.ts'
import { decryptMember, passwordForms } from './decrypt.ts'
import { inflatePieces } from './inflate.ts'
import { decodeName } from './name.ts'

/**
 * A strict zip reader (APPNOTE 6.3.10). The central directory is the truth; the local header must agree with it, no
 * two entries may share a byte, and no byte may belong to no entry. Zip readers differ in what they do with
 * contradictions, and an attacker lives in the difference: so contradictions are refused, not resolved.
 */
export function readZip(bytes: Uint8Array, context: Context): Zip {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = findEnd(view)
  context.spendEntries(end.entries)
  const entries = readDirectory(bytes, view, end)
  checkLayout(bytes, view, entries, end)
  if (end.trailing > 0) context.removed('POLYGLOT', 'after the archive')
  return { bytes, entries }
}

export interface Zip {
  readonly bytes: Uint8Array
  readonly entries: readonly ZipEntry[]
}

export interface ZipEntry {
  /** Decoded name, exactly as stored otherwise: it may still be hostile. */
  readonly name: string
  /** True when the name was not plain ASCII or flagged UTF-8, so a person should know it was converted. */
  readonly nameConverted: boolean
  readonly rawName: Uint8Array
  readonly directory: boolean
  /** Symbolic link, device or the like, by the Unix mode of the external attributes. */
  readonly special: boolean
  readonly encrypted: boolean
  readonly encryption: ZipEncryption | undefined
  /** How the member is packed, under its encryption. */
  readonly method: number
  readonly flags: number
  readonly crc: number
  readonly compressedSize: number
  readonly size: number
  readonly localOffset: number
  /** Where the entry's data begins; known after the layout check. */
  dataOffset: number
}

/**
 * Inflates one entry under the shared budget, decrypted with the password of the context. Counts real output, never the sizes that
 * headers claim. ENCRYPTED without a password, and for encryption that nobody here can open; PASSWORD-WRONG when it does not fit.
 */
export function readEntry(zip: Zip, entry: ZipEntry, context: Context): Uint8Array {
  const stored = zip.bytes.subarray(entry.dataOffset, entry.dataOffset + entry.compressedSize)
  const output = entry.encryption
    ? openEntry(entry, stored, entry.encryption, context)
    : expand(entry, stored, context)
  context.spend(output.length)
  if (!isWhole(entry, output)) refuse('ZIP-AMBIG')
  return output
}

/** AE-2 has no checksum: its seal was checked (WinZip AES specification, section IV). */
function isWhole(entry: ZipEntry, output: Uint8Array): boolean {
  if (output.length !== entry.size) return false
  const { encryption } = entry
  return (encryption?.kind === 'aes' && !encryption.checksCrc) || crc32(output) === entry.crc
}

function openEntry(
  entry: ZipEntry,
  stored: Uint8Array,
  encryption: ZipEncryption,
  context: Context,
): Uint8Array {
  if (context.password === undefined || encryption.kind === 'unknown') refuse('ENCRYPTED')
  for (const password of passwordForms(context.password)) {
    context.checkTime()
    const packed = decryptMember(stored, encryption, password)
    const output = packed && expandOr(entry, packed, context)
    if (output && isWhole(entry, output)) return output
  }
  return refuse('PASSWORD-WRONG')
}

/** What a wrong password leaves does not unpack, and that is no fault of the file. */
function expandOr(entry: ZipEntry, packed: Uint8Array, context: Context): Uint8Array | undefined {
  try {
    return expand(entry, packed, context)
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'ZIP-AMBIG') return undefined
    throw error
  }
}

/** The same piece by piece; a piece is only valid until the next one is asked for. */
export function* readEntryPieces(
  zip: Zip,
  entry: ZipEntry,
  context: Context,
): Generator<Uint8Array> {
  if (entry.encryption) {
    yield readEntry(zip, entry, context)
    return
  }
  const stored = zip.bytes.subarray(entry.dataOffset, entry.dataOffset + entry.compressedSize)
  let size = 0
  let crc = 0
  for (const piece of piecesOf(entry, stored, context)) {
    size += piece.length
    crc = crc32(piece, crc)
    context.spend(piece.length)
    yield piece
  }
  if (size !== entry.size || crc !== entry.crc) refuse('ZIP-AMBIG')
}

const STORED_PIECE = 256 * 1024

function* piecesOf(entry: ZipEntry, stored: Uint8Array, context: Context): Generator<Uint8Array> {
  if (entry.method === DEFLATED)
    yield* inflatePieces(stored, ceilingOf(stored, context), entry.size)
  else if (entry.method !== STORED) refuse('ZIP-METHOD')
  else
    for (let at = 0; at < stored.length; at += STORED_PIECE)
      yield stored.subarray(at, at + STORED_PIECE)
}

function ceilingOf(stored: Uint8Array, context: Context): number {
  const ceiling = Math.max(RATIO_FROM_BYTES, stored.length * MAX_RATIO)
  return Math.min(context.remainingBytes, ceiling)
}

/** A small file may grow a lot; beyond this size the growth itself is the attack. */
const RATIO_FROM_BYTES = 50 * 1024 * 1024
const MAX_RATIO = 100

function expand(entry: ZipEntry, stored: Uint8Array, context: Context): Uint8Array {
  if (entry.method === STORED) return stored
  if (entry.method !== DEFLATED) refuse('ZIP-METHOD')
  const limit = ceilingOf(stored, context)
  try {
    const { buffer, engine } = inflateRawSync(stored, {
      maxOutputLength: limit,
      // What is said of the size makes room for the small ones only: it may be a lie.
      chunkSize: Math.min(MOST_ROOM, Math.max(constants.Z_MIN_CHUNK, entry.size + 1)),
      info: true,
    }) as unknown as { buffer: Uint8Array; engine: { bytesWritten: number } }
    if (engine.bytesWritten !== stored.length) refuse('ZIP-AMBIG')
    return buffer
  } catch (error) {
    if (error instanceof Refusal) throw error
    return refuse(isTooLarge(error) ? 'ZIP-BOMB' : 'ZIP-AMBIG')
  }
}

/** Bytes of one piece of output; Node's own number. */
const MOST_ROOM = 16 * 1024

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}

const STORED = 0
const DEFLATED = 8
const END_SIGNATURE = 0x06054b50
const END_SIZE = 22
const MAX_COMMENT = 0xffff
const LOCATOR_SIGNATURE = 0x07064b50
const LOCATOR_SIZE = 20
const END64_SIGNATURE = 0x06064b50
const CENTRAL_SIGNATURE = 0x02014b50
const CENTRAL_SIZE = 46
const LOCAL_SIGNATURE = 0x04034b50
const LOCAL_SIZE = 30
const DESCRIPTOR_SIGNATURE = 0x08074b50
const FLAG_ENCRYPTED = 1
const FLAG_DESCRIPTOR = 1 << 3
const FLAG_STRONG = 1 << 6
const FLAG_UTF8 = 1 << 11
const FLAG_MASKED = 1 << 13
/** Flags that change what a reader does; the others are hints. */
const MEANINGFUL_FLAGS = FLAG_ENCRYPTED | FLAG_DESCRIPTOR | FLAG_STRONG | FLAG_MASKED

interface End {
  readonly entries: number
  readonly directoryOffset: number
  readonly directorySize: number
  /** First byte after the directory: the zip64 end or the end record. */
  readonly directoryEnd: number
  readonly trailing: number
}

/** The end record, searched backwards. A second signature after the chosen one makes two truths: refused. */
function findEnd(view: DataView): End {
  const offset = lastEnd(view)
  const length = view.getUint16(offset + 20, true)
  const end = offset + END_SIZE + length
  if (signatureIn(view, offset + 4, view.byteLength)) refuse('ZIP-AMBIG')
  if (view.getUint16(offset + 4, true) !== 0 || view.getUint16(offset + 6, true) !== 0) {
    refuse('ZIP-AMBIG') // split archive
  }
  if (view.getUint16(offset + 8, true) !== view.getUint16(offset + 10, true)) refuse('ZIP-AMBIG')
  const record = readEnd64(view, offset) ?? {
    entries: view.getUint16(offset + 10, true),
    directorySize: view.getUint32(offset + 12, true),
    directoryOffset: view.getUint32(offset + 16, true),
    directoryEnd: offset,
  }
  if (record.directoryOffset + record.directorySize !== record.directoryEnd) refuse('ZIP-AMBIG')
  return { ...record, trailing: view.byteLength - end }
}

function lastEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_SIZE - MAX_COMMENT)
  for (let at = view.byteLength - END_SIZE; at >= first; at--) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue
    if (at + END_SIZE + view.getUint16(at + 20, true) <= view.byteLength) return at
  }
  return refuse('ZIP-AMBIG')
}

function signatureIn(view: DataView, from: number, to: number): boolean {
  for (let at = from; at + 4 <= to; at++) {
    if (view.getUint32(at, true) === END_SIGNATURE) return true
  }
  return false
}

type Record64 = Omit<End, 'trailing'>

/** Zip64 end of central directory (APPNOTE 4.3.14, 4.3.15); every value given twice must agree. */
function readEnd64(view: DataView, end: number): Record64 | undefined {
  const locator = end - LOCATOR_SIZE
  if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_SIGNATURE) {
    if (
      view.getUint16(end + 10, true) === 0xffff ||
      view.getUint32(end + 16, true) === 0xffffffff
    ) {
      refuse('ZIP-AMBIG')
    }
    return undefined
  }
  const at = readUint64(view, locator + 8)
  if (at + 56 > locator || view.getUint32(at, true) !== END64_SIGNATURE) refuse('ZIP-AMBIG')
  if (at + 12 + readUint64(view, at + 4) !== locator) refuse('ZIP-AMBIG')
  const record = {
    entries: readUint64(view, at + 32),
    directorySize: readUint64(view, at + 40),
    directoryOffset: readUint64(view, at + 48),
    directoryEnd: at,
  }
  agree(view.getUint16(end + 10, true), record.entries, 0xffff)
  agree(view.getUint32(end + 12, true), record.directorySize, 0xffffffff)
  agree(view.getUint32(end + 16, true), record.directoryOffset, 0xffffffff)
  return record
}

function agree(small: number, large: number, marker: number): void {
  if (small !== marker && small !== large) refuse('ZIP-AMBIG')
}

function readUint64(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true)
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? refuse('ZIP-AMBIG') : Number(value)
}

function readDirectory(bytes: Uint8Array, view: DataView, end: End): ZipEntry[] {
  const entries: ZipEntry[] = []
  let at = end.directoryOffset
  while (at < end.directoryEnd) {
    if (at + CENTRAL_SIZE > end.directoryEnd) refuse('ZIP-AMBIG')
    if (view.getUint32(at, true) !== CENTRAL_SIGNATURE) refuse('ZIP-AMBIG')
    const next =
      at +
      CENTRAL_SIZE +
      view.getUint16(at + 28, true) +
      view.getUint16(at + 30, true) +
      view.getUint16(at + 32, true)
    if (next > end.directoryEnd) refuse('ZIP-AMBIG')
    entries.push(readCentral(bytes, view, at))
    at = next
    if (entries.length > end.entries) refuse('ZIP-AMBIG')
  }
  if (entries.length !== end.entries) refuse('ZIP-AMBIG')
  return entries
}

function readCentral(bytes: Uint8Array, view: DataView, at: number): ZipEntry {
  const nameLength = view.getUint16(at + 28, true)
  const extraLength = view.getUint16(at + 30, true)
  const rawName = bytes.subarray(at + CENTRAL_SIZE, at + CENTRAL_SIZE + nameLength)
  const extraAt = at + CENTRAL_SIZE + nameLength
  const flags = view.getUint16(at + 8, true)
  const sizes = readSizes(view, at, extraAt, extraLength)
  const attributes = view.getUint32(at + 38, true)
  const madeBy = view.getUint8(at + 5)
  const unicode = extraField(view, extraAt, extraLength, EXTRA_UNICODE_PATH)
  const { name, converted } = decodeName(rawName, (flags & FLAG_UTF8) !== 0, unicode)
  const method = view.getUint16(at + 10, true)
  const aes = extraField(view, extraAt, extraLength, EXTRA_AES)
  const encryption = encryptionOf(view, at, flags, aes)
  if (view.getUint16(at + 34, true) !== 0) refuse('ZIP-AMBIG')
  return {
    name,
    nameConverted: converted,
    rawName,
    directory: name.endsWith('/') || (madeBy === 0 && (attributes & 0x10) !== 0),
    special: isSpecial(attributes, madeBy),
    encrypted: encryption !== undefined,
    encryption,
    method: encryption?.kind === 'aes' && aes ? aes[5]! | (aes[6]! << 8) : method,
    flags,
    crc: view.getUint32(at + 16, true),
    ...sizes,
    dataOffset: 0,
  }
}

/** Method of a member under WinZip AES; its own method is in the extra field. */
const AES = 99
const EXTRA_AES = 0x9901

/** What the central record says about encryption; undefined when there is none. */
function encryptionOf(
  view: DataView,
  at: number,
  flags: number,
  aes: Uint8Array | undefined,
): ZipEncryption | undefined {
  const isAes = view.getUint16(at + 10, true) === AES
  if ((flags & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED)) === 0 && !isAes) return undefined
  if ((flags & (FLAG_STRONG | FLAG_MASKED)) !== 0 || (flags & FLAG_ENCRYPTED) === 0) {
    return { kind: 'unknown' }
  }
  if (!isAes) {
    // The checksum's last byte, or the time's where the checksum was not known yet (Info-ZIP).
    return { kind: 'traditional', checks: [view.getUint8(at + 19), view.getUint8(at + 13)] }
  }
  const strength = aes?.[4] ?? 0
  const version = aes?.[0] ?? 0
  if (!aes || aes.length < 7 || strength < 1 || strength > 3 || version < 1 || version > 2) {
    return { kind: 'unknown' }
  }
  return { kind: 'aes', strength, checksCrc: version === 1 }
}

const UNIX_TYPE_MASK = 0o170000
const UNIX_FILE = 0o100000
const UNIX_DIRECTORY = 0o040000

function isSpecial(attributes: number, madeBy: number): boolean {
  // 3 is Unix, 19 is macOS; the type bits are in the high half (APPNOTE 4.4.15, Info-ZIP).
  if (madeBy !== 3 && madeBy !== 19) return false
  const type = (attributes >>> 16) & UNIX_TYPE_MASK
  return type !== 0 && type !== UNIX_FILE && type !== UNIX_DIRECTORY
}

const EXTRA_ZIP64 = 0x0001
const EXTRA_UNICODE_PATH = 0x7075

function readSizes(view: DataView, at: number, extraAt: number, extraLength: number) {
  let compressedSize = view.getUint32(at + 20, true)
  let size = view.getUint32(at + 24, true)
  let localOffset = view.getUint32(at + 42, true)
  const extra = extraField(view, extraAt, extraLength, EXTRA_ZIP64)
  let field = 0
  const take = () => {
    if (!extra || field + 8 > extra.length) refuse('ZIP-AMBIG')
    const inner = new DataView(extra.buffer, extra.byteOffset, extra.byteLength)
    field += 8
    return readUint64(inner, field - 8)
  }
  if (size === 0xffffffff) size = take()
  if (compressedSize === 0xffffffff) compressedSize = take()
  if (localOffset === 0xffffffff) localOffset = take()
  return { compressedSize, size, localOffset }
}

/** One extra field's data; two of the same id are two truths. */
function extraField(
  view: DataView,
  at: number,
  length: number,
  id: number,
): Uint8Array | undefined {
  let found: Uint8Array | undefined
  let field = at
  while (field + 4 <= at + length) {
    const size = view.getUint16(field + 2, true)
    if (field + 4 + size > at + length) break
    if (view.getUint16(field, true) === id) {
      if (found) refuse('ZIP-AMBIG')
      found = new Uint8Array(view.buffer, view.byteOffset + field + 4, size)
    }
    field += 4 + size
  }
  return found
}

/**
 * Every byte before the directory belongs to exactly one entry. Overlap is the Fifield bomb; a gap is a place where
 * another reader sees another archive; a prefix is a self-extractor.
 */
function checkLayout(bytes: Uint8Array, view: DataView, entries: ZipEntry[], end: End): void {
  const ordered = entries.toSorted((a, b) => a.localOffset - b.localOffset)
  let at = 0
  for (const entry of ordered) {
    if (entry.localOffset !== at) refuse(layoutFault(view, at, entry.localOffset))
    at = checkLocal(bytes, view, entry, end.directoryOffset)
  }
  if (at !== end.directoryOffset) refuse(layoutFault(view, at, end.directoryOffset))
}

const DOS_EXECUTABLE = 0x5a4d

function layoutFault(view: DataView, expected: number, found: number): string {
  if (found < expected) return 'ZIP-BOMB'
  if (expected === 0 && view.getUint16(0, true) === DOS_EXECUTABLE) return 'ZIP-SFX'
  return 'ZIP-AMBIG'
}

/** Compares the local header with the central record; returns the first byte after the entry. */
function checkLocal(bytes: Uint8Array, view: DataView, entry: ZipEntry, limit: number): number {
  const at = entry.localOffset
  if (at + LOCAL_SIZE > limit || view.getUint32(at, true) !== LOCAL_SIGNATURE) refuse('ZIP-AMBIG')
  const nameLength = view.getUint16(at + 26, true)
  const extraLength = view.getUint16(at + 28, true)
  const name = bytes.subarray(at + LOCAL_SIZE, at + LOCAL_SIZE + nameLength)
  const flags = view.getUint16(at + 6, true)
  entry.dataOffset = at + LOCAL_SIZE + nameLength + extraLength
  const dataEnd = entry.dataOffset + entry.compressedSize
  if (dataEnd > limit) refuse('ZIP-AMBIG')
  if (((flags ^ entry.flags) & meaningfulFlags(entry.rawName)) !== 0) refuse('ZIP-AMBIG')
  const method = entry.encryption?.kind === 'aes' ? AES : entry.method
  if (view.getUint16(at + 8, true) !== method) refuse('ZIP-AMBIG')
  if (!sameBytes(name, entry.rawName)) refuse('ZIP-AMBIG')
  if (entry.method === STORED && !entry.encrypted && entry.size !== entry.compressedSize) {
    refuse('ZIP-AMBIG')
  }
  checkLocalSizes(view, entry, extraLength)
  return (flags & FLAG_DESCRIPTOR) === 0 ? dataEnd : skipDescriptor(view, entry, dataEnd, limit)
}

/** A name of ASCII is the same in every encoding, and some writers say UTF-8 in one of the two headers only. */
function meaningfulFlags(name: Uint8Array): number {
  return name.every((byte) => byte < 0x80) ? MEANINGFUL_FLAGS : MEANINGFUL_FLAGS | FLAG_UTF8
}

function checkLocalSizes(view: DataView, entry: ZipEntry, extraLength: number): void {
  const at = entry.localOffset
  const streamed = (entry.flags & FLAG_DESCRIPTOR) !== 0
  const claims: [number, number][] = [[view.getUint32(at + 14, true), entry.crc]]
  const extra = extraField(view, entry.dataOffset - extraLength, extraLength, EXTRA_ZIP64)
  if (extra && extra.length >= 16 && view.getUint32(at + 22, true) === 0xffffffff) {
    const inner = new DataView(extra.buffer, extra.byteOffset, extra.byteLength)
    claims.push([readUint64(inner, 0), entry.size], [readUint64(inner, 8), entry.compressedSize])
  } else {
    claims.push([view.getUint32(at + 18, true), entry.compressedSize])
    claims.push([view.getUint32(at + 22, true), entry.size])
  }
  for (const [local, central] of claims) {
    if (local !== central && !(streamed && (local === 0 || local === 0xffffffff))) {
      refuse('ZIP-AMBIG')
    }
  }
}

/** The data descriptor (APPNOTE 4.3.9): with or without signature, 32- or 64-bit sizes; its values must be true. */
function skipDescriptor(view: DataView, entry: ZipEntry, at: number, limit: number): number {
  for (const signature of [4, 0]) {
    for (const wide of [false, true]) {
      const length = signature + (wide ? 20 : 12)
      if (at + length > limit) continue
      if (signature && view.getUint32(at, true) !== DESCRIPTOR_SIGNATURE) continue
      if (!descriptorAgrees(view, entry, at + signature, wide)) continue
      // A shorter reading may agree by accident; the true one is followed by a header or the directory.
      if (at + length === limit || isHeader(view, at + length)) return at + length
    }
  }
  // Some writers promise a descriptor and leave it out; when the local header has said it all, nothing is missing.
  const local = entry.localOffset + 14
  if (descriptorAgrees(view, entry, local, false) && (at === limit || isHeader(view, at))) return at
  return refuse('ZIP-AMBIG')
}

function descriptorAgrees(view: DataView, entry: ZipEntry, at: number, wide: boolean): boolean {
  if (view.getUint32(at, true) !== entry.crc) return false
  const compressed = wide ? view.getBigUint64(at + 4, true) : BigInt(view.getUint32(at + 4, true))
  const size = wide ? view.getBigUint64(at + 12, true) : BigInt(view.getUint32(at + 8, true))
  return compressed === BigInt(entry.compressedSize) && size === BigInt(entry.size)
}

function isHeader(view: DataView, at: number): boolean {
  return at + 4 <= view.byteLength && view.getUint32(at, true) === LOCAL_SIGNATURE
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
