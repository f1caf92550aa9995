/** Says what a rebuilt workbook would change, in a thread of its own: its cells are what somebody brought. */
import { parentPort, workerData } from 'node:worker_threads'
import { createCompiledJudge } from '@sekisho/judge'
import { previewImport } from '@sekisho/report'
import type { ImportPreview, RebuiltWorkbook } from '@sekisho/report'
import { readTown } from '@sekisho/town'

interface Given {
  readonly rebuilt: RebuiltWorkbook
  /** Text of the declaration in force. */
  readonly text: string
  readonly remove: boolean
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node.js has no origin
parentPort?.postMessage(previewed(workerData as Given))

function previewed({ rebuilt, text, remove }: Given): ImportPreview {
  const read = readTown(text)
  if (!read.ok) throw new TypeError('the declaration in force does not read')
  return previewImport(rebuilt, { read, text }, { judge: createCompiledJudge(), remove })
}
