import { FAMILIES, pairs } from '../../declared/expect.ts'
import type { Declared, Permit, Side } from '../../declared/permit.ts'
import { joined } from '../../declared/ranges.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { addressText, blocksOf, prefixLength, rangeText } from '../../declared/text.ts'
import { ascii, digestOf, nameWithin } from '../ascii.ts'
import { dayText } from '../cisco-words.ts'
import { clauseOf, withhold } from '../dialect.ts'
import type { Written } from '../dialect.ts'
import { head } from '../head.ts'
import { maskText } from '../masks.ts'
import { versionOf } from '../version.ts'
import { lacksOf } from './supports.ts'

/** Longest name of an object (ASA Firewall CLI Configuration Guide 9.18, "Guidelines for Objects"); that of an access list is far longer. */
const LONGEST = 64

const NOTES = [
  'Interfaces are named (nameif) as in town.yaml (firewall.interfaces). The clock must be in Japan time.',
  'Every name carries the day and the town, so that nothing is added to a list that stands; access-group puts the new lists in the place of the old.',
  'Interfaces of one security level need "same-security-traffic permit inter-interface".',
]

/** One access list: what may come in at a plug, or go out of it. */
interface List {
  readonly name: string
  readonly plug: string
  readonly way: 'in' | 'out'
  readonly lines: readonly string[]
}

/** One permit in one family, with the names of its groups. */
interface Line {
  readonly permit: Permit
  readonly family: 4 | 6
  readonly from: string
  readonly to: string
}

/**
 * The text for ASA 9 (pasted in configuration mode). Each plug has a list for what comes in and one for what goes out, for an ACE does not say where a packet
 * leaves; a global list denies what comes in anywhere else. The same declaration and day give the same text.
 *
 * Sources: ASA Firewall CLI Configuration Guide 9.18, "Access Control Lists", "Access Rules", "Objects for Access Control", "Application Layer Protocol Inspection".
 */
export function writeCiscoAsa(whole: Declared): Written {
  const { declared, notSupported } = withhold(whole, lacksOf)
  const version = versionOf(declared)
  const groups = new Map<string, readonly AddressRange[]>()
  const lines = linesOf(declared.permits, groups)
  const lists = declared.plugs.flatMap(({ name }) =>
    (['in', 'out'] as const).map((way) => listOf(name, way, lines, version)),
  )
  const rest = `sks-${version}-rest`
  const text = [
    head('!', declared, notSupported, NOTES),
    ...timeRanges(declared.permits),
    ...[...groups].toSorted(byKey).map(groupText),
    ...lists.map(({ name, lines: entries }) =>
      entries.map((ace) => `access-list ${name} ${ace}\n`).join(''),
    ),
    `access-list ${rest} ${DENY}\n`,
    declared.permits.some(({ protocol }) => protocol === 'icmp') ? INSPECT_ICMP : '',
    ...lists.map(({ name, way, plug }) => `access-group ${name} ${way} interface ${plug}\n`),
    `access-group ${rest} global\n`,
  ].join('')
  return { files: { 'sekisho-asa.cfg': text }, notSupported }
}

/** Every denial is a line of the log (106100), with its count. */
const DENY = 'extended deny ip any any log'

/** Without it an answer to an echo is nobody's answer, and is held. */
const INSPECT_ICMP = `class-map inspection_default
 match default-inspection-traffic
policy-map global_policy
 class inspection_default
  inspect icmp
service-policy global_policy global
`

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1

function linesOf(
  permits: readonly Permit[],
  groups: Map<string, readonly AddressRange[]>,
): readonly Line[] {
  const group = (permit: Permit, side: Side, end: 'from' | 'to', family: 4 | 6): string => {
    const ranges = joined(side.parts.flatMap((part) => part.ranges)).filter(
      (range) => range.family === family,
    )
    // The digest of what it holds: a group that stands is only ever added to, and would keep who left.
    const content = digestOf(ranges.map(rangeText).join(' '))
    const name = `${groupStem(permit, end, family)}-${content}`
    groups.set(name, ranges)
    return name
  }
  return permits.flatMap((permit) =>
    FAMILIES.filter((family) => pairs(permit.from, permit.to, family).length > 0).map((family) => ({
      permit,
      family,
      from: group(permit, permit.from, 'from', family),
      to: group(permit, permit.to, 'to', family),
    })),
  )
}

/** A flow id may be 63 long: it is cut, never the digest that follows. */
const groupStem = ({ flow }: Permit, end: 'from' | 'to', family: 4 | 6): string =>
  nameWithin(LONGEST - 9, `sks-${flow.id}-${end}${family === 4 ? '' : '6'}`)

function groupText([name, ranges]: readonly [string, readonly AddressRange[]]): string {
  const members = ranges.flatMap(blocksOf).map(memberText)
  return `object-group network ${name}\n${members.map((one) => ` network-object ${one}\n`).join('')}`
}

function memberText(block: AddressRange): string {
  const address = addressText(block.family, block.first)
  const length = prefixLength(block)!
  if (block.first === block.last) return `host ${address}`
  return block.family === 4 ? `${address} ${maskText(length)}` : `${address}/${length}`
}

function timeRanges(permits: readonly Permit[]): readonly string[] {
  const days = new Set(permits.flatMap(({ expires }) => expires ?? []))
  return [...days]
    .toSorted()
    .map((day) => `time-range ${timeRangeName(day)}\n absolute end 23:59 ${dayText(day)}\n`)
}

const timeRangeName = (day: string): string => `sks-until-${ascii(day)}`

function listOf(plug: string, way: 'in' | 'out', lines: readonly Line[], version: string): List {
  const end = way === 'in' ? 'from' : 'to'
  const here = lines.filter(({ permit }) => permit[end].interface === plug)
  return {
    name: `sks-${version}-${ascii(plug)}-${way}`,
    plug: ascii(plug),
    way,
    lines: [...here.flatMap(aces), DENY],
  }
}

function aces({ permit, family, from, to }: Line): readonly string[] {
  const { flow, protocol, expires } = permit
  const who = `object-group ${from} object-group ${to}`
  const until = expires === undefined ? '' : ` time-range ${timeRangeName(expires)}`
  const whats = protocol === 'icmp' ? [' echo'] : permit.ports.map(portText)
  const word = protocol === 'icmp' && family === 6 ? 'icmp6' : protocol
  return [
    `remark flow ${ascii(flow.id)}, clause ${clauseOf(permit)}`,
    ...whats.map((what) => `extended permit ${word} ${who}${what}${until}`),
  ]
}

function portText([first, last]: readonly [number, number]): string {
  if (first === 0 && last === 65_535) return ''
  return first === last ? ` eq ${first}` : ` range ${first} ${last}`
}
