import type { Terminal } from './command.ts'

/** A one-line bar on stderr, only when a person is looking. Says nothing for work that is over at once. */
export function progress(
  terminal: Terminal,
  total: number,
  what: string,
): { step(): void; end(): void } {
  if (!terminal.interactive || total < 2) return { step: () => undefined, end: () => undefined }
  const started = performance.now()
  let done = 0
  const draw = (): void => {
    const filled = Math.round((done / total) * 20)
    const rest = restText(done, total, performance.now() - started)
    // What stood there before may have been longer.
    terminal.err(
      `\r${what} ${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${total}件中${done}件${rest}\u001b[K`,
    )
  }
  draw()
  return {
    step() {
      done++
      draw()
    },
    end: () => terminal.err('\r\u001b[K'),
  }
}

/** From when on the past says something of the rest. */
const FIRST_GUESS_MS = 3_000

/** 「、残りおよそ20秒」: as long for each as so far. */
export function restText(done: number, total: number, milliseconds: number): string {
  if (done === 0 || done >= total || milliseconds < FIRST_GUESS_MS) return ''
  const seconds = Math.ceil(((milliseconds / done) * (total - done)) / 1_000)
  return seconds < 60 ? `、残りおよそ${seconds}秒` : `、残りおよそ${Math.ceil(seconds / 60)}分`
}
