/**
 * In whose name a mail leaves. The envelope and the field From must say the same, and it must be a mailbox of the town: else a program on one desk
 * writes in the name of another, or of nobody.
 */
import type { IsoDate } from '@sekisho/core'
import type { Field, MailMessage } from '@sekisho/disarm/mail'
import { addressKey } from '../receive/mailboxes.ts'
import type { SenderBox, Senders } from './route.ts'
import type { OutwardReason } from './words.ts'

export interface OutgoingSender {
  readonly box: SenderBox
  /** Id of the person who wrote it; absent when a section's mailbox sent it and no field Sender names one. */
  readonly person?: string
}

export function senderOf(
  envelopeFrom: string,
  header: MailMessage,
  fields: readonly Field[],
  senders: Senders,
  today: IsoDate,
): OutgoingSender | { readonly reason: OutwardReason } {
  const box = senders.find(envelopeFrom, today)
  if (!box) return { reason: 'OUT-SENDER' }
  const froms = fields.filter(({ name }) => name === 'from').length
  const [from] = header.from
  if (froms !== 1 || header.from.length !== 1 || from?.address === undefined)
    return { reason: 'OUT-FROM' }
  if (addressKey(from.address) !== addressKey(box.address)) return { reason: 'OUT-FROM' }
  const hand = writerOf(header, senders, today)
  if (hand === 'foreign') return { reason: 'OUT-FROM' }
  // An answer that goes elsewhere than to the town is how a taken-over desk leads a correspondence away.
  const elsewhere = header.replyTo.some(
    ({ address }) => address === undefined || !senders.find(address, today),
  )
  if (elsewhere) return { reason: 'OUT-REPLY-TO' }
  const person = box.kind === 'person' ? box.id : hand?.id
  return person === undefined ? { box } : { box, person }
}

/** RFC 5322 §3.6.2: the one who sent it, where From names another. */
function writerOf(
  { sender }: MailMessage,
  senders: Senders,
  today: IsoDate,
): SenderBox | 'foreign' | undefined {
  const [only] = sender
  if (only === undefined) return undefined
  const box = only.address === undefined ? undefined : senders.find(only.address, today)
  if (sender.length !== 1 || box === undefined) return 'foreign'
  return box.kind === 'person' ? box : undefined
}
