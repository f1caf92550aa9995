import { ICMP_FAULTS, ICMPV6_OF_ROUTERS } from '../../declared/expect.ts'
import { lastSecond } from '../../declared/day.ts'
import type { Declared, LeftOut, Permit } from '../../declared/permit.ts'
import { joined } from '../../declared/ranges.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { prefixLength } from '../../declared/text.ts'
import { plain } from '../plain.ts'
import {
  backLines,
  blockOption,
  bounds,
  icmpMatch,
  ICMP_WORD,
  ofFamily,
  spaced,
  thereLines,
  untilOption,
} from './flow.ts'
import type { Family } from './flow.ts'
import { pairsOf } from './pairs.ts'
import type { Pair } from './pairs.ts'

/** Denials written to the kernel's log per second and chain; every one is counted by its line. */
const LOGGED = '-m limit --limit 10/sec --limit-burst 50 -j LOG --log-prefix'
/** The last second `-m time` can hold (iptables-extensions(8)). */
const LAST_SECOND = 2 ** 31 - 1
const RESTORE = { 4: 'iptables-restore', 6: 'ip6tables-restore' } as const

/** One text for `iptables-restore`, one for `ip6tables-restore`: whoever loads only one leaves the other family open. */
export interface IptablesTexts {
  readonly v4: string
  readonly v6: string
}

/**
 * The whole `filter` table of both families. The same declaration and day give the same texts; each line of a flow bears its id. There is no general
 * `ESTABLISHED` line: every packet is asked again. What iptables cannot say is not opened, and stands as NOT_SUPPORTED in the head.
 */
export function writeIptables(declared: Declared): IptablesTexts {
  const said = { ...declared, permits: declared.permits.filter(canBeSaid) }
  const unsaid = declared.permits.filter((permit) => !canBeSaid(permit))
  const pairs = pairsOf(said)
  return { v4: familyText(said, pairs, unsaid, 4), v6: familyText(said, pairs, unsaid, 6) }
}

// Without its last day a flow would stay open; so it is not opened.
const canBeSaid = ({ expires }: Permit): boolean =>
  expires === undefined || lastSecond(expires) <= LAST_SECOND

function familyText(
  declared: Declared,
  pairs: readonly Pair[],
  unsaid: readonly Permit[],
  family: Family,
): string {
  const open = pairs.filter(({ families }) => families.some((one) => one.family === family))
  const spoofs = spoofChains(declared, family)
  const chains = [
    'sends',
    'spoof',
    'spoofs',
    ...spoofs.chains.keys(),
    ...open.map(({ name }) => name),
  ]
  return [
    ...head(declared, unsaid, family),
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    ...chains.map((name) => `:${name} - [0:0]`),
    ...boxLines(family),
    ...forwardLines(declared, open),
    `-A spoof ${LOGGED} "sekisho spoof "`,
    '-A spoof -j DROP',
    ...spoofs.lines.map((line) => `-A spoofs ${line}`),
    ...[...spoofs.chains].flatMap(([name, lines]) => lines.map((line) => `-A ${name} ${line}`)),
    ...open.flatMap((pair) => pairLines(pair, family)),
    ...sendsLines(declared, family),
    'COMMIT',
    '',
  ].join('\n')
}

function head(declared: Declared, unsaid: readonly Permit[], family: Family): readonly string[] {
  const left = [
    ...declared.leftOut.map(leftOutLine),
    ...unsaid.map(({ flow }) => `#   NOT_SUPPORTED  ${flow.id}  ${plain(flow.name)}`),
  ]
  return [
    `# ${RESTORE[family]}（IPv${family}）`,
    `# ${plain(declared.town)}`,
    `# まちの定義 ${declared.digest}　${declared.at} の時点`,
    '# この文は town.yaml から作られました。直すときは town.yaml を直してください。',
    '# IPv4 と IPv6 の文は、必ず両方を入れてください。',
    ...(left.length === 0 ? [] : ['#', '# 宣言にあって、ここで開けないもの:', ...left]),
  ]
}

const leftOutLine = ({ flow, reason }: LeftOut): string =>
  `#   ${reason}  ${flow.id}  ${plain(flow.name)}`

/** The firewall itself: it answers nobody, and asks for what it needs. */
function boxLines(family: Family): readonly string[] {
  // Neighbours are asked for and answered (RFC 4861): solicitation, advertisement, router advertisement.
  const neighbours = family === 6 ? [135, 136, 134] : []
  return [
    '-A INPUT -i lo -j ACCEPT',
    '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ...neighbours.map(
      (type) => `-A INPUT -p ipv6-icmp ${icmpMatch(6, type)} -m hl --hl-eq 255 -j ACCEPT`,
    ),
    `-A INPUT ${LOGGED} "sekisho box "`,
  ]
}

/** What the firewall itself sends into the My Number zone: what IP needs to carry what others send, and nothing else. */
function sendsLines({ plugs }: Declared, family: Family): readonly string[] {
  const routers = family === 6 ? ICMPV6_OF_ROUTERS : []
  const bound = plugs.filter((plug) => plug.bound === true)
  return [
    ...bound.map(({ name }) => `-A OUTPUT -o ${name} -g sends`),
    ...faultLines(family, {}).map((line) => `-A sends ${line}`),
    ...routers.map((type) => `-A sends -p ipv6-icmp ${icmpMatch(6, type)} -j ACCEPT`),
    `-A sends ${LOGGED} "sekisho sent "`,
    '-A sends -j DROP',
  ]
}

function forwardLines(declared: Declared, open: readonly Pair[]): readonly string[] {
  return [
    // A line without an end changes nothing, and lets the kernel itself say which town it holds.
    `-m comment --comment "town ${declared.digest}"`,
    '-m conntrack --ctstate INVALID -j DROP',
    '-j spoofs',
    ...open.map(({ name, from, to }) => `-i ${from.name} -o ${to.name} -g ${name}`),
    `${LOGGED} "sekisho deny "`,
    '-j DROP',
  ].map((line) => `-A FORWARD ${line}`)
}

function pairLines(pair: Pair, family: Family): readonly string[] {
  const faults = faultLines(family, pair.families.find((one) => one.family === family) ?? {})
  return [
    ...pair.there.flatMap((permit) => thereLines(permit, family)),
    ...pair.back.flatMap((permit) => backLines(permit, family)),
    ...faults,
    `${LOGGED} "sekisho deny ${pair.name} "`,
    '-j DROP',
  ].map((line) => `-A ${pair.name} ${line}`)
}

const faultLines = (family: Family, until: Pick<Permit, 'expires'>): readonly string[] =>
  ICMP_FAULTS[family].map(({ type }) =>
    spaced(
      `-p ${ICMP_WORD[family].protocol}`,
      '-m conntrack --ctstate RELATED',
      icmpMatch(family, type),
      untilOption(until),
      '-j ACCEPT',
    ),
  )

interface Spoofs {
  readonly lines: readonly string[]
  /** Where a plug has several ranges, a chain of its own returns for each and ends in `spoof`. */
  readonly chains: ReadonlyMap<string, readonly string[]>
}

/** A sender that cannot be behind this plug: whoever claims to be another zone's machine, or a machine of the town from outside. */
function spoofChains(declared: Declared, family: Family): Spoofs {
  const inside = declared.plugs.filter(({ zone }) => zone !== undefined)
  const zones = ofFamily(joined(inside.flatMap(({ senders }) => senders)), family)
  const lines: string[] = []
  const chains = new Map<string, readonly string[]>()
  for (const plug of declared.plugs) {
    const own = ofFamily(plug.senders, family)
    if (plug.zone === undefined) {
      lines.push(...zones.map((range) => senderLine(range, `-i ${plug.name}`, '-g spoof')))
    } else if (own.length === 0) lines.push(`-i ${plug.name} -g spoof`)
    else {
      const name = `from${chains.size + 1}`
      chains.set(name, [...own.map((range) => senderLine(range, '', '-j RETURN')), '-g spoof'])
      lines.push(`-i ${plug.name} -g ${name}`)
    }
  }
  return { lines, chains }
}

const senderLine = (range: AddressRange, at: string, end: string): string =>
  prefixLength(range) === undefined
    ? spaced(at, `-m iprange --src-range ${bounds(range)}`, end)
    : spaced(blockOption('-s', range), at, end)
