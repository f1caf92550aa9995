/** The thread of `runCloudGate`. */
import { parentPort, workerData } from 'node:worker_threads'
import { SekishoError } from '@sekisho/core'
import type { FromThread, ThreadOptions } from './run-cloud-gate.ts'
import { serveCloud } from './serve-cloud.ts'

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node, no window
const tell = (message: FromThread): void => parentPort?.postMessage(message)

try {
  const options = workerData as ThreadOptions
  const running = await serveCloud({ ...options, say: (line) => tell({ kind: 'said', line }) })
  const { port, mode, standings } = running
  parentPort?.once('message', () => void running.stop())
  tell({ kind: 'running', port, mode, standings })
} catch (error) {
  if (!(error instanceof SekishoError)) throw error
  const { code, message } = error
  tell({ kind: 'refused', code, message })
}
