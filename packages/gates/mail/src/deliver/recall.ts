/**
 * Taking back what has not left, from the process that has the queue open or from another on the same store.
 */
import { SekishoError } from '@sekisho/core'
import type { MailTables, Store } from '@sekisho/store'
import {
  findMail,
  listMailDeliveries,
  listMailRecipients,
  pushEvent,
  settleMailRecipient,
  updateMailDelivery,
} from '@sekisho/store'
import { isoOf } from './entry.ts'
import { outcomeOf } from './ledger.ts'
import { settleWaiting } from './settle.ts'

export interface Recalled {
  readonly recalled: readonly string[]
  /** Those it has reached, or may have reached: MAIL-OUT-RECALL-LATE. */
  readonly late: readonly string[]
}

/**
 * @param now milliseconds since 1970
 * @throws NOT_FOUND
 */
export function recallMail(store: Store<MailTables>, id: string, now: number): Promise<Recalled> {
  return store.write(async (tx) => {
    const message = await findMail(tx, id)
    if (!message) throw new SekishoError('NOT_FOUND', 'no such message')
    const recalled: string[] = []
    const late: string[] = []
    for (const delivery of await listMailDeliveries(tx, id)) {
      const all = await listMailRecipients(tx, delivery.id)
      const waiting = all.filter(({ state }) => state === 'waiting')
      // The same unit decides here and where the last byte is let go: one of the two comes first.
      const stays = delivery.state === 'waiting' && delivery.unanswered === 0 ? waiting : []
      recalled.push(...stays.map(({ address }) => address))
      late.push(...all.filter((one) => !stays.includes(one)).map(({ address }) => address))
      if (stays.length === 0) continue
      const settlement = settleWaiting(delivery, stays, 'recalled', isoOf(now))
      await updateMailDelivery(tx, delivery.id, settlement.change)
      for (const recipient of settlement.recipients) await settleMailRecipient(tx, recipient)
      const outcome = outcomeOf(message, delivery, settlement, now)
      await pushEvent(tx, JSON.stringify(outcome))
    }
    return { recalled, late }
  })
}
