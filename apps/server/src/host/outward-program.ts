/** The program that reads and writes a mail on its way out, in a box that is thrown away: a desk may be taken over, and then writes for our readers. */
import { Context } from '@sekisho/disarm/mail'
import { serveQuestions } from '@sekisho/disarm/worker/questions'
import {
  copyForInside,
  examineOutgoing,
  rawOf,
  readLetter,
  rewriteOutgoing,
  sendersOf,
  verifyOutgoing,
} from '@sekisho/gates/mail/outward'
import { packed, unpacked } from './bytes-beside.ts'
import type { OutwardReading, ReadingAnswer } from './reading-box.ts'

await serveQuestions(async (_, bytes) => ({
  header: {},
  body: packed(await answer(unpacked(bytes) as OutwardReading)),
}))

/** What a bug in a reader throws ends this process and nothing else. */
async function answer(job: OutwardReading): Promise<ReadingAnswer> {
  switch (job.kind) {
    case 'examine': {
      const { people, departments, route, submitted, today } = job
      const senders = sendersOf({ people, departments })
      const outgoing = examineOutgoing(submitted, { ...route, senders }, today)
      return { kind: 'examined', outgoing }
    }
    case 'files': {
      const { files } = readLetter(rawOf(job.bytes), new Context())
      return {
        kind: 'files',
        files: files.map(({ name, bytes, sha256, marks }) => ({
          name,
          bytes,
          sha256,
          locked: marks.locked,
        })),
      }
    }
    case 'rewrite':
      return {
        kind: 'rewritten',
        rewritten: rewriteOutgoing(job.bytes, {
          ...job.options,
          files: new Map(job.options.files),
        }),
      }
    case 'inside': {
      const bytes = copyForInside(job.bytes, job.domain)
      return { kind: 'inside', ...(bytes ? { bytes } : {}) }
    }
    case 'verify':
      return { kind: 'verified', verdict: await verifyOutgoing(job.bytes, job.leaving) }
  }
}
