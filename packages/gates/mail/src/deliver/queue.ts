/**
 * The queue between the passage and the next hops of mail. What was submitted is delivered, or its end is told.
 */
import { SekishoError } from '@sekisho/core'
import type { Blobs, MailTables, Store } from '@sekisho/store'
import {
  countMailWaiting,
  findMail,
  forgetEvents,
  listEvents,
  mailMigrations,
  migrate,
  nextMailDue,
  pruneMail,
} from '@sekisho/store'
import type { BounceFrom } from './bounce.ts'
import { entryOf, isoOf } from './entry.ts'
import type { EntryRefused } from './entry.ts'
import { Ledger } from './ledger.ts'
import type { Dial, NextHop } from './next-hop.ts'
import { recallMail } from './recall.ts'
import type { Recalled } from './recall.ts'
import type { Route } from './routes.ts'
import { Runner } from './runner.ts'
import type { Submission } from './submission.ts'
import { Turns } from './turns.ts'
import type { Clock, Waits } from './waits.ts'
import type { MailOutReason } from './words.ts'

export interface MailQueueOptions {
  /** A store of its own, which this process alone has open: two would deliver everything twice. */
  readonly store: Store<MailTables>
  readonly blobs: Blobs
  readonly hops: readonly NextHop[]
  readonly routes: readonly Route[]
  readonly dial: Dial
  readonly clock: Clock
  readonly waits: Waits
  readonly bounceFrom: BounceFrom
}

export type Submitted =
  | { readonly ok: true; /** Whether it was there before. */ readonly again: boolean }
  | { readonly ok: false; readonly refused: EntryRefused }

export interface HopStatus {
  readonly hop: string
  /** Deliveries that wait; of them, those that can still be recalled. */
  readonly waiting: number
  readonly held: number
  /** ISO time; empty for none. */
  readonly oldest: string
  readonly downSince: string
  readonly nextTry: string
  readonly reason: MailOutReason | ''
  readonly reply: string
}

export interface MailStatus {
  readonly hops: readonly HopStatus[]
  /** Results that are known and could not be written: the disk is full or failing (MAIL-OUT-STORE). */
  readonly unwritten: number
}

export interface MailQueue {
  /** Durable when it resolves. The same id again changes nothing; with other bytes it is a BUG. */
  submit(submission: Submission): Promise<Submitted>
  /** Takes back what has not left. */
  recall(id: string): Promise<Recalled>
  status(): Promise<MailStatus>
  /** {@link MailOutcome}s as JSON, oldest first, until they are forgotten. */
  outcomes(after: number, limit: number): Promise<readonly { seq: number; event: string }[]>
  /** They are in the log. */
  forgetOutcomes(upTo: number): Promise<void>
  /**
   * Forgets messages that ended {@link FINISHED_DAYS} days ago, never before every outcome was forgotten. Not to be called right after a start: what was
   * not acknowledged is submitted again then, and is known by its row.
   *
   * @returns how many were forgotten
   */
  prune(): Promise<number>
  /** Sends everything that is due by the clock, and resolves when nothing is left to do now. */
  runDue(): Promise<void>
  /** Milliseconds since 1970 of the next thing to do; `undefined` when nothing waits. */
  nextDue(): Promise<number | undefined>
  close(): Promise<void>
}

/** Days for which a message that ended is still known, so that submitting it again makes no second one. */
export const FINISHED_DAYS = 30
/** Messages in one unit: others want to write, too. */
const PRUNED_AT_ONCE = 200

/** @throws CONFIG_INVALID for a route to a next hop that is not there */
export async function openMailQueue(options: MailQueueOptions): Promise<MailQueue> {
  const names = new Set(options.hops.map(({ name }) => name))
  const lost = options.routes.find(({ hop }) => !names.has(hop))
  if (lost) throw new SekishoError('CONFIG_INVALID', `no next hop ${lost.hop} for ${lost.domain}`)
  await migrate(options.store, mailMigrations)
  return new Queue(options)
}

class Queue implements MailQueue {
  readonly #options: MailQueueOptions
  readonly #ledger: Ledger
  readonly #runner: Runner

  constructor(options: MailQueueOptions) {
    this.#options = options
    const turns = new Turns()
    this.#ledger = new Ledger({ ...options, turns, keep: options.waits.keep })
    this.#runner = new Runner({ ...options, ledger: this.#ledger })
  }

  async submit(submission: Submission): Promise<Submitted> {
    const { routes, waits, clock, store } = this.#options
    const made = entryOf(submission, routes, waits.keep, clock.now())
    if ('refused' in made) return { ok: false, refused: made.refused }
    if (await this.#ledger.enter(made.entry, submission.bytes)) return { ok: true, again: false }
    const before = await findMail(store.db, submission.id)
    if (before?.sha256 !== made.entry.message.sha256)
      throw new SekishoError('BUG', 'the same id for another message')
    return { ok: true, again: true }
  }

  recall(id: string): Promise<Recalled> {
    const { store, clock } = this.#options
    return recallMail(store, id, clock.now())
  }

  async status(): Promise<MailStatus> {
    const { store, clock } = this.#options
    const counted = await countMailWaiting(store.db, isoOf(clock.now()))
    const names = new Set([...this.#runner.hops.keys(), ...counted.map(({ hop }) => hop)])
    const hops = [...names].toSorted().map((hop): HopStatus => {
      const state = this.#runner.hops.get(hop)
      const count = counted.find((one) => one.hop === hop)
      const gone: MailOutReason | '' = state ? '' : 'MAIL-OUT-NO-ROUTE'
      return {
        hop,
        waiting: count?.waiting ?? 0,
        held: count?.held ?? 0,
        oldest: count?.oldest ?? '',
        downSince: state?.downSince ? isoOf(state.downSince) : '',
        nextTry: state?.nextTry ? isoOf(state.nextTry) : '',
        reason: state?.fault?.reason ?? gone,
        reply: state?.fault?.reply ?? '',
      }
    })
    return { hops, unwritten: this.#runner.unwritten }
  }

  outcomes(after: number, limit: number): Promise<readonly { seq: number; event: string }[]> {
    return listEvents(this.#options.store.db, after, limit)
  }

  forgetOutcomes(upTo: number): Promise<void> {
    return this.#options.store.write((tx) => forgetEvents(tx, upTo))
  }

  prune(): Promise<number> {
    const { store, clock } = this.#options
    const before = isoOf(clock.now() - FINISHED_DAYS * 86_400_000)
    return store.write((tx) => pruneMail(tx, before, PRUNED_AT_ONCE))
  }

  runDue(): Promise<void> {
    return this.#runner.run()
  }

  async nextDue(): Promise<number | undefined> {
    const times: number[] = []
    for (const [hop, { nextTry }] of this.#runner.hops) {
      const next = await nextMailDue(this.#options.store.db, hop)
      // A hop that is down is not asked before its wait is over, whatever is due for it.
      if (next !== undefined) times.push(Math.max(Date.parse(next), nextTry))
    }
    return times.length > 0 ? Math.min(...times) : undefined
  }

  close(): Promise<void> {
    return this.#runner.close()
  }
}
