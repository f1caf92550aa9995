import type { EndpointReference, Flow, Town } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/apply.json' with { type: 'json' }
import type { Declared, Permit } from '../declared/permit.ts'
import { rangeText } from '../declared/text.ts'
import { addressOf, PROTOCOLS, wholeOf } from '../space/field.ts'
import type { Field, Span } from '../space/field.ts'
import type { Cell } from '../space/space.ts'
import type { FlowChange, PairChange } from './compare.ts'
import { filled } from './refusal.ts'

/** What one pair of zones wins or loses, in sentences. */
export interface Told {
  /** From where to where, e.g. 「LGWAN接続系 → 外部の口「x-lgwan」」. */
  readonly pair: string
  readonly effect: 'gains' | 'loses'
  readonly sentences: readonly {
    readonly sentence: string
    /** Id of the flow, when it is a declared one. */
    readonly flow?: string
    /** Name, purpose and owner of the flow. */
    readonly about?: string
  }[]
}

/** @param towns the town that is declared, then the former one, where it is known: a name is taken from the first that has it */
export function tell(
  changes: readonly PairChange[],
  towns: readonly Town[],
  declared: Declared,
): readonly Told[] {
  const told = changes.map((change): Told => {
    const [from, to] = [
      plugText(change.from, towns, declared),
      plugText(change.to, towns, declared),
    ]
    return {
      pair: filled(words.heading, { from, to }),
      effect: change.effect,
      sentences: sentencesOf(change, towns),
    }
  })
  const pairs = [...new Set(told.map(({ pair }) => pair))]
  return pairs.flatMap((pair) => told.filter((one) => one.pair === pair))
}

function sentencesOf(change: PairChange, towns: readonly Town[]): Told['sentences'] {
  const template = words.changes[change.effect]
  return [
    ...change.flows.flatMap((one) => flowSentences(one, template, towns)),
    ...change.whole.map((family) => ({
      sentence: filled(template.whole, { family: `${family}` }),
    })),
    ...change.others.map((region) => ({ sentence: regionText(template.other, region) })),
    ...(change.more ? [{ sentence: template.more }] : []),
    ...(change.rest ? [{ sentence: regionText(template.rest, change.rest) }] : []),
  ]
}

function flowSentences(
  { permit, parts }: FlowChange,
  template: (typeof words.changes)['gains'],
  towns: readonly Town[],
): Told['sentences'] {
  const { flow } = permit
  const ends = { from: endText(towns, flow.from), to: endText(towns, flow.to) }
  const sentences = parts
    ? parts.map((region) =>
        filled(template.part, {
          ...ends,
          source: addressesText(region, 'source'),
          target: addressesText(region, 'target'),
          what: protocolText(region),
        }),
      )
    : [filled(template.flow, { ...ends, what: permitText(permit) })]
  return [...new Set(sentences)].map((sentence) => ({
    sentence,
    flow: flow.id,
    about: aboutText(flow, towns),
  }))
}

function plugText(name: string | undefined, towns: readonly Town[], declared: Declared): string {
  if (name === undefined) return words.pairs.unknown
  const plug = declared.plugs.find((one) => one.name === name)
  const zone = towns.flatMap(({ zones }) => zones).find(({ id }) => id === (plug?.zone ?? name))
  return zone
    ? filled(words.pairs.zone, { name: zone.name })
    : filled(words.pairs.outside, { name })
}

/** An end by the name that the town gives it. */
function endText(towns: readonly Town[], end: EndpointReference): string {
  const id = end.slice(end.indexOf(':') + 1)
  const named = towns.flatMap(({ zones, systems, peers }) => {
    const hosts = systems.flatMap((system) => system.hosts)
    const lists = { zone: zones, system: systems, host: hosts, peer: peers }
    return lists[end.slice(0, end.indexOf(':')) as keyof typeof lists].filter(
      (one) => one.id === id,
    )
  })
  return `「${shown(named[0]?.name ?? id)}」`
}

function aboutText({ name, purpose, owner }: Flow, towns: readonly Town[]): string {
  const department = towns.flatMap(({ departments }) => departments).find(({ id }) => id === owner)
  return [
    filled(words.about, { flow: name }),
    ...(purpose === undefined ? [] : [filled(words.purpose, { purpose })]),
    ...(owner === undefined ? [] : [filled(words.owner, { owner: department?.name ?? owner })]),
  ].join('　')
}

function permitText({ protocol, ports }: Permit): string {
  if (protocol === 'icmp') return words.icmp
  return portsText(protocol.toUpperCase(), ports)
}

function portsText(protocol: string, ports: readonly (readonly [number, number])[]): string {
  const [first] = ports
  if (first?.[0] === 0 && first[1] === 65_535) return filled(words.anyPort, { protocol })
  return filled(words.ports, {
    protocol,
    ports: ports
      .map(([from, to]) =>
        from === to ? String(from) : filled(words.span, { first: String(from), last: String(to) }),
      )
      .join(words.and),
  })
}

function regionText(template: string, region: Cell): string {
  return filled(template, {
    from: addressesText(region, 'source'),
    to: addressesText(region, 'target'),
    what: protocolText(region),
  })
}

function addressesText(region: Cell, field: 'source' | 'target'): string {
  const { from, until } = region[field]
  const first = addressOf(from as bigint)
  const last = addressOf((until as bigint) - 1n)
  const family = region.family.from === 6n ? 6 : 4
  const range = {
    family,
    // A region may reach over both families where the family does not matter; only its own part is told.
    first: first.family === family ? first.address : 0n,
    last: last.family === family ? last.address : (1n << 32n) - 1n,
  } as const
  const size = family === 4 ? 1n << 32n : 1n << 128n
  return range.first === 0n && range.last === size - 1n
    ? `${words.anywhere}（IPv${family}）`
    : rangeText(range)
}

const NAMES = new Map(Object.entries(PROTOCOLS).map(([name, at]) => [BigInt(at), name]))

function protocolText(region: Cell): string {
  const { from, until } = region.protocol
  const last = (until as bigint) - 1n
  if (isWhole('protocol', region.protocol)) return words.everything
  const name = from === last ? NAMES.get(from) : undefined
  if (name === undefined) {
    const text =
      from === last ? `${from}` : filled(words.span, { first: `${from}`, last: `${last}` })
    return filled(words.number, { protocol: text })
  }
  if (name.startsWith('icmp')) return words.icmp
  const ports = region.targetPort
  return portsText(name.toUpperCase(), [[Number(ports.from), Number(ports.until) - 1]])
}

const isWhole = (field: Field, span: Span): boolean => {
  const whole = wholeOf(field)
  return span.from === whole.from && span.until === whole.until
}
