/** Lines of one permit: its way there, and its answers. Matches stand as iptables-save prints them. */
import { lastSecond } from '../../declared/day.ts'
import { ICMP_ECHO, pairs } from '../../declared/expect.ts'
import type { Part, Permit } from '../../declared/permit.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { addressText, macText, prefixLength } from '../../declared/text.ts'

export type Family = 4 | 6

export const ICMP_WORD = {
  4: { protocol: 'icmp', match: 'icmp', type: '--icmp-type' },
  6: { protocol: 'ipv6-icmp', match: 'icmp6', type: '--icmpv6-type' },
} as const

/** Places in one `-m multiport`; a range takes two (iptables-extensions(8)). */
const MOST_PORTS = 15

export const thereLines = (permit: Permit, family: Family): readonly string[] =>
  lines(permit, family, pairs(permit.from, permit.to, family), {
    tracked: '-m conntrack --ctstate NEW,ESTABLISHED --ctdir ORIGINAL',
    type: ICMP_ECHO[family].request,
    ports: 'd',
  })

export const backLines = (permit: Permit, family: Family): readonly string[] =>
  lines(permit, family, pairs(permit.to, permit.from, family), {
    tracked: '-m conntrack --ctstate ESTABLISHED --ctdir REPLY',
    type: ICMP_ECHO[family].reply,
    ports: 's',
  })

interface Way {
  readonly tracked: string
  readonly type: number
  readonly ports: 's' | 'd'
}

function lines(
  permit: Permit,
  family: Family,
  ends: readonly (readonly [from: Part, to: Part])[],
  way: Way,
): readonly string[] {
  const asked =
    permit.protocol === 'icmp'
      ? [[ICMP_WORD[family].protocol, icmpMatch(family, way.type)] as const]
      : portMatches(permit.protocol, permit.ports, way.ports)
  return ends.flatMap(([from, to]) =>
    ofFamily(from.ranges, family).flatMap((source) =>
      ofFamily(to.ranges, family).flatMap((target) =>
        asked.map(([protocol, match]) =>
          spaced(
            blockOption('-s', source),
            blockOption('-d', target),
            `-p ${protocol}`,
            rangeOption(source, target),
            from.mac === undefined ? '' : `-m mac --mac-source ${macText(from.mac)}`,
            way.tracked,
            match,
            untilOption(permit),
            // Ids are `a-z 0-9 -`: nothing to quote.
            `-m comment --comment ${permit.flow.id}`,
            '-j ACCEPT',
          ),
        ),
      ),
    ),
  )
}

export const spaced = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join(' ')

export const ofFamily = (
  ranges: readonly AddressRange[],
  family: Family,
): readonly AddressRange[] => ranges.filter((range) => range.family === family)

export const icmpMatch = (family: Family, type: number): string =>
  `-m ${ICMP_WORD[family].match} ${ICMP_WORD[family].type} ${type}`

/** A block as iptables-save prints it; nothing for everywhere, and nothing for what is no block. */
export function blockOption(option: '-s' | '-d', range: AddressRange): string {
  const length = prefixLength(range)
  if (length === undefined || length === 0) return ''
  return `${option} ${addressText(range.family, range.first)}/${length}`
}

/** What is no block stands here, or the line would let through what is not declared. */
function rangeOption(source: AddressRange, target: AddressRange): string {
  const from = prefixLength(source) === undefined ? `--src-range ${bounds(source)}` : ''
  const to = prefixLength(target) === undefined ? `--dst-range ${bounds(target)}` : ''
  return from + to === '' ? '' : spaced('-m iprange', from, to)
}

export const bounds = ({ family, first, last }: AddressRange): string =>
  `${addressText(family, first)}-${addressText(family, last)}`

function portMatches(
  protocol: string,
  ports: Permit['ports'],
  end: 's' | 'd',
): readonly (readonly [protocol: string, match: string])[] {
  const [only, ...others] = ports
  if (only && others.length === 0) {
    if (only[0] === 0 && only[1] === 65_535) return [[protocol, '']]
    return [[protocol, `-m ${protocol} --${end}port ${portText(only)}`]]
  }
  return inPlaces(ports).map(
    (some) => [protocol, `-m multiport --${end}ports ${some.map(portText).join(',')}`] as const,
  )
}

const portText = ([first, last]: readonly [number, number]): string =>
  first === last ? String(first) : `${first}:${last}`

function inPlaces(ports: Permit['ports']): readonly Permit['ports'][] {
  const lists: (readonly [number, number])[][] = []
  let free = 0
  for (const port of ports) {
    const places = port[0] === port[1] ? 1 : 2
    if (places > free) {
      lists.push([])
      free = MOST_PORTS
    }
    lists.at(-1)!.push(port)
    free -= places
  }
  return lists
}

/** `--datestop` is the last second that holds, and is read as UTC. */
export const untilOption = ({ expires }: Pick<Permit, 'expires'>): string =>
  expires === undefined
    ? ''
    : `-m time --datestop ${new Date(lastSecond(expires) * 1000).toISOString().slice(0, 19)}`
