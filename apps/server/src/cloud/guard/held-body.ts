/**
 * A body that waits for its answer: the first of it in memory, what is more in a file that nobody else can open. The file has lost its name before a byte is in it, so nothing of it is left behind by
 * a gate that is killed.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { WaitingRoom } from './waiting-room.ts'

/** Bytes of a body that stay in memory: the bodies of all browsers wait at once. */
const IN_MEMORY = 256 * 1024
/** Bytes that are read from the file at once. */
const PIECE = 256 * 1024
const FILE_MODE = 0o600
/** A sender that is gone when its answer comes reads nothing: what waited for it is given back after so long. */
const BEGIN_WITHIN_MS = 120_000
const FOLDER_MODE = 0o700

export interface HeldBody {
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
  /** All of it. */
  read(): Promise<Uint8Array>
  /** All of it, piece by piece, once; what it waited in is given back at the end, also when the reader stops early. */
  stream(): AsyncIterable<Uint8Array>
  /** Gives back what it waited in. */
  drop(): Promise<void>
}

export interface HoldOptions {
  /** Longest body, bytes. */
  readonly most: number
  readonly room: WaitingRoom
  /** Id of whose body it is. */
  readonly person: string
}

/**
 * Takes a body in. `undefined` when it is longer than `most`; then nothing of it is kept. Rejects when the sender stops, the disk is full, or too much waits already.
 */
export async function holdBody(
  body: AsyncIterable<Uint8Array>,
  { most, room, person }: HoldOptions,
): Promise<HeldBody | undefined> {
  const holding = new Holding(room, person)
  try {
    for await (const piece of body) {
      if (holding.bytes + piece.length > most) {
        await holding.drop()
        return undefined
      }
      await holding.take(piece)
    }
    return holding.done()
  } catch (error) {
    await holding.drop()
    throw error
  }
}

class Holding implements Omit<HeldBody, 'sha256'> {
  readonly #room: WaitingRoom
  readonly #person: string
  readonly #hash = createHash('sha256')
  #pieces: Uint8Array[] = []
  #inMemory = 0
  #file: FileHandle | undefined
  #dropped = false
  bytes = 0

  constructor(room: WaitingRoom, person: string) {
    this.#room = room
    this.#person = person
  }

  async take(piece: Uint8Array): Promise<void> {
    if (!this.#room.enter(this.#person, piece.length)) throw new Error('too much waits')
    this.#hash.update(piece)
    this.bytes += piece.length
    if (this.#file) return writeAll(this.#file, piece)
    // The sender's buffer may be used again.
    this.#pieces.push(Uint8Array.from(piece))
    this.#inMemory += piece.length
    if (this.#inMemory <= IN_MEMORY) return
    this.#file = await openNameless(this.#room.folder)
    for (const one of this.#pieces.splice(0)) await writeAll(this.#file, one)
  }

  done(): HeldBody {
    const sha256 = this.#hash.digest('hex')
    return {
      bytes: this.bytes,
      sha256,
      read: () => this.read(),
      stream: () => this.stream(),
      drop: () => this.drop(),
    }
  }

  async read(): Promise<Uint8Array> {
    if (!this.#file) return Buffer.concat(this.#pieces)
    const all = Buffer.allocUnsafeSlow(this.bytes)
    for (let at = 0; at < all.length;) {
      const { bytesRead } = await this.#file.read(all, at, all.length - at, at)
      if (bytesRead === 0) throw new Error('a held body is shorter than it was')
      at += bytesRead
    }
    return all
  }

  /** Not a generator: one that was never begun would not give back what it holds when its reader stops. */
  stream(): AsyncIterable<Uint8Array> {
    let at = 0
    const unread = setTimeout(() => void this.drop(), BEGIN_WITHIN_MS).unref()
    const end = async (): Promise<IteratorReturnResult<undefined>> => {
      clearTimeout(unread)
      await this.drop()
      return { done: true, value: undefined }
    }
    const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
      clearTimeout(unread)
      const value = await this.#pieceAt(at).catch(async (error: unknown) => {
        await this.drop()
        throw error
      })
      if (!value) return end()
      at += value.length
      return { done: false, value }
    }
    return { [Symbol.asyncIterator]: () => ({ next, return: end }) }
  }

  async #pieceAt(at: number): Promise<Uint8Array | undefined> {
    if (this.#dropped && at < this.bytes) throw new Error('a held body was given back')
    if (!this.#file) return this.#pieces.shift()
    if (at >= this.bytes) return undefined
    const piece = Buffer.allocUnsafeSlow(Math.min(PIECE, this.bytes - at))
    const { bytesRead } = await this.#file.read(piece, 0, piece.length, at)
    // What leaves must be what was judged, to its last byte.
    if (bytesRead !== piece.length) throw new Error('a held body is shorter than it was')
    return piece
  }

  async drop(): Promise<void> {
    if (!this.#dropped) this.#room.leave(this.#person, this.bytes)
    this.#dropped = true
    this.#pieces = []
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }
}

async function openNameless(folder: string): Promise<FileHandle> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE })
  const path = join(folder, randomUUID())
  const file = await open(path, 'wx+', FILE_MODE)
  await unlink(path)
  return file
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let done = 0; done < piece.length;) {
    const { bytesWritten } = await file.write(piece, done, piece.length - done)
    done += bytesWritten
  }
}
