import type { Town } from '@sekisho/core'
import { halfWidth } from './half-width.ts'
import type { Named, NamingKey } from './registers.ts'

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

/** A thing that a register has a row for, by what others call it. */
export interface Called {
  readonly id: string
  readonly name: string
}

/** Things whose rows may come and go with the same workbook that points to them. */
export type Calling = Readonly<Record<NamingKey, readonly Called[]>>

/** Everything in a town that a register may point to. `after`: what an import makes of lists it changes. */
export function townNames(
  town: Town,
  after: Partial<Calling> = {},
): Readonly<Record<Named, Names>> {
  const of =
    (kind: string) =>
    (one: Called): Thing => [`${kind}:${one.id}`, one.name]
  const { services, assets, contracts, subcontractors } = { ...town, ...after }
  return {
    department: namesOf(town.departments.map(named)),
    place: namesOf([...town.systems, ...services].map(named)),
    end: namesOf([
      ...town.zones.map(of('zone')),
      ...town.systems.map(of('system')),
      ...town.systems.flatMap((system) => system.hosts).map(of('host')),
      ...town.peers.map(of('peer')),
    ]),
    asset: namesOf(assets.map(named)),
    covered: namesOf([
      ...town.systems.map(of('system')),
      ...services.map(of('service')),
      ...assets.map(of('asset')),
    ]),
    contract: namesOf(contracts.map(named)),
    entruster: namesOf([...contracts, ...subcontractors].map(named)),
  }
}
