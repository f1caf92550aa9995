/**
 * Small random towns, searched once more by walking every way there is. Nothing of the search under test is used:
 * what a crossing carries and where a thing may be is written out again, and only the judge is the same.
 */
import {
  CONFIDENTIALITY_LEVELS,
  PERSONAL_DATA_KINDS,
  type Answer,
  type Asset,
  type Flow,
  type PlacementFacts,
  type Question,
  type Town,
} from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAY, mendedText, readable } from '../corpus.test-support.ts'
import { spreadOf } from './spread.ts'

const answers = new Map<string, Answer>()
const real = createJudge()
const judge = {
  ask: (question: Question): Answer => {
    const key = JSON.stringify(question)
    if (!answers.has(key)) answers.set(key, real.ask(question))
    return answers.get(key)!
  },
}

const ZONES = ['mynumber', 'lgwan', 'internet', 'management'] as const
type ZoneId = (typeof ZONES)[number]
const PEERS = [
  { id: 'net', network: 'internet', internetCapable: true },
  { id: 'line', network: 'dedicated', internetCapable: true },
  { id: 'asp', network: 'lgwan', internetCapable: false },
  { id: 'eltax', network: 'lgwan', internetCapable: true, closedList: 'eltax' },
  { id: 'chat', network: 'internet', internetCapable: true, service: 'cloud' },
] as const
const base = readable(mendedText()).town

interface Drawn {
  readonly model: Town['model']
  readonly zones: readonly ZoneId[]
  readonly assets: readonly { level: Asset['class']['level']; personal: never; place: number }[]
  readonly flows: readonly { from: number; to: number; fixed: boolean; mail: boolean }[]
  readonly files: readonly { from: number; to: number; method: never; watched: boolean }[]
  readonly mails: readonly { from: number; to: number; keep: boolean }[]
  readonly screens: readonly { from: number; to: number; clipboard: boolean; printer: boolean }[]
  readonly open: readonly (readonly [number, number])[]
}

function townOf(drawn: Drawn): Town {
  const systems = drawn.zones.map((zone, index) => ({
    id: `s${index}`,
    name: `s${index}`,
    zone,
    owner: 'soumu',
    hosts: [
      {
        id: `h${index}`,
        name: `h${index}`,
        role: 'server',
        mac: `02:00:00:00:00:0${index}`,
        addresses: [`10.1.1.${index}`],
        authentication: [],
        removableMedia: { write: false, exceptions: [] },
      },
    ],
  }))
  const ends = [
    ...systems.flatMap(({ id }, index) => [`system:${id}`, `host:h${index}`]),
    ...ZONES.map((zone) => `zone:${zone}`),
    ...PEERS.map((peer) => `peer:${peer.id}`),
  ]
  const end = (index: number) => ends[index % ends.length]! as Flow['from']
  const zone = (index: number) => ZONES[index % ZONES.length]!
  const apart = (one: { from: number; to: number }) => zone(one.from) !== zone(one.to)
  const between = (one: { from: number; to: number }) => ({
    from: zone(one.from),
    to: zone(one.to),
  })
  const places = [
    ...systems.filter((one) => one.zone !== 'management').map((one) => one.id),
    'cloud',
  ]
  return {
    ...base,
    model: drawn.model,
    zones: ZONES.map((id) => ({ ...base.zones[0]!, id, name: id, kind: id, networks: [] })),
    boundaries: drawn.open
      .filter(([a, b]) => zone(a) !== zone(b))
      .slice(0, 1)
      .map(([a, b]) => ({ between: [zone(a), zone(b)], default: 'allow', logDenied: true })),
    peers: PEERS.map((peer, nth) => ({
      ...peer,
      name: peer.id,
      securityCloud: false,
      addresses: [`192.0.2.${nth}/32`],
    })),
    systems: systems as unknown as Town['systems'],
    services: [
      { id: 'cloud', name: 'cloud', kind: 'contract', dataCentre: '国内', withinJapaneseLaw: true },
    ],
    assets: drawn.assets.map(({ level, personal, place }, index) => ({
      id: `a${(index * 5) % 7}`,
      name: `資産${index}`,
      personal,
      owner: 'soumu',
      class: { scheme: '自治体機密性', level: level as '1' },
      integrity: '自治体完全性1',
      availability: '自治体可用性1',
      place: places[place % places.length]!,
    })),
    flows: drawn.flows
      .map(({ from, to, fixed, mail }, index): Flow => ({
        id: `f${(index * 4) % 7}`,
        name: `通信${index}`,
        from: end(from),
        to: end(to),
        protocol: 'tcp',
        ports: mail ? [25] : [443],
        purpose: '業務',
        owner: 'soumu',
        expires: '2029-03-31',
        via: [],
        ...(fixed && {
          fixed: { number: '特', approvedBy: '課長', date: '2026-04-01', macLimited: true },
        }),
      }))
      .filter((flow) => flow.from !== flow.to)
      .filter((flow) => !(flow.from.startsWith('peer') && flow.to.startsWith('peer'))),
    gates: {
      file: drawn.files.filter(apart).map((one, index) => ({
        ...base.gates.file[0]!,
        id: `g${index}`,
        ...between(one),
        method: one.method,
        unknownMalwareBlocked: one.watched,
      })),
      mail: drawn.mails.filter(apart).map((one, index) => ({
        id: `m${index}`,
        ...between(one),
        attachments: one.keep ? 'keep' : 'remove',
        body: 'text',
        domains: [],
        originalDays: 0,
      })),
      screen: drawn.screens.filter(apart).map(({ clipboard, printer, ...one }, index) => ({
        id: `v${index}`,
        ...between(one),
        clipboard,
        file: false,
        drive: false,
        printer,
      })),
    },
  }
}

// ── the other search ──────────────────────────────────────────────

interface Move {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly cures: boolean
  readonly lawful: boolean
  /** What comes back over a flow. */
  readonly answer?: true
}

const isWild = (peer: Town['peers'][number] | undefined): boolean =>
  peer !== undefined && peer.internetCapable && peer.closedList === undefined

function movesOf(town: Town): Move[] {
  const spot = (end: string): string => {
    const [kind, id] = end.split(':')
    if (kind === 'host') return `system:s${id!.slice(1)}`
    return end === 'peer:chat' ? 'service:cloud' : end
  }
  const zoneOf = (end: string) => {
    const at = spot(end)
    if (at.startsWith('zone:')) return at.slice(5)
    return town.systems.find((one) => `system:${one.id}` === at)?.zone
  }
  const peerOf = (end: string) => town.peers.find((one) => `peer:${one.id}` === end)
  const cleanMail = (flow: Flow): boolean => {
    const through = town.gates.mail.filter(
      (gate) => gate.from === zoneOf(flow.from) && gate.to === zoneOf(flow.to),
    )
    const clean = through.every((gate) => gate.attachments === 'remove' && gate.body === 'text')
    return through.length > 0 && clean && flow.ports[0] === 25
  }
  const lawful = (flow: Flow): boolean => {
    const zones = [zoneOf(flow.from), zoneOf(flow.to)]
    const peer = peerOf(flow.from) ?? peerOf(flow.to)
    if (flow.fixed === undefined) return false
    if (zones.includes('mynumber') && zones.includes('internet')) return false
    // Who is on LGWAN is spoken to from the LGWAN zone.
    if (zones.includes('internet') && peer?.network === 'lgwan') return false
    if (!zones.includes('mynumber')) return peer?.network !== 'internet'
    const crosses = zones[0] !== zones[1]
    const wholeZone = flow.from.startsWith('zone:') || flow.to.startsWith('zone:')
    return !(crosses && wholeZone) && !isWild(peer)
  }
  const gate = (kind: string, one: { id: string; from: string; to: string }, cures: boolean) => ({
    id: `${kind}:${one.id}`,
    from: `zone:${one.from}`,
    to: `zone:${one.to}`,
    cures,
    lawful: false,
  })
  const back = (move: Move): Move => ({ ...move, from: move.to, to: move.from })
  const fetches = (flow: Flow): boolean =>
    ['lgwan', 'mynumber'].includes(zoneOf(flow.from) ?? '') &&
    (zoneOf(flow.to) === 'internet' || peerOf(flow.to)?.network === 'internet')
  return [
    ...town.flows.flatMap((flow): Move[] => {
      const move = {
        id: `flow:${flow.id}`,
        from: spot(flow.from),
        to: spot(flow.to),
        cures: cleanMail(flow),
        lawful: lawful(flow),
      }
      const answered = flow.ports[0] !== 25 && (move.lawful || fetches(flow))
      return answered ? [move, { ...back(move), answer: true }] : [move]
    }),
    ...town.gates.file.map((one) => {
      const seen = one.method === 'eye-check' && one.unknownMalwareBlocked
      return gate('file', one, seen || ['text', 'image-pdf', 'sanitise'].includes(one.method))
    }),
    ...town.gates.mail.map((one) => gate('mail', one, one.attachments === 'remove')),
    ...town.gates.screen.flatMap((one) => {
      const move = gate('screen', one, false)
      if (one.clipboard) return [move, back(move)]
      return one.printer ? [move] : []
    }),
    ...town.boundaries.flatMap(({ between: [a, b] }) => {
      const move = gate('boundary', { id: [a, b].toSorted().join('+'), from: a, to: b }, false)
      return [move, back(move)]
    }),
  ]
}

type Says = (spot: string, lawful: boolean) => readonly string[]

function placing(town: Town, level: PlacementFacts['level'], personal: Asset['personal']): Says {
  const ask = (place: PlacementFacts['place']) =>
    judge
      .ask({
        question: 'place',
        facts: {
          model: town.model,
          edition: town.edition,
          level,
          personal,
          place,
          assetLevelAccessControl: false,
          ismapRegistered: false,
          cloudDutiesRecorded: false,
          withinJapaneseLaw: place === 'contract-cloud',
          termsChecked: false,
        },
      })
      .findings.map((one) => one.rule)
      .filter((rule) => rule !== 'PL-STAFF')
  return (spot, lawful) => {
    const [kind, id] = spot.split(':')
    if (kind === 'service') return ask('contract-cloud')
    const at = kind === 'system' ? town.systems.find((one) => one.id === id)!.zone : id
    const place = { net: 'internet', line: 'internet', asp: 'lgwan', eltax: 'lgwan' }[at!] ?? at
    if (place === 'management') return []
    const rules = ask(place as 'lgwan')
    return lawful ? rules.filter((rule) => rule !== 'PL-3B-LGWAN') : rules
  }
}

const comingIn =
  (town: Town): Says =>
  (spot) => {
    const system = town.systems.find((one) => `system:${one.id}` === spot)
    const zone = system?.zone ?? spot.replace('zone:', '')
    if (zone === 'lgwan') return ['ZN-08', 'ZN-09']
    return zone === 'mynumber' ? ['ZN-01'] : []
  }

interface Start {
  readonly key: string
  readonly spot: string
  readonly met: readonly string[]
}

interface Way {
  readonly start: Start
  readonly moves: readonly Move[]
}

const orderOf = ({ id, to }: Move): string => {
  const [kind, name] = id.split(':')
  return `${name} ${kind} ${to}`
}

function isBefore(a: Way, b: Way): boolean {
  if (a.moves.length !== b.moves.length) return a.moves.length < b.moves.length
  if (a.start.key !== b.start.key) return a.start.key < b.start.key
  const at = a.moves.findIndex((move, index) => orderOf(move) !== orderOf(b.moves[index]!))
  return at >= 0 && orderOf(a.moves[at]!) < orderOf(b.moves[at]!)
}

/** Every way without a crossing twice; of those that meet a rule as news, the first for each end. */
function bestWays(town: Town, starts: readonly Start[], moves: readonly Move[], says: Says) {
  const best = new Map<string, Way>()
  const leaves = (move: Move, spot: string): boolean => {
    const zoneOfSystem = (at: string) => town.systems.find((one) => `system:${one.id}` === at)?.zone
    const within = (inner: string, outer: string) => `zone:${zoneOfSystem(inner)}` === outer
    return move.from === spot || within(spot, move.from) || within(move.from, spot)
  }
  const walk = (way: Way, spot: string, met: readonly string[]): void => {
    for (const move of moves) {
      if (way.moves.includes(move) || !leaves(move, spot)) continue
      const next = { start: way.start, moves: [...way.moves, move] }
      const rules = says(move.to, move.lawful)
      const earlier = best.get(move.to)
      const isNews = rules.some((rule) => !met.includes(rule))
      if (isNews && (!earlier || isBefore(next, earlier))) best.set(move.to, next)
      if (/^(zone|system):/u.test(move.to)) walk(next, move.to, [...met, ...rules])
    }
  }
  for (const start of starts) walk({ start, moves: [] }, start.spot, start.met)
  return best
}

function exhaustively(town: Town): readonly string[] {
  const moves = movesOf(town)
  const told: string[] = []
  const tell = (rule: string, best: ReadonlyMap<string, Way>) => {
    for (const [to, { start, moves: way }] of best)
      told.push([rule, start.spot, ...way.map((move) => move.id), to].join(' '))
  }
  const labels = Map.groupBy(town.assets, (one) => `${one.class.level}/${one.personal}`)
  const ours = moves.filter((move) => move.answer === undefined || move.lawful)
  for (const [label, assets] of labels) {
    const says = placing(town, assets[0]!.class.level as '1', assets[0]!.personal)
    const spots = Map.groupBy(assets, ({ place }) =>
      place === 'cloud' ? 'service:cloud' : `system:${place}`,
    )
    const starts = [...spots].map(([spot, kept]) => {
      const own = says(spot, false)
      const zone = town.systems.find((one) => `system:${one.id}` === spot)?.zone
      const inward = zone === 'lgwan' ? [] : ['zone:lgwan', ...(zone ? [] : ['zone:internet'])]
      const met = own.length === 0 ? [] : [...own, ...inward.flatMap((one) => says(one, false))]
      if (own.length > 0) told.push(`CH-OUT ${label} ${spot} ${spot}`)
      return { key: kept.map((one) => one.id).toSorted()[0]!, spot, met }
    })
    tell(`CH-OUT ${label}`, bestWays(town, starts, ours, says))
  }
  const spots = ['peer:line', 'peer:net', 'service:cloud', 'zone:internet']
  const starts = spots.map((spot) => ({ key: spot, spot, met: [] }))
  const uncured = moves.filter((move) => !move.cures)
  tell('CH-IN outside', bestWays(town, starts, uncured, comingIn(town)))
  return told.toSorted()
}

const index = fc.nat({ max: 40 })
const pair = { from: index, to: index }
const methods = fc.constantFrom('text', 'image-pdf', 'sanitise', 'eye-check', 'none')
const drawn = fc.record({
  model: fc.constantFrom('α', 'α′', 'β', 'β′'),
  zones: fc.array(fc.constantFrom(...ZONES), { minLength: 2, maxLength: 5 }),
  assets: fc.array(
    fc.record({
      level: fc.constantFrom(...CONFIDENTIALITY_LEVELS),
      personal: fc.constantFrom(...PERSONAL_DATA_KINDS),
      place: index,
    }),
    { maxLength: 4 },
  ),
  flows: fc.array(fc.record({ ...pair, fixed: fc.boolean(), mail: fc.boolean() }), {
    maxLength: 6,
  }),
  files: fc.array(fc.record({ ...pair, method: methods, watched: fc.boolean() }), { maxLength: 1 }),
  mails: fc.array(fc.record({ ...pair, keep: fc.boolean() }), { maxLength: 1 }),
  screens: fc.array(fc.record({ ...pair, clipboard: fc.boolean(), printer: fc.boolean() }), {
    maxLength: 1,
  }),
  open: fc.array(fc.tuple(index, index), { maxLength: 1 }),
})
const towns = drawn.map((one) => townOf(one as unknown as Drawn))
const idsOf = (town: Town): readonly string[] =>
  spreadOf(town, { judge, at: DAY })
    .chains.map((chain) => chain.id)
    .toSorted()

describe('the chains of any small town', () => {
  test('are those that walking every way finds: none missed, none invented, each the shortest', () => {
    fc.assert(
      fc.property(towns, (town) => {
        expect(idsOf(town)).toEqual(exhaustively(town))
      }),
      { numRuns: 600 },
    )
  })
  test('are gone when any one of their steps is', () => {
    fc.assert(
      fc.property(towns, (town) => {
        for (const chain of spreadOf(town, { judge, at: DAY }).chains) {
          for (const step of chain.steps) {
            expect(idsOf(without(town, step.kind, step.id))).not.toContain(chain.id)
          }
        }
      }),
      { numRuns: 150 },
    )
  })
  test('do not depend on the order of the file', () => {
    fc.assert(
      fc.property(towns, (town) => {
        const turned = {
          ...town,
          systems: town.systems.toReversed(),
          assets: town.assets.toReversed(),
          flows: town.flows.toReversed(),
          peers: town.peers.toReversed(),
          zones: town.zones.toReversed(),
        }
        expect(idsOf(turned)).toEqual(idsOf(town))
      }),
      { numRuns: 150 },
    )
  })
})

function without(town: Town, kind: string, id: string): Town {
  const others = <One extends { readonly id: string }>(list: readonly One[]): readonly One[] =>
    list.filter((one) => one.id !== id)
  if (kind === 'flow') return { ...town, flows: others(town.flows) }
  if (kind === 'boundary') return { ...town, boundaries: [] }
  const gates = town.gates[kind as 'file'] as readonly { readonly id: string }[]
  return { ...town, gates: { ...town.gates, [kind]: others(gates) } }
}
