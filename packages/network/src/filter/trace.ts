import type { Field } from '../space/field.ts'
import type { Packet } from '../space/space.ts'
import { drawersOf } from './drawers.ts'
import type { Drawers } from './drawers.ts'
import type { Action, Condition, Filter, Hook, Rule } from './filter.ts'

/** The rules that speak about one packet, up to the one that ends its way; the last of a chain that says nothing is its policy. */
export interface Trace {
  readonly ends: 'accept' | 'deny' | 'unsure'
  /** Where it was decided: the place of a rule, or the chain whose policy it was. */
  readonly place: string
  readonly comment?: string
  /** Where another hook says the same by a rule: what comes in is asked of one list, what goes out of another, and either could say otherwise. */
  readonly also?: readonly string[]
}

/** Follows one packet through a filter, rule by rule, without any diagram: the second opinion on every difference that is reported. */
export const trace = (filter: Filter, packet: Packet): Trace =>
  follow(filter, packet, (chain) => filter.chains.get(chain) ?? [])

/**
 * The same for many packets of one filter: rules that cannot speak about what a packet has in common with others (interfaces, state, protocol) are left out once for
 * all of them.
 */
export function tracer(filter: Filter): (packet: Packet) => Trace {
  const known = new Map<string, Map<string, Drawers>>()
  const asked = COMMON.filter((field) => isAsked(filter, field))
  return (packet) => {
    const kind = JSON.stringify(asked.map((field) => String(packet[field])))
    // Who wrote the text chose how many kinds there are.
    if (known.size > MOST_KINDS) known.clear()
    const chains = known.get(kind) ?? new Map<string, Drawers>()
    known.set(kind, chains)
    return follow(filter, packet, (chain) => {
      const found = chains.get(chain) ?? drawersOf(speaking(filter, chain, packet))
      chains.set(chain, found)
      return found(packet)
    })
  }
}

const speaking = (filter: Filter, chain: string, packet: Packet): readonly Rule[] =>
  (filter.chains.get(chain) ?? []).filter((rule) => speaks(rule, packet))

/** Fields of which a text has few values. */
const COMMON = [
  'family',
  'in',
  'out',
  'state',
  'direction',
  'protocol',
] as const satisfies readonly Field[]
const MOST_KINDS = 200

/** Whether any rule tells packets apart by this field. */
const isAsked = (filter: Filter, field: Field): boolean =>
  [...filter.chains.values()].some((rules) =>
    rules.some(({ conditions }) =>
      conditions.some((one) => one.kind === 'in' && one.fields.includes(field)),
    ),
  )

/** False when a rule is about other packets, whatever addresses and ports they have. */
const speaks = ({ conditions }: Rule, packet: Packet): boolean =>
  conditions.every(
    (condition) =>
      condition.kind === 'unknown' ||
      !condition.fields.every((field) => (COMMON as readonly Field[]).includes(field)) ||
      holds(condition, packet) !== false,
  )

type RulesOf = (chain: string) => readonly Rule[]

function follow(filter: Filter, packet: Packet, rulesOf: RulesOf): Trace {
  // Where no hook asks, the kernel lets through.
  let last: Trace = { ends: 'accept', place: '' }
  let weight = 0
  const spoken: Trace[] = []
  for (const hook of filter.hooks) {
    const { chain } = hook
    const here = atHook(hook, packet)
    if (here === false) continue
    const found = through(rulesOf, chain, packet)
    const end = found ?? { ends: hook.policy, place: chain }
    // What sits at an interface that nobody knows lets through, whether it is asked or not, or is unsure.
    const ended: Trace =
      here === undefined && end.ends === 'deny' ? { ...end, ends: 'unsure' } : end
    if (ended.ends !== 'accept') return ended.ends === 'deny' ? held(ended) : ended
    if (found) spoken.push(ended)
    // All must accept. A rule that does says more than a policy behind it, and a policy behind rules more than one of an empty chain.
    const says = found ? 3 : (filter.chains.get(chain)?.length ?? 0) > 0 ? 2 : 1
    if (says >= weight) last = ended
    weight = Math.max(weight, says)
  }
  return alike(last, spoken)

  /** A hook behind the first that holds a packet is not asked; of it is told who would hold it as well. */
  function held(first: Trace): Trace {
    const others = filter.hooks.flatMap((hook) => {
      if (atHook(hook, packet) !== true) return []
      const found = through(rulesOf, hook.chain, packet)
      return found?.ends === 'deny' ? [found] : []
    })
    return alike(first, others)
  }
}

function alike(one: Trace, others: readonly Trace[]): Trace {
  const also = others.map(({ place }) => place).filter((place) => place !== one.place)
  return also.length === 0 ? one : { ...one, also }
}

/** Whether this hook is asked about a packet; `undefined` when nobody can tell. */
const atHook = ({ families, conditions }: Hook, packet: Packet): boolean | undefined =>
  families.some((family) => BigInt(family) === packet.family) && allHold(conditions ?? [], packet)

/** How a chain ends for a packet; `undefined` when it comes to its end. */
function through(rulesOf: RulesOf, chain: string, packet: Packet): Trace | undefined {
  for (const rule of rulesOf(chain)) {
    const held = allHold(rule.conditions, packet)
    if (held === false) continue
    if (held === undefined) return ended('unsure', rule)
    const { action } = rule
    if (action.kind === 'back') return undefined
    if ('chain' in action) {
      const inner = through(rulesOf, action.chain, packet)
      if (inner || action.kind === 'go') return inner
    } else return ended(ENDS[action.kind], rule)
  }
  return undefined
}

const ENDS = { accept: 'accept', deny: 'deny', unknown: 'unsure' } as const satisfies Partial<
  Record<Action['kind'], Trace['ends']>
>

const ended = (ends: Trace['ends'], { place, comment }: Rule): Trace => ({
  ends,
  place,
  ...(comment !== undefined && { comment }),
})

/** `undefined` when it hangs on something that nobody here can tell. */
function allHold(conditions: readonly Condition[], packet: Packet): boolean | undefined {
  let unsure = false
  for (const condition of conditions) {
    const held = holds(condition, packet)
    if (held === false) return false
    if (held === undefined) unsure = true
  }
  return unsure ? undefined : true
}

function holds(condition: Condition, packet: Packet): boolean | undefined {
  if (condition.kind === 'unknown') return undefined
  const inside = condition.boxes.some((box) =>
    box.every((spans, at) => {
      const key = packet[condition.fields[at]!]
      return spans.some(({ from, until }) => from <= key && (until === undefined || key < until))
    }),
  )
  return inside !== condition.negated
}
