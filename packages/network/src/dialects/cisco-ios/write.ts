import { FAMILIES, pairs } from '../../declared/expect.ts'
import type { Declared, Permit, Plug, Side } from '../../declared/permit.ts'
import { joined } from '../../declared/ranges.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { addressText, blocksOf, prefixLength } from '../../declared/text.ts'
import { ascii, digestOf } from '../ascii.ts'
import { dayText } from '../cisco-words.ts'
import { clauseOf, withhold } from '../dialect.ts'
import type { Written } from '../dialect.ts'
import { head } from '../head.ts'
import { maskText } from '../masks.ts'
import { versionOf } from '../version.ts'
import { lacksOf } from './supports.ts'

const NOTES = [
  'For routers. A Catalyst switch takes no "reflect": it refuses the list, and the interface stays open. Look with "show ip interface" and "show ipv6 interface".',
  'Put the names of the real interfaces where town.yaml (firewall.interfaces) does not have them. The clock must be in Japan time.',
  'Every name carries the day and the town, so that nothing is added to a list that stands.',
  'Fragments are denied: a list knows ports only of the first.',
]

/** The word that is before a list, and the one that puts it on an interface. */
const WORDS = {
  4: { list: 'ip access-list extended', group: 'ip access-group', all: 'ip' },
  6: { list: 'ipv6 access-list', group: 'ipv6 traffic-filter', all: 'ipv6' },
} as const

/**
 * The text for IOS 15 (pasted in configuration mode): for each plug a list for what comes in and one for what goes out, in both families. A list keeps no
 * connections; answers are let through by what the first packet wrote down (`reflect`, `evaluate`). The same declaration and day give the same text.
 *
 * Sources: Cisco IOS Security Command Reference, `permit (reflexive)`, `evaluate`, `time-range`; Cisco IOS IPv6 Command Reference, `permit (IPv6)`; for switches,
 * Catalyst 9600 Security Configuration Guide, "Restrictions for IPv6 ACLs".
 */
export function writeCiscoIos(whole: Declared): Written {
  const { declared, notSupported } = withhold(whole, lacksOf)
  const version = versionOf(declared)
  const text = [
    head('!', declared, notSupported, NOTES),
    ...timeRanges(declared.permits),
    ...declared.plugs.flatMap((plug) =>
      FAMILIES.flatMap((family) => [
        inText(declared, plug, family, version),
        outText(declared, plug, family, version),
      ]),
    ),
    ...declared.plugs.map((plug) => interfaceText(plug, version)),
  ].join('')
  return { files: { 'sekisho-ios.cfg': text }, notSupported }
}

function timeRanges(permits: readonly Permit[]): readonly string[] {
  const days = new Set(permits.flatMap(({ expires }) => expires ?? []))
  return [...days].toSorted().flatMap((day) => {
    const name = ascii(day)
    return [
      `time-range sks-until-${name}\n absolute end 23:59 ${dayText(day)}\n`,
      `time-range sks-after-${name}\n absolute start 23:59 ${dayText(day)}\n`,
    ]
  })
}

const listName = (plug: Plug, way: 'in' | 'out', family: 4 | 6, version: string): string =>
  `sks-${version}-${ascii(plug.name)}-${way}${family}`

/** Where the first packets from one plug to another write down whose answers may come; two names joined could be those of another pair. */
const reflexive = (from: string, to: string, family: 4 | 6, version: string): string =>
  `sks-${version}-back${family}-${digestOf(`${from}\n${to}`)}`

const open = (permit: Permit, family: 4 | 6): boolean =>
  pairs(permit.from, permit.to, family).length > 0

/** What comes in: what may be asked from here, and the answers to what was asked from elsewhere. */
function inText({ permits }: Declared, plug: Plug, family: 4 | 6, version: string): string {
  const here = permits.filter((one) => one.from.interface === plug.name && open(one, family))
  const asked = here.toSorted(longestFirst).flatMap((permit) => {
    const back = reflexive(permit.from.interface, permit.to.interface, family, version)
    const whats = matches(permit, family)
    return [
      remark(permit),
      // A day that is over is denied before: a line with both `time-range` and `reflect` is not in the command reference.
      ...(permit.expires === undefined
        ? []
        : whats.map((what) => `deny ${what} time-range sks-after-${ascii(permit.expires!)}`)),
      ...whats.map((what) => `permit ${what} reflect ${back}`),
    ]
  })
  const answers = peersOf(permits, plug, 'to', family).flatMap((from) =>
    answersText(from, plug.name, family, version),
  )
  return listText(listName(plug, 'in', family, version), family, [...asked, ...answers])
}

/** What goes out: what may be asked here, and the answers to what was asked from here. */
function outText({ permits }: Declared, plug: Plug, family: 4 | 6, version: string): string {
  const here = permits.filter((one) => one.to.interface === plug.name && open(one, family))
  const asked = here.flatMap((permit) => {
    const until =
      permit.expires === undefined ? '' : ` time-range sks-until-${ascii(permit.expires)}`
    return [remark(permit), ...matches(permit, family).map((what) => `permit ${what}${until}`)]
  })
  const answers = peersOf(permits, plug, 'from', family).flatMap((to) =>
    answersText(plug.name, to, family, version),
  )
  return listText(listName(plug, 'out', family, version), family, [...asked, ...answers])
}

const answersText = (from: string, to: string, family: 4 | 6, version: string) => [
  `remark answers to what ${ascii(from)} asked of ${ascii(to)}`,
  `evaluate ${reflexive(from, to, family, version)}`,
]

/** What lasts longest first, so that the last day of one flow denies nothing of another that goes on. */
function longestFirst(a: Permit, b: Permit): number {
  const [x, y] = [a.expires ?? '9999', b.expires ?? '9999']
  return x === y ? (a.flow.id < b.flow.id ? -1 : 1) : x > y ? -1 : 1
}

const peersOf = (
  permits: readonly Permit[],
  plug: Plug,
  end: 'from' | 'to',
  family: 4 | 6,
): readonly string[] => {
  const other = end === 'from' ? 'to' : 'from'
  const here = permits.filter((one) => one[end].interface === plug.name && open(one, family))
  return [...new Set(here.map((one) => one[other].interface))].toSorted()
}

const remark = (permit: Permit): string =>
  `remark flow ${ascii(permit.flow.id)}, clause ${clauseOf(permit)}`

/** Neighbours are found by packets that no router passes on: to link-local and link-scope addresses (RFC 4861, RFC 4291 2.5.6). */
const NEIGHBOURS = [
  'permit icmp any FE80::/10 nd-ns',
  'permit icmp any FE80::/10 nd-na',
  'permit icmp any FF02::/16 nd-ns',
  'permit icmp any FF02::/16 nd-na',
]

function listText(name: string, family: 4 | 6, lines: readonly string[]): string {
  const { list, all } = WORDS[family]
  const whole = [
    `deny ${all} any any fragments log`,
    ...lines,
    ...(family === 6 ? NEIGHBOURS : []),
    `deny ${all} any any log`,
  ]
  return `${list} ${name}\n${whole.map((line) => ` ${line}\n`).join('')}`
}

function interfaceText(plug: Plug, version: string): string {
  const lines = FAMILIES.flatMap((family) =>
    (['in', 'out'] as const).map(
      (way) => ` ${WORDS[family].group} ${listName(plug, way, family, version)} ${way}\n`,
    ),
  )
  return `interface ${ascii(plug.name)}\n${lines.join('')}`
}

/** `tcp 10.0.0.0 0.0.0.255 host 192.0.2.1 eq 443`, once for each block of addresses and range of ports. */
function matches(permit: Permit, family: 4 | 6): readonly string[] {
  const [from, to] = [permit.from, permit.to].map((side) => blockTexts(side, family))
  return from!.flatMap((source) =>
    to!.flatMap((target) =>
      permit.ports.map((ports) => `${permit.protocol} ${source} ${target}${portText(ports)}`),
    ),
  )
}

const blockTexts = (side: Side, family: 4 | 6): readonly string[] =>
  joined(side.parts.flatMap(({ ranges }) => ranges.filter((one) => one.family === family)))
    .flatMap(blocksOf)
    .map(blockText)

function blockText(block: AddressRange): string {
  const address = addressText(block.family, block.first)
  const length = prefixLength(block)!
  if (length === 0) return 'any'
  if (block.first === block.last) return `host ${address}`
  return block.family === 4 ? `${address} ${maskText(length, true)}` : `${address}/${length}`
}

function portText([first, last]: readonly [number, number]): string {
  if (first === 0 && last === 65_535) return ''
  return first === last ? ` eq ${first}` : ` range ${first} ${last}`
}
