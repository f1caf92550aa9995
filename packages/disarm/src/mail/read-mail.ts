import type { Context } from '../family.ts'
import type { Mailbox } from './address.ts'
import { readMailboxes } from './address.ts'
import { collectItems } from './collect.ts'
import { canonicalDate } from './date.ts'
import { headerText } from './encoded-word.ts'
import { fieldValue } from './header.ts'
import type { Field } from './header.ts'
import type { MailMessage } from './message.ts'
import { readMessage } from './part.ts'
import type { Part } from './part.ts'

/** Reads a mail (RFC 5322, MIME). @param raw a letter is a byte */
export function readMail(raw: string, context: Context): MailMessage {
  const root = readMessage(raw, context)
  return { ...readMailHeader(root, context), items: collectItems(root, context) }
}

/** What the fields of a message say; `items` is empty. */
export function readMailHeader(root: Part, context: Context): MailMessage {
  const { fields } = root
  // Raw Japanese in a header is most likely in the charset of the body.
  const charsets = [root.parameters.get('charset') ?? ''].filter((label) => label !== '')
  reportFields(fields, context)
  const mailboxes = (name: string): readonly Mailbox[] =>
    readMailboxes(fieldValue(fields, name) ?? '', charsets)
  const date = fieldValue(fields, 'date')
  const written = date === undefined ? undefined : canonicalDate(date)
  if (date !== undefined && written === undefined) context.removed('M-HEADER', 'date')
  const subject = fieldValue(fields, 'subject')
  return {
    from: mailboxes('from'),
    sender: mailboxes('sender'),
    replyTo: mailboxes('reply-to'),
    to: mailboxes('to'),
    cc: mailboxes('cc'),
    date: written,
    subject: subject === undefined ? undefined : headerText(subject, charsets),
    messageId: messageIds(fieldValue(fields, 'message-id'))[0],
    inReplyTo: messageIds(fieldValue(fields, 'in-reply-to')),
    references: messageIds(fieldValue(fields, 'references')),
    items: [],
  }
}

const MAX_IDS = 50

/** Ids in angle brackets, or one without. */
export function messageIds(raw: string | undefined): readonly string[] {
  const bare = raw?.trim() ?? ''
  if (/^[!-;=?-~]{1,125}@[!-;=?-~]{1,120}$/.test(bare)) return [`<${bare}>`]
  return (raw?.slice(0, 20_000).match(/<[!-;=?-~]{1,250}>/g) ?? []).slice(-MAX_IDS)
}

const KEPT: ReadonlySet<string> = new Set(
  'from sender reply-to to cc date subject message-id in-reply-to references mime-version'.split(
    ' ',
  ),
)
const ONCE: ReadonlySet<string> = new Set('from sender subject date to cc reply-to'.split(' '))
const TRACKING =
  /^(?:disposition-notification-|return-receipt-|x-confirm-reading-|read-receipt-|generate-delivery-report|list-unsubscribe|x-pmrqc|errors-to)/

/** Fields that go, what asks for an answer unseen, and two of a kind, of which programs show different ones. */
function reportFields(fields: readonly Field[], context: Context): void {
  const seen = new Map<string, string>()
  for (const { name, value } of fields) {
    if (TRACKING.test(name)) context.removed('M-TRACK', 'header')
    else if (!KEPT.has(name) && !name.startsWith('content-')) context.removed('M-HEADER', 'fields')
    const before = seen.get(name)
    if (ONCE.has(name) && before !== undefined && before !== value)
      context.removed('M-HEADER', name)
    seen.set(name, value)
  }
}
