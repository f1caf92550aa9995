/**
 * The mail as it leaves: written anew with the known fields only (no Bcc, no Received, no X-…; the Message-ID stays), its files cleaned one by one.
 */
import { createHash } from 'node:crypto'
import type { DisarmReport, Removal } from '@sekisho/core'
import type { Profile } from '@sekisho/disarm'
import { Context, Refusal, readEntity, readMail, writeMessage } from '@sekisho/disarm/mail'
import type { MailMessage, NestedResult } from '@sekisho/disarm/mail'
import { rawOf } from './examine.ts'
import { fitsSmtp, inSevenBits } from './seven-bit.ts'

/** What became of one file of the mail. */
export type CleanedFile =
  | {
      readonly result: 'cleaned'
      readonly report: DisarmReport
      readonly output: Uint8Array
    }
  /** It opens with a password only, and goes as it is. */
  | { readonly result: 'locked' }
  | { readonly result: 'refused'; readonly reason: string }

export interface RewriteOptions {
  /** By SHA-256 of the file as the sender gave it, lower-case hex. A file that is not here is refused. */
  readonly files: ReadonlyMap<string, CleanedFile>
  readonly profile: Partial<Profile>
  /** Domain of a Message-ID for a mail that came without one. */
  readonly domain: string
}

export type Rewritten =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly report: DisarmReport }
  | { readonly ok: false; readonly report: DisarmReport }

/** @returns never throws for what a mail can contain */
export function rewriteOutgoing(bytes: Uint8Array, options: RewriteOptions): Rewritten {
  const { files, profile } = options
  const refused = [...files.values()].find((file) => file.result === 'refused')
  if (refused) return no(refused.reason)
  const context = new Context({
    profile,
    rebuildNested: (file, ending) => nested(file, ending, files),
  })
  try {
    const raw = rawOf(bytes)
    const message = withId(readMail(raw, context), bytes, options.domain)
    const written = bytesOf(writeMessage(message, context))
    const { removed, kept } = merged(context.report(), [...files.values()])
    // A file that the writer left out is not what its sender sent.
    const left = removed.find(({ rule }) => rule === 'M-ATT')
    if (left) return no('M-ATT')
    const verdict = removed.length > 0 ? 'removed' : 'confirmed-absent'
    const report = { type: 'eml', outputType: 'eml', verdict, removed, kept } as const
    return { ok: true, bytes: written, report }
  } catch (error) {
    return no(error instanceof Refusal ? error.reason : 'ENG-CRASH')
  }
}

/**
 * The mail for those inside: nothing of it is stripped, but Bcc, which tells one recipient of another. What has eight bits goes in seven, part by
 * part; only a mail that not even that helps is written anew, with every file as it is.
 */
export function copyForInside(bytes: Uint8Array, domain: string): Uint8Array | undefined {
  const plain = withoutBcc(bytes)
  if (plain && isSevenBit(plain) && messageIds(plain) === 1) return plain
  const context = new Context({
    rebuildNested: (file, ending) => ({ ok: true, type: ending, outputType: ending, output: file }),
  })
  try {
    return bytesOf(writeMessage(withId(readMail(rawOf(bytes), context), bytes, domain), context))
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** Endings under which a file that opens with a password may leave: the forms whose lock we recognise. */
const LOCKED_TYPES: ReadonlySet<string> = new Set(
  'zip pdf docx docm xlsx xlsm pptx pptm doc xls ppt'.split(' '),
)

function nested(
  bytes: Uint8Array,
  ending: string,
  files: ReadonlyMap<string, CleanedFile>,
): NestedResult {
  const file = files.get(createHash('sha256').update(bytes).digest('hex'))
  if (file?.result === 'cleaned') {
    const { type, outputType } = file.report
    return { ok: true, type, outputType, output: Uint8Array.from(file.output) }
  }
  if (file?.result === 'locked' && LOCKED_TYPES.has(ending))
    return { ok: true, type: ending, outputType: ending, output: Uint8Array.from(bytes) }
  return { ok: false, reason: 'TYPE-DENIED', type: 'unknown' }
}

/** RFC 6409 §8.3. Of the bytes, so that the same mail has the same one. */
function withId(message: MailMessage, bytes: Uint8Array, domain: string): MailMessage {
  if (message.messageId !== undefined) return message
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  return { ...message, messageId: `<${digest}@${domain}>` }
}

function merged(
  own: { readonly removed: readonly Removal[]; readonly kept: readonly Removal[] },
  files: readonly CleanedFile[],
): { readonly removed: readonly Removal[]; readonly kept: readonly Removal[] } {
  const reports = files.flatMap((file) => (file.result === 'cleaned' ? [file.report] : []))
  return {
    removed: [...own.removed, ...reports.flatMap(({ removed }) => removed)],
    kept: [...own.kept, ...reports.flatMap(({ kept }) => kept)],
  }
}

function no(reason: string): Rewritten {
  const report = {
    type: 'eml',
    outputType: '',
    verdict: 'refused',
    removed: [],
    kept: [],
    reason,
  } as const
  return { ok: false, report }
}

function bytesOf(pieces: ReturnType<typeof writeMessage>): Buffer {
  return Buffer.concat(
    pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)),
  )
}

// --- as it came

/** Without the fields Bcc and Resent-Bcc, every other byte as it was. `undefined` when the head is not plain lines. */
function withoutBcc(bytes: Uint8Array): Buffer | undefined {
  const raw = rawOf(bytes)
  const end = raw.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = raw.slice(0, end + 2)
  const kept = head.replaceAll(/^(?:Resent-)?Bcc[ \t]*:.*\r\n(?:[ \t].*\r\n)*/gimu, '')
  // Two readers of the head: what our strict one still sees was not taken out.
  const seen = readEntity(`${kept}\r\n`).fields.some(({ name }) => /^(?:resent-)?bcc$/u.test(name))
  return seen ? undefined : Buffer.from(inSevenBits(kept + raw.slice(end + 2)), 'latin1')
}

function isSevenBit(bytes: Buffer): boolean {
  const text = bytes.toString('latin1')
  return text.endsWith('\r\n') && fitsSmtp(text)
}

function messageIds(bytes: Buffer): number {
  return readEntity(bytes.toString('latin1')).fields.filter(({ name }) => name === 'message-id')
    .length
}
