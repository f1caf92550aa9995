import type { Context } from '../../family.ts'
import { refuse } from '../../family.ts'
import { decryptBlocks, readRc4Encryption } from '../crypt/office-rc4.ts'
import type { BlockKey } from '../crypt/office-rc4.ts'
import { withPassword } from '../crypt/password.ts'
import { decryptXor, openXor } from '../crypt/xor.ts'
import type { XorKey } from '../crypt/xor.ts'
import { sliceAt, uint16At } from '../reading.ts'
import type { BiffRecord } from './records.ts'
import { BIFF, biffRecords } from './records.ts'

/**
 * The stream of a workbook without its encryption: XOR, RC4 or RC4 CryptoAPI ([MS-XLS] 2.2.10), or as it is when it has none.
 * FILEPASS itself stays, and is dropped by `rewriteWorkbook`. Counts what it opened as OLE-CRYPT.
 */
export function decryptWorkbook(stream: Uint8Array, context: Context): Uint8Array {
  const pass = filePassOf(stream)
  if (!pass) return stream
  context.spend(stream.length)
  const plain = withPassword(context, opener(stream, pass.data))
  context.removed('OLE-CRYPT')
  return plain
}

/** FILEPASS stands among the first records of the globals; behind their end there is nothing to find. */
function filePassOf(stream: Uint8Array): BiffRecord | undefined {
  for (const record of biffRecords(stream)) {
    if (record.type === BIFF.filePass) return record
    if (record.type === BIFF.eof || record.type === BIFF.boundSheet) return undefined
  }
  return undefined
}

type Opener = (password: string) => Uint8Array | undefined

const XOR = 0
const RC4 = 1

function opener(stream: Uint8Array, pass: Uint8Array): Opener {
  // BIFF5 knows only XOR and does not say so.
  if (pass.length === 4) return xorOpener(stream, uint16At(pass, 0), uint16At(pass, 2))
  const method = uint16At(pass, 0)
  if (method === XOR) return xorOpener(stream, uint16At(pass, 2), uint16At(pass, 4))
  if (method !== RC4) return refuse('ENCRYPTED')
  const encryption = readRc4Encryption(sliceAt(pass, 2, pass.length - 2))
  return (password) => {
    const key = encryption.open(password)
    return key && decryptRecords(stream, key)
  }
}

/** Key changes every 1024 bytes of the stream, headers counted but not encrypted. */
const BLOCK = 1024

function decryptRecords(stream: Uint8Array, key: BlockKey): Uint8Array {
  const plain = decryptBlocks(stream, BLOCK, key)
  return mapRecords(stream, (_, from, to) => plain.subarray(from, to))
}

function xorOpener(stream: Uint8Array, key: number, verifier: number): Opener {
  return (password) => {
    const array = openXor(password, key, verifier)
    return array && decryptXorRecords(stream, array)
  }
}

/** The place in the key depends on where the record ends ([MS-OFFCRYPTO] 2.3.7.3). */
function decryptXorRecords(stream: Uint8Array, key: XorKey): Uint8Array {
  return mapRecords(stream, ({ data }, from, to) =>
    decryptXor(stream.subarray(from, to), key, from + data.length),
  )
}

const PLAIN: ReadonlySet<number> = new Set([
  BIFF.begin,
  BIFF.filePass,
  BIFF.userBook,
  BIFF.fileLock,
  BIFF.interfaceHeader,
  BIFF.revisionInfo,
  BIFF.revisionHead,
])

/** A copy of the stream with the encrypted part of each record replaced; headers and some records never are. */
function mapRecords(
  stream: Uint8Array,
  decrypt: (record: BiffRecord, from: number, to: number) => Uint8Array,
): Uint8Array {
  const output = new Uint8Array(stream)
  for (const record of biffRecords(stream)) {
    if (PLAIN.has(record.type)) continue
    // Where a sheet begins stays readable ([MS-XLS] 2.2.10).
    const from = record.at + 4 + (record.type === BIFF.boundSheet ? 4 : 0)
    const to = record.at + 4 + record.data.length
    if (from < to) output.set(decrypt(record, from, to), from)
  }
  return output
}
