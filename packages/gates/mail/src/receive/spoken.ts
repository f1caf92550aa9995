/**
 * Every refusal on the wire carries a reason id, those of the library too, and each is reported once.
 */
import { MAIL_REASONS, replyFor } from './replies.ts'
import type { MailReason } from './replies.ts'
import type { Connection } from './strict-input.ts'

const TOLD_ELSEWHERE: ReadonlySet<MailReason> = new Set([
  'SMTP-RECIPIENT',
  'SMTP-RELAY',
  'SMTP-SENDER',
])

/** Reports each refusal of this connection. Unknown recipients and senders are reported by whoever knows who they were. */
export function speakReasons(connection: Connection, report: (reason: MailReason) => void): void {
  const send = connection.send.bind(connection)
  connection.send = (code, data, context) => {
    if (code < 400) return send(code, data, context)
    const text = String(data ?? '')
    const own = MAIL_REASONS.find((reason) => text.includes(` ${reason} `))
    const reason = own ?? reasonOf(code, text)
    const reply = replyFor(reason)
    if (!TOLD_ELSEWHERE.has(reason)) report(reason)
    send(reply.code, reply.text, context)
  }
}

/** What the library means, by its code; 421 ends the connection for several causes. */
const BY_CODE: ReadonlyMap<number, MailReason> = new Map<number, MailReason>([
  [451, 'SMTP-INTERNAL'],
  [452, 'SMTP-MANY-RECIPIENTS'],
  [500, 'SMTP-COMMAND'],
  [501, 'SMTP-SYNTAX'],
  [502, 'SMTP-COMMAND'],
  [503, 'SMTP-ORDER'],
  [552, 'SMTP-SIZE'],
])

const BY_TEXT: readonly (readonly [RegExp, MailReason])[] = [
  [/^Timeout/u, 'SMTP-IDLE'],
  [/too soon$/u, 'SMTP-TOO-SOON'],
  [/too long$/u, 'SMTP-COMMAND-LONG'],
  [/^HTTP/u, 'SMTP-HTTP'],
  [/too many unrecognized/u, 'SMTP-MANY-COMMANDS'],
]

function reasonOf(code: number, text: string): MailReason {
  if (code === 421) return BY_TEXT.find(([pattern]) => pattern.test(text))?.[1] ?? 'SMTP-CLOSING'
  return BY_CODE.get(code) ?? 'SMTP-INTERNAL'
}
