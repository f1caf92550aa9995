import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder, writeDurably } from '@sekisho/evidence'
import { countersOf, noteUse, readUse, writeUse } from '@sekisho/network'
import type { FlowUse } from '@sekisho/network'
import { todayInJapan } from '@sekisho/town'
import { recordLate } from './evidence.ts'

const FILE = 'flow-use.json'

/** What is known in a firewall's folder of the use of its flows; `undefined` when nothing is, or nothing that can be read. */
export const readUseFile = async (path: string): Promise<FlowUse | undefined> =>
  readUse(await readFile(path, 'utf8').catch(() => ''))

export const useFile = (folder: string): string => join(folder, FILE)

/**
 * Looks at the counters of a kernel's listing, and keeps what they say of the use of each flow. Once a day the log gets the digest of the file, so that nobody
 * makes a flow look used, or unused, afterwards.
 *
 * @throws SekishoError when the disk does not take it
 */
export async function noteUseIn(
  folder: string,
  listing: unknown,
  now: Date,
  about: { readonly model: string; readonly actor: string },
): Promise<void> {
  const path = useFile(folder)
  const before = await readUseFile(path)
  const use = noteUse(before, countersOf(listing), now)
  const text = writeUse(use)
  await makeFolder(folder)
  await writeDurably([{ path, bytes: Buffer.from(text) }], folder)
  const day = todayInJapan(now)
  if (before !== undefined && todayInJapan(new Date(before.seen)) === day) return
  await recordLate(folder, `firewall:use:${day}`, {
    kind: 'changed',
    ...about,
    detail: {
      what: 'firewall',
      step: 'use',
      day,
      since: use.since,
      count: Object.keys(use.flows).length,
      used: Object.values(use.flows).filter(({ last }) => last !== undefined).length,
      digest: createHash('sha256').update(text).digest('hex'),
    },
  })
}
