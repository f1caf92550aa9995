/**
 * A queue of mails that sends by itself, to one next mail server. What became of each mail is told before it is forgotten.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { makeFolder, takeLock } from '@sekisho/evidence'
import { DEFAULT_WAITS, openMailQueue } from '@sekisho/gates/mail'
import type { Dial, MailOutcome, MailQueue, NextHop, Waits } from '@sekisho/gates/mail'
import { mailMigrations, migrate, openBlobs, openStore, readMeta, writeMeta } from '@sekisho/store'
import type { MailTables, Store } from '@sekisho/store'
import { complain } from './complain.ts'
import { WakeUp } from './wake-up.ts'

const CONNECTIONS = 4
const TIMEOUTS = { greeting: 60_000, idle: 5 * 60_000, message: 15 * 60_000 }
/** Longest sleep: a clock that was set back does not hold up the mail for ever. */
const SLEEP_MAX_MS = 60_000
const RETRY_MS = 1000
/** How often what ended long ago is forgotten, ms. The first time this long after a start: by then what was cut short was submitted again. */
const PRUNE_MS = 3_600_000
const BATCH = 100

export interface CarrierOptions {
  readonly places: CarrierPlaces
  readonly hop: Pick<NextHop, 'name' | 'host' | 'port' | 'tls'>
  readonly dial: Dial
  /** Own host name, as in EHLO. */
  readonly ownName: string
  /** Address in From of a bounce. */
  readonly bounceAddress: string
  readonly waits?: Waits
  /** Durable when it resolves; the same outcome may be told twice. Without it outcomes stay until somebody else takes them. */
  readonly tell?: (told: ToldOutcome) => Promise<void>
}

export interface CarrierPlaces {
  /** Folder of the bytes, held by this process alone. */
  readonly blobs: string
  /** SQLite file of the rows; a file of its own also where the rest is in a PostgreSQL. */
  readonly rows: string
}

export interface ToldOutcome {
  /** Random name of the queue: its numbers mean nothing in another one. */
  readonly queue: string
  readonly seq: number
  readonly outcome: MailOutcome
}

/** Both in one folder of their own. */
export function placesIn(folder: string): CarrierPlaces {
  return { blobs: join(folder, 'blobs'), rows: join(folder, 'queue.sqlite') }
}

export interface MailCarrier {
  readonly queue: MailQueue
  /** Something was submitted. */
  wake(): void
  close(): Promise<void>
}

export async function openCarrier(options: CarrierOptions): Promise<MailCarrier> {
  const { places, hop, dial, ownName, bounceAddress, waits = DEFAULT_WAITS } = options
  await makeFolder(places.blobs)
  const lock = takeLock(places.blobs, `mails to ${hop.name}`)
  const blobs = await openBlobs(places.blobs)
  const store = await openStore<MailTables>({ path: places.rows })
  await migrate(store, mailMigrations)
  const queue = await openMailQueue({
    store,
    blobs,
    hops: [{ ...hop, connections: CONNECTIONS, ownName, timeouts: TIMEOUTS }],
    routes: [{ domain: '*', hop: hop.name }],
    dial,
    clock: { now: Date.now, random: Math.random },
    waits,
    bounceFrom: { host: ownName, address: bounceAddress },
  })
  const runner = new Runner(queue, await nameOf(store), options.tell)
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

async function nameOf(store: Store<MailTables>): Promise<string> {
  const known = await readMeta(store.db, 'name')
  if (known !== undefined) return known
  const name = randomUUID()
  await store.write((tx) => writeMeta(tx, 'name', name))
  return name
}

class Runner {
  readonly #queue: MailQueue
  readonly #name: string
  readonly #tell: CarrierOptions['tell']
  readonly #wakeUp = new WakeUp()
  #stopped = false
  #pruneAt = Date.now() + PRUNE_MS
  readonly #work: Promise<void>

  constructor(queue: MailQueue, name: string, tell: CarrierOptions['tell']) {
    this.#queue = queue
    this.#name = name
    this.#tell = tell
    this.#work = this.#run()
  }

  wake(): void {
    this.#wakeUp.call()
  }

  async close(): Promise<void> {
    this.#stopped = true
    this.#wakeUp.call()
    await this.#work
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const wait = await this.#once().catch((error: unknown) => {
        complain('mail', error)
        return RETRY_MS
      })
      await this.#wakeUp.next(wait)
    }
  }

  /** @returns milliseconds until something is due again */
  async #once(): Promise<number> {
    await this.#tellAll()
    await this.#queue.runDue()
    await this.#tellAll()
    await this.#prune()
    const next = (await this.#queue.nextDue()) ?? Date.now() + SLEEP_MAX_MS
    return Math.min(Math.max(next - Date.now(), RETRY_MS), SLEEP_MAX_MS)
  }

  async #prune(): Promise<void> {
    if (Date.now() < this.#pruneAt) return
    // More than one unit's worth: go on at the next turn.
    const more = (await this.#queue.prune()) > 0
    this.#pruneAt = Date.now() + (more ? 0 : PRUNE_MS)
  }

  async #tellAll(): Promise<void> {
    const tell = this.#tell
    if (!tell) return
    for (;;) {
      const events = await this.#queue.outcomes(0, BATCH)
      const last = events.at(-1)
      if (!last) return
      for (const { seq, event } of events)
        await tell({ queue: this.#name, seq, outcome: JSON.parse(event) as MailOutcome })
      await this.#queue.forgetOutcomes(last.seq)
    }
  }
}
