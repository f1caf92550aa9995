/**
 * Writing down what became of a delivery: rows, the event for the log and the bounce, all of it or nothing.
 */
import { SekishoError } from '@sekisho/core'
import type {
  Blobs,
  MailDeliveryRow,
  MailMessageRow,
  MailRecipientRow,
  MailTables,
  Store,
} from '@sekisho/store'
import {
  countMailKeeping,
  findMail,
  findMailDelivery,
  insertMail,
  listMailFinished,
  listMailRecipients,
  pushEvent,
  releaseMail,
  settleMailRecipient,
  updateMailDelivery,
} from '@sekisho/store'
import { isBounceable, writeBounce } from './bounce.ts'
import type { BounceFrom } from './bounce.ts'
import { entryOf } from './entry.ts'
import type { Entry } from './entry.ts'
import type { Route } from './routes.ts'
import type { MailOutcome, Settlement } from './settle.ts'
import type { Turns } from './turns.ts'

export interface LedgerOptions {
  readonly store: Store<MailTables>
  readonly blobs: Blobs
  readonly turns: Turns
  readonly routes: readonly Route[]
  readonly bounceFrom: BounceFrom
  readonly keep: number
}

export class Ledger {
  readonly #options: LedgerOptions

  constructor(options: LedgerOptions) {
    this.#options = options
  }

  /**
   * Durable when it resolves.
   *
   * @returns false when the id is there already, with the same bytes
   */
  async enter({ message, deliveries, recipients }: Entry, bytes: Uint8Array): Promise<boolean> {
    const { store, blobs, turns } = this.#options
    return turns.take(message.sha256, async () => {
      await blobs.put(bytes)
      return store.write(async (tx) => {
        if (await findMail(tx, message.id)) return false
        await insertMail(tx, message, deliveries, recipients)
        return true
      })
    })
  }

  /** @param now milliseconds since 1970 */
  async settle(
    message: MailMessageRow,
    delivery: MailDeliveryRow,
    settlement: Settlement,
    now: number,
  ): Promise<void> {
    const bounce = await this.#bounce(message, delivery, settlement, now)
    const untold = bounce === 'impossible'
    const outcome = outcomeOf(message, delivery, settlement, now, untold)
    const write = (): Promise<void> =>
      this.#options.store.write(async (tx) => {
        const current = await findMailDelivery(tx, delivery.id)
        // Written before, by a unit of which only the answer was lost.
        if (current?.state !== 'waiting' || current.attempts !== delivery.attempts) return
        await updateMailDelivery(tx, delivery.id, settlement.change)
        for (const recipient of settlement.recipients) await settleMailRecipient(tx, recipient)
        if (typeof bounce === 'object')
          await insertMail(
            tx,
            bounce.entry.message,
            bounce.entry.deliveries,
            bounce.entry.recipients,
          )
        await pushEvent(tx, JSON.stringify(outcome))
      })
    if (typeof bounce !== 'object') return write()
    return this.#options.turns.take(bounce.entry.message.sha256, async () => {
      await this.#options.blobs.put(bounce.bytes)
      await write()
    })
  }

  /** Lets go of bytes that nobody waits for. */
  async sweep(): Promise<void> {
    const { store, blobs, turns } = this.#options
    for (const { id, sha256 } of await listMailFinished(store.db, 100))
      await turns.take(sha256, async () => {
        // First the bytes: a crash in between only removes them twice.
        if ((await countMailKeeping(store.db, sha256)) === 1) await blobs.remove(sha256)
        await store.write((tx) => releaseMail(tx, id))
      })
  }

  async #bounce(
    message: MailMessageRow,
    delivery: MailDeliveryRow,
    settlement: Settlement,
    now: number,
  ): Promise<Bounce | 'none' | 'impossible'> {
    const failed = settlement.recipients.filter(({ state }) =>
      ['failed', 'expired'].includes(state),
    )
    if (failed.length === 0 || message.telling === 'nobody') return 'none'
    if (!isBounceable(message)) return 'impossible'
    const { blobs, bounceFrom, routes, keep } = this.#options
    const id = `${delivery.id}/bounce-${delivery.attempts + 1}`
    const original = await headerBytes(blobs, message.sha256)
    const unsure = delivery.unanswered > 0
    const bytes = writeBounce(id, message, failed, unsure, original, bounceFrom, now)
    const made = entryOf(
      { id, sender: '', recipients: [message.sender], bytes, telling: 'nobody' },
      routes,
      keep,
      now,
    )
    return 'entry' in made ? { entry: made.entry, bytes } : 'impossible'
  }

  /** Recipients of a delivery for whom it is not over. */
  async waiting(delivery: string): Promise<MailRecipientRow[]> {
    const all = await listMailRecipients(this.#options.store.db, delivery)
    return all.filter(({ state }) => state === 'waiting')
  }
}

/** A damaged original must not keep its sender from being told. */
async function headerBytes(blobs: Blobs, sha256: string): Promise<Uint8Array> {
  try {
    return await blobs.get(sha256)
  } catch (error) {
    if (error instanceof SekishoError) return new Uint8Array()
    throw error
  }
}

interface Bounce {
  readonly entry: Entry
  readonly bytes: Buffer
}

/** The event for the log. */
export function outcomeOf(
  message: MailMessageRow,
  delivery: MailDeliveryRow,
  { recipients, change, stillWaiting, reason }: Settlement,
  now: number,
  untold = false,
): MailOutcome {
  return {
    v: 1,
    message: message.id,
    messageId: message.message_id,
    hop: delivery.hop,
    at: new Date(now).toISOString(),
    attempt: change.attempts ?? delivery.attempts,
    unanswered: delivery.unanswered,
    ended: recipients.map(({ address, state, reason: why, status, reply }) => ({
      address,
      state,
      reason: why,
      status,
      reply,
    })),
    stillWaiting,
    reason: untold ? 'MAIL-OUT-NO-BOUNCE' : reason,
  }
}
