/**
 * What the gate answers on the wire: a code, an enhanced code (RFC 3463) and the reason id, in ASCII.
 * Sentences for people are in `words/receive.json` under the same ids.
 */

const REPLIES = {
  'SMTP-BARE-LINE-END': [521, '5.5.2', 'lines must end with CR LF'],
  'SMTP-NUL': [521, '5.6.0', 'NUL is not a character of mail'],
  'SMTP-EARLY-DATA': [521, '5.5.0', 'message sent before it was asked for'],
  'SMTP-COMMAND': [502, '5.5.1', 'command not offered here'],
  'SMTP-MANY-COMMANDS': [421, '4.7.0', 'too many commands without a message'],
  'SMTP-CONNECTIONS': [421, '4.7.0', 'too many connections, come back later'],
  'SMTP-PEER': [554, '5.7.1', 'only declared servers may connect here'],
  'SMTP-RATE': [450, '4.7.1', 'too many messages in a minute, come back later'],
  'SMTP-TIME': [421, '4.4.2', 'this connection was open too long'],
  'SMTP-TLS-NEEDED': [530, '5.7.0', 'STARTTLS first'],
  'SMTP-UTF8': [553, '5.6.7', 'say SMTPUTF8 for this address'],
  'SMTP-SENDER': [550, '5.7.1', 'no mailbox of this town may send under this name'],
  'SMTP-ASCII-ONLY': [553, '5.6.7', 'this way takes no address beyond ASCII'],
  'SMTP-RELAY': [550, '5.7.1', 'not a domain of this town'],
  'SMTP-RECIPIENT': [550, '5.1.1', 'no such mailbox'],
  'SMTP-DMARC': [550, '5.7.1', 'the domain of the sender asks to refuse this message (DMARC)'],
  'SMTP-MANY-UNKNOWN': [421, '4.7.0', 'too many unknown recipients'],
  'SMTP-MANY-RECIPIENTS': [452, '4.5.3', 'too many recipients, send the rest in another message'],
  'SMTP-SIZE': [552, '5.3.4', 'message too large'],
  'SMTP-LINE': [554, '5.6.0', 'a line is too long'],
  'SMTP-HEADER': [554, '5.6.0', 'the header is too long'],
  'SMTP-LOOP': [554, '5.4.6', 'too many hops'],
  'SMTP-SPOOL-FULL': [452, '4.3.1', 'no room now, try again later'],
  'SMTP-COMMAND-LONG': [421, '4.5.2', 'a command line is too long'],
  'SMTP-HTTP': [421, '4.7.0', 'this is no web server'],
  'SMTP-TOO-SOON': [421, '4.7.0', 'wait for the greeting'],
  'SMTP-IDLE': [421, '4.4.2', 'nothing came for too long'],
  'SMTP-CLOSING': [421, '4.3.2', 'closing, come back later'],
  'SMTP-SYNTAX': [501, '5.5.4', 'not understood'],
  'SMTP-ORDER': [503, '5.5.1', 'not at this point'],
  'SMTP-INTERNAL': [451, '4.3.0', 'could not do it, try again later'],
  'SMTP-SPOOL-DOWN': [451, '4.3.0', 'cannot store now, try again later'],
} as const satisfies Record<string, readonly [code: number, enhanced: string, text: string]>

/** Why the gate did not take something. */
export type MailReason = keyof typeof REPLIES

/** Every reason id of this room, sorted. */
export const MAIL_REASONS = Object.keys(REPLIES).toSorted() as readonly MailReason[]

export interface Reply {
  readonly code: number
  readonly text: string
}

export function replyFor(reason: MailReason): Reply {
  const [code, enhanced, text] = REPLIES[reason]
  return { code, text: `${enhanced} ${reason} ${text}` }
}

/** A refusal on its way through the library, which takes errors only. */
export class MailRefusal extends Error {
  readonly reason: MailReason
  readonly responseCode: number
  constructor(reason: MailReason) {
    const { code, text } = replyFor(reason)
    super(text)
    this.reason = reason
    this.responseCode = code
  }
}
