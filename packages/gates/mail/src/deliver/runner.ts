/**
 * Sends what is due, hop by hop. A next hop that is down costs one connection now and then and no attempt of any
 * message; a message that a next hop will not take now waits by itself and holds up no other.
 */
import { SekishoError } from '@sekisho/core'
import type { Blobs, MailDeliveryRow, MailMessageRow, MailTables, Store } from '@sekisho/store'
import { findMail, listMailDue, listMailExpired, markMailLeaving } from '@sekisho/store'
import { isoOf } from './entry.ts'
import type { Fault } from './fault.ts'
import type { Ledger } from './ledger.ts'
import { openSession } from './next-hop.ts'
import type { Dial, NextHop } from './next-hop.ts'
import type { Sent, SmtpSession } from './session.ts'
import { settleAttempt, settleWaiting } from './settle.ts'
import type { Settlement } from './settle.ts'
import { waitAfter } from './waits.ts'
import type { Clock, Waits } from './waits.ts'

/** Deliveries read at once. */
const BATCH = 200

export interface RunnerOptions {
  readonly store: Store<MailTables>
  readonly blobs: Blobs
  readonly ledger: Ledger
  readonly hops: readonly NextHop[]
  readonly dial: Dial
  readonly clock: Clock
  readonly waits: Waits
}

/** A next hop as this process knows it. */
export interface HopState {
  failures: number
  /** Milliseconds since 1970; 0 while it is not known to be down. */
  downSince: number
  nextTry: number
  /** The last time that no conversation came about, or undefined. */
  fault: Fault | undefined
}

/** A result that is known and could not be written down yet. Until it is, the delivery is not tried again. */
interface Unwritten {
  readonly message: MailMessageRow
  readonly delivery: MailDeliveryRow
  readonly settlement: Settlement
}

export class Runner {
  readonly hops = new Map<string, HopState>()
  readonly #options: RunnerOptions
  readonly #unwritten = new Map<string, Unwritten>()
  #running: Promise<void> | undefined
  #closed = false

  constructor(options: RunnerOptions) {
    this.#options = options
    for (const { name } of options.hops)
      this.hops.set(name, { failures: 0, downSince: 0, nextTry: 0, fault: undefined })
  }

  /** How many results wait for room on the disk. */
  get unwritten(): number {
    return this.#unwritten.size
  }

  /** Everything that is due now. A second call while one runs is the same run. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Ends after the messages that are on their way. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running?.catch(() => undefined)
  }

  async #run(): Promise<void> {
    await this.#writeUnwritten()
    await Promise.all(this.#options.hops.map((hop) => this.#runHop(hop)))
    // Only after a try: what expired while this was switched off still gets its chance.
    if (!this.#closed) await this.#expire()
    await this.#options.ledger.sweep()
  }

  async #runHop(hop: NextHop): Promise<void> {
    const { store, clock, dial } = this.#options
    while (!this.#closed && this.#stateOf(hop).nextTry <= clock.now()) {
      const listed = await listMailDue(store.db, hop.name, isoOf(clock.now()), BATCH)
      const due = listed.filter(({ id }) => !this.#unwritten.has(id))
      if (due.length === 0) return
      const opened = await openSession(hop, dial)
      if ('fault' in opened) return this.#down(hop, opened.fault)
      this.#up(hop)
      const others = Array.from({ length: Math.min(hop.connections, due.length) - 1 })
      await Promise.all([
        this.#line(hop, due, opened.session),
        ...others.map(() => this.#line(hop, due, undefined)),
      ])
      if (this.#unwritten.size > 0) return
    }
  }

  /** One connection's worth of work. The list is shared by all lines of the hop. */
  async #line(hop: NextHop, due: MailDeliveryRow[], first: SmtpSession | undefined): Promise<void> {
    let session = first
    try {
      while (!this.#closed && this.#unwritten.size === 0 && this.#stateOf(hop).failures === 0) {
        const delivery = due.shift()
        if (!delivery) return
        if (!session?.usable()) {
          const opened = await openSession(hop, this.#options.dial)
          // A next hop may allow fewer connections than we would like: only the first line tells that it is down.
          if ('fault' in opened) return first && this.#down(hop, opened.fault)
          session = opened.session
        }
        const sent = await this.#attempt(session, delivery)
        if (sent.end === 'not-taken' && sent.fault.reason === 'MAIL-OUT-HOP-BUSY')
          this.#down(hop, sent.fault)
      }
    } finally {
      session?.close()
    }
  }

  async #attempt(session: SmtpSession, delivery: MailDeliveryRow): Promise<Sent> {
    const { store, ledger } = this.#options
    const message = await findMail(store.db, delivery.message)
    const waiting = await ledger.waiting(delivery.id)
    if (!message || waiting.length === 0) throw new SekishoError('BUG', 'a delivery for nobody')
    let marked = false
    const leaving = async (): Promise<boolean> => {
      marked = await store.write((tx) => markMailLeaving(tx, delivery.id))
      return marked
    }
    const bytes = await this.#bytesOf(message)
    const recipients = waiting.map(({ address }) => address)
    const letter = { sender: message.sender, recipients, note: noteOf(delivery) }
    const sent = bytes ? await session.send({ ...letter, bytes }, leaving) : UNREADABLE
    if (sent.end === 'not-taken' && sent.fault.reason === 'MAIL-OUT-RECALLED') return sent
    const now = this.#options.clock.now()
    const nextAt = isoOf(now + this.#wait(delivery))
    const settlement = settleAttempt(delivery, waiting, sent, marked, isoOf(now), nextAt)
    await this.#write({ message, delivery, settlement })
    return sent
  }

  /** Damaged bytes are never sent and hold up nothing else. */
  async #bytesOf({ sha256 }: MailMessageRow): Promise<Buffer | undefined> {
    try {
      return await this.#options.blobs.get(sha256)
    } catch (error) {
      if (error instanceof SekishoError) return undefined
      throw error
    }
  }

  #wait(delivery: MailDeliveryRow): number {
    const { waits, clock } = this.#options
    return waitAfter(delivery.attempts + 1, waits.first, waits.longest, clock.random())
  }

  async #write(known: Unwritten): Promise<void> {
    const { message, delivery, settlement } = known
    this.#unwritten.set(delivery.id, known)
    try {
      await this.#options.ledger.settle(message, delivery, settlement, this.#options.clock.now())
      this.#unwritten.delete(delivery.id)
    } catch (error) {
      // It stays known in memory: sending again because the disk is full would deliver twice.
      if (!isOfTheDisk(error)) throw error
    }
  }

  async #writeUnwritten(): Promise<void> {
    for (const known of this.#unwritten.values()) await this.#write(known)
  }

  async #expire(): Promise<void> {
    const { store, ledger, clock } = this.#options
    const now = isoOf(clock.now())
    for (const delivery of await listMailExpired(store.db, now, BATCH)) {
      const message = await findMail(store.db, delivery.message)
      if (!message || this.#unwritten.has(delivery.id)) continue
      const waiting = await ledger.waiting(delivery.id)
      const settlement = settleWaiting(delivery, waiting, 'expired', now)
      await this.#write({ message, delivery, settlement })
    }
  }

  #stateOf(hop: NextHop): HopState {
    const state = this.hops.get(hop.name)
    if (!state) throw new SekishoError('BUG', `no next hop ${hop.name}`)
    return state
  }

  #down(hop: NextHop, fault: Fault): void {
    const { clock, waits } = this.#options
    const state = this.#stateOf(hop)
    const now = clock.now()
    state.failures += 1
    state.downSince ||= now
    state.fault = fault
    state.nextTry =
      now + waitAfter(state.failures, waits.hopFirst, waits.hopLongest, clock.random())
  }

  #up(hop: NextHop): void {
    Object.assign(this.#stateOf(hop), { failures: 0, downSince: 0, nextTry: 0, fault: undefined })
  }
}

const UNREADABLE: Sent = {
  end: 'not-taken',
  rejected: [],
  fault: { reason: 'MAIL-OUT-STORE', permanent: false, reply: '', status: '4.3.0' },
}

/**
 * The note that makes the one window visible: an earlier attempt sent every byte and its answer never came. It stands
 * before the message, as a trace field does; the approved bytes stay what they are.
 */
function noteOf({ unanswered }: MailDeliveryRow): string {
  return unanswered === 0 ? '' : `X-Sekisho-May-Be-Second-Copy: ${unanswered} unanswered\r\n`
}

function isOfTheDisk(error: unknown): boolean {
  return (
    error instanceof SekishoError &&
    ['STORE_FULL', 'STORE_UNAVAILABLE', 'TIMEOUT'].includes(error.code)
  )
}
