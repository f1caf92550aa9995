/**
 * The cloud gate in a thread of its own. Most of what a tunnel needs is gone when it is open, but a runtime that is given much room for what is new keeps it for a long time: with the room bounded,
 * thousands of idle tunnels take a third of the memory, and none waits for a long collection.
 */
import { Worker } from 'node:worker_threads'
import { SekishoError } from '@sekisho/core'
import type { SekishoErrorCode } from '@sekisho/core'
import type { CloudGateOptions, RunningCloudGate } from './serve-cloud.ts'

/** Of the thread, in megabytes. With half of it one request in a hundred waits some 5 ms for a collection, with twice as much idle tunnels take a fifth more. */
export const CLOUD_GATE_MEMORY = { maxYoungGenerationSizeMb: 48 } as const

/** What the thread is told to do. */
export type ThreadOptions = Omit<CloudGateOptions, 'say' | 'now'>

/** What the thread tells. */
export type FromThread =
  | { readonly kind: 'said'; readonly line: string }
  | ({ readonly kind: 'running' } & Omit<RunningCloudGate, 'stop'>)
  | { readonly kind: 'refused'; readonly code: SekishoErrorCode; readonly message: string }

/**
 * Starts the gate and resolves when it listens. A thread that dies later ends the process with it: a gate that nobody serves must not look like one that runs.
 *
 * @throws SekishoError as `serveCloud`
 */
export async function runCloudGate({
  say,
  ...options
}: ThreadOptions & Pick<CloudGateOptions, 'say'>): Promise<RunningCloudGate> {
  const file = new URL('./cloud-gate-thread.ts', import.meta.url)
  const thread = new Worker(file, { workerData: options, resourceLimits: CLOUD_GATE_MEMORY })
  const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  const running = await new Promise<Omit<RunningCloudGate, 'stop'>>((resolve, reject) => {
    thread.on('message', (message: FromThread) => {
      if (message.kind === 'said') say(message.line)
      else if (message.kind === 'running') resolve(message)
      else reject(new SekishoError(message.code, message.message))
    })
    thread.once('error', reject)
    thread.once('exit', () => reject(new SekishoError('WORKER_FAILED', 'the cloud gate ended')))
  })
  let stopping = false
  thread.on('error', (error) => {
    throw error
  })
  thread.on('exit', () => {
    if (!stopping) throw new SekishoError('WORKER_FAILED', 'the cloud gate ended')
  })
  const stop = async (): Promise<void> => {
    stopping = true
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread of Node, no window
    thread.postMessage('stop')
    await gone
  }
  const { port, mode, standings } = running
  return { port, mode, standings, stop }
}
