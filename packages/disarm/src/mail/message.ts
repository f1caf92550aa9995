import type { Mailbox } from './address.ts'
import type { Part } from './part.ts'

/** A mail as it was read, hostile, from whichever format: what there is to be rebuilt. */
export interface MailMessage {
  readonly from: readonly Mailbox[]
  readonly sender: readonly Mailbox[]
  readonly replyTo: readonly Mailbox[]
  readonly to: readonly Mailbox[]
  readonly cc: readonly Mailbox[]
  /** In the written form (`canonicalDate`). */
  readonly date: string | undefined
  readonly subject: string | undefined
  readonly messageId: string | undefined
  readonly inReplyTo: readonly string[]
  readonly references: readonly string[]
  readonly items: readonly MailItem[]
}

/** What a mail consists of, in the order in which it is read. */
export type MailItem = MailThing & {
  /** The part it was found in; nothing for what comes from no MIME. */
  readonly from?: Origin
}

/** Whether the item is the part itself, or was wrapped in it (`winmail.dat`, uuencode). */
export interface Origin {
  readonly part: Part
  readonly inside: boolean
}

type MailThing =
  | MailBody
  | MailFile
  | { readonly kind: 'message'; readonly name: string; readonly content: MailMessage | string }
  | { readonly kind: 'calendar'; readonly text: string }
  /** Something that is left out, and is worth a line in the list. */
  | { readonly kind: 'gone'; readonly name: string; readonly reason: string }

export interface MailBody {
  readonly kind: 'body'
  readonly text?: string
  /** Text of the page. */
  readonly html?: string
  /** Says again what another body says, if there is one. */
  readonly spare?: true
  /** Parts that said `text`, when another said the page. */
  readonly words?: readonly Part[]
}

export interface MailFile {
  readonly kind: 'file'
  /** As the sender calls it; may be empty. */
  readonly name: string
  /** What the sender says it is; only for a file without a name. */
  readonly type: string
  /** Takes its transfer encoding off: only one of many attachments need be in memory as what it is. */
  readonly read: () => Uint8Array
  /** How a page of this mail refers to it. */
  readonly ids: readonly string[]
}
