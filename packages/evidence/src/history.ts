/**
 * The file `checkpoints`: every checkpoint the log ever signed, oldest first, each followed by an empty line. It is
 * appended to and synced before anything else may rely on a checkpoint, so its last whole note is the truth after a
 * crash; and it lets a verifier say in which batch an entry was altered.
 */
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { SekishoError, errorCode } from '@sekisho/core'
import { readCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import { diskError } from './durable.ts'
import { MAX_NOTE_BYTES } from './note.ts'
import type { NoteVerifier } from './note.ts'

/** A checkpoint with the note that proves it. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: string
}

/** Signature check and strict reading in one. */
export function openCheckpoint(note: string, key: NoteVerifier): SignedCheckpoint | undefined {
  const text = key.open(note)
  const checkpoint = text === undefined ? undefined : readCheckpoint(text)
  return checkpoint?.origin === key.name ? { ...checkpoint, note } : undefined
}

/** How one note stands in the file. */
export function historyRecord(note: string): Buffer {
  return Buffer.from(`${note}\n`)
}

export class History {
  readonly #file: FileHandle
  /** Bytes up to the end of the last whole note. */
  #length: number
  /** Set when the file is in a state we cannot know; only reopening helps. */
  #broken = false

  private constructor(file: FileHandle, length: number) {
    this.#file = file
    this.#length = length
  }

  /**
   * Opens the file, cuts off what a crash left half-written and returns the last two checkpoints, newest first.
   * Throws LOG_CORRUPT when the end of the file is more than one torn note away from a valid one.
   */
  static async open(
    path: string,
    key: NoteVerifier,
  ): Promise<{ history: History; latest: readonly SignedCheckpoint[] }> {
    const file = await openExisting(path)
    try {
      const { latest, length } = await readEnd(file, key)
      await file.truncate(length)
      await file.datasync()
      return { history: new History(file, length), latest }
    } catch (error) {
      await file.close()
      throw diskError(error)
    }
  }

  /** Appends one note; durable when it resolves. A failed append leaves nothing behind. */
  async append(note: string): Promise<void> {
    if (this.#broken) throw new SekishoError('STORE_UNAVAILABLE', 'the log must be reopened')
    const record = historyRecord(note)
    try {
      await writeAt(this.#file, record, this.#length)
      await this.#file.datasync()
    } catch (error) {
      await this.#cutBack()
      throw diskError(error)
    }
    this.#length += record.length
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #cutBack(): Promise<void> {
    try {
      await this.#file.truncate(this.#length)
      await this.#file.datasync()
    } catch {
      this.#broken = true
    }
  }
}

async function openExisting(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw diskError(error)
    throw new SekishoError('LOG_CORRUPT', 'the file "checkpoints" is missing', { cause: error })
  }
}

async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

async function readEnd(
  file: FileHandle,
  key: NoteVerifier,
): Promise<{ latest: SignedCheckpoint[]; length: number }> {
  const { size } = await file.stat()
  const start = Math.max(0, size - 4 * MAX_NOTE_BYTES)
  const tail = Buffer.alloc(size - start)
  await file.read(tail, 0, tail.length, start)
  const whole = wholeRecords(tail, key.name, start === 0)
  const valid = whole.flatMap(({ note, end }) => {
    const checkpoint = openCheckpoint(note, key)
    return checkpoint === undefined ? [] : [{ checkpoint, end }]
  })
  const [last, before] = valid.toReversed()
  if (last === undefined || tail.length - last.end > MAX_NOTE_BYTES)
    throw new SekishoError(
      'LOG_CORRUPT',
      'the file "checkpoints" does not end with a checkpoint of this log',
    )
  const latest = before === undefined ? [last] : [last, before]
  return { latest: latest.map(({ checkpoint }) => checkpoint), length: start + last.end }
}

/** Cuts the end of the file into notes. A note starts at a line with the origin after an empty line. */
function wholeRecords(
  tail: Buffer,
  origin: string,
  fromStart: boolean,
): { note: string; end: number }[] {
  const mark = Buffer.from(`\n\n${origin}\n`)
  const starts = fromStart ? [0] : []
  for (let at = tail.indexOf(mark); at !== -1; at = tail.indexOf(mark, at + 1)) starts.push(at + 2)
  return starts.flatMap((start, position) => {
    const end = wholeEnd(tail, start, starts[position + 1] ?? tail.length)
    return end === undefined ? [] : [{ note: tail.toString('utf8', start, end - 1), end }]
  })
}

/** A record ends with the first empty line after its signature line. */
function wholeEnd(tail: Buffer, start: number, limit: number): number | undefined {
  const signature = tail.indexOf('\n\n', start)
  const end = signature === -1 ? -1 : tail.indexOf('\n\n', signature + 2)
  return end === -1 || end + 2 > limit ? undefined : end + 2
}
