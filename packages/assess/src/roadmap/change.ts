import { elementsOf, type Declaration, type Elements } from './elements.ts'

/** One element that is added, removed or altered. */
export interface Part {
  /** e.g. `flows.eltax`. */
  readonly key: string
  readonly before?: unknown
  readonly after?: unknown
}

/** What happens in one go. Almost always one part; more only when no readable town lies between them. */
export interface Change {
  /** Key of its first part. */
  readonly id: string
  readonly parts: readonly Part[]
}

/**
 * What must change for one declaration to become the other, in the order of the target's file. Moved lines, comments and spelling are no
 * change. A system that comes, goes or moves to another zone does so with its hosts.
 */
export function changesBetween(today: Declaration, target: Declaration): readonly Change[] {
  const [before, after] = [elementsOf(today), elementsOf(target)]
  const keys = [...new Set([...after.keys(), ...before.keys()])]
  const parts = keys
    .map((key): Part => ({ key, before: before.get(key), after: after.get(key) }))
    .filter((part) => written(part.before) !== written(part.after))
  return withHosts(parts)
}

/** The elements after some changes. */
export function applied(today: Elements, changes: readonly Change[]): Elements {
  const elements = new Map(today)
  for (const { key, after } of changes.flatMap((change) => change.parts)) {
    if (after === undefined) elements.delete(key)
    else elements.set(key, after)
  }
  return elements
}

/** Several changes as one. */
export function joined(changes: readonly Change[]): Change {
  return { id: changes[0]!.id, parts: changes.flatMap((change) => change.parts) }
}

function withHosts(parts: readonly Part[]): readonly Change[] {
  const carried = new Map(parts.filter(moves).map((part) => [part.key, [part]]))
  const alone = parts.filter((part) => {
    const whole = part.key.startsWith('hosts.') ? carried.get(homeOf(part)) : undefined
    whole?.push(part)
    return whole === undefined && !carried.has(part.key)
  })
  const first = new Map(parts.map((part, index) => [part.key, index]))
  return [...alone.map((part) => [part]), ...carried.values()]
    .toSorted((a, b) => first.get(a[0]!.key)! - first.get(b[0]!.key)!)
    .map((list) => ({ id: list[0]!.key, parts: list }))
}

// The system comes, goes, or its zone changes.
function moves({ key, before, after }: Part): boolean {
  if (!key.startsWith('systems.')) return false
  return (before as Zoned | undefined)?.zone !== (after as Zoned | undefined)?.zone
}

interface Zoned {
  readonly zone: string
}

const homeOf = ({ before, after }: Part): string =>
  `systems.${((after ?? before) as { readonly system: string }).system}`

/** The same text for the same value, whatever the order of its keys. */
export function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null)
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  const sorted = entries.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([key, one]) => `${JSON.stringify(key)}:${written(one)}`).join(',')}}`
}
