/** What waits on this machine: the spool of the low side, the queue of the high side, and the room for it. */
import { statfs } from 'node:fs/promises'
import { bytesText } from '@sekisho/core'
import { lookAtSpool } from '@sekisho/gates/mail'
import { countMailWaiting } from '@sekisho/store'
import { ageText } from '../amount-text.ts'
import { mailPlaces, withQueue } from '../mail-places.ts'
import type { Look } from './look.ts'
import type { RunGate } from './mail-dns.ts'
import { look } from './words.ts'

/** What waits longer has met something: the line is asked every few seconds. */
const OLD_MS = 60 * 60 * 1000
/** Messages of the greatest size that must still fit on the disk. */
const MUST_FIT = 20

export async function storeLooks(
  data: string,
  { gate }: RunGate,
  now: Date,
): Promise<readonly Look[]> {
  return [
    ...(await spoolLooks(mailPlaces(data).spool, gate.receive.maxBytes, now)),
    ...(await queueLooks(data, now)),
  ]
}

async function spoolLooks(folder: string, maxBytes: number, now: Date): Promise<readonly Look[]> {
  const name = '預かったメール'
  const seen = await lookAtSpool(folder)
  if (seen === undefined) return [look('DOC-SPOOL-EMPTY', name)]
  const { count, bytes, damaged, oldest } = seen
  const age = oldest === undefined ? 0 : now.getTime() - Date.parse(oldest)
  const { bavail, bsize } = await statfs(folder)
  const fits = Math.floor((bavail * bsize) / maxBytes)
  return [
    age > OLD_MS
      ? look('DOC-SPOOL-OLD', name, { count, age: ageText(age) })
      : look(count === 0 ? 'DOC-SPOOL-EMPTY' : 'DOC-SPOOL-OK', name, {
          count,
          bytes: bytesText(bytes),
        }),
    ...(damaged === 0 ? [] : [look('DOC-SPOOL-DAMAGED', name, { count: damaged })]),
    ...(fits >= MUST_FIT
      ? []
      : [look('DOC-SPOOL-SPACE', name, { free: bytesText(bavail * bsize), fits })]),
  ]
}

async function queueLooks(data: string, now: Date): Promise<readonly Look[]> {
  const waiting = await withQueue(data, (store) => countMailWaiting(store.db, now.toISOString()))
  return (waiting ?? []).map(({ hop, waiting: count, oldest }) => {
    const age = now.getTime() - Date.parse(oldest)
    return age > OLD_MS
      ? look('DOC-QUEUE-OLD', '送り待ち', { hop, count, age: ageText(age) })
      : look('DOC-QUEUE-OK', '送り待ち', { hop, count })
  })
}
