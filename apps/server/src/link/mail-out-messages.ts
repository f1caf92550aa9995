/**
 * Mail to the outside on the link: the high side brings a mail that is on record, and asks later what became of it. What the low side says of that is its word.
 */
import { createHash } from 'node:crypto'
import type { MailOutcome } from '@sekisho/gates/mail'
import { list, oneOf, shape, text, whole } from '../shape.ts'
import type { Check } from '../shape.ts'
import { fromJson } from '../shape.ts'
import { seen } from './mail-messages.ts'

/** Who sends it and whom it is for; the mail itself stands behind. */
export interface MailOutHead {
  readonly from: string
  readonly recipients: readonly string[]
  readonly sha256: string
}

export interface MailOut extends MailOutHead {
  readonly bytes: Uint8Array
}

/** What became of some recipients of one mail. */
export interface MailOutNews {
  readonly seq: number
  /** Id of the crossing. */
  readonly message: string
  readonly at: string
  readonly attempt: number
  readonly unanswered: number
  readonly stillWaiting: number
  readonly reason: string
  readonly ended: readonly {
    readonly address: string
    readonly state: 'sent' | 'failed' | 'expired' | 'recalled'
    readonly reason: string
    readonly reply: string
  }[]
}

/** The id of a crossing of mail: made on the high side, a folder name nowhere. */
export const MAIL_OUT_ID = /^[0-9A-Za-z]{1,40}-[0-9a-f]{16}\.internet$/u
export const NEWS_MAX = 64
const ADDRESS = /^[!-~]{3,254}$/u
const WORDS = /^[ -~]{0,300}$/u
const HEAD_MAX = 256 * 1024
const COUNT_MAX = 2_147_483_647

const head = shape<MailOutHead>({
  from: text(254, ADDRESS),
  recipients: list(text(254, ADDRESS), 500),
  sha256: text(64, /^[0-9a-f]{64}$/u),
})

/** Four bytes with the length of the head, the head as JSON, the mail. */
export function writeMailOut({ from, recipients, sha256, bytes }: MailOut): Buffer {
  const told = Buffer.from(JSON.stringify({ from, recipients, sha256 } satisfies MailOutHead))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(told.length)
  return Buffer.concat([length, told, bytes])
}

/** `undefined` unless every byte is as it was said to be. */
export function readMailOut(body: Uint8Array): MailOut | undefined {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  if (buffer.length < 4) return undefined
  const end = 4 + buffer.readUInt32BE(0)
  if (end - 4 > HEAD_MAX || end > buffer.length) return undefined
  const told = fromJson(buffer.subarray(4, end).toString('utf8'), head)
  const bytes = buffer.subarray(end)
  if (!told || createHash('sha256').update(bytes).digest('hex') !== told.sha256) return undefined
  return { ...told, bytes }
}

export function newsOf(seq: number, outcome: MailOutcome): MailOutNews {
  const { message, at, attempt, unanswered, stillWaiting, reason, ended } = outcome
  return {
    seq,
    message,
    at,
    attempt,
    unanswered,
    stillWaiting,
    reason,
    ended: ended.flatMap(({ address, state, reason: why, reply }) =>
      state === 'waiting'
        ? []
        : [{ address, state: endOf(state), reason: why, reply: seen(reply, 300) }],
    ),
  }
}

function endOf(state: string): MailOutNews['ended'][number]['state'] {
  return oneOf(['sent', 'failed', 'expired', 'recalled'])(state) ?? 'failed'
}

const REASON = /^[A-Z0-9-]{0,64}$/u

const news = shape<MailOutNews>({
  seq: whole(1, COUNT_MAX),
  message: text(80, MAIL_OUT_ID),
  at: text(24),
  attempt: whole(0, COUNT_MAX),
  unanswered: whole(0, COUNT_MAX),
  stillWaiting: whole(0, COUNT_MAX),
  reason: text(64, REASON),
  ended: list(
    shape<MailOutNews['ended'][number]>({
      address: text(254, ADDRESS),
      state: oneOf(['sent', 'failed', 'expired', 'recalled']),
      reason: text(64, REASON),
      reply: text(300, WORDS),
    }),
    500,
  ),
})

export const readMailOutNews: Check<readonly MailOutNews[]> = list(news, NEWS_MAX)
