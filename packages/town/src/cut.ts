/**
 * What stops working when one destination is cut: asked before it is cut, for a tool that stops without warning is opened again by a back door.
 */
import type { Flow, Town, TownTest } from '@sekisho/core'
import words from '../words/cut.json' with { type: 'json' }
import { endsOf, type End, type Ends } from './ends.ts'
import { sentence } from './sentence.ts'
import { runTownTests } from './town-tests.ts'

/** What is cut: a party outside, a cloud service, or one flow. */
export type CutTarget = `${'peer' | 'service' | 'flow'}:${string}`

/** One thing that stops or may stop. */
export interface CutLine {
  /**
   * `flow` stops; `shared` may stop, because its destination has addresses in common with what is cut; `via` stops, because it passes there; `system`
   * and `zone` are at our end of what stops; `asset` is kept where nobody gets to any more; `test` is a test of the town that is green today and would be red.
   */
  readonly kind: 'flow' | 'shared' | 'via' | 'system' | 'zone' | 'asset' | 'test'
  readonly id: string
  readonly name: string
  /** The department that answers for it, by name; empty where none is written. */
  readonly owner: string
  /** In plain Japanese. */
  readonly sentence: string
}

export interface CutImpact {
  readonly target: CutTarget
  readonly name: string
  /** In the order of `CutLine['kind']`, then of the declaration. */
  readonly lines: readonly CutLine[]
}

/** Everything that can be cut, in the order of the declaration. */
export function cutTargets(
  town: Town,
): readonly { readonly target: CutTarget; readonly name: string }[] {
  return [
    ...town.peers.map(({ id, name }) => ({ target: `peer:${id}` as const, name })),
    ...town.services.map(({ id, name }) => ({ target: `service:${id}` as const, name })),
    ...town.flows.map(({ id, name }) => ({ target: `flow:${id}` as const, name })),
  ]
}

/** @returns `undefined` when the town declares no such target */
export function cutImpact(town: Town, target: CutTarget): CutImpact | undefined {
  const [kind, id = ''] = target.split(':')
  const named =
    kind === 'flow'
      ? town.flows.find((one) => one.id === id)
      : kind === 'service'
        ? town.services.find((one) => one.id === id)
        : town.peers.find((one) => one.id === id)
  if (!named) return undefined
  const ends = endsOf(town)
  const peers = peersOf(town, kind, id)
  const flows = kind === 'flow' ? town.flows.filter((one) => one.id === id) : flowsTo(town, peers)
  const via = viaFlows(town, peers).filter((flow) => !flows.includes(flow))
  const stopped = [...flows, ...via]
  const shared = sharedFlows(town, ends, peers).filter((flow) => !stopped.includes(flow))
  const owners = new Map(town.departments.map((one) => [one.id, one.name]))
  return {
    target,
    name: named.name,
    lines: withOwners(owners, [
      ...flows.map((flow) => flowLine('flow', flow)),
      ...via.map((flow) => flowLine('via', flow, named.name)),
      ...shared.map((flow) => flowLine('shared', flow)),
      ...ourEnds(town, ends, stopped),
      ...assetLines(town, kind, id, peers),
      ...testLines(town, stopped),
    ]),
  }
}

const withOwners = (
  names: ReadonlyMap<string, string>,
  lines: readonly CutLine[],
): readonly CutLine[] =>
  lines.map((line) => ({ ...line, owner: names.get(line.owner) ?? line.owner }))

function peersOf(town: Town, kind: string | undefined, id: string): readonly string[] {
  if (kind === 'peer') return [id]
  if (kind === 'service') return town.peers.filter((one) => one.service === id).map((one) => one.id)
  return []
}

const isAt = (flow: Flow, peers: readonly string[]): boolean =>
  [flow.from, flow.to].some((end) => peers.some((peer) => end === `peer:${peer}`))

const flowsTo = (town: Town, peers: readonly string[]): readonly Flow[] =>
  town.flows.filter((flow) => isAt(flow, peers))

/** Whoever cuts the security cloud cuts everything that goes through it. */
function viaFlows(town: Town, peers: readonly string[]): readonly Flow[] {
  const cloud = town.peers.some((one) => one.securityCloud && peers.includes(one.id))
  return cloud ? town.flows.filter((flow) => flow.via.includes('security-cloud')) : []
}

function sharedFlows(town: Town, ends: Ends, peers: readonly string[]): readonly Flow[] {
  const cut: readonly End[] = peers.map((peer): End => `peer:${peer}`)
  return town.flows.filter((flow) =>
    [flow.from, flow.to].some(
      (end) => end.startsWith('peer:') && cut.some((one) => ends.touches(one, end)),
    ),
  )
}

function flowLine(kind: 'flow' | 'via' | 'shared', flow: Flow, peer = ''): CutLine {
  const { id, name, owner = '', purpose = '' } = flow
  const key = kind === 'flow' && purpose === '' ? 'flowBare' : kind
  return { kind, id, name, owner, sentence: sentence(words[key], { name, purpose, peer }) }
}

/** Systems and zones of ours that stand at an end of what stops. */
function ourEnds(town: Town, ends: Ends, stopped: readonly Flow[]): readonly CutLine[] {
  const places = stopped.flatMap((flow) =>
    [flow.from, flow.to].flatMap((end) => ends.place(end) ?? []),
  )
  const systems = town.systems.filter(({ id }) => places.some(({ system }) => system === id))
  const zones = town.zones.filter(({ id }) =>
    places.some((place) => place.kind === 'zone' && place.zone === id),
  )
  return [
    ...systems.map(({ id, name, owner }): CutLine => ({
      kind: 'system',
      id,
      name,
      owner,
      sentence: sentence(words.system, { name }),
    })),
    ...zones.map(({ id, name }): CutLine => ({
      kind: 'zone',
      id,
      name,
      owner: '',
      sentence: sentence(words.zone, { name }),
    })),
  ]
}

/** What is kept in a service that is cut, or behind the peer at which it answers. */
function assetLines(
  town: Town,
  kind: string | undefined,
  id: string,
  peers: readonly string[],
): readonly CutLine[] {
  const services = town.services.filter(
    (service) =>
      (kind === 'service' && service.id === id) ||
      town.peers.some((peer) => peers.includes(peer.id) && peer.service === service.id),
  )
  return services.flatMap((service) =>
    town.assets
      .filter(({ place }) => place === service.id)
      .map((asset): CutLine => ({
        kind: 'asset',
        id: asset.id,
        name: asset.name,
        owner: asset.owner,
        sentence: sentence(words.asset, { name: asset.name, place: service.name }),
      })),
  )
}

/** Tests of the town that hold today and would not without the flows that stop. */
function testLines(town: Town, stopped: readonly Flow[]): readonly CutLine[] {
  if (stopped.length === 0) return []
  const after = runTownTests({
    ...town,
    flows: town.flows.filter((flow) => !stopped.includes(flow)),
  })
  const before = runTownTests(town)
  return before.flatMap(({ green, test }, index): CutLine[] =>
    green && after[index]?.green === false ? [testLine(test, index)] : [],
  )
}

const testLine = ({ name }: TownTest, index: number): CutLine => ({
  kind: 'test',
  id: String(index),
  name,
  owner: '',
  sentence: sentence(words.test, { name }),
})

/** What is said when nothing stops. */
export const NOTHING_STOPS = words.nothing
