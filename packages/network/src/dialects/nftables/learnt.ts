import { single } from './json.ts'

/** Statements by which a packet writes into a set, and where they name it. */
const WRITES = new Set(['set', 'map', 'meter'])

/**
 * Sets and maps that packets write into, as `family table name`. nft 1.0.6 does not print the flag `dynamic` in JSON, so the rules are asked: whoever knocks at
 * the right port would otherwise be in a set that looked empty.
 */
export function learntSets(
  rules: Iterable<{
    readonly family: string
    readonly table: string
    readonly expr: readonly object[]
  }>,
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { family, table, expr } of rules) {
    for (const statement of expr) {
      const [kind, inner] = single(statement) ?? []
      if (kind === undefined || !WRITES.has(kind)) continue
      const name = nameIn(inner)
      if (name !== undefined) found.add(`${family} ${table} ${name}`)
    }
  }
  return found
}

function nameIn(inner: unknown): string | undefined {
  if (typeof inner !== 'object' || inner === null) return undefined
  const named = inner as Readonly<Record<string, unknown>>
  const name = [named['set'], named['map'], named['name']].find((one) => typeof one === 'string')
  return typeof name === 'string' ? name.replace(/^@/u, '') : undefined
}
