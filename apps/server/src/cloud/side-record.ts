/** Chains of lines beside that of the requests, each in a folder of its own, written a line now and then by programs that come and go. */
import { setTimeout as sleep } from 'node:timers/promises'
import { SekishoError } from '@sekisho/core'
import { RequestRecord } from './request-record.ts'

/** Another program may be writing its line just now. */
const TRIES = 20
const WAIT_MS = 100

/** @throws SekishoError when it is not durable */
export async function appendBeside(
  folder: string,
  entries: readonly object[],
  now: () => Date,
): Promise<void> {
  const record = await openPatiently(folder, now)
  try {
    await Promise.all(entries.map((entry) => record.append(entry)))
  } finally {
    await record.close()
  }
}

async function openPatiently(folder: string, now: () => Date): Promise<RequestRecord> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await RequestRecord.open(folder, now)
    } catch (error) {
      const busy = error instanceof SekishoError && error.code === 'STORE_UNAVAILABLE'
      if (!busy || left === 0) throw error
      await sleep(WAIT_MS)
    }
  }
}
