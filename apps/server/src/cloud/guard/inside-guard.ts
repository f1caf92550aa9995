/**
 * Judges what goes out and what comes in inside a connection that the gate reads. Nothing of a request leaves, and nothing of a file arrives, before its answer. Whoever speaks HTTP calls it and sends what it is given.
 */
import { join } from 'node:path'
import type { Town, WebGate } from '@sekisho/core'
import { createPool } from '@sekisho/disarm'
import type { Pool } from '@sekisho/disarm'
import { UPLOAD_PROGRAM } from '@sekisho/gates/web'
import type { Asks, InsideGuard, Refused, SendBudget } from '@sekisho/gates/web'
import { todayInJapan } from '@sekisho/town'
import { createReadingBox } from '../../host/reading-box.ts'
import { DownloadGuard } from './download-guard.ts'
import { guardTerms } from './guard-terms.ts'
import { Slots } from './slots.ts'
import { UploadGuard } from './upload-guard.ts'
import { WaitingRoom } from './waiting-room.ts'

export interface InsideGuardOptions {
  /** Town and gate in force. Throws when there are none: then nothing passes. */
  readonly orders: () => { readonly town: Town; readonly gate: WebGate }
  readonly judge: Asks
  /** Counts the bodies that each person sends to each service in a day; whoever speaks HTTP counts the heads. */
  readonly budget: SendBudget
  /** The gate's data folder: approvals, and bodies that wait. */
  readonly dataDir: string
  readonly now?: () => Date
  /** In place of the sandboxed workers; for tests. */
  readonly pools?: { readonly upload: Pick<Pool, 'ask'>; readonly download: Pick<Pool, 'disarm'> }
}

/** Folder of the bodies that wait, in the data folder. They have no names there. */
const WAITING = 'waiting'
/** Bodies read, and files disarmed, at once. Each holds one body in memory. */
const AT_ONCE = 2

export function insideGuard(options: InsideGuardOptions): InsideGuard & { close(): Promise<void> } {
  const { orders, judge, budget, dataDir, now = () => new Date() } = options
  const own = options.pools === undefined
  const upload = options.pools?.upload ?? createPool({ size: AT_ONCE, ...UPLOAD_PROGRAM })
  const download = options.pools?.download ?? createPool({ size: AT_ONCE })
  const { verify, ...box } = createReadingBox({ size: AT_ONCE })
  const shared = {
    judge,
    terms: () => {
      const { town, gate } = orders()
      return guardTerms(town, gate)
    },
    room: new WaitingRoom(join(dataDir, WAITING)),
  }
  const sending = new UploadGuard({
    ...shared,
    orders,
    budget,
    dataDir,
    pool: upload,
    slots: new Slots(AT_ONCE),
    today: () => todayInJapan(now()),
  })
  const fetching = new DownloadGuard({
    ...shared,
    pool: download,
    verify,
    slots: new Slots(AT_ONCE),
  })
  return {
    upload: (exchange, body) => failingClosed(exchange, () => sending.judge(exchange, body)),
    download: (exchange, head, body) =>
      failingClosed(exchange, () => fetching.judge(exchange, head, body)),
    async close() {
      await box.close()
      if (own) await Promise.all([upload, download].map((pool) => (pool as Pool).close()))
    },
  }
}

/** A disk that is full, a box that does not start, a body that stops: whatever is thrown, nothing passes. */
async function failingClosed<Answer>(
  { service }: { readonly service: string },
  work: () => Promise<Answer>,
): Promise<Answer | Refused> {
  try {
    return await work()
  } catch {
    return { result: 'refuse', reason: 'WEB-CLOSED', service }
  }
}
