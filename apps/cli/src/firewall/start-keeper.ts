import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Job, Said } from './keeper.ts'

/** A keeper that runs, as seen from the command that started it. */
export interface Keeper {
  /** What it says next; `undefined` when it is gone. */
  next(): Promise<Said | undefined>
  /** Leaves it alone: it goes on without us. */
  leave(): void
}

/** Starts a keeper in a session of its own, with nothing of ours but one pipe each way. */
export function startKeeper(job: Job): Keeper {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('keeper.ts', import.meta.url))],
    { detached: true, stdio: ['pipe', 'pipe', 'ignore'], cwd: '/', env: { LC_ALL: 'C' } },
  )
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  child.on('error', () => child.stdout.destroy())
  child.stdin.on('error', () => undefined)
  child.stdin.end(JSON.stringify(job))
  return {
    next: async () => {
      const line = await lines.next()
      return line.done ? undefined : JSON.parse(line.value)
    },
    leave: () => {
      child.stdout.destroy()
      child.unref()
    },
  }
}
