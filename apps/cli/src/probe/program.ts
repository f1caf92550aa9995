import { fileURLToPath } from 'node:url'

/** The program that asks and answers in each namespace of a lab. */
export const PROBER: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('prober.ts', import.meta.url)),
]
