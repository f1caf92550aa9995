import type { Flow, Town } from '@sekisho/core'
import words from '../words/reach.json' with { type: 'json' }
import { endsOf, type End, type Ends, type Place } from './ends.ts'
import { MAX_PAIRS } from './limits.ts'
import { allowsPort, portsText } from './ports.ts'
import { sentence } from './sentence.ts'

/** What is asked: any port and any protocol when left out. */
export interface ReachOptions {
  readonly port?: number
  readonly protocol?: Flow['protocol']
}

export interface Reach {
  /**
   * `all`: every part of `from` reaches every part of `to`. `some`: not every part, so neither "may" nor "may not"
   * is true of the whole. `none`: nothing gets through.
   */
  readonly extent: 'all' | 'some' | 'none'
  /** Flows that let something through. */
  readonly flows: readonly Flow[]
  /** In plain Japanese. */
  readonly reason: string
}

/**
 * Whether one end may open a connection to another by a declared flow, without going through anything else. No flow
 * is no reach: an empty list denies. Answers of an open connection come back; opening one the other way needs a flow
 * of its own. For `to: 'internet'` any place on the Internet will do.
 */
export function reach(town: Town, from: End, to: End, options: ReachOptions = {}): Reach {
  return reachWithin(town, endsOf(town), from, to, options)
}

/** `reach` for whoever asks often of one town. */
export function reachWithin(
  town: Town,
  ends: Ends,
  from: End,
  to: End,
  options: ReachOptions,
): Reach {
  const unknown = [from, to].find((end) => ends.place(end) === undefined)
  if (unknown !== undefined) return none([], sentence(words.unknown, { end: unknown }))
  const between = town.flows.filter((flow) => connects(ends, flow, from, to))
  const flows = between.filter((flow) => admits(flow, options))
  const first = flows[0]
  if (first === undefined) return none([], whyNone(town, ends, between, from, to))
  const extent = reachesAll(ends, flows, from, to) ? 'all' : 'some'
  return { extent, flows, reason: sentence(words[extent], { flow: first.name }) }
}

const none = (flows: readonly Flow[], reason: string): Reach => ({ extent: 'none', flows, reason })

const connects = (ends: Ends, flow: Flow, from: End, to: End): boolean =>
  ends.touches(flow.from, from) && ends.touches(flow.to, to)

function admits(flow: Flow, { port, protocol }: ReachOptions): boolean {
  if (protocol !== undefined && flow.protocol !== protocol) return false
  if (port === undefined) return true
  return flow.protocol !== 'icmp' && allowsPort(flow.ports, port)
}

function whyNone(town: Town, ends: Ends, between: readonly Flow[], from: End, to: End): string {
  const otherPort = between[0]
  if (otherPort) {
    return sentence(words.nonePort, { flow: otherPort.name, ports: flowPorts(otherPort) })
  }
  const opposite = town.flows.find((flow) => connects(ends, flow, to, from))
  return opposite ? sentence(words.noneDirection, { flow: opposite.name }) : words.none
}

const flowPorts = (flow: Flow): string =>
  flow.protocol === 'icmp' ? 'ICMP' : `${flow.protocol.toUpperCase()} ${portsText(flow.ports)}`

function reachesAll(ends: Ends, flows: readonly Flow[], from: End, to: End): boolean {
  const sources = ends.parts(from)
  if (to === 'internet') return sources.every((source) => someFlow(ends, flows, source))
  const targets = ends.parts(to)
  if (sources.length * targets.length > MAX_PAIRS) return false
  return sources.every((source) => targets.every((target) => someFlow(ends, flows, source, target)))
}

const someFlow = (ends: Ends, flows: readonly Flow[], source: Place, target?: Place): boolean =>
  flows.some((flow) => ends.covers(flow.from, source) && (!target || ends.covers(flow.to, target)))
