import type { Finding, Town } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/ja.json' with { type: 'json' }
import { FAMILIES, spansIn } from '../declared/expect.ts'
import { declares } from '../declared/declares.ts'
import type { Declared } from '../declared/permit.ts'
import type { Filter, Hook, Rule } from '../filter/filter.ts'
import { tracer } from '../filter/trace.ts'
import { compare } from '../prove/prove.ts'
import { clauseOf, endText, filled, whatText } from '../prove/findings.ts'
import { ENDING, INTO } from '../space/diagram.ts'
import type { Diagram } from '../space/diagram.ts'
import { FIELDS, only, PROTOCOLS, STATES } from '../space/field.ts'
import type { Field, Span } from '../space/field.ts'
import type { Packet, Region, Space } from '../space/space.ts'
import { proposalOf } from './entry.ts'
import { lineRegion } from './line.ts'
import { limitsOfRegion, rulesByPlace } from './permitted.ts'
import type { Permitted } from './permitted.ts'
import { pairsIn, witnessOf } from './witness.ts'
import type { PlugPair } from './witness.ts'

/** Something the present firewall does otherwise than it is declared. */
export interface PresentFinding {
  readonly finding: Finding
  /** One packet that shows it. */
  readonly packet: Packet
  /** All packets that are treated like this one. */
  readonly limits: Permitted['limits']
  readonly place: string
  /** The line that lets it through or holds it; none when it is a policy. */
  readonly rule?: Rule
  /** The same of another list that is asked as well and says the same: either could say otherwise. */
  readonly also: readonly { readonly place: string; readonly rule?: Rule }[]
  /** Lines to copy into the declaration. */
  readonly entry?: string
  /** Pairs of plugs beside the one of the packet. */
  readonly others: number
}

export interface Against {
  /** 宣言にない許可: with the lines named here taken out, none is left. */
  readonly extra: readonly PresentFinding[]
  /** 許可されていない宣言. */
  readonly missing: readonly PresentFinding[]
  /** A condition that nobody can tell decides. */
  readonly unsure: readonly PresentFinding[]
  /** False when there are more than are listed. */
  readonly complete: boolean
}

/** Regions looked at in one go, and goes: each takes out the lines that the one before it found. */
const MOST_REGIONS = 2_000
const MOST_ROUNDS = 16

/**
 * A present firewall against the declaration, line by line. Also of a filter that was not read whole: then it is what can be said, and not all there is.
 */
export function against(town: Town, declared: Declared, filter: Filter): Against {
  const { space, apart, have } = compare(declared, filter, plugSpans(declared))
  const permits = permitsAll(space, have)
  const clause = clausesOf(town)
  const context: Context = { town, declared, filter, rules: rulesByPlace(filter), permits, clause }
  const of = (ending: number): readonly Region[] =>
    space.regions(apart, (end) => end === ending, MOST_REGIONS)
  const [missing, unsure] = [of(ENDING.back), of(ENDING.pass)]
  const extra = extraFindings(context)
  return {
    extra: extra.findings,
    missing: collected(missing, context, 'NET-MISSING'),
    unsure: collected(unsure, context, 'NET-UNSURE'),
    complete: extra.complete && missing.length < MOST_REGIONS && unsure.length < MOST_REGIONS,
  }
}

interface Context {
  readonly town: Town
  readonly declared: Declared
  readonly filter: Filter
  readonly rules: ReadonlyMap<string, Rule>
  /** Whether the firewall as it stands lets through all of a region. */
  readonly permits: (region: Region) => boolean
  /** The clause that packets between two plugs break. */
  readonly clause: (packet: Packet) => ReturnType<typeof clauseOf>
}

/** Looked up once for each pair of plugs: a text of a thousand lines has few of them. */
function clausesOf(town: Town): Context['clause'] {
  const known = new Map<string, ReturnType<typeof clauseOf>>()
  return (packet) => {
    const key = `${String(packet.in)} ${String(packet.out)}`
    const found = known.get(key) ?? clauseOf(town, packet)
    known.set(key, found)
    return found
  }
}

/** Names and senders of plugs: what is proposed is cut at them. */
function* plugSpans({ plugs }: Declared): Generator<readonly [Field, Span]> {
  for (const { name, senders } of plugs) {
    yield ['in', only(name)]
    yield ['out', only(name)]
    for (const span of FAMILIES.flatMap((family) => spansIn(senders, family))) {
      yield ['source', span]
      yield ['target', span]
    }
  }
}

const permitsAll =
  (space: Space, have: Diagram) =>
  (region: Region): boolean => {
    const fields = FIELDS.map((field) => [field, region[field]] as const)
    const inside = space.apply(INTO, space.box(fields, ENDING.accept), have)
    const held = (end: number): boolean => end !== ENDING.accept && end !== ENDING.pass
    return space.find(inside, held, 1).length === 0
  }

type Reason = keyof typeof words.differences

/** One line may hide another behind it: what the first round finds is taken out, until nothing is let through that is not declared. */
function extraFindings(context: Context): {
  readonly findings: readonly PresentFinding[]
  readonly complete: boolean
} {
  const findings: PresentFinding[] = []
  let { filter } = context
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const { space, apart } = compare(context.declared, filter)
    const regions = space.regions(apart, (end) => end === ENDING.deny, MOST_REGIONS)
    if (regions.length === 0) return { findings, complete: true }
    const found = collected(regions, { ...context, filter }, 'NET-EXTRA')
    findings.push(...found)
    filter = without(filter, new Set(found.map(({ place }) => place)))
  }
  return { findings, complete: false }
}

/** The filter without these lines; a policy that opens is closed, and where nothing asks, something does. */
function without(filter: Filter, places: ReadonlySet<string>): Filter {
  const chains = new Map(
    [...filter.chains].map(([name, rules]) => [
      name,
      rules.filter(({ place }) => !places.has(place)),
    ]),
  )
  const hooks = filter.hooks.map((hook): Hook =>
    places.has(hook.chain) ? { ...hook, policy: 'deny' } : hook,
  )
  const nothing: readonly Hook[] = places.has('')
    ? ([4, 6] as const)
        .filter((family) => !hooks.some(({ families }) => families.includes(family)))
        .map((family) => ({ chain: '', families: [family], policy: 'deny' }))
    : []
  return { ...filter, hooks: [...hooks, ...nothing], chains }
}

/** One finding per line and clause; of a flow that is held, one per flow. */
function collected(
  regions: readonly Region[],
  context: Context,
  reason: Reason,
): readonly PresentFinding[] {
  const found = new Map<string, Candidate>()
  const traced = tracer(context.filter)
  for (const region of regions) {
    for (const { pair, count } of pairsByClause(region, context)) {
      const packet = witnessOf(context.declared, region, pair)
      const { place, also = [] } = traced(packet)
      const key =
        reason === 'NET-MISSING'
          ? (declares(context.declared, packet)?.flow.id ?? '')
          : `${place}\n${context.clause(packet).clause}`
      const known = found.get(key)
      const plain = plainness(packet, context)
      if (!known || plain > known.plain) {
        found.set(key, { region, pair, packet, place, also, plain, others: count - 1 })
      } else known.others = Math.max(known.others, count - 1)
    }
  }
  return [...found.values()].map((one) => findingOf(one, context, reason))
}

/** The plainest packet so far that shows what is apart. */
interface Candidate {
  readonly region: Region
  readonly pair: PlugPair
  readonly packet: Packet
  readonly place: string
  readonly also: readonly string[]
  readonly plain: number
  others: number
}

/** A first packet shows more than an answer does, and one of TCP more than one of a protocol that nobody knows. */
function plainness(packet: Packet, { declared }: Context): number {
  const known = [packet.in, packet.out].filter((name) =>
    declared.plugs.some((plug) => plug.name === name),
  )
  const familiar = packet.protocol === BigInt(PROTOCOLS.tcp)
  return known.length * 4 + (isFirst(packet) ? 2 : 0) + (familiar ? 1 : 0)
}

const isFirst = ({ state }: Packet): boolean => state === BigInt(STATES.indexOf('new'))

/** Pairs of plugs of a region, one for each clause that they break, with how many there are. */
function pairsByClause(
  region: Region,
  { declared, clause }: Context,
): readonly { readonly pair: PlugPair; readonly count: number }[] {
  const groups = Map.groupBy(
    pairsIn(declared, region),
    (pair) => clause(witnessOf(declared, region, pair)).clause,
  )
  return [...groups.values()].map((pairs) => ({ pair: pairs[0]!, count: pairs.length }))
}

function findingOf(
  { region, pair, packet, place, also, others }: Candidate,
  context: Context,
  reason: Reason,
): PresentFinding {
  const { declared } = context
  const flow = reason === 'NET-EXTRA' ? undefined : declares(declared, packet)?.flow
  const rule = context.rules.get(place)
  const values = {
    from: endText(declared, packet, 'in'),
    to: endText(declared, packet, 'out'),
    what: whatText(packet),
    flow: shown(flow?.name ?? ''),
    place: place === '' ? words.places.none : filled(words.places.rule, { place: shown(place) }),
  }
  const clause = context.clause(packet)
  const fault = reason === 'NET-MISSING' && flow === undefined
  const { sentence, entry } = cureOf(region, pair, packet, rule, context, reason)
  const more = others > 0 ? filled(words.present.others, { count: String(others) }) : ''
  const message = fault ? words.present.faults : words.differences[reason].message
  return {
    finding: {
      rule: reason,
      ...clause,
      effect: 'refuse',
      message: filled(message, values) + more,
      cure: { sentence: filled(sentence, values), who: 'it-officer' },
    },
    packet,
    limits: limitsOfRegion(region),
    place,
    also: also.map((one) => lineAt(context, one)),
    others,
    ...(rule && { rule }),
    ...(entry !== undefined && { entry }),
  }
}

function lineAt({ rules }: Context, place: string): PresentFinding['also'][number] {
  const rule = rules.get(place)
  return { place, ...(rule && { rule }) }
}

function cureOf(
  region: Region,
  pair: PlugPair,
  packet: Packet,
  rule: Rule | undefined,
  { town, declared, permits }: Context,
  reason: Reason,
): { readonly sentence: string; readonly entry?: string } {
  const { extra, missing } = words.present
  if (reason === 'NET-MISSING') return { sentence: missing }
  if (reason === 'NET-UNSURE') return { sentence: words.differences[reason].cure }
  if (!rule) return { sentence: extra.nothing }
  if (!isFirst(packet)) {
    const established = packet.state === BigInt(STATES.indexOf('established'))
    return { sentence: established ? extra.answers : extra.stateless }
  }
  const kinds = [pair.from, pair.to].map((name) => {
    const zone = declared.plugs.find((plug) => plug.name === name)?.zone
    return town.zones.find(({ id }) => id === zone)?.kind
  })
  if (kinds.includes('mynumber')) return { sentence: extra.fixed }
  // What the line says is plainer than what of it is not declared; but a chain before it may have asked for more.
  const said = lineRegion(rule, region, pair, declared)
  const asked = said && permits(said) ? [said, region] : [region]
  const proposals = asked.map((one) => proposalOf(town, declared, one, pair))
  const entry = proposals.find((one) => one.kind === 'entry')
  if (entry?.kind === 'entry') return { sentence: extra.narrow, entry: entry.text }
  return { sentence: extra[proposals[0]!.kind === 'wide' ? 'wide' : 'unnamed'] }
}
