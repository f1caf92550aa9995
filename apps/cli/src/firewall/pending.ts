import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError, errorCode } from '@sekisho/core'
import { syncFolder, writeDurably } from '@sekisho/evidence'
import type { Scope } from '@sekisho/network'

/** A change that is made and not yet confirmed, with the way back. Only root reads and writes the folder it is in. */
export interface Pending {
  /** The plan's number. */
  readonly id: string
  readonly model: string
  readonly actor: string
  /** The start of the machine in which the change was made: rules do not survive the next. */
  readonly boot: string
  /** When the change was prepared, ISO 8601; with `id` it names this change in the log. */
  readonly since: string
  readonly seconds: number
  /** Process id of the keeper. */
  readonly keeper: number
  readonly scope: Scope
  /** Digests of everything the kernel held, and is to hold. */
  readonly before: string
  readonly after: string
  /** Digest of the part that is replaced, as it was. */
  readonly formerly: string
  /** The text that brings the former rules back. */
  readonly back: string
  /** The plan's file, whole: what is in force once it is confirmed. */
  readonly plan: string
}

export const DECISIONS = ['confirm', 'return'] as const
export type Decision = (typeof DECISIONS)[number]

const FILE = 'pending.json'

export async function writePending(folder: string, pending: Pending): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(pending))
  await writeDurably([{ path: join(folder, FILE), bytes }], folder)
}

/**
 * The change that waits for an answer; `undefined` when none does.
 *
 * @throws SekishoError STORE_CORRUPT when there is one and it cannot be read: nobody guesses a way back
 */
export async function readPending(folder: string): Promise<Pending | undefined> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(absent)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SekishoError('STORE_CORRUPT', join(folder, FILE), { cause })
  }
}

export async function removePending(folder: string, { id }: Pending): Promise<void> {
  await rm(join(folder, FILE), { force: true })
  await rm(decisionPath(folder, id), { force: true })
  await syncFolder(folder)
}

/**
 * Decides, once: the first decision stays, whoever asks later is told it. A name is given to a file that is already whole, so nobody reads half a word.
 *
 * @returns what is decided
 */
export async function decide(folder: string, id: string, wanted: Decision): Promise<Decision> {
  const made = join(folder, `decision.${randomUUID()}`)
  await writeFile(made, wanted, { mode: 0o600, flag: 'wx', flush: true })
  try {
    await link(made, decisionPath(folder, id))
    await syncFolder(folder)
    return wanted
  } catch (error) {
    const decided = await readDecision(folder, id)
    if (decided === undefined) throw error
    return decided
  } finally {
    await rm(made, { force: true })
  }
}

export async function readDecision(folder: string, id: string): Promise<Decision | undefined> {
  const text = await readFile(decisionPath(folder, id), 'utf8').catch(absent)
  return DECISIONS.find((one) => one === text)
}

const decisionPath = (folder: string, id: string): string => join(folder, `decided-${id}`)

/** Names this start of the machine (random(4), `boot_id`). */
export const bootId = async (): Promise<string> =>
  (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()

function absent(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined
  throw error
}
