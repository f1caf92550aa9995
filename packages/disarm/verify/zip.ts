import { crc32 } from 'node:zlib'
import { MAX_ENTRIES } from './budget.ts'
import type { Budget } from './budget.ts'
import { inflatePieces } from './inflate-pieces.ts'
import { inflateExactly } from './inflate.ts'
import { Rejection, demand } from './rejection.ts'

/** One member of a canonical zip. */
export interface Member {
  readonly name: string
  readonly bytes: Uint8Array
}

/** A member that is not unpacked yet. Its content is checked against its header each time it is read, and counts each time. */
export interface SealedMember {
  readonly name: string
  content(): Uint8Array
  /** The content a piece at a time; each is overwritten by the next. */
  pieces(): Iterable<Uint8Array>
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22
/** 1980-01-01 in MS-DOS form: the only date the disarmer writes. */
const DATE = 0x0021

/**
 * Reads a canonical zip forwards, local headers first, and then holds the central directory against what it read:
 * the opposite way to the rebuilder, which starts from the directory. Anything a second program could read
 * differently is refused.
 */
export function readZip(zip: Uint8Array, budget: Budget): readonly Member[] {
  return openZip(zip, budget).map((member) => ({ name: member.name, bytes: member.content() }))
}

/** The same, for a reader that looks at one member after the other and keeps none. It must read them all. */
export function openZip(zip: Uint8Array, budget: Budget): readonly SealedMember[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  const locals: Local[] = []
  let at = 0
  while (at + 4 <= zip.length && view.getUint32(at, true) === LOCAL) {
    demand(locals.length < MAX_ENTRIES, 'VERIFY-LIMIT', 'zip')
    const local = readLocal(zip, view, at, budget)
    locals.push(local)
    at = local.end
  }
  demand(locals.length > 0, 'VERIFY-ZIP', 'members')
  const directory = at
  for (const local of locals) at = matchCentral(zip, view, at, local)
  matchEnd(zip, view, at, { count: locals.length, directory, size: at - directory })
  distinct(locals)
  return locals
}

interface Local extends SealedMember {
  readonly start: number
  readonly end: number
  /** The 26 shared bytes, version needed to name length. */
  readonly shared: Uint8Array
  readonly rawName: Uint8Array
}

function readLocal(zip: Uint8Array, view: DataView, start: number, budget: Budget): Local {
  demand(start + LOCAL_BYTES <= zip.length, 'VERIFY-ZIP', 'local header')
  const method = view.getUint16(start + 8, true)
  const packed = view.getUint32(start + 18, true)
  const size = view.getUint32(start + 22, true)
  const nameLength = view.getUint16(start + 26, true)
  const plain =
    view.getUint16(start + 4, true) === 20 &&
    view.getUint16(start + 6, true) === 0x0800 &&
    (method === 0 || method === 8) &&
    view.getUint16(start + 10, true) === 0 &&
    view.getUint16(start + 12, true) === DATE &&
    view.getUint16(start + 28, true) === 0
  demand(plain && packs(method, packed, size), 'VERIFY-ZIP', 'local header')
  const data = start + LOCAL_BYTES + nameLength
  const end = data + packed
  demand(end <= zip.length, 'VERIFY-ZIP', 'local header')
  const rawName = zip.subarray(start + LOCAL_BYTES, data)
  const name = memberName(rawName)
  const body = zip.subarray(data, end)
  const crc = view.getUint32(start + 14, true)
  const content = (): Uint8Array => {
    if (method === 0) budget.spend(body.length, name)
    const bytes = method === 0 ? body : inflateExactly(body, 'raw', budget, name)
    demand(bytes.length === size && crc32(bytes) === crc, 'VERIFY-ZIP', name)
    return bytes
  }
  const pieces = (): Iterable<Uint8Array> =>
    method === 0
      ? [content()]
      : checkedPieces(inflatePieces(body, budget, name), { size, crc, name })
  return { name, content, pieces, start, end, rawName, shared: zip.subarray(start + 4, start + 28) }
}

function* checkedPieces(
  pieces: Iterable<Uint8Array>,
  { size, crc, name }: { readonly size: number; readonly crc: number; readonly name: string },
): Generator<Uint8Array> {
  let seen = 0
  let sum = 0
  for (const piece of pieces) {
    seen += piece.length
    sum = crc32(piece, sum)
    yield piece
  }
  demand(seen === size && sum === crc, 'VERIFY-ZIP', name)
}

/** Packed only where that makes it smaller. */
function packs(method: number, packed: number, size: number): boolean {
  return method === 0 ? packed === size : packed < size
}

function matchCentral(zip: Uint8Array, view: DataView, at: number, local: Local): number {
  const end = at + CENTRAL_BYTES + local.rawName.length
  demand(
    end <= zip.length && view.getUint32(at, true) === CENTRAL,
    'VERIFY-ZIP',
    'central directory',
  )
  const quiet =
    view.getUint16(at + 4, true) === 20 &&
    [30, 32, 34, 36].every((offset) => view.getUint16(at + offset, true) === 0) &&
    view.getUint32(at + 38, true) === 0 &&
    view.getUint32(at + 42, true) === local.start
  const same =
    equal(zip.subarray(at + 6, at + 30), local.shared) &&
    equal(zip.subarray(at + CENTRAL_BYTES, end), local.rawName)
  demand(quiet && same, 'VERIFY-ZIP', 'central directory')
  return end
}

function matchEnd(
  zip: Uint8Array,
  view: DataView,
  at: number,
  { count, directory, size }: { count: number; directory: number; size: number },
): void {
  const exact =
    at + END_BYTES === zip.length &&
    view.getUint32(at, true) === END &&
    view.getUint32(at + 4, true) === 0 &&
    view.getUint16(at + 8, true) === count &&
    view.getUint16(at + 10, true) === count &&
    view.getUint32(at + 12, true) === size &&
    view.getUint32(at + 16, true) === directory &&
    view.getUint16(at + 20, true) === 0
  demand(exact, 'VERIFY-ZIP', 'end of directory')
}

function memberName(raw: Uint8Array): string {
  demand(raw.length >= 1 && raw.length <= 255, 'VERIFY-ZIP-NAME', 'name')
  let name: string
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw)
  } catch {
    throw new Rejection('VERIFY-ZIP-NAME', 'name')
  }
  const segments = name.split('/')
  const fair =
    !/[\p{Cc}\p{Bidi_Control}\\:]/u.test(name) &&
    segments.every((part) => part !== '' && part !== '.' && part !== '..')
  demand(fair, 'VERIFY-ZIP-NAME', name)
  return name
}

function distinct(locals: readonly Local[]): void {
  const folded = new Set(locals.map((local) => local.name.normalize('NFC').toLowerCase()))
  demand(folded.size === locals.length, 'VERIFY-ZIP-NAME', 'same name twice')
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
