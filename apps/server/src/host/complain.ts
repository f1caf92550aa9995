import { SekishoError } from '@sekisho/core'

/** Tells the operator's journal what did not work and is tried again. */
export function complain(about: string, error: unknown): void {
  const code = error instanceof SekishoError ? error.code : 'BUG'
  process.stderr.write(`${new Date().toISOString()} ${about} ${code} ${String(error)}\n`)
}
