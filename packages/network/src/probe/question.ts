import type { Declared, Permit, Side } from '../declared/permit.ts'
import type { Place, PlaceAddress } from './place.ts'

/** One packet to be really sent: a first packet from one place to another. */
export interface Question {
  /** Index of the place that sends. */
  readonly from: number
  /** Index of the place that is meant. */
  readonly to: number
  readonly family: 4 | 6
  /** The sender's address as written in the packet: another than its own when it is spoofed. */
  readonly source: bigint
  readonly target: bigint
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
  /** When it matters; else any free port. */
  readonly sourcePort?: number
  /** Why it is asked. */
  readonly reason:
    | 'declared'
    | 'beside'
    | 'known'
    | 'way-back'
    | 'spoofed'
    | 'wrong-mac'
    | 'kept'
    | 'control'
}

/** Ports that everybody tries first, asked between every two places whatever is declared there. */
const KNOWN = [
  ['tcp', 443],
  ['udp', 53],
] as const
/** A target port that stands for a client's own: from the port of a service to it goes whoever claims to answer. */
const CLIENT_PORT = 49_151

/**
 * What is asked of a firewall: between every two places behind different plugs, in both families and directions, what is declared there, a port beside each
 * of these, what is declared between these plugs for others, some known ports, and the way back from a service to its client. Edges of a party are asked
 * with those who may talk to the party.
 */
export function questionsOf(declared: Declared, places: readonly Place[]): readonly Question[] {
  const between = Map.groupBy(declared.permits, ({ from, to }) =>
    pairKey(from.interface, to.interface),
  )
  return places.flatMap((a, from) =>
    places.flatMap((b, to) => {
      if (a.plug === b.plug || (a.kind === 'edge' && b.kind === 'edge')) return []
      const there = between.get(pairKey(a.plug, b.plug)) ?? []
      const back = between.get(pairKey(b.plug, a.plug)) ?? []
      return addressPairs(a, b).flatMap(([source, target]) => {
        if (a.kind === 'edge' || b.kind === 'edge') {
          return edgeQuestions(there, a, b, source, target).map(at)
        }
        return fullQuestions(there, back, source, target).map(at)
        function at(one: Asked): Question {
          return {
            from,
            to,
            family: source.family,
            source: source.address,
            target: target.address,
            ...one,
          }
        }
      })
    }),
  )
}

type Asked = Pick<Question, 'protocol' | 'port' | 'reason' | 'sourcePort'>

const pairKey = (from: string, to: string): string => `${from} ${to}`

function addressPairs(a: Place, b: Place): readonly (readonly [PlaceAddress, PlaceAddress])[] {
  return a.addresses.flatMap((source) =>
    b.addresses
      .filter(({ family }) => family === source.family)
      .map((target) => [source, target] as const),
  )
}

function fullQuestions(
  there: readonly Permit[],
  back: readonly Permit[],
  source: PlaceAddress,
  target: PlaceAddress,
): readonly Asked[] {
  const asked = new Map<string, Asked>()
  const ask = (one: Asked): void => {
    const key = `${one.protocol} ${one.port} ${one.sourcePort ?? ''}`
    if (!asked.has(key)) asked.set(key, one)
  }
  const own = there.filter(({ from, to }) => holds(from, source) && holds(to, target))
  for (const permit of own) askPorts(permit, 'declared', ask)
  for (const permit of own) askBeside(permit, ask)
  // What others may do between these plugs, these two may not do for that.
  for (const permit of there) askPorts(permit, 'beside', ask)
  for (const [protocol, port] of KNOWN) ask({ protocol, port, reason: 'known' })
  for (const { from, to, protocol, ports } of back) {
    if (protocol === 'icmp' || !holds(from, target) || !holds(to, source)) continue
    ask({ protocol, port: CLIENT_PORT, sourcePort: ports[0]![0], reason: 'way-back' })
  }
  return [...asked.values()]
}

function edgeQuestions(
  there: readonly Permit[],
  a: Place,
  b: Place,
  source: PlaceAddress,
  target: PlaceAddress,
): readonly Asked[] {
  const asked: Asked[] = []
  const [edge, other, end] =
    a.kind === 'edge' ? ([a, target, 'from'] as const) : ([b, source, 'to'] as const)
  const party = edge.id.replace(/^edge:/u, 'peer:')
  for (const permit of there) {
    const side = end === 'from' ? permit.to : permit.from
    if (permit[end].end === party && holds(side, other)) {
      askPorts(permit, 'beside', (one) => asked.push(one))
    }
  }
  return asked
}

type Ask = (one: Asked) => void

function askPorts({ protocol, ports }: Permit, reason: Question['reason'], ask: Ask): void {
  if (protocol === 'icmp') return
  for (const [first, last] of ports) {
    // Port 0 cannot be asked for: no operating system sends it.
    for (const port of new Set([Math.max(first, 1), last])) ask({ protocol, port, reason })
  }
}

function askBeside({ protocol, ports }: Permit, ask: Ask): void {
  if (protocol === 'icmp') return
  for (const [first, last] of ports) {
    for (const port of [first - 1, last + 1]) {
      if (port >= 1 && port <= 65_535) ask({ protocol, port, reason: 'beside' })
    }
    const other = protocol === 'tcp' ? 'udp' : 'tcp'
    ask({ protocol: other, port: Math.max(first, 1), reason: 'beside' })
  }
}

/** Whether an end of a permit has this address. */
export const holds = ({ parts }: Side, { family, address }: PlaceAddress): boolean =>
  parts.some(({ ranges }) =>
    ranges.some((one) => one.family === family && one.first <= address && address <= one.last),
  )

/**
 * Liars, one after another behind every plug: an unlisted machine that claims the address of somebody behind another plug who may do what it asks for, and
 * behind the same plug one that claims the address of a machine which is bound by its MAC address.
 */
export function liarsOf(
  declared: Declared,
  places: readonly Place[],
  questions: readonly Question[],
): readonly Question[] {
  const permitted = questions.filter(({ reason }) => reason === 'declared')
  return places.flatMap((liar, from) => {
    if (liar.kind !== 'unlisted') return []
    const lies = new Map<string, Question>()
    for (const question of permitted) {
      const victim = places[question.from]!
      if (places[question.to]!.plug === liar.plug) continue
      const same = victim.plug === liar.plug
      if (same && !isBound(declared, question)) continue
      const key = same ? `${question.from}` : `${victim.plug} ${places[question.to]!.plug}`
      if (lies.has(key)) continue
      lies.set(key, { ...question, from, reason: same ? 'wrong-mac' : 'spoofed' })
    }
    return [...lies.values()]
  })
}

function isBound(
  declared: Declared,
  { family, source, target, protocol, port }: Question,
): boolean {
  return declared.permits.some(
    (permit) =>
      permit.protocol === protocol &&
      permit.ports.some(([first, last]) => first <= port && port <= last) &&
      permit.from.parts.some(({ mac }) => mac !== undefined) &&
      holds(permit.from, { family, address: source }) &&
      holds(permit.to, { family, address: target }),
  )
}
