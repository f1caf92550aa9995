/**
 * Reading a log: entries, proofs, checkpoints. Needs no secret and takes no lock, so it may run beside the writer.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError, errorCode } from '@sekisho/core'
import type { EvidenceEntry } from '@sekisho/core'
import type { ConsistencyProof, InclusionProof } from '../verify/index.ts'
import { diskError } from './durable.ts'
import { openCheckpoint } from './history.ts'
import type { SignedCheckpoint } from './history.ts'
import { readLeaf } from './leaf.ts'
import { consistencyPath, inclusionPath, leafHash } from './merkle.ts'
import { readVerifier } from './note.ts'
import { readEntries, subtreeReader } from './tiles.ts'
import { TILE_WIDTH } from './tile-path.ts'

/** An entry with its place. */
export interface LoggedEntry {
  readonly index: number
  /** Idempotency key it was appended under. */
  readonly key: string
  /** Leaf hash, RFC 6962 §2.1, lower-case hex. */
  readonly leaf: string
  readonly entry: EvidenceEntry
}

/**
 * Opens a log for reading, as of its checkpoint now.
 *
 * @throws NOT_FOUND when there is no log, LOG_CORRUPT when the checkpoint is not signed by the key in the folder
 */
export async function openLogReader({ dir }: { dir: string }): Promise<LogReader> {
  const verifier = await readText(join(dir, 'key'))
  const note = await readText(join(dir, 'checkpoint'))
  const checkpoint = openCheckpoint(note, readVerifier(verifier))
  if (checkpoint === undefined)
    throw new SekishoError('LOG_CORRUPT', 'the checkpoint is not signed by the key of this log')
  return new LogReader(dir, verifier.trim(), checkpoint)
}

export class LogReader {
  readonly #dir: string
  /** Public key of the log, as a note verifier key. */
  readonly verifier: string
  /** What is readable: everything below `size`. Replaced as a whole by the writer. */
  #checkpoint: SignedCheckpoint

  constructor(dir: string, verifier: string, checkpoint: SignedCheckpoint) {
    this.#dir = dir
    this.verifier = verifier
    this.#checkpoint = checkpoint
  }

  /** Number of durable entries. */
  size(): number {
    return this.#checkpoint.size
  }

  /** The signed note over all of them. */
  checkpoint(): string {
    return this.#checkpoint.note
  }

  /** One entry. Throws NOT_FOUND beyond the end, LOG_CORRUPT when the file is damaged. */
  async read(index: number): Promise<LoggedEntry> {
    const size = this.size()
    this.#checkIndex(index, size)
    const entries = await readEntries(this.#dir, Math.floor(index / TILE_WIDTH), size)
    return loggedEntry(index, entries[index % TILE_WIDTH])
  }

  /** Entries `from` (inclusive) to `to` (exclusive), oldest first; one bundle in memory at a time. */
  async *entries(from = 0, to: number = this.size()): AsyncGenerator<LoggedEntry> {
    const size = Math.min(to, this.size())
    let index = Math.max(0, from)
    while (index < size) {
      const bundle = Math.floor(index / TILE_WIDTH)
      const entries = await readEntries(this.#dir, bundle, this.size())
      for (; index < size && Math.floor(index / TILE_WIDTH) === bundle; index += 1)
        yield loggedEntry(index, entries[index % TILE_WIDTH])
    }
  }

  /** Proof that one entry is in the log: a small file that anybody can check without the log. */
  async prove(index: number): Promise<InclusionProof> {
    const { size, note } = this.#checkpoint
    this.#checkIndex(index, size)
    const entries = await readEntries(this.#dir, Math.floor(index / TILE_WIDTH), size)
    const entry = entries[index % TILE_WIDTH] ?? Buffer.alloc(0)
    const path = await inclusionPath(subtreeReader(this.#dir, size), index, size)
    return {
      index,
      entry: entry.toString('utf8'),
      leaf: leafHash(entry).toString('hex'),
      path: path.map((hash) => hash.toString('hex')),
      checkpoint: note,
      key: this.verifier,
    }
  }

  /** Proof that the log of `old` entries is the beginning of the log of `size` entries. RFC 6962 §2.1.2. */
  async consistency(old: number, size: number = this.size()): Promise<ConsistencyProof> {
    if (!(Number.isSafeInteger(old) && 0 <= old && old <= size && size <= this.size()))
      throw new SekishoError('NOT_FOUND', `no log of ${old} or ${size} entries here`)
    const path = old === 0 ? [] : await consistencyPath(subtreeReader(this.#dir, size), old, size)
    return { old, size, path: path.map((hash) => hash.toString('hex')) }
  }

  /** For the writer: makes what was just published readable. */
  protected advance(checkpoint: SignedCheckpoint): void {
    this.#checkpoint = checkpoint
  }

  #checkIndex(index: number, size: number): void {
    if (!Number.isSafeInteger(index) || index < 0 || index >= size)
      throw new SekishoError('NOT_FOUND', `the log has no entry ${index}`)
  }
}

function loggedEntry(index: number, bytes: Buffer | undefined): LoggedEntry {
  const leaf = bytes === undefined ? undefined : readLeaf(bytes)
  if (bytes === undefined || leaf === undefined || leaf.seq !== index)
    throw new SekishoError('LOG_CORRUPT', `entry ${index} of the log is damaged`)
  return { index, key: leaf.key, leaf: leafHash(bytes).toString('hex'), entry: leaf.entry }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new SekishoError('NOT_FOUND', 'there is no log here')
    throw diskError(error)
  }
}
