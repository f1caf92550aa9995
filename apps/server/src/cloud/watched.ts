/**
 * How long a gate has only watched, told by its own record. A town that begins to stop what it never looked at finds out by its telephone which service it had forgotten.
 */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { WebGate } from '@sekisho/core'
import { SekishoError } from '@sekisho/core'
import { WATCH_DAYS, rehearsalWords } from '@sekisho/gates/web'
import { readRequests } from './read-requests.ts'
import { filesIn } from './request-record.ts'

export interface Watched {
  /** Days whose record begins with a gate that watches. */
  readonly days: number
  /** How the gate was set last; absent when the record does not say. */
  readonly mode: string | undefined
}

/** Each day's record names the orders within its first second. */
const HEAD_BYTES = 65_536

export async function watchedOf(folder: string): Promise<Watched> {
  const files = await filesIn(folder)
  let days = 0
  for (const file of files) if (await beginsWatching(join(folder, file))) days += 1
  const last = files.at(-1)
  let mode: string | undefined
  if (last !== undefined)
    await readRequests(
      folder,
      (entry) => {
        if (typeof entry['mode'] === 'string') mode = entry['mode']
      },
      last,
    )
  return { days, mode }
}

async function beginsWatching(path: string): Promise<boolean> {
  const handle = await open(path)
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0)
    // Canonical lines: a key of ours is written so and in no other way, and inside a text of a terminal a quote is escaped.
    return head.toString('utf8', 0, bytesRead).includes('"mode":"report"')
  } finally {
    await handle.close()
  }
}

/**
 * Is it too early to begin to stop? Stopping is never refused to whoever insists, since it is the safer of the two; it is only not done by accident.
 *
 * @throws SekishoError CONFIG_INVALID with what to do
 */
export async function checkWatched(folder: string, mode: WebGate['mode']): Promise<void> {
  if (mode !== 'enforce') return
  const watched = await watchedOf(folder)
  if (watched.mode !== 'report' || watched.days >= WATCH_DAYS) return
  const values: Readonly<Record<string, string>> = {
    days: String(watched.days),
    needed: String(WATCH_DAYS),
  }
  throw new SekishoError(
    'CONFIG_INVALID',
    rehearsalWords.early.replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? ''),
  )
}
