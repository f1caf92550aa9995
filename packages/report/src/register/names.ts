import type { Town } from '@sekisho/core'
import { halfWidth } from './half-width.ts'
import type { Named } from './registers.ts'

/** Names of things as a register writes them, and the way back. */
export interface Names {
  /** Words for people, in the order of the declaration. */
  readonly labels: readonly string[]
  label(reference: string): string
  /** The reference that is meant; `many` when two bear that name. */
  find(label: string): { readonly reference: string } | 'many' | undefined
}

type Thing = readonly [reference: string, name: string]

/**
 * A thing is called by its name; where two bear one name, or a name reads like the id of another, by name and id. The id itself is always understood.
 */
export function namesOf(things: readonly Thing[]): Names {
  const counts = new Map<string, number>()
  for (const [, name] of things) counts.set(name, (counts.get(name) ?? 0) + 1)
  const references = new Set(things.map(([reference]) => reference))
  const labelOf = ([reference, name]: Thing): string =>
    counts.get(name) === 1 && (!references.has(name) || reference === name)
      ? name
      : `${name}（${reference}）`
  const labels = new Map(things.map((thing) => [thing[0], labelOf(thing)]))
  const byLabel = new Map([...labels].map(([reference, label]) => [label, reference]))
  const folded = new Map<string, { readonly reference: string } | 'many'>()
  for (const [label, reference] of [...byLabel, ...things.map(([one]) => [one, one] as const)]) {
    const key = halfWidth(label)
    const other = folded.get(key)
    const same = other === undefined || (other !== 'many' && other.reference === reference)
    folded.set(key, same ? { reference } : 'many')
  }
  return {
    labels: [...labels.values()],
    label: (reference) => {
      const label = labels.get(reference) ?? reference
      // A name may be made to look like another's name with its id.
      return byLabel.get(label) === reference ? label : reference
    },
    find(label) {
      const exact = byLabel.get(label) ?? (references.has(label) ? label : undefined)
      if (exact !== undefined) return { reference: exact }
      const found = folded.get(halfWidth(label))
      if (found !== undefined) return found
      return counts.has(label) ? 'many' : undefined
    },
  }
}

const named = (one: { readonly id: string; readonly name: string }): Thing => [one.id, one.name]

/** Everything in a town that a register may point to. `services`: those after an import. */
export function townNames(
  town: Town,
  services: readonly { readonly id: string; readonly name: string }[] = town.services,
): Readonly<Record<Named, Names>> {
  const end =
    (kind: string) =>
    (one: { readonly id: string; readonly name: string }): Thing => [`${kind}:${one.id}`, one.name]
  return {
    department: namesOf(town.departments.map(named)),
    place: namesOf([...town.systems, ...services].map(named)),
    end: namesOf([
      ...town.zones.map(end('zone')),
      ...town.systems.map(end('system')),
      ...town.systems.flatMap((system) => system.hosts).map(end('host')),
      ...town.peers.map(end('peer')),
    ]),
  }
}
