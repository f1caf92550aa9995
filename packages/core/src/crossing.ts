/**
 * A crossing (越境): one thing on its way from one zone to another, whatever gate it came through.
 */
import type { ConfidentialityLevel } from './class.ts'
import type { CrossingKind } from './question.ts'

/** The steps of the passage, in order. */
export const STEPS = ['receive', 'ask', 'cure', 'ask-again', 'hold', 'record', 'deliver'] as const
export type Step = (typeof STEPS)[number]

/** Where a crossing is now. The last four never change again. */
export type CrossingState =
  | 'receiving'
  | 'received'
  | 'curing'
  | 'held'
  | 'delivered'
  | 'refused'
  | 'returned'
  | 'cancelled'

/** Who sent it, as the receiving side of the gate knows them. */
export interface Sender {
  readonly id: string
  readonly name: string
  readonly department: string
}

export interface Crossing {
  /** Unguessable id, also the idempotency key of everything done for it. */
  readonly id: string
  /** Short number to say on the phone, e.g. `S-1042`. */
  readonly number: string
  readonly kind: CrossingKind
  /** Zone ids of the town. */
  readonly from: string
  readonly to: string
  readonly sender: Sender
  readonly level: ConfidentialityLevel
  readonly purpose: string
  /** Name exactly as given, never normalised: 葛󠄂城 stays 葛󠄂城. */
  readonly fileName: string
  readonly size: number
  /** SHA-256 of the bytes as received, lower-case hex. */
  readonly inputSha256: string
  readonly receivedAt: string
  /** 画像化 was asked for by name; absent for the same format again. */
  readonly outcome?: 'flatten'
  /** Number of the crossing that this one tries again with the same bytes, e.g. with a password. */
  readonly again?: string
  /** Of a mail, and of nothing else. */
  readonly mail?: MailEnvelope
}

/** What is known of a mail besides its bytes: what strangers said, and whom of the town it is for. */
export interface MailEnvelope {
  /** Address for bounces, as given; empty for none. Anybody can write anything there. */
  readonly from: string
  /** Whom it goes to: the declared mailbox, and whose it is (`person:` or `department:` and an id). */
  readonly recipients: readonly { readonly address: string; readonly reader: string }[]
  /** Addresses that were accepted on the low side and that the town does not have today. */
  readonly unknown: readonly string[]
  /** Who handed it over, as the low side saw it. */
  readonly peer: { readonly address: string; readonly helo: string; readonly tls: string }
  /** What DNS said of the sender. */
  readonly authenticity: {
    readonly spf: MailVerdict
    readonly dkim: readonly MailVerdict[]
    readonly dmarc: MailVerdict & { readonly policy: string }
  }
}

interface MailVerdict {
  readonly verdict: string
  readonly domain: string
}

/** An approval (決裁), bound to exactly these bytes, this destination and this purpose. */
export interface Approval {
  readonly crossing: string
  readonly approver: { readonly id: string; readonly name: string }
  /** SHA-256 of the bytes that will be delivered, lower-case hex. */
  readonly sha256: string
  readonly destination: string
  readonly purpose: string
  readonly comment: string
  readonly at: string
  readonly expires: string
}
