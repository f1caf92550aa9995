/**
 * Mail that was taken and not yet handed on. What `commit` returned survives kill -9 and a power cut.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { ReadStream } from 'node:fs'
import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError } from '@sekisho/core'
import { TEMPORARY_PREFIX, diskError, makeFolder, syncFolder } from '@sekisho/evidence'
import type { Authenticity } from './authenticity.ts'
import { FOOTER_BYTES, decodeDescription, decodeFooter, encodeEnd } from './spool-file.ts'
import { sharedWork } from './shared-work.ts'

export interface Peer {
  readonly address: string
  /** What it called itself: its own claim. */
  readonly helo: string
  readonly tls: string | null
}

export interface Envelope {
  /** Empty for a bounce. */
  readonly from: string
  readonly recipients: readonly string[]
  readonly utf8: boolean
}

/** What is known of a message; everything in `peer` and `envelope` is hostile text. */
export interface SpooledMail {
  readonly id: string
  /** ISO 8601, when the last byte had come. */
  readonly receivedAt: string
  readonly peer: Peer
  readonly envelope: Envelope
  /** Bytes of the message, dots unstuffed. */
  readonly size: number
  readonly sha256: string
  readonly authenticity: Authenticity
}

export interface SpoolOptions {
  /** A folder of its own. One process at a time. */
  readonly folder: string
  /** Bytes in the folder at most. */
  readonly maxBytes: number
  readonly now: () => Date
}

/** A message that is coming in. Nobody was promised anything yet. */
export interface Draft {
  readonly id: string
  /** @throws STORE_FULL when the quota or the disk is full, STORE_UNAVAILABLE */
  write(chunk: Uint8Array): Promise<void>
  /** What came so far, from the beginning. */
  content(): ReadStream
  /** When it resolves, the message may be acknowledged. @throws as `write` */
  commit(about: Pick<SpooledMail, 'peer' | 'envelope' | 'authenticity'>): Promise<SpooledMail>
  discard(): Promise<void>
}

/** Name of a message: the moment it began to come, and chance. */
export const SPOOL_ID = /^\d{8}T\d{9}Z-[0-9a-f]{16}$/u
export const ENDING = '.mail'

export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { folder } = options
  try {
    for (const name of ['', 'incoming', 'mail', 'damaged']) await makeFolder(join(folder, name))
    const spool = new Spool(options)
    await spool.recover()
    return spool
  } catch (error) {
    throw diskError(error)
  }
}

export class Spool {
  readonly #options: SpoolOptions
  readonly #sizes = new Map<string, number>()
  /** Bytes of what is held and of what is coming in. */
  #bytes = 0
  #damaged: string[] = []
  readonly #syncMail: () => Promise<void>

  constructor(options: SpoolOptions) {
    this.#options = options
    this.#syncMail = sharedWork(() => syncFolder(join(options.folder, 'mail')))
  }

  /** Ids of the messages held, oldest first. */
  ids(): readonly string[] {
    return [...this.#sizes.keys()].toSorted()
  }

  /** Bytes in use, what is coming in included. */
  get bytes(): number {
    return this.#bytes
  }

  /** Names of files that are not whole, kept aside in `damaged/`: for a person to look at, never thrown away. */
  get damaged(): readonly string[] {
    return this.#damaged
  }

  hasRoomFor(bytes: number): boolean {
    return this.#bytes + bytes <= this.#options.maxBytes
  }

  async begin(): Promise<Draft> {
    const id = newId(this.#options.now())
    const path = join(this.#options.folder, 'incoming', `${TEMPORARY_PREFIX}${id}`)
    try {
      return new FileDraft(id, path, await open(path, 'wx', 0o600), this.#ledger(id))
    } catch (error) {
      throw diskError(error)
    }
  }

  /** @throws NOT_FOUND, STORE_CORRUPT when the file is not what was written */
  async about(id: string): Promise<SpooledMail> {
    const mail = await readAbout(this.#path(id)).catch((error: unknown) => {
      throw diskError(error)
    })
    if (mail === undefined) throw new SekishoError('STORE_CORRUPT', `mail ${id} is not whole`)
    return mail
  }

  /** The message. Do nothing with it before it ended: after the last byte it throws STORE_CORRUPT when a bit fell over. */
  async *message(id: string): AsyncGenerator<Buffer> {
    const { size, sha256 } = await this.about(id)
    const hash = createHash('sha256')
    if (size > 0)
      for await (const chunk of createReadStream(this.#path(id), { end: size - 1 })) {
        hash.update(chunk as Buffer)
        yield chunk as Buffer
      }
    if (hash.digest('hex') !== sha256)
      throw new SekishoError('STORE_CORRUPT', `mail ${id} is not what was received`)
  }

  /** For whoever has handed the message on and recorded it. */
  async remove(id: string): Promise<void> {
    const path = this.#path(id)
    try {
      await rm(path)
      await this.#syncMail()
    } catch (error) {
      throw diskError(error)
    }
    this.#bytes -= this.#sizes.get(id) ?? 0
    this.#sizes.delete(id)
  }

  /** Finds again what a former process acknowledged, and clears away what it did not. */
  async recover(): Promise<void> {
    const { folder } = this.#options
    for (const name of await readdir(join(folder, 'incoming')))
      await rm(join(folder, 'incoming', name), { force: true })
    for (const name of await readdir(join(folder, 'mail'))) {
      const path = join(folder, 'mail', name)
      const id = name.endsWith(ENDING) ? name.slice(0, -ENDING.length) : ''
      const mail = SPOOL_ID.test(id) ? await readAbout(path) : undefined
      if (mail === undefined) await rename(path, join(folder, 'damaged', name))
      else this.#hold(id, (await stat(path)).size)
    }
    for (const name of ['mail', 'damaged']) await syncFolder(join(folder, name))
    this.#damaged = (await readdir(join(folder, 'damaged'))).toSorted()
  }

  #ledger(id: string): Ledger {
    return {
      final: this.#path(id, true),
      reserve: (bytes) => {
        if (!this.hasRoomFor(bytes)) throw new SekishoError('STORE_FULL', 'the spool is full')
        this.#bytes += bytes
      },
      release: (bytes) => {
        this.#bytes -= bytes
      },
      sync: this.#syncMail,
      hold: (bytes) => this.#sizes.set(id, bytes),
      now: this.#options.now,
    }
  }

  #hold(id: string, bytes: number): void {
    this.#sizes.set(id, bytes)
    this.#bytes += bytes
  }

  /** An id becomes a file name: anything else could leave the folder. */
  #path(id: string, coming = false): string {
    if (!SPOOL_ID.test(id)) throw new SekishoError('BUG', 'not an id of the spool')
    if (!coming && !this.#sizes.has(id)) throw new SekishoError('NOT_FOUND', `no mail ${id}`)
    return join(this.#options.folder, 'mail', `${id}${ENDING}`)
  }
}

/** What a draft needs of its spool. */
interface Ledger {
  readonly final: string
  reserve(bytes: number): void
  release(bytes: number): void
  sync(): Promise<void>
  hold(bytes: number): void
  now(): Date
}

class FileDraft implements Draft {
  readonly id: string
  readonly #path: string
  readonly #file: FileHandle
  readonly #ledger: Ledger
  readonly #hash: Hash = createHash('sha256')
  #size = 0
  #reserved = 0

  constructor(id: string, path: string, file: FileHandle, ledger: Ledger) {
    this.id = id
    this.#path = path
    this.#file = file
    this.#ledger = ledger
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#append(chunk)
    this.#hash.update(chunk)
    this.#size += chunk.length
  }

  content(): ReadStream {
    // Positional, on its own descriptor: reading must not move where the next write goes.
    return createReadStream(this.#path, { end: Math.max(0, this.#size - 1) })
  }

  async commit(
    about: Pick<SpooledMail, 'peer' | 'envelope' | 'authenticity'>,
  ): Promise<SpooledMail> {
    const mail: SpooledMail = {
      id: this.id,
      receivedAt: this.#ledger.now().toISOString(),
      ...about,
      size: this.#size,
      sha256: this.#hash.digest('hex'),
    }
    await this.#append(encodeEnd(mail))
    try {
      await this.#file.datasync()
      await this.#file.close()
      await rename(this.#path, this.#ledger.final)
      await this.#ledger.sync()
    } catch (error) {
      // Not acknowledged, so the sender keeps it. If it cannot be taken away either, it may come twice; never lost.
      await rm(this.#ledger.final, { force: true }).catch(() => {})
      throw diskError(error)
    }
    this.#ledger.hold(this.#reserved)
    return mail
  }

  async discard(): Promise<void> {
    await this.#file.close().catch(() => {})
    await rm(this.#path, { force: true }).catch(() => {})
    this.#ledger.release(this.#reserved)
    this.#reserved = 0
  }

  async #append(bytes: Uint8Array): Promise<void> {
    this.#ledger.reserve(bytes.length)
    this.#reserved += bytes.length
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.#file.write(bytes, done)
        done += bytesWritten
      }
    } catch (error) {
      throw diskError(error)
    }
  }
}

async function readAbout(path: string): Promise<SpooledMail | undefined> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size < FOOTER_BYTES) return undefined
    const footer = await readAt(file, size - FOOTER_BYTES, FOOTER_BYTES)
    const lengths = decodeFooter(footer, size)
    if (lengths === undefined) return undefined
    const description = await readAt(file, lengths.messageBytes, lengths.descriptionBytes)
    return decodeDescription(description, footer)
  } finally {
    await file.close()
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

/** Sorted by id is sorted by time. */
function newId(now: Date): string {
  return `${now.toISOString().replaceAll(/[-:.]/gu, '')}-${randomBytes(8).toString('hex')}`
}
