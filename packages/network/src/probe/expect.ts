import { direction, permitBoxes, state } from '../declared/expect.ts'
import type { Box } from '../declared/expect.ts'
import type { Declared, Permit } from '../declared/permit.ts'
import type { Filter } from '../filter/filter.ts'
import { trace } from '../filter/trace.ts'
import { addressKey, PROTOCOLS } from '../space/field.ts'
import type { Packet } from '../space/space.ts'
import type { Place } from './place.ts'
import type { Question } from './question.ts'

/** A port of a client as good as any other, where none is asked for. */
const SOME_PORT = 50_000n
/** Written by the kernel where the sender's machine is not known to have another. */
export const ROUTER_MAC = 0x02_5e_c1_50_ff_00n

/** The first packet of a question, as the firewall sees it. */
export const packetThere = (places: readonly Place[], question: Question): Packet => ({
  ...common(question),
  in: places[question.from]!.plug,
  out: places[question.to]!.plug,
  state: state('new').from,
  direction: direction('original').from,
  source: addressKey(question.family, question.source),
  target: addressKey(question.family, question.target),
  sourceMac: places[question.from]!.mac ?? ROUTER_MAC,
  sourcePort: BigInt(question.sourcePort ?? SOME_PORT),
  targetPort: BigInt(question.port),
})

/** The answer to it. */
export const packetBack = (places: readonly Place[], question: Question): Packet => ({
  ...common(question),
  in: places[question.to]!.plug,
  out: places[question.from]!.plug,
  state: state('established').from,
  direction: direction('reply').from,
  source: addressKey(question.family, question.target),
  target: addressKey(question.family, question.source),
  sourceMac: places[question.to]!.mac ?? ROUTER_MAC,
  sourcePort: BigInt(question.port),
  targetPort: BigInt(question.sourcePort ?? SOME_PORT),
})

const common = ({ family, protocol }: Question) => ({
  family: BigInt(family),
  protocol: BigInt(PROTOCOLS[protocol]),
})

/** What should become of a question, and by which permit. */
export interface Expectation {
  readonly passes: boolean
  readonly permit?: Permit
  /** Every permit that holds it, `permit` among them: flows may overlap. */
  readonly permits?: readonly Permit[]
}

/** Answers from the declaration alone: a question passes when some permit holds its first packet and the answer. */
export function byDeclaration(
  declared: Declared,
  places: readonly Place[],
): (question: Question) => Expectation {
  const boxes = new Map<string, { readonly permit: Permit; readonly box: Box }[]>()
  for (const permit of declared.permits) {
    for (const box of permitBoxes(permit)) {
      const key = plugsOfBox(box)
      boxes.set(key, [...(boxes.get(key) ?? []), { permit, box }])
    }
  }
  const permitsOf = (packet: Packet): readonly Permit[] => [
    ...new Set(
      (boxes.get(`${packet.in} ${packet.out}`) ?? [])
        .filter(({ box }) => inBox(box, packet))
        .map(({ permit }) => permit),
    ),
  ]
  return (question) => {
    const permits = permitsOf(packetThere(places, question))
    const [permit] = permits
    const passes = permit !== undefined && permitsOf(packetBack(places, question)).length > 0
    return { passes, ...(permit && { permit, permits }) }
  }
}

function plugsOfBox(box: Box): string {
  const name = (field: 'in' | 'out'): string =>
    String(box.find(([one]) => one === field)?.[1][0]?.from ?? '')
  return `${name('in')} ${name('out')}`
}

const inBox = (box: Box, packet: Packet): boolean =>
  box.every(([field, spans]) =>
    spans.some(
      ({ from, until }) => from <= packet[field] && (until === undefined || packet[field] < until),
    ),
  )

/** Answers from the text, as `prove` understands it: the same model, followed packet by packet. `undefined` where nobody can tell. */
export function byModel(
  filter: Filter,
  places: readonly Place[],
): (question: Question) => boolean | undefined {
  return (question) => {
    const there = trace(filter, packetThere(places, question)).ends
    if (there === 'deny') return false
    const back = trace(filter, packetBack(places, question)).ends
    if (back === 'deny') return false
    return there === 'unsure' || back === 'unsure' ? undefined : true
  }
}
