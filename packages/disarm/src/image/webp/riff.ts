import { refuse } from '../../family.ts'
import { littleEndian32, startsWith } from '../reading.ts'

/** A chunk of a RIFF file: four characters and data. */
export interface Chunk {
  readonly type: string
  readonly data: Uint8Array
}

const HEADER_BYTES = 12
const CHUNK_HEADER_BYTES = 8
/** Chunks of one file or frame: an attacker may pack 25 million empty ones into 200 MB. */
const MAX_CHUNKS = 10_000

/** The chunks of a WebP file, and what follows them. */
export interface Riff {
  readonly chunks: readonly Chunk[]
  readonly trailing: Uint8Array
  /** The file promises more than there is. */
  readonly truncated: boolean
}

/** Reads `RIFF`, size, `WEBP` and the chunks within that size. */
export function readRiff(bytes: Uint8Array): Riff {
  if (!startsWith(bytes, 'RIFF') || !startsWith(bytes, 'WEBP', 8)) refuse('IMG-DECODE')
  const promised = CHUNK_HEADER_BYTES + littleEndian32(bytes, 4)
  const end = Math.max(HEADER_BYTES, Math.min(bytes.length, promised))
  return {
    chunks: readChunks(bytes.subarray(HEADER_BYTES, end)),
    trailing: bytes.subarray(end),
    // The filling byte of the last chunk is often forgotten.
    truncated: promised > bytes.length + 1,
  }
}

/** Chunks one after the other. The last may lack its filling byte, and what is too short for a chunk counts as one without a name. */
export function readChunks(bytes: Uint8Array): readonly Chunk[] {
  const chunks: Chunk[] = []
  for (let at = 0; at < bytes.length;) {
    if (chunks.length === MAX_CHUNKS) refuse('IMG-BOMB')
    if (at + CHUNK_HEADER_BYTES > bytes.length) {
      chunks.push({ type: '', data: bytes.subarray(at) })
      break
    }
    const size = littleEndian32(bytes, at + 4)
    const from = at + CHUNK_HEADER_BYTES
    const type = Buffer.from(bytes.subarray(at, at + 4)).toString('latin1')
    // A picture that is cut off is found out when it is read.
    chunks.push({ type, data: bytes.subarray(from, Math.min(bytes.length, from + size)) })
    at = from + size + (size & 1)
  }
  return chunks
}

/** One chunk with its header and filling byte. */
export function chunkBytes(type: string, data: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(CHUNK_HEADER_BYTES + data.length + (data.length & 1))
  chunk.write(type, 0, 'latin1')
  chunk.writeUInt32LE(data.length, 4)
  chunk.set(data, CHUNK_HEADER_BYTES)
  return chunk
}

/** A WebP file of these chunks, each already with its header. */
export function riffBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks])
  return chunkBytes('RIFF', body)
}
