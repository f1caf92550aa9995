/**
 * A mail whose attachments stay in it, for the desk in the internet zone (β, β′): each is disarmed by the pool as a file would be, scanner, tools and likeness
 * included, and the box then writes the mail with them. What is not let through, or asks for a person, waits outside as in every model.
 */
import type { DisarmReport } from '@sekisho/core'
import type { Pool } from '@sekisho/disarm'
import { mayAttach } from '../message/route.ts'
import { rebuildInBox } from './box.ts'
import type { Boxed } from './box.ts'
import type { BoxQuestion, MailFacts } from './question.ts'

/** A file of the mail, disarmed or refused. */
export interface SettledPart {
  readonly part: string
  readonly report: DisarmReport
  /** Absent exactly when it was refused. */
  readonly output?: Uint8Array
}

export interface AttachHelp {
  /** Never rejects because of the bytes. Without it every file waits outside. */
  readonly disarm?: (
    bytes: Uint8Array,
    name: string,
  ) => Promise<{ readonly report: DisarmReport; readonly output?: Uint8Array }>
  /** Bytes of all attachments together; what does not fit any more waits outside. */
  readonly maxBytes: number
}

/** @param readFacts the strict form of what is told; `undefined` for anything else */
export async function rebuildAttaching(
  pool: Pick<Pool, 'ask'>,
  bytes: Uint8Array,
  question: Omit<BoxQuestion, 'files' | 'mailBytes'>,
  readFacts: (value: unknown) => MailFacts | undefined,
  help: AttachHelp,
): Promise<Boxed> {
  const { route } = question
  if (!mayAttach(route)) return rebuildInBox(pool, bytes, question, readFacts)
  const bare = { ...route, gate: { ...route.gate, attachments: 'remove' } } as const
  const first = await rebuildInBox(pool, bytes, { ...question, route: bare }, readFacts)
  if (!first.ok) return first
  const files = help.disarm ? await settledParts(first.mail, help.disarm, help.maxBytes) : []
  return rebuildInBox(pool, bytes, question, readFacts, files)
}

async function settledParts(
  { facts, contents }: Extract<Boxed, { ok: true }>['mail'],
  disarm: NonNullable<AttachHelp['disarm']>,
  maxBytes: number,
): Promise<readonly SettledPart[]> {
  const settled: SettledPart[] = []
  let room = maxBytes
  for (const [index, { part, name, will }] of facts.pickUps.entries()) {
    if (will !== 'disarm') continue
    const { report, output } = await disarm(contents[index] ?? new Uint8Array(), name)
    // Somebody may choose: a password, pages as pictures. Then it waits outside, where he is asked.
    if (!output && (report.offers ?? []).length > 0) continue
    // A mail in a mail is a message of its own; the two readers look at one message.
    if ((output?.length ?? 0) > room || report.outputType === 'eml') continue
    room -= output?.length ?? 0
    settled.push({ part, report, ...(output ? { output } : {}) })
  }
  return settled
}
