import { writeCompoundFile } from '../../cfb/index.ts'
import type { NewStream } from '../../cfb/index.ts'
import type { Lock } from './lock.test-support.ts'
import { encryptBlocks, uint16, uint32 } from './lock.test-support.ts'

export interface SpecimenLetter {
  /** Pieces of the text in reading order: one byte per character when `narrow`. */
  readonly pieces: readonly { readonly text: string; readonly narrow?: boolean }[]
  readonly template?: string
  readonly lock?: Lock
  readonly streams?: readonly NewStream[]
}

/** A field as it lies in the text. */
export function field(code: string, result = 'x'): string {
  return `\u0013${code}\u0014${result}\u0015`
}

const TEXT_AT = 0x400
const FIELDS_AT = 0x9a

/** A Word 97 file: header, text, and a table stream with the piece table. */
export function specimenDoc(letter: SpecimenLetter): Uint8Array {
  const { document, table } = letterStreams(letter)
  const streams = [
    { path: 'WordDocument', bytes: document },
    { path: '1Table', bytes: table },
    ...(letter.streams ?? []),
  ]
  return writeCompoundFile({ streams })
}

export function letterStreams({ pieces, template, lock }: SpecimenLetter) {
  const texts = pieces.map(({ text, narrow }) => Buffer.from(text, narrow ? 'latin1' : 'utf16le'))
  const header = lock && !lock.xor ? lock.header : Buffer.alloc(0)
  const clx = pieceTable(pieces, texts)
  const associations = template === undefined ? Buffer.alloc(0) : Buffer.from(template, 'utf16le')
  const plainTable = Buffer.concat([header, clx, associations])
  const fib = Buffer.alloc(TEXT_AT)
  fib.writeUInt16LE(0xa5ec, 0)
  fib.writeUInt16LE(0xc1, 2)
  fib.writeUInt16LE(0x200 | (lock ? 0x100 : 0) | (lock?.xor ? 0x8000 : 0), 10)
  if (lock) fib.writeUInt32LE(lock.xor ? lock.header.readUInt32LE(0) : header.length, 14)
  structure(fib, 33, header.length, clx.length)
  structure(fib, 32, header.length + clx.length, associations.length)
  const plain = Buffer.concat([fib, ...texts])
  if (!lock) return { document: plain, table: plainTable }
  return {
    document: Buffer.concat([plain.subarray(0, 0x44), sealed(plain, lock).subarray(0x44)]),
    table: Buffer.concat([header, sealed(plainTable, lock).subarray(header.length)]),
  }
}

function structure(fib: Buffer, place: number, at: number, length: number): void {
  fib.writeUInt32LE(at, FIELDS_AT + place * 8)
  fib.writeUInt32LE(length, FIELDS_AT + place * 8 + 4)
}

function pieceTable(pieces: SpecimenLetter['pieces'], texts: readonly Buffer[]): Buffer {
  const positions: Buffer[] = [uint32(0)]
  const places: Buffer[] = []
  let character = 0
  let at = TEXT_AT
  pieces.forEach(({ text, narrow }, index) => {
    character += text.length
    positions.push(uint32(character))
    places.push(uint16(0), uint32(narrow ? (at * 2) | 0x40000000 : at), uint16(0))
    at += texts[index]!.length
  })
  const table = Buffer.concat([...positions, ...places])
  return Buffer.concat([Buffer.of(2), uint32(table.length), table])
}

function sealed(stream: Buffer, lock: Lock): Buffer {
  const { xor } = lock
  if (!xor) return encryptBlocks(stream, 512, lock)
  return Buffer.from(
    stream.map((byte, index) => {
      const mixed = byte ^ xor[index & 15]!
      return byte === 0 || mixed === 0 ? byte : mixed
    }),
  )
}
