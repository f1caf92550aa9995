import type { Terminal } from './command.ts'

/** A one-line bar on stderr, only when a person is looking. Says nothing for work that is over at once. */
export function progress(
  terminal: Terminal,
  total: number,
  what: string,
): { step(): void; end(): void } {
  if (!terminal.interactive || total < 2) return { step: () => undefined, end: () => undefined }
  let done = 0
  const draw = (): void => {
    const filled = Math.round((done / total) * 20)
    terminal.err(`\r${what} ${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${total}件中${done}件`)
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
