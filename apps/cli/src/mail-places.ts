import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openStore } from '@sekisho/store'
import type { MailTables, Store } from '@sekisho/store'

/** How `sekisho gate mail` speaks. */
export const MAIL_FORMATS = ['text', 'json'] as const

/**
 * Where the mail gate keeps what it holds.
 *
 * @param data folder of `sekisho serve --data`, with both sides in it, or of one side alone
 */
export function mailPlaces(data: string): {
  readonly spool: string
  readonly queue: string
  /** The store of the high side: what was turned away. */
  readonly store: string
  /** Mail to the outside: what was judged, and what waits for the mail server of the internet side. */
  readonly outward: string
  readonly outwardQueue: string
  /** What waits for the server to other governments, where that is not the one above. */
  readonly lgwanQueue: string
} {
  return {
    spool: placeOf(data, 'low', 'mail'),
    queue: placeOf(data, 'high', 'mail.sqlite'),
    store: placeOf(data, 'high', 'store.sqlite'),
    outward: placeOf(data, 'high', 'outward/outward.sqlite'),
    outwardQueue: placeOf(data, 'low', 'mail-out/queue.sqlite'),
    lgwanQueue: placeOf(data, 'high', 'outward/lgwan/queue.sqlite'),
  }
}

function placeOf(data: string, side: 'low' | 'high', name: string): string {
  const alone = join(data, name)
  return existsSync(alone) ? alone : join(data, side, name)
}

/** Which queue: mail from outside, mail to the internet, mail to other governments. */
export const QUEUE_WAYS = ['in', 'out', 'lgwan'] as const
export type QueueWay = (typeof QUEUE_WAYS)[number]

/** Runs `use` with the queue to the next servers; `undefined` when there is none yet: looking makes none. */
export async function withQueue<Value>(
  data: string,
  use: (store: Store<MailTables>) => Promise<Value>,
  way: QueueWay = 'in',
): Promise<Value | undefined> {
  const { queue, outwardQueue, lgwanQueue } = mailPlaces(data)
  return withStore({ in: queue, out: outwardQueue, lgwan: lgwanQueue }[way], use)
}

/** The same with any store. */
export async function withStore<Tables, Value>(
  path: string,
  use: (store: Store<Tables>) => Promise<Value>,
): Promise<Value | undefined> {
  if (!existsSync(path)) return undefined
  const store = await openStore<Tables>({ path })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}
