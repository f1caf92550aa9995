/**
 * Back-flow: packets that are let through as answers although nothing could have been asked. A connection that was open when its rule was taken out goes on
 * through such a hole, and whoever forges a connection comes in by it (topoS calls it the side effect of `established`).
 */
import type { Condition, Filter } from '../filter/filter.ts'
import { evaluate } from '../filter/evaluate.ts'
import { ENDING, MAY, WITHOUT } from '../space/diagram.ts'
import type { Diagram } from '../space/diagram.ts'
import { DIRECTIONS, FIELDS, only, PROTOCOLS, STATES } from '../space/field.ts'
import type { Field, State } from '../space/field.ts'
import type { Packet, Space } from '../space/space.ts'
import { feasible } from './feasible.ts'

const OPPOSITE: Readonly<Partial<Record<Field, Field>>> = {
  in: 'out',
  out: 'in',
  source: 'target',
  target: 'source',
  sourcePort: 'targetPort',
  targetPort: 'sourcePort',
}

/** The same filter, seen by whoever is answered: what it does with an answer, told by the fields of the question. */
export function mirrored(filter: Filter): Filter {
  const turn = (conditions: readonly Condition[]): readonly Condition[] =>
    conditions.map((one) =>
      one.kind === 'in'
        ? { ...one, fields: one.fields.map((field) => OPPOSITE[field] ?? field) }
        : one,
    )
  const chains = [...filter.chains].map(
    ([name, rules]) =>
      [name, rules.map((rule) => ({ ...rule, conditions: turn(rule.conditions) }))] as const,
  )
  const hooks = filter.hooks.map((hook) => ({
    ...hook,
    ...(hook.conditions && { conditions: turn(hook.conditions) }),
  }))
  return { ...filter, hooks, chains: new Map(chains) }
}

/** Types of ICMP that ask, and those that answer. */
const ASKED = [
  { protocol: PROTOCOLS.icmp, request: 8n, reply: 0n },
  { protocol: PROTOCOLS.icmpv6, request: 128n, reply: 129n },
] as const

/**
 * Answers that are let through, while no question to them ever is, nor would they be by themselves.
 *
 * @param may where the filter may accept
 * @param back the filter, mirrored; the space must be cut for both
 */
export function backFlow(
  space: Space,
  may: Diagram,
  back: Filter,
  most: number,
): readonly Packet[] {
  const answers = space.apply(MAY, evaluate(space, back), ENDING.pass)
  const asked = spoken(space, may, 'new', 'original')
  // What may come by itself needs no question.
  const answered = space.apply(
    WITHOUT,
    spoken(space, answers, 'established', 'reply'),
    spoken(space, answers, 'new', 'original'),
  )
  const ported = space.apply(WITHOUT, without(space, answered), asked)
  const found = space.find(
    feasible.among(space, ported),
    (ending) => ending === ENDING.accept,
    most,
  )
  const echoes = ASKED.flatMap(({ protocol, request, reply }) => {
    const number = BigInt(protocol)
    const of = (diagram: Diagram, type: bigint, field: Field, code: Field): Diagram =>
      space.some(space.fixed(space.fixed(diagram, 'protocol', number), field, type), code)
    const unasked = space.apply(
      WITHOUT,
      of(answered, reply, 'targetPort', 'sourcePort'),
      of(asked, request, 'sourcePort', 'targetPort'),
    )
    return space
      .find(feasible.among(space, unasked), (ending) => ending === ENDING.accept, most)
      .map((packet) => ({ ...packet, protocol: number, targetPort: reply, sourcePort: 0n }))
  })
  return [...found, ...echoes]
    .map((question) => answerTo(space, may, question))
    .filter((packet) => packet !== undefined)
}

/** Where packets of one state are let through, whoever sends the frame. */
function spoken(
  space: Space,
  may: Diagram,
  state: State,
  direction: (typeof DIRECTIONS)[number],
): Diagram {
  const of = space.fixed(may, 'state', BigInt(STATES.indexOf(state)))
  const way = space.fixed(of, 'direction', BigInt(DIRECTIONS.indexOf(direction)))
  return space.some(way, 'sourceMac')
}

/** All but ICMP, whose types are no ports. */
const without = (space: Space, answered: Diagram): Diagram => {
  const icmp = ASKED.map(({ protocol }) => only(BigInt(protocol)))
  return space.apply(WITHOUT, answered, space.box([['protocol', icmp]], ENDING.accept))
}

/** The answer itself, with a sender's MAC address with which it passes. */
function answerTo(space: Space, may: Diagram, question: Packet): Packet | undefined {
  const turned = Object.fromEntries(
    FIELDS.map((field) => [field, question[OPPOSITE[field] ?? field]]),
  ) as Packet
  const answer: Packet = {
    ...turned,
    state: BigInt(STATES.indexOf('established')),
    direction: BigInt(DIRECTIONS.indexOf('reply')),
  }
  const rest = FIELDS.filter((field) => field !== 'sourceMac')
  const senders = rest.reduce((left, field) => space.fixed(left, field, answer[field]), may)
  const [found] = space.find(senders, (ending) => ending === ENDING.accept, 1)
  return found && { ...answer, sourceMac: found.sourceMac }
}
