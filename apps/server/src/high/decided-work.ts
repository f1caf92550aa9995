/** The register of decisions, in a process of its own: the whole log is verified first, and nothing is written from one that is not as it was. */
import { openLogReader } from '@sekisho/evidence'
import { verifyFolder } from '@sekisho/evidence/verify'
import { decisionsWorkbook } from '@sekisho/report'
import type { LoggedEntry } from '@sekisho/report'
import { workApart } from '../host/work-apart.ts'
import type { DecidedBook, DecidedWork } from './decided.ts'

/** The log goes on while it is read: a check may meet a tile that the next checkpoint speaks of. */
const TRIES = 3

workApart((work) => bookOf(work as DecidedWork))

async function bookOf({ dir, key, day, town, people }: DecidedWork): Promise<DecidedBook> {
  const verdict = checked(dir, key)
  if (!verdict.ok) return { broken: verdict.reason }
  const { size, root } = verdict
  const names = new Map(people)
  const nameOf = (person: string): string => names.get(person) ?? person
  const entries = await decidedIn(dir, size)
  return { bytes: decisionsWorkbook(entries, { day, town, size, root, nameOf }) }
}

function checked(dir: string, key: string): ReturnType<typeof verifyFolder> {
  let verdict = verifyFolder(dir, { key })
  for (let tries = 1; tries < TRIES && !verdict.ok; tries += 1) verdict = verifyFolder(dir, { key })
  return verdict
}

/** Only what was verified: entries that came since are for the next time. */
async function decidedIn(dir: string, size: number): Promise<readonly LoggedEntry[]> {
  const reader = await openLogReader({ dir })
  const found: LoggedEntry[] = []
  for await (const { index, entry } of reader.entries(0, size))
    if (entry.kind === 'decided') found.push({ index, entry })
  return found
}
