/**
 * What a schema cannot say: that every name used is declared, that none is declared twice, that days run forwards.
 */
import places from '../words/places.json' with { type: 'json' }
import { nearest } from '@sekisho/core'
import { treeOf } from './entrusted.ts'
import { openPointOf } from '@sekisho/guideline'
import { needInWebGates } from './web-references.ts'
import type { Position, Report } from './problem.ts'
import type { TownShape } from './shape.ts'

/** Reports every dangling name, duplicate id and backward date of a file that fits the shape. */
export function checkReferences(
  shape: TownShape,
  lines: (path: string) => Position,
  report: Report,
): void {
  const names = declaredNames(shape)
  const need = needer(names, report)
  reportDuplicates(shape, lines, report)
  needInSystems(shape, need)
  needInFlows(shape, need, report)
  needInZonePairs(shape, lines, need, report)
  needInPeople(shape, need, report)
  needInContracts(shape, need, report)
  needInMedia(shape, need)
  needInFirewall(shape, lines, need, report)
  needInWebGates(shape, need, report)
  checkPlaces(shape, report)
  checkPeers(shape, report)
  checkReadings(shape, report)
}

const GATES = ['file', 'mail', 'screen', 'web'] as const

export type Kind = keyof typeof places
type Names = Readonly<Record<Kind, ReadonlySet<string>>>
export type Need = (kind: Kind, id: string, path: string) => void

function declaredNames(shape: TownShape): Names {
  const system = ids(shape.systems)
  return {
    zone: ids(shape.zones),
    system,
    host: ids(shape.systems?.flatMap((one) => one.hosts ?? [])),
    peer: ids(shape.peers),
    department: ids(shape.departments),
    place: new Set([...system, ...ids(shape.services)]),
    service: ids(shape.services),
    gate: new Set(GATES.flatMap((kind) => [...ids(shape.gates?.[kind])])),
    asset: ids(shape.assets),
    person: ids(shape.people),
    contract: ids(shape.contracts),
    entruster: new Set([...ids(shape.contracts), ...ids(shape.subcontractors)]),
  }
}

const ids = (list: readonly { readonly id: string }[] | undefined): ReadonlySet<string> =>
  new Set(list?.map((one) => one.id))

const needer =
  (names: Names, report: Report): Need =>
  (kind, id, path) => {
    if (names[kind].has(id)) return
    report('TOWN-REFERENCE', path, {
      value: id,
      suggestion: nearest(id, names[kind]),
      where: places[kind],
    })
  }

function needInSystems(shape: TownShape, need: Need): void {
  shape.systems?.forEach((system, index) => {
    need('zone', system.zone, `systems[${index}].zone`)
    need('department', system.owner, `systems[${index}].owner`)
  })
  shape.assets?.forEach((asset, index) => {
    need('place', asset.place, `assets[${index}].place`)
    need('department', asset.owner, `assets[${index}].owner`)
  })
  shape.peers?.forEach((peer, index) => {
    if (peer.service !== undefined) need('service', peer.service, `peers[${index}].service`)
  })
}

function needInFlows(shape: TownShape, need: Need, report: Report): void {
  const needEnd = (end: string, path: string): void => {
    const [kind, id] = end.split(':')
    if (id !== undefined) need(kind as Kind, id, path)
  }
  shape.flows?.forEach((flow, index) => {
    const path = `flows[${index}]`
    needEnd(flow.from, `${path}.from`)
    needEnd(flow.to, `${path}.to`)
    if (flow.owner !== undefined) need('department', flow.owner, `${path}.owner`)
    if (flow.gate !== undefined) need('gate', flow.gate, `${path}.gate`)
    if (flow.from === flow.to || (isPeer(flow.from) && isPeer(flow.to))) {
      report('TOWN-FLOW-ENDS', path)
    }
    if (flow.protocol === 'icmp' && flow.ports !== undefined) {
      report('TOWN-PORTS-ICMP', `${path}.ports`)
    }
    if (flow.protocol !== 'icmp' && flow.ports === undefined) {
      report('TOWN-MISSING', `${path}.ports`, { value: 'ports' })
    }
    const cloud = shape.peers?.some((peer) => peer.securityCloud === true) ?? false
    if (flow.via?.includes('security-cloud') === true && !cloud) report('TOWN-VIA', `${path}.via`)
  })
  shape.tests?.forEach((test, index) => {
    needEnd(test.from, `tests[${index}].from`)
    needEnd(test.to, `tests[${index}].to`)
  })
}

const isPeer = (end: string): boolean => end.startsWith('peer:')

// Of two interfaces for one zone only the first would count, and what comes in at the other would be a stranger.
function needInFirewall(
  shape: TownShape,
  lines: (path: string) => Position,
  need: Need,
  report: Report,
): void {
  const first = new Map<string, string>()
  const once = (value: string, path: string): void => {
    const earlier = first.get(value)
    if (earlier === undefined) first.set(value, path)
    else report('TOWN-TWO-INTERFACES', path, { value, first: lines(earlier).line })
  }
  shape.firewall?.interfaces.forEach(({ zone, network, peers }, index) => {
    const path = `firewall.interfaces[${index}]`
    if (zone !== undefined) need('zone', zone, `${path}.zone`)
    if (zone !== undefined) once(zone, `${path}.zone`)
    if (network !== undefined) once(`network: ${network}`, `${path}.network`)
    peers?.forEach((peer, at) => {
      need('peer', peer, `${path}.peers[${at}]`)
      once(`peer:${peer}`, `${path}.peers[${at}]`)
    })
  })
}

function needInZonePairs(
  shape: TownShape,
  lines: (path: string) => Position,
  need: Need,
  report: Report,
): void {
  const first = new Map<string, string>()
  shape.boundaries?.forEach((boundary, index) => {
    const path = `boundaries[${index}]`
    boundary.between.forEach((zone, end) => need('zone', zone, `${path}.between[${end}]`))
    const pair = boundary.between.toSorted().join(' ')
    const earlier = first.get(pair)
    if (boundary.between[0] === boundary.between[1]) {
      report('TOWN-SAME-ZONE', `${path}.between`, { value: path })
    }
    if (earlier === undefined) first.set(pair, path)
    else report('TOWN-DUPLICATE-BOUNDARY', path, { value: pair, first: lines(earlier).line })
  })
  for (const kind of ['file', 'mail', 'screen'] as const) {
    shape.gates?.[kind]?.forEach((gate, index) => {
      const path = `gates.${kind}[${index}]`
      need('zone', gate.from, `${path}.from`)
      need('zone', gate.to, `${path}.to`)
      if (gate.from === gate.to) report('TOWN-SAME-ZONE', `${path}.to`, { value: gate.id })
    })
  }
}

function needInPeople(shape: TownShape, need: Need, report: Report): void {
  shape.macros?.forEach((macro, index) => {
    need('system', macro.system, `macros[${index}].system`)
    inOrder(macro, `macros[${index}].until`, report)
  })
  shape.people?.forEach((person, index) => {
    need('department', person.department, `people[${index}].department`)
    inOrder(person, `people[${index}].until`, report)
  })
  shape.systems?.forEach((system, index) =>
    system.hosts?.forEach((host, at) =>
      host.removableMedia?.exceptions?.forEach((exception, nth) => {
        const path = `systems[${index}].hosts[${at}].removableMedia.exceptions[${nth}].until`
        inOrder(exception, path, report)
      }),
    ),
  )
}

function needInContracts(shape: TownShape, need: Need, report: Report): void {
  shape.contracts?.forEach((contract, index) => {
    const path = `contracts[${index}]`
    need('department', contract.owner, `${path}.owner`)
    contract.covers.forEach((one, nth) => {
      const [kind, id = ''] = one.split(':')
      need(kind as Kind, id, `${path}.covers[${nth}]`)
    })
    inOrder({ from: contract.starts, until: contract.ends }, `${path}.ends`, report)
  })
  shape.contractPapers?.forEach((paper, index) => {
    need('contract', paper.contract, `contractPapers[${index}].contract`)
    inOrder({ from: paper.date, until: paper.until }, `contractPapers[${index}].until`, report)
  })
  const parties = shape.subcontractors ?? []
  parties.forEach(({ under, consent }, index) => {
    need('entruster', under, `subcontractors[${index}].under`)
    if (consent) need('department', consent.by, `subcontractors[${index}].consent.by`)
  })
  const written = new Map(parties.map(({ id }, index) => [id, `subcontractors[${index}].under`]))
  for (const id of treeOf(parties, ids(shape.contracts)).loops)
    report('TOWN-TREE-LOOP', written.get(id)!, { value: id })
}

function needInMedia(shape: TownShape, need: Need): void {
  shape.media?.forEach((medium, index) => {
    need('department', medium.owner, `media[${index}].owner`)
    medium.assets.forEach((id, nth) => need('asset', id, `media[${index}].assets[${nth}]`))
  })
}

function inOrder(
  period: { readonly from: string; readonly until?: string | undefined },
  path: string,
  report: Report,
): void {
  if (period.until === undefined || period.from <= period.until) return
  report('TOWN-DATE-ORDER', path, { value: `${period.from}〜${period.until}` })
}

// §3.4 has no column for the management zone: what no rule speaks of is not allowed.
function checkPlaces(shape: TownShape, report: Report): void {
  const management = new Set(
    shape.zones.filter((zone) => zone.kind === 'management').map((zone) => zone.id),
  )
  const systems = new Set(
    shape.systems?.filter((system) => management.has(system.zone)).map((system) => system.id),
  )
  shape.assets?.forEach((asset, index) => {
    if (systems.has(asset.place))
      report('TOWN-PLACE', `assets[${index}].place`, { value: asset.name })
  })
}

// Whether the Internet reaches a peer decides ZN-03, so it is never assumed.
function checkPeers(shape: TownShape, report: Report): void {
  shape.peers?.forEach((peer, index) => {
    const path = `peers[${index}].internetCapable`
    if (peer.network === 'internet') {
      if (peer.internetCapable === false) report('TOWN-INTERNET-PEER', path)
    } else if (peer.internetCapable === undefined) {
      report('TOWN-MISSING', path, { value: 'internetCapable' })
    }
  })
}

// A reading that lets more pass than the default is a decision of the town: with a name, a paper and a day.
function checkReadings(shape: TownShape, report: Report): void {
  for (const [point, chosen] of Object.entries(shape.readings ?? {})) {
    if (chosen === undefined) continue
    const reading = openPointOf(point)?.readings.find(({ id }) => id === chosen.reading)
    const missing = PAPER.filter((key) => chosen[key] === undefined)
    if (reading?.lenient !== true || missing.length === 0) continue
    report('TOWN-READING-PAPER', `readings.${point}`, {
      value: `${point} ${reading.short}`,
      allowed: missing.join('、'),
    })
  }
}

const PAPER = ['approvedBy', 'title', 'date'] as const

function reportDuplicates(
  shape: TownShape,
  lines: (path: string) => Position,
  report: Report,
): void {
  const hosts = shape.systems?.flatMap((system, index) =>
    (system.hosts ?? []).map((host, at) => [host.id, `systems[${index}].hosts[${at}]`] as const),
  )
  const gates = GATES.flatMap((kind) => namesOf(shape.gates?.[kind], `gates.${kind}`))
  const groups = [
    namesOf(shape.zones, 'zones'),
    namesOf(shape.peers, 'peers'),
    namesOf(shape.departments, 'departments'),
    [...namesOf(shape.systems, 'systems'), ...namesOf(shape.services, 'services')],
    hosts ?? [],
    namesOf(shape.assets, 'assets'),
    namesOf(shape.flows, 'flows'),
    namesOf(shape.people, 'people'),
    namesOf(shape.exceptions, 'exceptions'),
    namesOf(shape.macros, 'macros'),
    [...namesOf(shape.contracts, 'contracts'), ...namesOf(shape.subcontractors, 'subcontractors')],
    namesOf(shape.contractPapers, 'contractPapers'),
    namesOf(shape.media, 'media'),
    namesOf(shape.incidents, 'incidents'),
    gates,
  ]
  for (const group of groups) {
    const first = new Map<string, string>()
    for (const [id, path] of group) {
      const earlier = first.get(id)
      if (earlier === undefined) first.set(id, path)
      else report('TOWN-DUPLICATE-ID', `${path}.id`, { value: id, first: lines(earlier).line })
    }
  }
}

function namesOf(
  list: readonly { readonly id: string }[] | undefined,
  path: string,
): readonly (readonly [string, string])[] {
  return list?.map((one, index) => [one.id, `${path}[${index}]`] as const) ?? []
}
