import { crc32 } from 'node:zlib'
import { refuse } from '../../family.ts'
import { bigEndian32, slice } from '../reading.ts'
import { PNG_SIGNATURE } from './png.ts'

export interface Chunk {
  /** Four ASCII letters. */
  readonly type: string
  readonly data: Uint8Array
  /** Offset of the first byte behind this chunk. */
  readonly end: number
}

/** Bytes around the data of a chunk: length, type, CRC. */
const CHUNK_OVERHEAD = 12

/**
 * The chunks of a PNG from IHDR to IEND. A wrong CRC of a critical chunk or a type that is not four letters is the refusal
 * IMG-DECODE; a wrong CRC of an ancillary chunk is of no interest, because none of those but tRNS is ever used, and tRNS is
 * checked too. When the file ends before IEND the last chunk may be a part of an IDAT, and there is no IEND.
 */
export function* chunks(bytes: Uint8Array): Generator<Chunk> {
  for (let at = PNG_SIGNATURE.length, type = ''; type !== 'IEND';) {
    if (at + 8 > bytes.length) return
    const length = bigEndian32(bytes, at)
    type = readType(slice(bytes, at + 4, 4))
    if (at + CHUNK_OVERHEAD + length > bytes.length) {
      if (type === 'IDAT') yield { type, data: bytes.subarray(at + 8), end: bytes.length }
      return
    }
    const data = slice(bytes, at + 8, length)
    const matches = crc32(slice(bytes, at + 4, length + 4)) === bigEndian32(bytes, at + 8 + length)
    if (!matches && (isCritical(type) || type === 'tRNS')) refuse('IMG-DECODE')
    at += CHUNK_OVERHEAD + length
    yield { type, data, end: at }
  }
}

/** An upper-case first letter: a reader that does not know the chunk must not show the picture (PNG §5.4). */
export function isCritical(type: string): boolean {
  return type.charCodeAt(0) < 0x60
}

/** One chunk with its length and CRC. */
export function writeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(CHUNK_OVERHEAD + data.length)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return chunk
}

function readType(bytes: Uint8Array): string {
  const letters = bytes.every((b) => (b >= 0x41 && b <= 0x5a) || (b >= 0x61 && b <= 0x7a))
  return letters ? String.fromCharCode(...bytes) : refuse('IMG-DECODE')
}
