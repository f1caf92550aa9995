import type { Declared, Permit } from '../declared/permit.ts'
import { addressText } from '../declared/text.ts'
import { PROTOCOLS } from '../space/field.ts'
import { readFortigateLog } from './fortigate.ts'
import { readKernel } from './kernel.ts'
import { readPaloAltoLog } from './palo-alto.ts'
import { readSquid } from './squid.ts'
import { LONGEST_LINE } from './use.ts'
import type { Use } from './use.ts'

/** A destination that was used, over all lines. Names are hostile text: show them through `shown`. */
export interface Destination {
  /** The name that was asked for, or nothing. */
  readonly name?: string
  readonly address?: string
  readonly protocol: number
  readonly port?: number
  readonly count: number
  readonly passed: number
  readonly denied: number
  /** Machines that asked; counted up to a bound. */
  readonly sources: number
  /** Seconds since 1970. */
  readonly first?: number
  readonly last?: number
  /**
   * `declared`: a flow goes there. `undeclared`: none does. `unknown`: the log has a name and no address, which the declaration cannot be asked for. Absent
   * without a declaration.
   */
  readonly standing?: 'declared' | 'undeclared' | 'unknown'
  /** Id of the declared flow. */
  readonly flow?: string
}

export interface Destinations {
  readonly destinations: readonly Destination[]
  /** Lines read, and lines that tell of no connection. */
  readonly lines: number
  readonly unread: number
  /** Connections to destinations beyond the bound: they are counted, not listed. */
  readonly beyond: number
}

/** Destinations kept, and machines counted for each: a scan writes a line per address. */
const MOST_DESTINATIONS = 50_000
const MOST_SOURCES = 1_000

interface Tally {
  readonly use: Use
  readonly standing: readonly [Destination['standing'], string?]
  count: number
  passed: number
  denied: number
  first: number | undefined
  last: number | undefined
  readonly sources: Set<string>
}

export interface Collector {
  /** Takes one line of a log, of whatever kind. */
  line(text: string): void
  result(): Destinations
}

/**
 * Gathers where connections went. Lines are hostile: none stops it, and what they hold is bounded.
 *
 * @param now seconds since 1970, for dates without a year
 * @param declared what is declared; without it nothing is compared
 * @param most destinations kept
 */
export function collectDestinations(
  now: number,
  declared?: Declared,
  most = MOST_DESTINATIONS,
): Collector {
  const tallies = new Map<string, Tally>()
  let [lines, unread, beyond] = [0, 0, 0]
  const count = (use: Use): void => {
    const standing = standingOf(use, declared)
    const where = use.target ? addressText(use.target.family, use.target.first) : ''
    const key = [
      use.name ?? '',
      where,
      use.protocol,
      use.port ?? '',
      standing[1] ?? standing[0] ?? '',
    ].join(' ')
    let tally = tallies.get(key)
    if (!tally) {
      if (tallies.size >= most) return void (beyond += 1)
      tally = {
        use,
        standing,
        count: 0,
        passed: 0,
        denied: 0,
        first: undefined,
        last: undefined,
        sources: new Set(),
      }
      tallies.set(key, tally)
    }
    add(tally, use)
  }
  return {
    line: (text) => {
      if (text.trim() === '') return
      lines += 1
      const use = readLogLine(text, now)
      if (use) count(use)
      else unread += 1
    },
    result: () => ({
      destinations: [...tallies.values()].map(destinationOf).toSorted(byWeight),
      lines,
      unread,
      beyond,
    }),
  }
}

/**
 * One line of a log of whatever kind we know.
 *
 * @param now seconds since 1970, for dates without a year
 * @returns undefined when it tells of no connection, or is longer than lines are
 */
export function readLogLine(line: string, now: number): Use | undefined {
  if (line.length > LONGEST_LINE) return undefined
  return readSquid(line) ?? readFortigateLog(line) ?? readPaloAltoLog(line) ?? readKernel(line, now)
}

/** Whether a flow of the town goes there, or is what the connection answers to. */
export function declaredFlow(use: Use, { permits }: Declared): string | undefined {
  return permits.find((one) => goesThere(one, use) || comesBack(one, use))?.flow.id
}

function add(tally: Tally, { at, ended, source }: Use): void {
  tally.count += 1
  if (ended === 'passed') tally.passed += 1
  if (ended === 'denied') tally.denied += 1
  if (at !== undefined) {
    tally.first = Math.min(tally.first ?? at, at)
    tally.last = Math.max(tally.last ?? at, at)
  }
  if (source && tally.sources.size < MOST_SOURCES) {
    tally.sources.add(addressText(source.family, source.first))
  }
}

function destinationOf({
  use,
  standing,
  count,
  passed,
  denied,
  first,
  last,
  sources,
}: Tally): Destination {
  const [kind, flow] = standing
  return {
    protocol: use.protocol,
    count,
    passed,
    denied,
    sources: sources.size,
    ...(use.name !== undefined && { name: use.name }),
    ...(use.target && { address: addressText(use.target.family, use.target.first) }),
    ...(use.port !== undefined && { port: use.port }),
    ...(first !== undefined && { first }),
    ...(last !== undefined && { last }),
    ...(kind !== undefined && { standing: kind }),
    ...(flow !== undefined && { flow }),
  }
}

/** What passed comes first, and what passed most: that is what has crept in. */
const byWeight = (a: Destination, b: Destination): number =>
  Number(b.denied < b.count) - Number(a.denied < a.count) || b.count - a.count

function standingOf(use: Use, declared: Declared | undefined): Tally['standing'] {
  if (!declared) return [undefined]
  if (!use.target) return ['unknown']
  const flow = declaredFlow(use, declared)
  return flow === undefined ? ['undeclared'] : ['declared', flow]
}

function goesThere({ protocol, ports, from, to }: Permit, use: Use): boolean {
  if (!spoken(protocol, use) || !has(to, use.target)) return false
  // A proxy asks for others: who asked the firewall is the proxy, and the log does not say which machine that is.
  if (use.seenBy === 'firewall' && !has(from, use.source)) return false
  return protocol === 'icmp' || use.seenBy === 'proxy-below' || inside(ports, use.port)
}

/** A firewall may write down answers too. */
function comesBack({ protocol, ports, from, to }: Permit, use: Use): boolean {
  if (use.seenBy !== 'firewall' || !spoken(protocol, use)) return false
  return (
    has(to, use.source) &&
    has(from, use.target) &&
    (protocol === 'icmp' || inside(ports, use.sourcePort))
  )
}

const spoken = (protocol: Permit['protocol'], use: Use): boolean =>
  protocol === 'icmp'
    ? use.protocol === PROTOCOLS.icmp || use.protocol === PROTOCOLS.icmpv6
    : use.protocol === PROTOCOLS[protocol]

const has = ({ parts }: Permit['from'], address: Use['target']): boolean =>
  address !== undefined &&
  parts.some(({ ranges }) =>
    ranges.some(
      ({ family, first, last }) =>
        family === address.family && first <= address.first && address.last <= last,
    ),
  )

const inside = (ports: Permit['ports'], port: number | undefined): boolean =>
  port !== undefined && ports.some(([first, last]) => first <= port && port <= last)
