import { writeCompoundFile } from '../../cfb/index.ts'
import type { NewStream } from '../../cfb/index.ts'
import { BIFF, SUBSTREAM } from '../xls/records.ts'
import type { Lock } from './lock.test-support.ts'
import { encryptBlocks, uint16, uint32 } from './lock.test-support.ts'

export interface SpecimenBook {
  readonly sheets: readonly SpecimenSheet[]
  /** Records of the globals, behind the sheets' names. */
  readonly globals?: readonly Buffer[]
  readonly lock?: Lock
  readonly streams?: readonly NewStream[]
}

export interface SpecimenSheet {
  readonly name: string
  /** What BOUNDSHEET and BOF say the sheet is; an attacker may let them differ. */
  readonly declared?: 'macros'
  readonly actual?: 'macros'
  readonly records?: readonly Buffer[]
  /** Nothing but cells, so that no converter is needed. Otherwise a text box is on the sheet. */
  readonly plain?: boolean
}

const TEXT_BOX = 0x1b6

export function record(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const data = Buffer.concat(parts)
  return Buffer.concat([uint16(type), uint16(data.length), data])
}

/** A BIFF8 string: one byte for two characters or less is how Excel writes plain ASCII. */
export function biffText(text: string, wide = true): Buffer {
  return wide
    ? Buffer.concat([Buffer.of(1), Buffer.from(text, 'utf16le')])
    : Buffer.concat([Buffer.of(0), Buffer.from(text, 'latin1')])
}

/** A name that is defined in the book; `builtIn` takes a number. */
export function definedName(name: string | { readonly builtIn: number }): Buffer {
  const text = typeof name === 'string' ? name : String.fromCharCode(name.builtIn)
  const head = Buffer.alloc(14)
  head.writeUInt16LE(typeof name === 'string' ? 0 : 0x20, 0)
  head.writeUInt8(text.length, 3)
  return record(BIFF.name, head, biffText(text))
}

export function externalBook(path: string): Buffer {
  return record(BIFF.supBook, uint16(1), uint16(path.length), biffText(path))
}

export function externalName(flags: number): Buffer {
  return record(BIFF.externalName, uint16(flags), uint32(0), Buffer.of(1), biffText('x'))
}

/** An Excel 97 file. */
export function specimenXls(book: SpecimenBook): Uint8Array {
  const stream = workbookStream(book)
  return writeCompoundFile({
    streams: [{ path: 'Workbook', bytes: stream }, ...(book.streams ?? [])],
  })
}

export function workbookStream({ sheets, globals = [], lock }: SpecimenBook): Buffer {
  const pass = lock ? [filePass(lock)] : []
  const names = sheets.map(({ name, declared }) =>
    record(BIFF.boundSheet, uint32(0), Buffer.of(0, declared ? 1 : 0, name.length), biffText(name)),
  )
  const head = Buffer.concat([begin(SUBSTREAM.globals), ...pass])
  const start = Buffer.concat([head, ...names, ...globals, record(BIFF.eof)])
  const bodies = sheets.map(({ actual, plain, records = [] }) =>
    Buffer.concat([
      begin(actual ? SUBSTREAM.macros : SUBSTREAM.sheet),
      ...(plain ? [] : [record(TEXT_BOX)]),
      ...records,
      record(BIFF.eof),
    ]),
  )
  let nameAt = head.length
  let bodyAt = start.length
  sheets.forEach((_, index) => {
    start.writeUInt32LE(bodyAt, nameAt + 4)
    nameAt += names[index]!.length
    bodyAt += bodies[index]!.length
  })
  const stream = Buffer.concat([start, ...bodies])
  return lock ? encryptRecords(stream, lock) : stream
}

function begin(kind: number): Buffer {
  return record(BIFF.begin, uint16(0x600), uint16(kind), Buffer.alloc(12))
}

function filePass({ header, xor }: Lock): Buffer {
  return record(BIFF.filePass, uint16(xor ? 0 : 1), header)
}

const PLAIN: readonly number[] = [BIFF.begin, BIFF.filePass]

function encryptRecords(stream: Buffer, lock: Lock): Buffer {
  const { xor } = lock
  const mask = xor ? undefined : encryptBlocks(Buffer.alloc(stream.length), 1024, lock)
  const output = Buffer.from(stream)
  for (let at = 0; at < stream.length;) {
    const type = stream.readUInt16LE(at)
    const size = stream.readUInt16LE(at + 2)
    const from = at + 4 + (type === BIFF.boundSheet ? 4 : 0)
    at += 4 + size
    if (PLAIN.includes(type)) continue
    for (let i = from; i < at; i++) {
      output[i] = mask ? stream[i]! ^ mask[i]! : rotated(stream[i]!) ^ xor![(i + size) & 15]!
    }
  }
  return output
}

/** Five bits to the left: what three bits to the left undo. */
function rotated(byte: number): number {
  return ((byte << 5) | (byte >> 3)) & 0xff
}
