/**
 * The sealed original of a mail, seen by a person: whose mail it was asks, another person decides, and then it can be taken once. All of it stays on this
 * side; the other side only hears that it happened. Who owns this side has the originals anyway: this is for people, not against that attacker.
 */
import { SekishoError } from '@sekisho/core'
import type { Person, Town } from '@sekisho/core'
import { mailboxesOf, openMailboxes, postmastersOf, readersOf } from '@sekisho/gates/mail'
import {
  findMailTransfer,
  findOriginalRequest,
  findTransfer,
  forgetOriginalRequests,
  insertOriginalRequest,
  listOriginalRequests,
  listOverdueOriginalRequests,
  updateOriginalRequest,
} from '@sekisho/store'
import type { LowTables, OriginalRequestRow, Store, TransferRow } from '@sekisho/store'
import { todayInJapan } from '@sekisho/town'
import type { OriginalDecision } from '../api.ts'
import { newId } from '../host/identifiers.ts'
import type { MailRoute } from '../host/mail-route.ts'
import { oneAtATime } from '../host/one-at-a-time.ts'
import { approversFor, isActive, personOf } from '../host/people.ts'
import { linkMail } from '../link/mail-messages.ts'
import type { LinkMail } from '../link/mail-messages.ts'
import type { LowChange } from '../link/messages.ts'
import { fromJson } from '../shape.ts'
import type { Spool } from './spool.ts'

/** Hours in which somebody must decide, and in which it must be taken after that. */
export const DECIDE_HOURS = 72
export const TAKE_HOURS = 24
/** Days after which a request that ended is forgotten here; the log keeps it. */
const KNOWN_DAYS = 90
/** Requests that are looked through for a list. */
const LIST_MAX = 500
export const REASON_MAX = 200
export const COMMENT_MAX = 200

export interface OriginalsOptions {
  readonly town: Town
  readonly route: MailRoute
  readonly store: Store<LowTables>
  readonly spool: Pick<Spool, 'change' | 'original'>
  readonly clock?: () => Date
}

/** A request with what is known of its mail. */
export interface OriginalRequest {
  readonly row: OriginalRequestRow
  readonly mail: LinkMail
  readonly transfer: TransferRow
}

export type OriginalRefusal =
  | 'ORIGINAL-NO-MAIL'
  | 'ORIGINAL-GONE'
  | 'ORIGINAL-REASON'
  | 'ORIGINAL-SELF'
  | 'ORIGINAL-NOT-APPROVER'
  | 'ORIGINAL-DIFFERS'
  | 'ORIGINAL-DECIDED'
  | 'ORIGINAL-COMMENT'
  | 'ORIGINAL-NOT-OPEN'

export type Asked =
  | { readonly ok: true; readonly request: OriginalRequest }
  | { readonly ok: false; readonly reason: OriginalRefusal }

export type Opened =
  | { readonly ok: true; readonly number: string; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: OriginalRefusal }

/** As somebody types it: full-width, small, or with the `-2` that the other side puts behind a number of a spool that was begun anew. */
function numberIn(typed: string): string {
  return /^S-[0-9]{1,9}/u.exec(typed.normalize('NFKC').trim().toUpperCase())?.[0] ?? ''
}

export class Originals {
  readonly #options: OriginalsOptions
  readonly #inTurn = oneAtATime()

  constructor(options: OriginalsOptions) {
    this.#options = options
  }

  /** Asks to see the original of a mail. While one wish of a person for a mail is open, a second is the same. */
  ask(person: Person, number: string, reason: string): Promise<Asked> {
    return this.#inTurn('all', async () => {
      const { store } = this.#options
      const transfer = await findMailTransfer(store.db, numberIn(number))
      const mail = transfer && fromJson(transfer.mail, linkMail)
      // A mail of others does not exist.
      if (!transfer || !mail || !this.#readers(mail).includes(person.id))
        return { ok: false, reason: 'ORIGINAL-NO-MAIL' }
      if (transfer.shredded > 0) return { ok: false, reason: 'ORIGINAL-GONE' }
      const text = reason.trim()
      if (text === '' || text.length > REASON_MAX) return { ok: false, reason: 'ORIGINAL-REASON' }
      const known = (await this.#rows()).find(
        (one) => one.transfer === transfer.id && one.person === person.id && this.isOpen(one),
      )
      if (known) return { ok: true, request: { row: known, mail, transfer } }
      const row: OriginalRequestRow = {
        id: newId(),
        transfer: transfer.id,
        number: transfer.number,
        sha256: transfer.input_sha256 ?? '',
        person: person.id,
        reason: text,
        state: 'waiting',
        asked_at: this.#at(),
        until: this.#at(DECIDE_HOURS),
        decided_by: '',
        decided_at: '',
        comment: '',
      }
      await this.#record('mail-original-asked', person.id, row, { purpose: text }, (tx) =>
        insertOriginalRequest(tx, row),
      )
      return { ok: true, request: { row, mail, transfer } }
    })
  }

  /** Another person's yes or no to exactly what was shown. */
  decide(person: Person, id: string, input: OriginalDecision): Promise<Asked> {
    return this.#inTurn('all', async () => {
      const found = await this.#find(id)
      if (!found || !this.maySee(person, found.row))
        return { ok: false, reason: 'ORIGINAL-NO-MAIL' }
      const { row, transfer } = found
      if (row.person === person.id) return { ok: false, reason: 'ORIGINAL-SELF' }
      if (!this.mayDecide(person, row)) return { ok: false, reason: 'ORIGINAL-NOT-APPROVER' }
      if (row.state !== 'waiting' || !this.isOpen(row))
        return { ok: false, reason: 'ORIGINAL-DECIDED' }
      if (transfer.shredded > 0) return { ok: false, reason: 'ORIGINAL-GONE' }
      if (input.sha256 !== row.sha256 || input.reason !== row.reason)
        return { ok: false, reason: 'ORIGINAL-DIFFERS' }
      const comment = input.comment.trim()
      const approved = input.decision === 'approve'
      if (comment.length > COMMENT_MAX || (!approved && comment === ''))
        return { ok: false, reason: 'ORIGINAL-COMMENT' }
      const change = {
        state: approved ? 'approved' : 'returned',
        until: approved ? this.#at(TAKE_HOURS) : row.until,
        decided_by: person.id,
        decided_at: this.#at(),
        comment,
      }
      const what = approved ? 'mail-original-approved' : 'mail-original-returned'
      const detail = { person: row.person, purpose: row.reason, ...(comment ? { comment } : {}) }
      await this.#record(what, person.id, row, detail, (tx) =>
        updateOriginalRequest(tx, row.id, change),
      )
      return { ok: true, request: { ...found, row: { ...row, ...change } } }
    })
  }

  /**
   * The original, once, for the person who asked. That it is handed out is on record first: a line that breaks afterwards means asking again, not a
   * second copy that nobody knows of.
   */
  take(person: Person, id: string): Promise<Opened> {
    return this.#inTurn('all', async () => {
      const found = await this.#find(id)
      if (found?.row.person !== person.id) return { ok: false, reason: 'ORIGINAL-NO-MAIL' }
      const { row, transfer } = found
      if (transfer.shredded > 0) return { ok: false, reason: 'ORIGINAL-GONE' }
      if (row.state !== 'approved' || !this.isOpen(row) || transfer.input_sha256 !== row.sha256)
        return { ok: false, reason: 'ORIGINAL-NOT-OPEN' }
      // Its digest is checked while it is read.
      const bytes = await this.#options.spool.original(transfer.id)
      await this.#record('mail-original-taken', person.id, row, { purpose: row.reason }, (tx) =>
        updateOriginalRequest(tx, row.id, { state: 'taken' }),
      )
      return { ok: true, number: row.number, bytes }
    })
  }

  /** What this person asked for, or may decide or decided; newest first. */
  async list(person: Person): Promise<readonly OriginalRequest[]> {
    const rows = (await this.#rows()).filter((row) => this.maySee(person, row))
    const found = await Promise.all(rows.map((row) => this.#with(row)))
    return found.filter((one) => one !== undefined)
  }

  maySee(person: Person, row: OriginalRequestRow): boolean {
    return row.person === person.id || row.decided_by === person.id || this.mayDecide(person, row)
  }

  /** An approver of the asker's section, or an IT officer; never the person who asks. */
  mayDecide(person: Person, { person: asker }: Pick<OriginalRequestRow, 'person'>): boolean {
    const { town } = this.#options
    if (person.id === asker || !isActive(person, this.#now())) return false
    if (person.roles.includes('it-officer')) return true
    return approversFor(town, asker, this.#now()).some(({ id }) => id === person.id)
  }

  /** Ends what nobody decided or took in time, and forgets what ended long ago. */
  tidy(): Promise<void> {
    return this.#inTurn('all', async () => {
      const { store } = this.#options
      for (const row of await listOverdueOriginalRequests(store.db, this.#at()))
        await this.#record('mail-original-lapsed', 'system', row, { person: row.person }, (tx) =>
          updateOriginalRequest(tx, row.id, { state: 'lapsed' }),
        )
      const before = this.#at(-24 * KNOWN_DAYS)
      await store.write((tx) => forgetOriginalRequests(tx, before))
    })
  }

  /** Whether time has not run out on it, whatever its state still says. */
  isOpen({ state, until }: OriginalRequestRow): boolean {
    return (state === 'waiting' || state === 'approved') && this.#at() < until
  }

  /** Who reads the mailboxes of a mail today. Somebody who left, or changed sections, does not. */
  #readers({ recipients }: LinkMail): readonly string[] {
    const { town, route } = this.#options
    const { domains } = route
    const boxes = openMailboxes(mailboxesOf(town, domains), domains, postmastersOf(town, domains))
    const today = todayInJapan(this.#now())
    return recipients.flatMap((recipient) => {
      const found = boxes.find(recipient, today)
      return found.ok ? readersOf(found.mailbox, town.people, today) : []
    })
  }

  async #find(id: string): Promise<OriginalRequest | undefined> {
    const row = await findOriginalRequest(this.#options.store.db, id)
    return row && this.#with(row)
  }

  async #with(row: OriginalRequestRow): Promise<OriginalRequest | undefined> {
    const transfer = await findTransfer(this.#options.store.db, row.transfer)
    const mail = transfer && fromJson(transfer.mail, linkMail)
    return transfer && mail && personOf(this.#options.town, row.person)
      ? { row, mail, transfer }
      : undefined
  }

  #rows(): Promise<OriginalRequestRow[]> {
    return listOriginalRequests(this.#options.store.db, LIST_MAX)
  }

  /** What happened and that it will be told, in one unit. */
  async #record(
    what: LowChange,
    actor: string,
    { number, sha256 }: OriginalRequestRow,
    detail: Readonly<Record<string, string>>,
    change: Parameters<Spool['change']>[1],
  ): Promise<void> {
    if (sha256 === '') throw new SekishoError('BUG', 'an original without a digest')
    const event = { kind: 'changed', actor, detail: { what, number, sha256, ...detail } } as const
    await this.#options.spool.change(event, change)
  }

  #now(): Date {
    return this.#options.clock?.() ?? new Date()
  }

  #at(hours = 0): string {
    return new Date(this.#now().getTime() + hours * 3_600_000).toISOString()
  }
}
