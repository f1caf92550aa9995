import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Inputs by target: `corpus/fuzz/<target>/<name>`; those that once broke a promise are called `crash-…` and stay for ever. */
export const CORPUS = join(import.meta.dirname, '../../../corpus/fuzz')

export function seedsOf(
  target: string,
): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  const folder = join(CORPUS, target)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }))
}

/** Keeps an input under a name made of its content. @returns its path */
export function keep(target: string, kind: 'seed' | 'crash', bytes: Uint8Array): string {
  const folder = join(CORPUS, target)
  mkdirSync(folder, { recursive: true })
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const path = join(folder, `${kind}-${digest}`)
  writeFileSync(path, bytes)
  return path
}
