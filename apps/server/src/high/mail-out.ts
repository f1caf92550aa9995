/**
 * The queue to the town's mail server at work: sends what is due, and puts what became of it on record before it is forgotten.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SekishoError } from '@sekisho/core'
import type { Town } from '@sekisho/core'
import { makeFolder, takeLock } from '@sekisho/evidence'
import type { Log } from '@sekisho/evidence'
import { openMailQueue } from '@sekisho/gates/mail'
import type { MailOutcome, MailQueue, NextHop, Waits } from '@sekisho/gates/mail'
import {
  findMailRow,
  mailMigrations,
  migrate,
  openBlobs,
  openStore,
  readMeta,
  updateMailRow,
  writeMeta,
} from '@sekisho/store'
import type { HighTables, MailTables, Store } from '@sekisho/store'
import { addressesOf } from '../host/mail-route.ts'
import type { MailRoute } from '../host/mail-route.ts'
import type { Address } from '../host/config.ts'
import { dialTo } from './dial.ts'
import type { MailDelivery } from './mail-way.ts'

const HOP = 'lgwan'
const CONNECTIONS = 4
const TIMEOUTS = { greeting: 60_000, idle: 5 * 60_000, message: 15 * 60_000 }
/** Longest sleep of the runner: a clock that was set back does not hold up the mail for ever. */
const SLEEP_MAX_MS = 60_000
const RETRY_MS = 1000
/** How often what ended long ago is forgotten, ms. The first time this long after a start: by then what was cut short was submitted again. */
const PRUNE_MS = 3_600_000
const BATCH = 100

export interface MailOutOptions {
  readonly town: Town
  readonly route: MailRoute
  readonly dataDir: string
  readonly model: string
  readonly log: Pick<Log, 'append'>
  readonly store: Store<HighTables>
  /** Own host name, as in EHLO. */
  readonly host: string
  readonly waits: Waits
  /** Where the next mail server is reached, instead of its declared address. */
  readonly reached?: Address
}

/** A queue that sends by itself. */
export interface MailOut {
  readonly queue: MailQueue
  wake(): void
  close(): Promise<void>
}

export async function openMailOut(options: MailOutOptions): Promise<MailOut> {
  const { dataDir, route, host } = options
  const folder = join(dataDir, 'mail-blobs')
  await makeFolder(folder)
  const lock = takeLock(folder, 'the queue of mails')
  const blobs = await openBlobs(folder)
  // A file of its own also where the rest is in a PostgreSQL: this process alone has it open.
  const store = await openStore<MailTables>({ path: join(dataDir, 'mail.sqlite') })
  await migrate(store, mailMigrations)
  const queue = await openMailQueue({
    store,
    blobs,
    hops: [hopOf(options)],
    routes: [{ domain: '*', hop: HOP }],
    dial: dialTo(reachedAt(options)),
    clock: { now: Date.now, random: Math.random },
    waits: options.waits,
    bounceFrom: { host, address: `postmaster@${route.domains[0] ?? host}` },
  })
  const runner = new Runner(options, queue, await nameOf(store))
  return {
    queue,
    wake: () => runner.wake(),
    async close() {
      await runner.close()
      await queue.close()
      await store.close()
      lock.release()
    },
  }
}

/** Where the connection goes; the name that the certificate must bear is another matter. */
function reachedAt({ town, route, reached }: MailOutOptions): Address {
  if (reached) return reached
  const { server, port } = route.deliver
  const [address] = addressesOf(town, server)
  if (address === undefined) throw new SekishoError('CONFIG_INVALID', `${server} has no address`)
  return { host: address, port }
}

function hopOf(options: MailOutOptions): NextHop {
  const { route, host } = options
  const { port, tls, name } = route.deliver
  return {
    name: HOP,
    host: name ?? reachedAt(options).host,
    port,
    tls,
    connections: CONNECTIONS,
    ownName: host,
    timeouts: TIMEOUTS,
  }
}

/** Random name of this queue: numbers of another one mean nothing in the log. */
async function nameOf(store: Store<MailTables>): Promise<string> {
  const known = await readMeta(store.db, 'name')
  if (known !== undefined) return known
  const name = randomUUID()
  await store.write((tx) => writeMeta(tx, 'name', name))
  return name
}

class Runner {
  readonly #options: MailOutOptions
  readonly #queue: MailQueue
  readonly #name: string
  readonly #stop = new AbortController()
  #wake: () => void = () => undefined
  #pruneAt = Date.now() + PRUNE_MS
  readonly #work: Promise<void>

  constructor(options: MailOutOptions, queue: MailQueue, name: string) {
    this.#options = options
    this.#queue = queue
    this.#name = name
    this.#work = this.#run()
  }

  wake(): void {
    this.#wake()
  }

  async close(): Promise<void> {
    this.#stop.abort()
    this.#wake()
    await this.#work
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      let wait = RETRY_MS
      try {
        await this.#record()
        await this.#queue.runDue()
        await this.#record()
        await this.#prune()
        const next = (await this.#queue.nextDue()) ?? Date.now() + SLEEP_MAX_MS
        wait = Math.min(Math.max(next - Date.now(), RETRY_MS), SLEEP_MAX_MS)
      } catch (error) {
        const code = error instanceof SekishoError ? error.code : 'BUG'
        process.stderr.write(`${new Date().toISOString()} mail ${code} ${String(error)}\n`)
      }
      const { signal } = this.#stop
      await Promise.race([promise, sleep(wait, undefined, { signal }).catch(() => undefined)])
    }
  }

  async #prune(): Promise<void> {
    if (Date.now() < this.#pruneAt) return
    // More than one unit's worth: go on at the next turn.
    const more = (await this.#queue.prune()) > 0
    this.#pruneAt = Date.now() + (more ? 0 : PRUNE_MS)
  }

  /** What became of each mail: in the log, then on its page, then forgotten here. */
  async #record(): Promise<void> {
    for (;;) {
      const events = await this.#queue.outcomes(0, BATCH)
      const last = events.at(-1)
      if (!last) return
      for (const { seq, event } of events) await this.#keep(seq, JSON.parse(event) as MailOutcome)
      await this.#queue.forgetOutcomes(last.seq)
    }
  }

  async #keep(seq: number, outcome: MailOutcome): Promise<void> {
    const { log, store, model } = this.#options
    const [id = '', ours] = outcome.message.split('.')
    const row = await findMailRow(store.db, id)
    const lost = outcome.ended.filter(({ state }) => state !== 'sent')
    await log.append(`mail-out:${this.#name}:${seq}`, {
      v: 1,
      kind: lost.length > 0 ? 'failed' : outcome.ended.length > 0 ? 'taken' : 'changed',
      at: outcome.at,
      side: 'high',
      model,
      actor: 'system',
      crossing: id,
      ...(row ? { number: row.number } : {}),
      detail: {
        what:
          lost.length > 0
            ? 'mail-undelivered'
            : outcome.ended.length > 0
              ? 'mail-sent'
              : 'mail-waiting',
        messageId: outcome.messageId,
        hop: outcome.hop,
        attempt: outcome.attempt,
        unanswered: outcome.unanswered,
        recipients: outcome.ended.map(({ address, state }) => `${state} ${address}`),
        stillWaiting: outcome.stillWaiting,
        reason: lost[0]?.reason ?? outcome.reason,
        reply: lost[0]?.reply ?? '',
        ...(ours === undefined ? {} : { [ours]: true }),
      },
    })
    // Of a reminder the mail itself had arrived before.
    if (row && ours !== 'reminder') await this.#show(row, outcome)
  }

  async #show(
    row: { readonly id: string; readonly deliveries: string; readonly undelivered: number },
    { at, ended, stillWaiting, reason }: MailOutcome,
  ): Promise<void> {
    const before = JSON.parse(row.deliveries) as readonly MailDelivery[]
    const after = before.map((one): MailDelivery => {
      const now = ended.find(({ address }) => address === one.address)
      if (now)
        return { address: one.address, state: now.state, reason: now.reason, reply: now.reply, at }
      return one.state === 'waiting' && stillWaiting > 0 ? { ...one, reason, at } : one
    })
    const lost = after.some(({ state }) => state === 'failed' || state === 'expired')
    await this.#options.store.write((tx) =>
      updateMailRow(tx, row.id, {
        deliveries: JSON.stringify(after),
        undelivered: lost ? 1 : row.undelivered,
      }),
    )
  }
}
