/**
 * A mail through the box of the disarm workers, as it is told to the other side.
 */
import type { Town } from '@sekisho/core'
import { RULESET_VERSION } from '@sekisho/disarm'
import type { Pool } from '@sekisho/disarm'
import { rebuildAttaching } from '@sekisho/gates/mail'
import type { AttachHelp } from '@sekisho/gates/mail'
import { createHash } from 'node:crypto'
import { mailRoute } from '../host/mail-route.ts'
import type { Made } from '../link/listener.ts'
import { readMailFacts } from '../link/mail-messages.ts'
import type { MailWish } from '../link/mail-messages.ts'

/** Name under which the new message is known; the other side gives it the number. */
const NAME = 'mail.eml'

export async function rebuildMail(
  pool: Pick<Pool, 'ask'>,
  town: Town,
  bytes: Uint8Array,
  { address, attachments, doubtful, until }: MailWish,
  /** Without it no file is put back into a mail. */
  disarm?: AttachHelp['disarm'],
): Promise<Made> {
  const { model, edition } = town
  // What the judge of the other side lets cross decides, not what is declared here.
  const declared = mailRoute(town)
  const gate = { id: declared?.id ?? 'mail', attachments }
  const question = {
    route: { model, edition, gate },
    address,
    doubtful,
    ...(until === undefined ? {} : { until }),
    limits: {},
  }
  const boxed = await rebuildAttaching(pool, bytes, question, readMailFacts, {
    ...(disarm ? { disarm } : {}),
    maxBytes: declared?.receive.maxBytes ?? 0,
  })
  if (!boxed.ok) return { cured: refused(boxed.reason) }
  const { message, facts, contents } = boxed.mail
  return {
    cured: {
      report: { type: 'eml', outputType: 'eml', verdict: 'converted', removed: [], kept: [] },
      sha256: createHash('sha256').update(message).digest('hex'),
      size: message.length,
      outputName: NAME,
      ruleset: RULESET_VERSION,
      mail: facts,
    },
    output: message,
    contents,
  }
}

function refused(reason: string): Made['cured'] {
  return {
    report: { type: 'eml', outputType: '', verdict: 'refused', removed: [], kept: [], reason },
    sha256: '',
    size: 0,
    outputName: '',
    ruleset: RULESET_VERSION,
  }
}
