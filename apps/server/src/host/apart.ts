/**
 * Work that is heavy or reads what an attacker may have written, in a thread of its own: the thread that serves people goes on, and what runs wild
 * meets a ceiling on memory and time.
 */
import { Worker } from 'node:worker_threads'
import { SekishoError } from '@sekisho/core'
import type { Check } from '../shape.ts'

export interface ApartOptions<T> {
  /** What the thread sends once; anything else counts as its death. */
  readonly check: Check<T>
  /** True for a message that only tells how far the work has come. */
  readonly isProgress?: (message: unknown) => boolean
  /** Longest time, ms. */
  readonly timeoutMs: number
  /** Ceiling of the thread's heap, MB. */
  readonly heapMb: number
  /** Words in the error, for the log of the machine. */
  readonly what: string
}

/**
 * Runs the file `thread` on `data` and resolves with its first message that is not about progress.
 *
 * @throws SekishoError TIMEOUT, or WORKER_FAILED when the thread died
 */
export function runApart<T>(
  thread: URL,
  data: object,
  { check, isProgress = () => false, timeoutMs, heapMb, what }: ApartOptions<T>,
): Promise<T> {
  const worker = new Worker(thread, {
    workerData: data,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  })
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new SekishoError('TIMEOUT', `${what} took too long`))
    }, timeoutMs)
    timer.unref()
    const died = (): void => {
      reject(new SekishoError('WORKER_FAILED', `${what} stopped`))
    }
    worker.on('message', (message: unknown) => {
      if (isProgress(message)) return
      const good = check(message)
      if (good === undefined) died()
      else resolve(good)
    })
    worker.once('error', died)
    worker.once('exit', died)
  }).finally(() => worker.terminate())
}
