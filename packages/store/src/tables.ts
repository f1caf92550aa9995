/**
 * The tables of both sides. Portable on purpose: text, integer below 2^31, JSON as text, true and false as 1 and 0, so that the
 * same queries run on SQLite and PostgreSQL.
 */
import type { Generated } from 'kysely'

/** One file on its way out of the low side. */
export interface TransferTable {
  id: string
  /** Short number to say on the phone. */
  number: string
  /** Account that gives it, and the person of the town behind the account. */
  account: string
  person: string
  /** Unique per account: a double click makes one transfer. */
  idempotency_key: string
  /** Exactly as given, never normalised. */
  file_name: string
  purpose: string
  size: number
  /** Bytes that survive a power cut. */
  received: number
  state: string
  step: string
  created_at: string
  finished_at: string | null
  /** SHA-256 of the whole, once it is whole. */
  input_sha256: string | null
  /** JSON of the four lines, written by the high side. */
  problem: string | null
  /** JSON list of sentences, written by the high side. */
  removed: string
  /** Grows with each change the high side must hear of. */
  version: number
  /** 1 once the high side has taken it up: from then on only the high side ends it. */
  taken_up: number
  cancel_requested: number
  /** JSON of what disarming said, so that asking twice does not disarm twice. */
  cured: string | null
  /** `rebuild` for the same format again, `flatten` for its pages as pictures. */
  outcome: string
  /** Number of the transfer that this one tries again; empty for a first try. */
  again_of: string
  /** `file`, or `mail` for one that came by SMTP. */
  kind: Generated<string>
  /** JSON of what is known of a mail besides its bytes; empty for a file. */
  mail: Generated<string>
  /** When the sealed original is shredded; null while it is needed. */
  shred_at: string | null
  /** 0 not yet, 1 on its way to the log, 2 gone. */
  shredded: number
}

/** A file that a mail brought: what it holds is sealed under the same id. */
export interface MailPartTable {
  id: string
  /** The transfer that the mail is. */
  transfer: string
  /** Place in the mail. */
  part: string
  file_name: string
  size: number
}

/** A wish to see the sealed original of a mail, until some time after its end. */
export interface OriginalRequestTable {
  id: string
  /** The transfer that the mail is, its number and the digest of its original: what a decision is bound to. */
  transfer: string
  number: string
  sha256: string
  /** Who asks, and why. */
  person: string
  reason: string
  /** waiting, approved, returned, taken or lapsed. */
  state: string
  asked_at: string
  /** While it waits: last instant to decide. When it is approved: last instant to take it. */
  until: string
  /** Empty while nobody decided. */
  decided_by: string
  decided_at: string
  comment: string
}

/** What the low side has to tell the log, until the high side has it on disk. */
export interface OutboxTable {
  seq: number
  /** JSON. */
  event: string
}

/** Named values: counters, cursors. */
export interface MetaTable {
  name: string
  value: string
}

/** One crossing as the high side knows it. */
export interface CrossingTable {
  id: string
  number: string
  /** Person id of the sender. */
  person: string
  state: string
  step: string
  /** JSON of the whole progress. */
  progress: string
  created_at: string
  changed_at: string
  /** SHA-256 of the bytes on this side; empty when there are none, or none any more. */
  blob: string
  /** Person who approved or returned it; empty while nobody has. */
  decided_by: string
  /** What the low side was last told; differs from `state/step` while there is something to tell. */
  told: string
}

/** What was delivered: one row per crossing, whatever happens. */
export interface InboxTable {
  crossing: string
  person: string
  sha256: string
  output_name: string
  size: number
  delivered_at: string
  taken_at: string | null
  /** Last instant at which it can be taken. */
  until: string
}

/** One mail as its readers find it. What became of it stands in its crossing. */
export interface MailTable {
  /** Id of its crossing. */
  id: string
  number: string
  received_at: string
  /** As the verified message says; hostile text. */
  subject: string
  sender: string
  /** Search key of subject, sender and number. */
  search: string
  /** JSON: certificate and what waits outside. Empty object while it is not known. */
  facts: string
  /** JSON list: mailboxes it goes to, and what the next hop said of each. */
  deliveries: string
  /** 1 while an officer should look: somebody did not get it. */
  undelivered: number
  /** Last instant at which its text is kept here; empty while it is under way. */
  until: string
  /** 1 when it was seen to that its readers know how long its files wait. */
  reminded: Generated<number>
}

/** Who may see a mail: `person:` or `department:` and an id of the town. */
export interface MailReaderTable {
  mail: string
  reader: string
}

/** A file of a mail that somebody asked for. */
export interface PickUpTable {
  /** Given by the page: the same click twice is one. */
  key: string
  mail: string
  part: string
  person: string
  /** Id of the crossing that brings it; empty while the low side has not said. */
  crossing: string
  asked_at: string
}

/** How many mails were turned away at the door, by day and reason. */
export interface MailTurnedTable {
  day: string
  reason: string
  count: number
}

/** A copy of the log for searching. It proves nothing and can be rebuilt at any time. */
export interface EvidenceTable {
  idx: number
  kind: string
  at: string
  actor: string
  person: string
  number: string
  /** Search key of the file name. */
  file_key: string
  /** Rule ids between spaces, with one space at both ends. */
  rules: string
  /** SHA-256 values, in the same form. */
  digests: string
  /** Whom a mail is for, as `person:s0001` or `department:soumu`, in the same form; only where it was received. */
  readers: string
  /** JSON of the entry. */
  entry: string
}

/** Store of the low side: its own spool. */
export interface LowTables {
  transfer: TransferTable
  mail_part: MailPartTable
  original_request: OriginalRequestTable
  outbox: OutboxTable
  meta: MetaTable
}

/** Store of the high side. */
export interface HighTables {
  crossing: CrossingTable
  inbox: InboxTable
  mail: MailTable
  mail_reader: MailReaderTable
  pick_up: PickUpTable
  mail_turned: MailTurnedTable
  evidence: EvidenceTable
  meta: MetaTable
}

/** One message in the queue to the next hops of mail. */
export interface MailMessageTable {
  /** Given by the sender: the same id again is the same message. */
  id: string
  /** Field Message-ID, with its angle brackets. */
  message_id: string
  /** Address for bounces; empty for the null sender. */
  sender: string
  /** SHA-256 of the bytes, which are in the blobs. */
  sha256: string
  size: number
  /** `sender` when the sender is told of a failure, `nobody` when it is only recorded. */
  telling: string
  created_at: string
  /** Until here it can be recalled and does not leave. */
  release_at: string
  expires_at: string
  /** 1 while the bytes are needed. */
  kept: number
}

/** The recipients of one message that share a next hop. */
export interface MailDeliveryTable {
  id: string
  message: string
  hop: string
  /** `waiting`, `done` or `recalled`. */
  state: string
  /** Attempts whose result is recorded. */
  attempts: number
  /** Attempts that sent the last byte and whose answer is not known: each may have delivered. */
  unanswered: number
  next_at: string
  created_at: string
  /** Of the last attempt: reason id, what the next hop said, when. Empty before the first. */
  last_reason: string
  last_reply: string
  last_at: string
}

export interface MailRecipientTable {
  delivery: string
  address: string
  /** `waiting`, `sent`, `failed`, `expired` or `recalled`. */
  state: string
  reason: string
  /** Enhanced status code, RFC 3463. */
  status: string
  reply: string
  settled_at: string
}

/** Store of the queue to the next hops of mail. */
export interface MailTables {
  mail_message: MailMessageTable
  mail_delivery: MailDeliveryTable
  mail_recipient: MailRecipientTable
  outbox: OutboxTable
  meta: MetaTable
}
