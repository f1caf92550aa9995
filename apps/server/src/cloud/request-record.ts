/**
 * What terminals asked of the cloud gate, one canonical line for each event, a file for each day in Japan. Every line names the digest of the line before it, so that one taken out, put in or changed
 * is found. The evidence log would hold all of it in memory and sign each batch; a town's browsers ask a million times a day.
 */
import { hash } from 'node:crypto'
import { constants, fdatasync, ftruncate, write } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { SekishoError, errorCode } from '@sekisho/core'
import { diskError, makeFolder, syncFolder, takeLock } from '@sekisho/evidence'
import type { Lock } from '@sekisho/evidence'
import { todayInJapan } from '@sekisho/town'
import { requestLine } from './request-line.ts'

/** Digest that the very first line names. */
export const FIRST = '0'.repeat(64)
const FILE = /^\d{4}-\d{2}-\d{2}\.jsonl$/u
const FILE_MODE = 0o640

/** Milliseconds from the beginning of one write to that of the next. */
const APART = 2

interface Waiting {
  readonly entry: object
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

interface OpenFile {
  readonly day: string
  readonly handle: FileHandle
  /** Bytes that are known to be good. */
  length: number
}

/** Where a chain stands. */
interface End {
  readonly seq: number
  readonly digest: string
}

/** One writer. What `append` acknowledged survives a power cut. */
export class RequestRecord {
  readonly #folder: string
  readonly #now: () => Date
  readonly #lock: Lock
  #file: OpenFile | undefined
  #end: End
  #waiting: Waiting[] = []
  #running: Promise<void> | undefined
  #broken: SekishoError | undefined
  /** When the last write began, in milliseconds. */
  #begun = -APART

  private constructor(folder: string, now: () => Date, lock: Lock, end: End) {
    this.#folder = folder
    this.#now = now
    this.#lock = lock
    this.#end = end
  }

  /**
   * Carries on the chain in `folder`. A last line that a crash tore was never acknowledged, and is taken off.
   *
   * @throws SekishoError LOG_CORRUPT when the last line does not fit, STORE_UNAVAILABLE when another gate writes here
   */
  static async open(folder: string, now: () => Date = () => new Date()): Promise<RequestRecord> {
    await makeFolder(folder)
    const lock = takeLock(folder)
    try {
      return new RequestRecord(folder, now, lock, await endOf(folder))
    } catch (error) {
      lock.release()
      throw diskError(error)
    }
  }

  /** Events that come while others are being written share the next write. @throws SekishoError when it is not durable */
  append(entry: object): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ entry, resolve, reject })
    this.#running ??= this.#run()
    return promise
  }

  async close(): Promise<void> {
    await this.#running
    this.#broken ??= new SekishoError('STORE_UNAVAILABLE', 'the record is closed')
    await this.#file?.handle.close()
    this.#lock.release()
  }

  async #run(): Promise<void> {
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      await this.#apart()
      const batch = this.#waiting.splice(0)
      try {
        if (this.#broken) throw this.#broken
        await this.#write(batch.map(({ entry }) => entry))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(diskError(error))
      }
    }
    this.#running = undefined
  }

  // What waits for the disk costs the processor as much as a tunnel does, so those that come close together share it. Whoever comes after a silence does not wait.
  async #apart(): Promise<void> {
    if (performance.now() - this.#begun < APART) await setTimeout(APART)
    this.#begun = performance.now()
  }

  async #write(entries: readonly object[]): Promise<void> {
    const at = this.#now()
    const file = await this.#fileOf(todayInJapan(at))
    const time = at.toISOString()
    let { seq, digest } = this.#end
    let text = ''
    for (const entry of entries) {
      seq += 1
      const line = requestLine({ ...entry, at: time, before: digest, seq })
      digest = digestOf(line)
      text += `${line}\n`
    }
    const bytes = Buffer.from(text)
    await this.#put(file, bytes)
    file.length += bytes.length
    this.#end = { seq, digest }
  }

  async #put({ handle: { fd }, length }: OpenFile, bytes: Buffer): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await writeTo(fd, bytes, done, bytes.length - done, length + done)
        done += bytesWritten
      }
    } catch (error) {
      // A full disk: what is half written goes, and the next may find room.
      await truncate(fd, length).catch((again: unknown) => this.#break(again))
      throw error
    }
    // After a sync that did not work nobody knows what the disk holds (the kernel forgets the dirty pages): nothing more is acknowledged.
    await sync(fd).catch((error: unknown) => this.#break(error))
  }

  #break(error: unknown): never {
    this.#broken = diskError(error)
    throw this.#broken
  }

  /** A clock that goes back stays with the file of the later day: the order of lines is the order of files. */
  async #fileOf(today: string): Promise<OpenFile> {
    const last = this.#file?.day ?? (await filesIn(this.#folder)).at(-1)?.slice(0, 10) ?? today
    const day = last > today ? last : today
    if (this.#file?.day === day) return this.#file
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW
    const handle = await open(join(this.#folder, `${day}.jsonl`), flags, FILE_MODE)
    await syncFolder(this.#folder)
    await this.#file?.handle.close()
    this.#file = { day, handle, length: (await handle.stat()).size }
    return this.#file
  }
}

const writeTo = promisify(write)
const sync = promisify(fdatasync)
const truncate = promisify(ftruncate)

/** The files of a folder, oldest first; none where nothing was recorded yet. */
export async function filesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown): readonly string[] => {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => FILE.test(name)).toSorted()
}

export function digestOf(line: string): string {
  return hash('sha256', line)
}

async function endOf(folder: string): Promise<End> {
  for (const name of (await filesIn(folder)).toReversed()) {
    const line = await lastLine(join(folder, name))
    if (line !== undefined) return { seq: seqOf(line), digest: digestOf(line) }
  }
  return { seq: 0, digest: FIRST }
}

/** More than the longest line: a day has a million of them, and only the last is wanted. */
const TAIL = 131_072

async function lastLine(path: string): Promise<string | undefined> {
  const handle = await open(path, constants.O_RDWR | constants.O_NOFOLLOW)
  try {
    const { size } = await handle.stat()
    const start = Math.max(0, size - TAIL)
    const tail = Buffer.alloc(size - start)
    await handle.read(tail, 0, tail.length, start)
    const whole = tail.lastIndexOf(10) + 1
    if (whole < tail.length) {
      await handle.truncate(start + whole)
      await handle.sync()
    }
    return tail.toString('utf8', 0, whole).split('\n').at(-2)
  } finally {
    await handle.close()
  }
}

function seqOf(line: string): number {
  try {
    const { seq } = JSON.parse(line) as { readonly seq?: unknown }
    if (typeof seq === 'number' && Number.isSafeInteger(seq)) return seq
  } catch {
    // Told below.
  }
  throw new SekishoError('LOG_CORRUPT', 'the last line of the requests is none')
}
