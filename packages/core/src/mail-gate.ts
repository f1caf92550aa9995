/**
 * The mail gate as a town declares it (gates.mail): what comes in, where it goes on, and what may go out.
 */
import type { ConfidentialityLevel } from './class.ts'

/** What a line to the next mail server asks of TLS. `opportunistic` takes what is offered and goes on without. */
export const MAIL_TLS = ['required', 'opportunistic'] as const
export type MailTls = (typeof MAIL_TLS)[number]

/** What is done with mail that DMARC proves to be forged, where the domain asks for refusal: a mark, or refusal. */
export const MAIL_DMARC = ['mark', 'refuse'] as const
export type MailDmarc = (typeof MAIL_DMARC)[number]

/** When a person must approve mail to recipients outside: always, when its label is 自治体機密性2 or above, or never. */
export const MAIL_APPROVALS = ['external', 'labelled', 'never'] as const
export type MailApproval = (typeof MAIL_APPROVALS)[number]

/** The mail server that takes what leaves the gate. */
export interface MailNextHop {
  /** Id of a declared host; for mail outward also of a peer that is one single address. */
  readonly server: string
  readonly port: number
  readonly tls: MailTls
  /** Name that its certificate must bear; without one its address. */
  readonly name?: string
}

/** Mail from the office to the Internet. */
export interface MailOutward {
  /** Ids of declared hosts of the high side that may hand in mail; nobody else may. */
  readonly receive: { readonly from: readonly string[] }
  readonly deliver: MailNextHop
  /** Minutes in which the sender can still recall a message. */
  readonly delayMinutes: number
  readonly approval: MailApproval
  /** Whether the approvers of the sender's section get a copy. */
  readonly copyToSupervisor: boolean
  /** Class of mail on which none is written; `ask` sends it back to its writer. */
  readonly unlabelled: ConfidentialityLevel | 'ask'
  /** The town's own marks beside 自治体機密性…, and the class that each means. */
  readonly marks: readonly { readonly text: string; readonly level: ConfidentialityLevel }[]
  /** Where mail for other governments goes on; without it to the server that mail from outside is delivered to (`deliver` of the gate). */
  readonly lgwan?: MailNextHop
  /** Domains inside LGWAN. Mail for them goes another way and is never treated as Internet mail. */
  readonly lgwanDomains: readonly string[]
}

export interface MailGate {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly attachments: 'remove' | 'keep'
  readonly body: 'text' | 'html'
  /** Domains it takes mail for, in lower case; for all others it is no relay. */
  readonly domains: readonly string[]
  /** Days the sealed original of a mail stays on the low side. */
  readonly originalDays: number
  /** Absent when another system does the work of this gate, e.g. the prefectural security cloud. */
  readonly receive?: {
    /** Name it greets with. */
    readonly name: string
    /** Ids of declared hosts or peers in front of it; of equal ids the host. With none, everybody may connect. */
    readonly relays: readonly string[]
    /** Bytes of one message. */
    readonly maxBytes: number
    readonly dmarc: MailDmarc
  }
  /** Present whenever `receive` is. */
  readonly deliver?: MailNextHop
  readonly outward?: MailOutward
}
