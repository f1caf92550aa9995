import type { Context } from '../../family.ts'
import { refuse } from '../../family.ts'
import { decryptBlocks, readRc4Encryption } from '../crypt/office-rc4.ts'
import { withPassword } from '../crypt/password.ts'
import { decryptWordXor, openXor } from '../crypt/xor.ts'
import { sliceAt } from '../reading.ts'
import type { Fib } from './fib.ts'
import { withoutEncryption } from './fib.ts'

/** The streams of a Word document. */
export interface WordStreams {
  readonly document: Uint8Array
  /** Empty in documents older than Word 97. */
  readonly table: Uint8Array
  readonly data: Uint8Array
}

/** Undoes XOR obfuscation, RC4 and RC4 CryptoAPI ([MS-DOC] 2.2.6). Counts what it opened as OLE-CRYPT. */
export function decryptWord(streams: WordStreams, fib: Fib, context: Context): WordStreams {
  if (!fib.encrypted) return streams
  context.spend(streams.document.length + streams.table.length + streams.data.length)
  const opener = fib.obfuscated || !fib.modern ? xorOpener(streams, fib) : rc4Opener(streams, fib)
  const plain = withPassword(context, opener)
  context.removed('OLE-CRYPT')
  return plain
}

type Opener = (password: string) => WordStreams | undefined

/** The first bytes of the document stream are never encrypted. */
const HEADER = 0x44
const OLD_HEADER = 0x34
const BLOCK = 512

function rc4Opener({ document, table, data }: WordStreams, fib: Fib): Opener {
  const encryption = readRc4Encryption(sliceAt(table, 0, fib.key))
  return (password) => {
    const key = encryption.open(password)
    return (
      key && {
        document: opened(document, decryptBlocks(document, BLOCK, key), HEADER),
        // The description of the encryption lies in front of the table's own content.
        table: opened(table, decryptBlocks(table, BLOCK, key), fib.key),
        data: decryptBlocks(data, BLOCK, key),
      }
    )
  }
}

function xorOpener({ document, table, data }: WordStreams, fib: Fib): Opener {
  const header = fib.modern ? HEADER : OLD_HEADER
  return (password) => {
    const key =
      openXor(password, fib.key & 0xffff, fib.key >>> 16) ??
      openXor(password, fib.key >>> 16, fib.key & 0xffff)
    return (
      key && {
        document: opened(document, decryptWordXor(document, key, 0), header),
        table: decryptWordXor(table, key, 0),
        data: decryptWordXor(data, key, 0),
      }
    )
  }
}

function opened(before: Uint8Array, after: Uint8Array, header: number): Uint8Array {
  if (before.length < header) refuse('OLE-CFB')
  const output = new Uint8Array(after)
  output.set(before.subarray(0, header))
  return header === HEADER || header === OLD_HEADER ? withoutEncryption(output) : output
}
