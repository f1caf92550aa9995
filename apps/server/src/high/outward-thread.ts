import { parentPort, workerData } from 'node:worker_threads'
import {
  copyForInside,
  examineOutgoing,
  rawOf,
  readLetter,
  rewriteOutgoing,
  sendersOf,
  verifyOutgoing,
} from '@sekisho/gates/mail/outward'
import { Context } from '@sekisho/disarm/mail'
import type { OutwardAnswer, OutwardJob } from './outward-reader.ts'

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node.js has no origin
parentPort?.postMessage(await answer(workerData as OutwardJob))

/** One piece of work on one mail; what a bug in a reader throws ends this thread and nothing else. */
async function answer(job: OutwardJob): Promise<OutwardAnswer> {
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
      return { kind: 'rewritten', rewritten: rewriteOutgoing(job.bytes, job.options) }
    case 'inside': {
      const bytes = copyForInside(job.bytes, job.domain)
      return { kind: 'inside', ...(bytes ? { bytes } : {}) }
    }
    case 'verify':
      return { kind: 'verified', verdict: await verifyOutgoing(job.bytes, job.leaving) }
  }
}
