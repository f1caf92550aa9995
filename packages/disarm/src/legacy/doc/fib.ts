import { refuse } from '../../family.ts'
import { uint16At, uint32At } from '../reading.ts'

/** What of a Word document's file information block is needed ([MS-DOC] 2.5.1; older: Word 6 file format). */
export interface Fib {
  /** Word 97 and later; before, the tables lie in the document stream itself. */
  readonly modern: boolean
  readonly encrypted: boolean
  readonly obfuscated: boolean
  readonly table: '0Table' | '1Table'
  /** Size of the EncryptionHeader, or key and verifier of the obfuscation. */
  readonly key: number
}

const MODERN = 0xa5ec
const WORD_6 = 0xa5dc
const FLAG_ENCRYPTED = 1 << 8
const FLAG_TABLE = 1 << 9
const FLAG_OBFUSCATED = 1 << 15
const FLAGS_AT = 10

export function readFib(document: Uint8Array): Fib {
  const magic = uint16At(document, 0)
  // Word 6 of other regions writes neighbours of its number.
  if (magic !== MODERN && (magic < 0xa597 || magic > WORD_6)) refuse('OLE-CFB')
  const flags = uint16At(document, FLAGS_AT)
  return {
    modern: magic === MODERN && uint16At(document, 2) >= 0x69,
    encrypted: (flags & FLAG_ENCRYPTED) !== 0,
    obfuscated: (flags & FLAG_OBFUSCATED) !== 0,
    table: (flags & FLAG_TABLE) === 0 ? '0Table' : '1Table',
    key: uint32At(document, 14),
  }
}

/** A copy of the document stream that says it is not encrypted. */
export function withoutEncryption(document: Uint8Array): Uint8Array {
  const output = new Uint8Array(document)
  const view = new DataView(output.buffer)
  const flags = view.getUint16(FLAGS_AT, true)
  view.setUint16(FLAGS_AT, flags & ~(FLAG_ENCRYPTED | FLAG_OBFUSCATED), true)
  view.setUint32(14, 0, true)
  return output
}

/** Structures of the table stream, by their place in FibRgFcLcb97. */
export const TABLE = { pieces: 33, associations: 32, savedBy: 71 } as const

/** A structure of the table stream, undefined when it is empty or lies outside. */
export function tableStructure(
  document: Uint8Array,
  table: Uint8Array,
  place: number,
): Uint8Array | undefined {
  const at = 0x9a + place * 8
  if (at + 8 > document.length) return undefined
  const offset = uint32At(document, at)
  const length = uint32At(document, at + 4)
  return length > 0 && offset + length <= table.length
    ? table.subarray(offset, offset + length)
    : undefined
}
