import type { Finding, Town } from '@sekisho/core'
import { explainRule } from '@sekisho/guideline'
import { shown } from '@sekisho/town'
import words from '../../words/ja.json' with { type: 'json' }
import { declares, unboundly } from '../declared/declares.ts'
import type { Declared, LeftOut } from '../declared/permit.ts'
import { addressText } from '../declared/text.ts'
import { isBound } from '../dialects/dialect.ts'
import type { NotSupported } from '../dialects/dialect.ts'
import type { Filter, Unread } from '../filter/filter.ts'
import { trace } from '../filter/trace.ts'
import { addressOf, DIRECTIONS, PROTOCOLS, STATES } from '../space/field.ts'
import type { Packet } from '../space/space.ts'
import { lifelike } from './lifelike.ts'
import type { Difference } from './prove.ts'
import { unreadReason } from './unread.ts'
import { wiringOf } from './wiring.ts'

/**
 * What a proof found, as findings: one for each pair of plugs and deciding line, with one packet as witness.
 *
 * @param notSupported what the dialect of the text cannot say: let through all the same, it is not bound
 */
export function differenceFindings(
  town: Town,
  declared: Declared,
  filter: Filter,
  differences: readonly Difference[],
  notSupported: readonly NotSupported[] = [],
): readonly Finding[] {
  const bound = notSupported.map(({ permit }) => permit).filter(isBound)
  const seen = new Set<string>()
  return differences.flatMap(({ reason, packet: smallest }) => {
    const { ends, place } = trace(filter, smallest)
    const key = [reason, smallest.in, smallest.out, place].join('\n')
    if (seen.has(key)) return []
    seen.add(key)
    const unboundOf = (packet: Packet) =>
      reason === 'NET-EXTRA' ? unboundly(bound, packet) : undefined
    const unbound = unboundOf(smallest)
    const sentence = unbound ? words.unbound : words.differences[reason]
    const wanted = declares(declared, smallest)
    const permit = unbound ?? wanted
    const packet = lifelike(smallest, declared.plugs, (other) => {
      const traced = trace(filter, other)
      if (traced.ends !== ends || traced.place !== place) return false
      return declares(declared, other) === wanted && unboundOf(other) === unbound
    })
    const values = {
      from: endText(declared, packet, 'in'),
      to: endText(declared, packet, 'out'),
      what: whatText(packet),
      flow: shown(permit?.flow.name ?? ''),
      place: place === '' ? words.places.none : filled(words.places.rule, { place: shown(place) }),
    }
    return [
      {
        rule: reason,
        ...clauseOf(town, packet),
        effect: 'refuse',
        message: filled(sentence.message, values),
        cure: { sentence: filled(sentence.cure, values), who: 'it-officer' },
      } satisfies Finding,
    ]
  })
}

/**
 * Flows that are declared and not opened, as notes: nothing is wrong with the text, something is with the declaration.
 *
 * @param file what the findings are about: in a ruleset there is no place that a path of the declaration could name
 */
export function leftOutFindings(
  town: Town,
  leftOut: readonly LeftOut[],
  file: 'declaration' | 'ruleset' = 'declaration',
): readonly Finding[] {
  return leftOut.map(({ flow, reason }) => {
    const sentence = words.leftOut[reason]
    const values = { flow: shown(flow.name), expires: flow.expires ?? '' }
    const rule = reason === 'NET-NOT-FIXED' || reason === 'NET-NO-MAC' ? 'ZN-02' : 'ZN-06'
    return {
      rule: reason,
      ...clause(rule),
      effect: 'note',
      message: filled(sentence.message, values),
      cure: { sentence: sentence.cure, who: 'it-officer' },
      ...(file === 'declaration' && { path: `flows[${town.flows.indexOf(flow)}]` }),
    }
  })
}

/** Parts of a text that could not be read. */
export function unreadFindings(unread: readonly Unread[]): readonly Finding[] {
  return unread.map(({ place, text }) => {
    const rule = unreadReason(text)
    const sentence = words.unread[rule]
    const values = {
      place: place === '' ? words.places.none : filled(words.places.rule, { place: shown(place) }),
      text: shown(text, 80),
    }
    return {
      rule,
      clause: words.clauses['NET-UNREAD'],
      edition: 'R8.3',
      verified: true,
      severity: 'required',
      effect: 'refuse',
      message: filled(sentence.message, values),
      cure: { sentence: sentence.cure, who: 'it-officer' },
    }
  })
}

/** The clause that a packet between these two plugs breaks. */
export function clauseOf(town: Town, packet: Packet) {
  const { plugs } = wiringOf(town)
  const kinds = [packet.in, packet.out].flatMap((name) => [
    ...(plugs.find((plug) => plug.name === name)?.kinds ?? []),
  ])
  if (!kinds.includes('mynumber')) return clause('ZN-06')
  return clause(kinds.includes('internet') ? 'ZN-01' : 'ZN-02')
}

/** Clause, edition and weight of a rule of the guideline. */
export function clause(id: string): Pick<Finding, 'clause' | 'edition' | 'verified' | 'severity'> {
  const rule = explainRule(id)?.parts.find((part) => part.rule?.kind === 'forbid')?.rule
  if (rule?.kind !== 'forbid') throw new Error(`no rule ${id}`)
  return {
    clause: `${id} ${rule.clause}`,
    edition: rule.edition,
    verified: rule.verified,
    severity: rule.severity,
  }
}

/** No name: what no interface can be called stands for every interface that neither the town nor the text names (`only`, `beginning`). */
const STANDS_FOR_ALL = /^$|[\0\uffff]/u

export function endText(declared: Declared, packet: Packet, at: 'in' | 'out'): string {
  const name = String(packet[at])
  const plug = declared.plugs.find((one) => one.name === name)
  const { family, address } = addressOf((at === 'in' ? packet.source : packet.target) as bigint)
  if (STANDS_FOR_ALL.test(name)) {
    return filled(words.present.any, { address: addressText(family, address) })
  }
  const kind = plug === undefined ? 'unknown' : plug.zone === undefined ? 'outside' : 'zone'
  return filled(words.ends[kind], { name: shown(name), address: addressText(family, address) })
}

const PROTOCOL_NAMES = new Map(
  Object.entries(PROTOCOLS).map(([name, number]) => [BigInt(number), name.toUpperCase()]),
)

export function whatText(packet: Packet): string {
  const [state, reply] = stateText(packet)
  const name = PROTOCOL_NAMES.get(packet.protocol as bigint)
  const protocol = name ?? String(packet.protocol)
  const port = String(reply ? packet.sourcePort : packet.targetPort)
  if (name === undefined) return filled(words.what.other, { protocol, state })
  if (name.startsWith('ICMP')) {
    return filled(words.what.icmp, { type: String(packet.sourcePort), state })
  }
  return filled(reply ? words.what.reply : words.what.ports, { protocol, port, state })
}

function stateText(packet: Packet): readonly [words: string, reply: boolean] {
  const state = STATES[Number(packet.state)]!
  const direction = DIRECTIONS[Number(packet.direction)]!
  if (state !== 'established') return [words.states[state], false]
  return [words.states[`${state} ${direction}`], direction === 'reply']
}

/** A sentence with its values. */
export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/gu, (_, name: string) => values[name] ?? '')
