import type { Flow, System, Town, WebGate } from '@sekisho/core'
import words from '../words/diff.json' with { type: 'json' }
import { canonical } from './digest.ts'
import { endsOf } from './ends.ts'
import { portsText } from './ports.ts'
import { sentence } from './sentence.ts'

/** One difference between two towns. */
export interface TownChange {
  /** `gains`: something passes that did not. `loses`: the other way. `changes`: neither by itself. */
  readonly effect: 'gains' | 'loses' | 'changes'
  /** Kind and id, e.g. `flows.f-eltax`. */
  readonly subject: string
  /** In plain Japanese. */
  readonly sentence: string
}

/** What changes when town `a` is replaced by town `b`: first what opens, then what closes, then the rest. */
export function diffTowns(a: Town, b: Town): readonly TownChange[] {
  const changes = [...flowChanges(a, b), ...boundaryChanges(a, b), ...listChanges(a, b)]
  const order = { gains: 0, loses: 1, changes: 2 }
  return Object.freeze(changes.toSorted((one, two) => order[one.effect] - order[two.effect]))
}

// What a flow lets through; the rest of a flow is paper.
const opening = (flow: Flow): string =>
  canonical([flow.from, flow.to, flow.protocol, flow.ports, flow.via, flow.gate ?? ''])

const same = (one: Flow, other: Flow | undefined): boolean =>
  other !== undefined && opening(one) === opening(other)

function flowChanges(a: Town, b: Town): readonly TownChange[] {
  const before = new Map(a.flows.map((flow) => [flow.id, flow]))
  const after = new Map(b.flows.map((flow) => [flow.id, flow]))
  const opened = b.flows.filter((flow) => !same(flow, before.get(flow.id)))
  const closed = a.flows.filter((flow) => !same(flow, after.get(flow.id)))
  return [
    ...opened.map((flow) => flowChange(b, flow, 'gains')),
    ...closed.map((flow) => flowChange(a, flow, 'loses')),
  ]
}

function flowChange(town: Town, flow: Flow, effect: 'gains' | 'loses'): TownChange {
  const ends = endsOf(town)
  const template = effect === 'gains' ? words.opens : words.closes
  return {
    effect,
    subject: `flows.${flow.id}`,
    sentence: sentence(template, {
      from: ends.place(flow.from)?.name ?? flow.from,
      to: ends.place(flow.to)?.name ?? flow.to,
      ports:
        flow.protocol === 'icmp'
          ? 'ICMP'
          : `${flow.protocol.toUpperCase()} ${portsText(flow.ports)}`,
      name: flow.name,
    }),
  }
}

const pairOf = (boundary: Town['boundaries'][number]): string =>
  boundary.between.toSorted().join(' ⇔ ')

function boundaryChanges(a: Town, b: Town): readonly TownChange[] {
  const before = new Map(a.boundaries.map((one) => [pairOf(one), one]))
  return b.boundaries.flatMap((one) => {
    const old = before.get(pairOf(one))
    // A boundary with a zone that did not exist was closed: nothing could come from there.
    const was = old?.default ?? 'deny'
    const effect = was === one.default ? 'changes' : one.default === 'allow' ? 'gains' : 'loses'
    const names = one.between.map((zone) => nameIn(b, ['zones'], zone) ?? zone)
    return fieldChanges(
      'boundaries',
      [pairOf(one), names.join(' ⇔ ')],
      [old ?? { ...one, default: was }, one],
      [a, b],
    ).map((change): TownChange => ({ ...change, effect }))
  })
}

type Fields = Readonly<Record<string, unknown>>
type Lists = Readonly<
  Record<string, readonly (readonly [id: string, name: string, fields: Fields])[]>
>

function listsOf(town: Town): Lists {
  const hosts = town.systems.flatMap((system) => system.hosts)
  const { name, code, staff, model, edition } = town
  return {
    town: [['town', name, { name, code, staff, model, edition }]],
    zones: named(town.zones),
    peers: named(town.peers),
    systems: named(town.systems.map(withoutHosts)),
    hosts: named(hosts),
    assets: named(town.assets),
    flows: town.flows.map((flow) => [flow.id, flow.name, paperOf(flow)]),
    services: named(town.services),
    departments: named(town.departments),
    people: named(town.people),
    web: (town.gates.web ?? []).flatMap(webFields),
    ...Object.fromEntries(
      (['file', 'mail', 'screen'] as const).map((kind) => [
        kind,
        town.gates[kind].map((gate) => [gate.id, gate.id, { ...gate }] as const),
      ]),
    ),
    organisation: [['organisation', town.name, { ...town.organisation }]],
    controls: town.controls.map((one) => [one.control, one.title, { ...one }]),
    exceptions: town.exceptions.map((one) => [one.id, one.subject, { ...one }]),
    macros: town.macros.map((one) => [one.id, one.name, { ...one }]),
    contracts: named(town.contracts),
    contractPapers: named(town.contractPapers),
    subcontractors: named(town.subcontractors),
    media: named(town.media),
    incidents: named(town.incidents),
    readings: Object.entries(town.readings ?? {}).map(([id, one]) => [id, id, { ...one }]),
    tests: town.tests.map((one) => [one.name, one.name, { ...one }]),
  }
}

/** The gate, and each of its services by name: who gains a service is told by itself. */
function webFields({ services, ...gate }: WebGate): Lists[string] {
  const rows = services.map((one): Lists[string][number] => [
    `${gate.id} ${one.service}`,
    `${gate.id}（${one.service}）`,
    { ...one },
  ])
  return [[gate.id, gate.id, { ...gate }], ...rows]
}

const named = (list: readonly { readonly id: string; readonly name: string }[]) =>
  list.map((one) => [one.id, one.name, { ...one }] as const)

// Hosts are told one by one.
function withoutHosts(system: System): { readonly id: string; readonly name: string } {
  return Object.fromEntries(
    Object.entries(system).filter(([key]) => key !== 'hosts'),
  ) as unknown as System
}

function paperOf(flow: Flow): Fields {
  const { name, purpose, owner, expires, fixed } = flow
  return { name, purpose, owner, expires, fixed }
}

function listChanges(a: Town, b: Town): readonly TownChange[] {
  const [were, are] = [listsOf(a), listsOf(b)]
  return Object.keys(are).flatMap((kind) => {
    const before = new Map((were[kind] ?? []).map((one) => [one[0], one]))
    const after = new Map((are[kind] ?? []).map((one) => [one[0], one]))
    const added = [...after.values()].filter(([id]) => !before.has(id))
    const removed = [...before.values()].filter(([id]) => !after.has(id))
    const kept = [...after.values()].filter(([id]) => before.has(id))
    // Flows that come and go are told by what they open and close.
    const whole = kind !== 'flows'
    return [
      ...(whole ? added.map((one) => wholeChange(kind, one, words.added)) : []),
      ...(whole ? removed.map((one) => wholeChange(kind, one, words.removed)) : []),
      ...kept.flatMap(([id, name, fields]) =>
        fieldChanges(kind, [id, name], [before.get(id)![2], fields], [a, b]),
      ),
    ]
  })
}

const kindWord = (kind: string): string =>
  (words.kinds as Readonly<Record<string, string>>)[kind] ?? kind
const fieldWord = (key: string): string =>
  (words.fields as Readonly<Record<string, string>>)[key] ?? key

const wholeChange = (
  kind: string,
  [id, name]: readonly [string, string, Fields],
  template: string,
): TownChange => ({
  effect: 'changes',
  subject: `${kind}.${id}`,
  sentence: sentence(template, { kind: kindWord(kind), name }),
})

function fieldChanges(
  kind: string,
  [id, name]: readonly [id: string, name: string],
  [before, after]: readonly [Fields, Fields],
  towns: readonly [Town, Town],
): readonly TownChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return keys
    .filter((key) => canonical(before[key]) !== canonical(after[key]))
    .map((key) => ({
      effect: 'changes',
      subject: `${kind}.${id}`,
      sentence: fieldSentence(
        { kind: kindWord(kind), name, field: fieldWord(key) },
        valueText(towns[0], key, before[key]),
        valueText(towns[1], key, after[key]),
      ),
    }))
}

function fieldSentence(
  values: Readonly<Record<'kind' | 'name' | 'field', string>>,
  before: string | undefined,
  after: string | undefined,
): string {
  // Two words of the file that are told alike say nothing.
  if (before === undefined || after === undefined || before === after)
    return sentence(words.rewritten, values)
  return sentence(words.changed, { ...values, before, after })
}

/** A value as an official says it: what it points to by name, a word of the file in Japanese; absent when it can only be read in the file. */
function valueText(town: Town, key: string, value: unknown): string | undefined {
  if (value === undefined) return words.nothing
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (typeof value === 'number') return String(value)
  const list = typeof value === 'string' ? [value] : value
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string')) return undefined
  const texts = list.map((one: string) => wordOf(town, key, one))
  if (texts.includes(undefined)) return undefined
  return texts.join('、') || words.nothing
}

/** What a word of the file points to, by the field that holds it. */
const POINTS_TO: Readonly<Record<string, readonly (keyof Named)[]>> = {
  place: ['systems', 'services'],
  zone: ['zones'],
  from: ['zones'],
  to: ['zones'],
  owner: ['departments'],
  department: ['departments'],
  system: ['systems'],
  service: ['services'],
  contract: ['contracts'],
  under: ['contracts', 'subcontractors'],
  assets: ['assets'],
}
/** What a contract covers. */
const COVERED = { system: ['systems'], service: ['services'], asset: ['assets'] } as const

type Named = Pick<
  Town,
  'systems' | 'services' | 'zones' | 'departments' | 'contracts' | 'subcontractors' | 'assets'
>

/** Fields whose words have no short Japanese here. */
const ONLY_IN_FILE = new Set(
  'closedList content court dataSupply holder involves kind law reading sign sort states'.split(
    ' ',
  ),
)

function wordOf(town: Town, key: string, value: string): string | undefined {
  const values: Readonly<Record<string, Readonly<Record<string, string>>>> = words.values
  const word = values[key]
  if (word !== undefined && Object.hasOwn(word, value)) return word[value]
  const [, covered, id] = /^(system|service|asset):(.+)$/u.exec(value) ?? []
  const lists = covered === undefined ? POINTS_TO[key] : COVERED[covered as keyof typeof COVERED]
  const name = nameIn(town, lists ?? [], id ?? value)
  return name ?? (ONLY_IN_FILE.has(key) ? undefined : value)
}

const nameIn = (town: Named, lists: readonly (keyof Named)[], id: string): string | undefined =>
  lists.flatMap((list) => [...town[list]]).find((one) => one.id === id)?.name
