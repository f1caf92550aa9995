import { evaluate, spansOf } from '../filter/evaluate.ts'
import type { Filter, Rule } from '../filter/filter.ts'
import { tracer } from '../filter/trace.ts'
import { feasible } from '../prove/feasible.ts'
import { ENDING } from '../space/diagram.ts'
import { addressKey, FIELDS, only, STATES, wholeOf } from '../space/field.ts'
import type { Field, Span } from '../space/field.ts'
import { createSpace } from '../space/space.ts'
import type { Packet, Region } from '../space/space.ts'
import { limitsOf } from './spans.ts'
import type { Limits } from './spans.ts'

/** Packets that a firewall lets through alike. */
export interface Permitted {
  /** Each field that is limited. */
  readonly limits: Readonly<Partial<Record<Field, Limits>>>
  /** False where a condition that nobody can tell decides. */
  readonly sure: boolean
  /** One of them. */
  readonly packet: Packet
  /** The line that lets this one through; none when it is a policy. */
  readonly rule?: Rule
  /** Where it is decided, for people. */
  readonly place: string
}

export interface PermittedList {
  readonly permitted: readonly Permitted[]
  /** False when there are more than are listed. */
  readonly complete: boolean
}

/** What a filter lets through, over every packet there can be: first packets of a connection first. */
export function permittedBy(filter: Filter, most = 1_000): PermittedList {
  const first = [only(BigInt(STATES.indexOf('new')))]
  const space = createSpace([...spansOf(filter), ...feasible.spans, ['state', first[0]!]])
  const ends = feasible.held(space, evaluate(space, filter))
  const open = (ending: number): boolean => (ending & ENDING.accept) !== 0
  const regions = space.regions(ends, open, most + 1)
  const rules = rulesByPlace(filter)
  const traced = tracer(filter)
  const permitted = regions.slice(0, most).map((region): Permitted => {
    const packet = sampleOf(region)
    const { place } = traced(packet)
    const rule = rules.get(place)
    return {
      limits: limitsOfRegion(region),
      sure: space.end(ends, packet) === ENDING.accept,
      packet,
      place,
      ...(rule && { rule }),
    }
  })
  return { permitted, complete: regions.length <= most }
}

export const rulesByPlace = (filter: Filter): ReadonlyMap<string, Rule> =>
  new Map([...filter.chains.values()].flat().map((rule) => [rule.place, rule]))

export const sampleOf = (region: Region): Packet =>
  Object.fromEntries(FIELDS.map((field) => [field, region[field][0]!.from])) as Packet

/** What a region is limited to, beyond what could exist at all. */
export function limitsOfRegion(region: Region): Permitted['limits'] {
  const limits = FIELDS.flatMap((field) => {
    const found = limitsOf(field, region[field], wholeIn(region, field))
    return found ? [[field, found] as const] : []
  })
  return Object.fromEntries(limits)
}

function wholeIn(region: Region, field: Field): Span {
  const family = region.family.length === 1 ? region.family[0]!.from : undefined
  if ((field === 'source' || field === 'target') && family !== undefined) {
    const end = addressKey(6, 0n)
    return family === 4n ? { from: 0n, until: end } : { from: end, until: wholeOf(field).until! }
  }
  const icmp = region.protocol.every(({ from, until }) =>
    from === 1n || from === 58n ? until === (from as bigint) + 1n : false,
  )
  if ((field === 'sourcePort' || field === 'targetPort') && icmp) return { from: 0n, until: 256n }
  // A first packet goes the way of the connection: nothing else can exist.
  const first =
    region.state.length === 1 && region.state[0]!.from === 0n && region.state[0]!.until === 1n
  if (field === 'direction' && first) return only(0n)
  return wholeOf(field)
}
