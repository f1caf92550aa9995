import type { Removal } from '@sekisho/core'
import type { Held } from './approval.ts'
import type { Problem } from './problem.ts'

/** Where a mail to the outside is. `handed-on` is said of mail that stays inside; `leaving` of mail whose end nobody has told yet. */
export type OutgoingMailState =
  | 'checking'
  | 'held'
  | 'waiting'
  | 'leaving'
  | 'sent'
  | 'came-back'
  | 'handed-on'
  | 'refused'
  | 'returned'
  | 'recalled'

/** One direction of one mail: `M-1042`, or `M-1042-1` where it goes several ways. */
export interface OutgoingMail {
  readonly number: string
  readonly subject: string
  /** Mailbox of the town it was sent from. */
  readonly from: string
  readonly sentAt: string
  readonly direction: 'internet' | 'lgwan' | 'own'
  readonly recipients: readonly {
    readonly address: string
    /** As the low side says. */
    readonly state?: 'waiting' | 'sent' | 'failed' | 'expired' | 'recalled'
    readonly reply?: string
  }[]
  readonly state: OutgoingMailState
  readonly mayRecall: boolean
  /** When the window to take it back ends. */
  readonly leavesAt?: string
  /** Who may approve it, while it is held. */
  readonly approvers?: readonly string[]
  readonly problem?: Problem
}

/** A mail to the outside that waits for a person. */
export interface OutgoingMailCard extends Held {
  readonly number: string
  readonly from: {
    readonly name: string
    readonly department: string
    readonly address: string
    /** Sent from a section's mailbox that names nobody: who decides may be who wrote it. */
    readonly writerUnknown: boolean
  }
  readonly subject: string
  readonly purpose: string
  readonly destination: string
  /** Every recipient outside. */
  readonly external: readonly string[]
  /** 自治体機密性. */
  readonly level: string
  readonly labels: readonly { readonly place: string; readonly label: string }[]
  readonly personalRows: number
  readonly attachments: readonly {
    readonly name: string
    /** In words. */
    readonly type: string
    readonly size: number
    readonly sha256: string
    readonly locked: boolean
    /** Labels and personal data in it may have been missed. */
    readonly partly: boolean
  }[]
  readonly text: string
  readonly removed: readonly Removal[]
  readonly kept: readonly Removal[]
  readonly size: number
}

/** How mail to the outside moves. */
export interface OutgoingMailQueue {
  /** When the oldest that is not at its end was handed in; empty for none. */
  readonly oldest: string
  /** Handed in, not looked at yet. */
  readonly spooled: number
  readonly checking: number
  readonly held: number
  /** Since when the oldest is held; empty for none. */
  readonly oldestHeld: string
  /** In the window in which it can be taken back. */
  readonly waiting: number
  /** At its end, and not yet with who carries it on: the line to the low side may be down. */
  readonly toBring: number
}
