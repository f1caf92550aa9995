import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBlobs, openStore } from '@sekisho/store'
import type { MailTables } from '@sekisho/store'
import type { Dial, NextHop } from './next-hop.ts'
import { openMailQueue } from './queue.ts'
import type { MailQueue, MailQueueOptions } from './queue.ts'
import type { MailOutcome } from './settle.ts'
import type { Submission } from './submission.ts'
import { DEFAULT_WAITS } from './waits.ts'

export const dialTcp: Dial = (host, port) =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
    socket.once('error', reject)
  })

export function hopAt(port: number, change: Partial<NextHop> = {}): NextHop {
  return {
    name: 'lgwan',
    host: '127.0.0.1',
    port,
    tls: 'opportunistic',
    connections: 2,
    ownName: 'sekisho.town.kasumi.lg.jp',
    timeouts: { greeting: 10_000, idle: 10_000, message: 20_000 },
    ...change,
  }
}

/** A queue in a folder of its own, whose clock stands until it is moved. */
export interface Bench {
  readonly folder: string
  readonly queue: MailQueue
  /** Milliseconds since 1970. */
  now: number
  /** Moves the clock and does what is due. */
  after(milliseconds: number): Promise<void>
  outcomes(): Promise<readonly MailOutcome[]>
  /** As a process that begins: nothing but the folder is left. */
  reopen(): Promise<Bench>
  close(): Promise<void>
}

export async function openBench(
  hops: readonly NextHop[],
  change: Partial<MailQueueOptions> = {},
  folder?: string,
  start = Date.parse('2027-04-01T00:00:00Z'),
): Promise<Bench> {
  const place = folder ?? (await mkdtemp(join(tmpdir(), 'sekisho-mail-')))
  const store = await openStore<MailTables>({ path: join(place, 'mail.sqlite') })
  const queue = await openMailQueue({
    store,
    blobs: await openBlobs(join(place, 'blobs')),
    hops,
    routes: [{ domain: '*', hop: 'lgwan' }],
    dial: dialTcp,
    clock: { now: () => bench.now, random: () => 0.5 },
    waits: DEFAULT_WAITS,
    bounceFrom: { host: 'sekisho.town.kasumi.lg.jp', address: 'sekisho@town.kasumi.lg.jp' },
    ...change,
  })
  const end = async (): Promise<void> => {
    await queue.close()
    await store.close()
  }
  const bench: Bench = {
    folder: place,
    queue,
    now: start,
    after: async (milliseconds) => {
      bench.now += milliseconds
      await queue.runDue()
    },
    outcomes: async () =>
      (await queue.outcomes(0, 1000)).map(({ event }) => JSON.parse(event) as MailOutcome),
    reopen: async () => {
      await end()
      return openBench(hops, change, place, bench.now)
    },
    close: async () => {
      await end()
      await rm(place, { recursive: true, force: true })
    },
  }
  return bench
}

export function letter(id: string, change: Partial<Submission> = {}): Submission {
  return {
    id,
    sender: 'hanako@town.kasumi.lg.jp',
    recipients: ['taro@pref.example.lg.jp'],
    bytes: messageBytes(id),
    telling: 'sender',
    ...change,
  }
}

export function messageBytes(id: string, body = '.\r\n..\r\nbody'): Uint8Array {
  return Buffer.from(
    `From: <hanako@town.kasumi.lg.jp>\r\nSubject: ${id}\r\nMessage-ID: <${id}@town.kasumi.lg.jp>\r\n\r\n${body}\r\n`,
  )
}
