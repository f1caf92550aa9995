/**
 * Work that is heavy or reads what an attacker may have written, in a process of its own: the one that serves people goes on, and what runs wild meets
 * a ceiling on memory and time. A thread would not do: at its ceiling, or ended at the wrong instant, the runtime takes the whole process down with it.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { SekishoError } from '@sekisho/core'
import type { Check } from '../shape.ts'

export interface ApartOptions<T> {
  /** What the process sends once; anything else counts as its death. */
  readonly check: Check<T>
  /** True for a message that only tells how far the work has come. */
  readonly isProgress?: (message: unknown) => boolean
  /** Longest time, ms. */
  readonly timeoutMs: number
  /** Ceiling of the process's heap, MB. */
  readonly heapMb: number
  /** Files and folders it reads besides our own program. */
  readonly reads?: readonly string[]
  /** Words in the error, for the log of the machine. */
  readonly what: string
}

/** All of ours: the program, its packages and what they import. */
const SOURCES = fileURLToPath(new URL('../../../../*', import.meta.url))

/**
 * Runs `program`, a file that calls `workApart`, on `work` and resolves with its first message that is not about progress.
 *
 * It has no environment, and under Node's permission model it may read our
 * own program, what `reads` names, and nothing else: no key, no writing, no other program, no native code.
 *
 * @throws SekishoError TIMEOUT, or WORKER_FAILED when the process died
 */
export function runApart<T>(
  program: URL,
  work: object,
  { check, isProgress = () => false, timeoutMs, heapMb, what, reads = [] }: ApartOptions<T>,
): Promise<T> {
  const child = fork(program, [], {
    execArgv: [
      '--permission',
      ...[SOURCES, fileURLToPath(program), ...reads].map((path) => `--allow-fs-read=${path}`),
      `--max-old-space-size=${heapMb}`,
      '--disallow-code-generation-from-strings',
      '--no-warnings',
    ],
    env: {},
    serialization: 'advanced',
    // What a hostile file makes a reader say is nobody's to read.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new SekishoError('TIMEOUT', `${what} took too long`))
    }, timeoutMs)
    timer.unref()
    const died = (): void => {
      clearTimeout(timer)
      reject(new SekishoError('WORKER_FAILED', `${what} stopped`))
    }
    child.on('message', (message: unknown) => {
      if (isProgress(message)) return
      const good = check(message)
      if (good === undefined) return died()
      clearTimeout(timer)
      resolve(good)
    })
    child.once('error', died)
    child.once('exit', died)
    child.send(work, (error) => {
      if (error) died()
    })
  }).finally(() => child.kill('SIGKILL'))
}
