/**
 * One sealed file: chunks one after another, each with its length (uint32, big-endian) and its kind, sealed under the
 * file's own key and bound to its index. The last chunk is empty and marked, so that a shortened file cannot pass for a
 * whole one.
 */
import type { FileHandle } from 'node:fs/promises'
import { SekishoError } from '@sekisho/core'
import { SEAL_BYTES, sealedParts, unseal } from './sealed-chunk.ts'

/** Most bytes in one chunk: what is held in memory when reading. */
export const MAX_CHUNK_BYTES = 1024 * 1024

const HEAD_BYTES = 5
const MORE = 0
const LAST = 1

/** Identity of a file: its key and the id it was made for. */
export interface FileIdentity {
  readonly id: string
  readonly key: Uint8Array
}

/** Where a sealed file ends. */
export interface SealedEnd {
  /** Bytes of content so far. */
  readonly size: number
  /** Chunks so far, the last one included. */
  readonly chunks: number
  /** Whether the last chunk is there. */
  readonly whole: boolean
  /** Bytes of the file that are whole chunks; the rest is what a crash left. */
  readonly length: number
}

/** One chunk as it stands in the file, in parts that follow each other. */
export type SealedChunk = readonly Buffer[]

/** What to append for some content: as many chunks as needed. */
export function sealedChunks(
  file: FileIdentity,
  firstIndex: number,
  bytes: Uint8Array,
): SealedChunk[] {
  const chunks: SealedChunk[] = []
  for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES) {
    const part = bytes.subarray(at, at + MAX_CHUNK_BYTES)
    chunks.push(chunk(file, firstIndex + chunks.length, MORE, part))
  }
  return chunks
}

/** What closes a file. */
export function lastChunk(file: FileIdentity, index: number): SealedChunk {
  return chunk(file, index, LAST, Buffer.alloc(0))
}

/**
 * Finds the end. Appends were synced one by one, so a crash can have torn only the last chunk: when it is incomplete or
 * does not open, it does not count.
 */
export async function findEnd(file: FileIdentity, handle: FileHandle): Promise<SealedEnd> {
  const { size: fileSize } = await handle.stat()
  let end: SealedEnd = { size: 0, chunks: 0, whole: false, length: 0 }
  for (;;) {
    const head = await readHead(handle, end.length, fileSize)
    if (head === undefined) return end
    const next = end.length + HEAD_BYTES + head.length + SEAL_BYTES
    const opens =
      next < fileSize || (await readChunk(file, handle, end.length, end.chunks)) !== undefined
    if (!opens) return end
    end = {
      size: end.size + head.length,
      chunks: end.chunks + 1,
      whole: head.kind === LAST,
      length: next,
    }
  }
}

/** The content, chunk by chunk. Throws STORE_CORRUPT when a chunk was altered, moved or cut off. */
export async function* readChunks(file: FileIdentity, handle: FileHandle): AsyncGenerator<Buffer> {
  let at = 0
  for (let index = 0; ; index += 1) {
    const found = await readChunk(file, handle, at, index)
    if (found === undefined)
      throw new SekishoError('STORE_CORRUPT', 'a sealed file is damaged or not finished')
    if (found.kind === LAST) return
    yield found.bytes
    at = found.next
  }
}

interface Head {
  readonly length: number
  readonly kind: number
}

async function readHead(
  handle: FileHandle,
  at: number,
  fileSize: number,
): Promise<Head | undefined> {
  const bytes = await readExactly(handle, at, HEAD_BYTES)
  if (bytes === undefined) return undefined
  const head = { length: bytes.readUInt32BE(0), kind: bytes.readUInt8(4) }
  const fits = at + HEAD_BYTES + head.length + SEAL_BYTES <= fileSize
  return fits && head.length <= MAX_CHUNK_BYTES && head.kind <= LAST ? head : undefined
}

async function readChunk(
  file: FileIdentity,
  handle: FileHandle,
  at: number,
  index: number,
): Promise<{ bytes: Buffer; kind: number; next: number } | undefined> {
  const head = await readHead(handle, at, (await handle.stat()).size)
  if (head === undefined) return undefined
  const sealed = await readExactly(handle, at + HEAD_BYTES, head.length + SEAL_BYTES)
  const bytes = sealed && unseal(file.key, contextOf(file, index, head.kind), sealed)
  return bytes && { bytes, kind: head.kind, next: at + HEAD_BYTES + head.length + SEAL_BYTES }
}

function chunk(file: FileIdentity, index: number, kind: number, bytes: Uint8Array): SealedChunk {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32BE(bytes.length, 0)
  head.writeUInt8(kind, 4)
  return [head, ...sealedParts(file.key, contextOf(file, index, kind), bytes)]
}

function contextOf({ id }: FileIdentity, index: number, kind: number): string {
  return `sekisho vault 1\n${id}\n${index}\n${kind}`
}

async function readExactly(
  handle: FileHandle,
  at: number,
  length: number,
): Promise<Buffer | undefined> {
  // Given out only when it is full.
  const bytes = Buffer.allocUnsafeSlow(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, at + done)
    if (bytesRead === 0) return undefined
    done += bytesRead
  }
  return bytes
}
