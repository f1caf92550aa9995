/**
 * A declaration taken apart into its elements, each under a stable key such as `flows.eltax`, and put together again. An element is what a
 * town would change in one go: a flow, a host, a control with its papers, the model.
 */

/** Key → the element as written. Hosts carry the system they stand in. */
export type Elements = ReadonlyMap<string, unknown>

/** A declaration as written, in plain values. */
export type Declaration = Readonly<Record<string, unknown>>

type Item = Readonly<Record<string, unknown>>

const LISTS = [
  'departments',
  'zones',
  'peers',
  'systems',
  'services',
  'assets',
  'flows',
  'people',
  'exceptions',
  'macros',
  'contracts',
  'contractPapers',
  'subcontractors',
  'media',
  'incidents',
] as const
const GATES = ['file', 'mail', 'screen', 'web'] as const
// Each of these is a decision of its own; the name, the code and the number of staff are not.
const DECIDED = ['model', 'edition'] as const

/** @param declaration of a file that `readTown` could read: it fits the shape. */
export function elementsOf(declaration: Declaration): Elements {
  const found = new Map<string, unknown>()
  const { town } = declaration as { town: Item }
  for (const key of DECIDED) found.set(`town.${key}`, town[key])
  found.set('town.about', without(town, DECIDED))
  for (const list of LISTS)
    for (const item of items(declaration[list])) {
      found.set(`${list}.${text(item['id'])}`, list === 'systems' ? without(item, ['hosts']) : item)
      if (list === 'systems') addHosts(item, found)
    }
  for (const one of items(declaration['boundaries']))
    found.set(`boundaries.${(one['between'] as string[]).toSorted().join('-')}`, one)
  for (const kind of GATES)
    for (const gate of items((declaration['gates'] as Item | undefined)?.[kind]))
      found.set(`${kind}.${text(gate['id'])}`, gate)
  for (const [key, paper] of Object.entries(
    (declaration['organisation'] as Item | undefined) ?? {},
  ))
    found.set(`organisation.${key}`, paper)
  group(items(declaration['controls']), 'controls', 'control', found)
  group(items(declaration['tests']), 'tests', 'name', found)
  return found
}

/**
 * The declaration that these elements make.
 *
 * @returns undefined when a host stands in a system that is not there.
 */
export function declarationOf(elements: Elements): Declaration | undefined {
  const under = (list: string): unknown[] =>
    [...elements].filter(([key]) => key.startsWith(`${list}.`)).map(([, value]) => value)
  const systems = systemsOf(under('systems') as Item[], under('hosts') as PlacedHost[])
  if (systems === undefined) return undefined
  const lists = LISTS.filter((list) => list !== 'systems').map((list) => [list, under(list)])
  return {
    town: {
      ...(elements.get('town.about') as Item),
      ...Object.fromEntries(DECIDED.map((key) => [key, elements.get(`town.${key}`)])),
    },
    ...Object.fromEntries(lists),
    systems,
    boundaries: under('boundaries'),
    gates: Object.fromEntries(
      GATES.map((kind) => [kind, under(kind)] as const).filter(
        ([kind, gates]) => kind !== 'web' || gates.length > 0,
      ),
    ),
    organisation: Object.fromEntries(
      [...elements]
        .filter(([key]) => key.startsWith('organisation.'))
        .map(([key, value]) => [key.slice('organisation.'.length), value]),
    ),
    controls: under('controls').flat(),
    tests: under('tests').flat(),
  }
}

interface PlacedHost {
  readonly system: string
  readonly host: Item
}

function addHosts(system: Item, found: Map<string, unknown>): void {
  for (const host of items(system['hosts']))
    found.set(`hosts.${text(host['id'])}`, { system: text(system['id']), host })
}

function systemsOf(systems: readonly Item[], hosts: readonly PlacedHost[]): Item[] | undefined {
  const byId = new Map(systems.map((one) => [text(one['id']), [] as Item[]]))
  for (const { system, host } of hosts) {
    const place = byId.get(system)
    if (place === undefined) return undefined
    place.push(host)
  }
  return systems.map((one) => ({ ...one, hosts: byId.get(text(one['id'])) }))
}

// Of one control there may be several papers, and two tests may have one name: they are one element.
function group(list: readonly Item[], kind: string, by: string, found: Map<string, unknown>): void {
  for (const item of list) {
    const key = `${kind}.${text(item[by])}`
    found.set(key, [...((found.get(key) as Item[] | undefined) ?? []), item])
  }
}

const items = (list: unknown): readonly Item[] => (list as readonly Item[] | null | undefined) ?? []
const text = (value: unknown): string => value as string

const without = (item: Item, keys: readonly string[]): Item =>
  Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key)))
