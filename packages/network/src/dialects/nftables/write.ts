import { openPairs, ICMP_ECHO, ICMP_FAULTS, ICMPV6_OF_ROUTERS } from '../../declared/expect.ts'
import type { OpenPair } from '../../declared/expect.ts'
import type { Declared, LeftOut, Permit, Plug } from '../../declared/permit.ts'
import { joined } from '../../declared/ranges.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { macText, rangeText } from '../../declared/text.ts'
import { lastSecond } from '../../declared/day.ts'
import { plain } from '../plain.ts'
import { setsOf } from './sets.ts'
import type { Element, FlowSet } from './sets.ts'

/** Denials written to the kernel's log per second and pair of plugs; every one is counted. */
const LOGGED = 'limit rate 10/second burst 50 packets'
const FAMILY_WORD = { 4: 'ip', 6: 'ip6' } as const
const ICMP_WORD = { 4: 'icmp', 6: 'icmpv6' } as const

/** A pair of plugs, its chain, and what is open there. */
interface Pair {
  readonly name: string
  readonly from: Plug
  readonly to: Plug
  readonly there: readonly FlowSet[]
  /** Sets of the opposite pair, of which the answers come this way. */
  readonly back: readonly FlowSet[]
  readonly faults: readonly OpenPair[]
}

/**
 * The whole text for `nft -f`: one table that is put in the place of the former in one step. The same declaration and day give the same text.
 *
 * Each flow is one element of a set, with its id as comment and a counter of its own. Every packet is asked again, also of an open connection: a flow that is
 * taken out, or is past its day, ends at once.
 */
export function writeNftables(declared: Declared): string {
  const open = pairsOf(declared)
  return [
    head(declared),
    'table inet sekisho\ndelete table inet sekisho\n\ntable inet sekisho {\n',
    `\tcomment "town ${declared.digest}"\n\n`,
    `\tcounter invalid { }\n\tcounter spoofed { }\n\tcounter undeclared { }\n\tcounter sent { }\n`,
    ...open.map((pair) => `\tcounter denied_${pair.name} { }\n`),
    '\n',
    ...setTexts(open.flatMap((pair) => pair.there)),
    ...open.map(pairText),
    spoofText(declared),
    forwardText(open),
    boxText(),
    sendsText(declared),
    '}\n',
  ].join('')
}

function head(declared: Declared): string {
  const left = declared.leftOut.map(leftOutLine)
  return `#!/usr/sbin/nft -f
# ${plain(declared.town)}
# まちの定義 ${declared.digest}　${declared.at} の時点
# この文は town.yaml から作られました。直すときは town.yaml を直してください。
${left.length === 0 ? '' : `#\n# 宣言にあって、ここで開けないもの:\n${left.join('')}`}
`
}

const leftOutLine = ({ flow, reason }: LeftOut): string =>
  `#   ${reason}  ${flow.id}  ${plain(flow.name)}\n`

function pairsOf(declared: Declared): readonly Pair[] {
  const names = Map.groupBy(openPairs(declared), ({ from, to }) => `${from.name} ${to.name}`)
  const permits = Map.groupBy(
    declared.permits,
    ({ from, to }) => `${from.interface} ${to.interface}`,
  )
  const sets = new Map(
    [...names.keys()].map((key, at) => [key, setsOf(permits.get(key) ?? [], `p${at + 1}`)]),
  )
  return [...names].map(([key, faults], at) => {
    const { from, to } = faults[0]!
    return {
      name: `p${at + 1}`,
      from,
      to,
      there: sets.get(key)!,
      back: sets.get(`${to.name} ${from.name}`)!,
      faults: faults.toSorted((a, b) => a.family - b.family),
    }
  })
}

/** One end is part of many flows: what it is called is put together once. */
function setTexts(sets: readonly FlowSet[]): readonly string[] {
  const texts = new Map<AddressRange, string>()
  const textOf = (range: AddressRange): string => {
    const known = texts.get(range)
    if (known !== undefined) return known
    const text = rangeText(range)
    texts.set(range, text)
    return text
  }
  return sets.map((set) => setText(set, textOf))
}

function setText(set: FlowSet, textOf: (range: AddressRange) => string): string {
  const address = `${FAMILY_WORD[set.family]} saddr . ${FAMILY_WORD[set.family]} daddr`
  const ports = set.kind === 'ports' ? ' . meta l4proto . th dport' : ''
  const elements = set.elements.map((one) => `\t\t\t${elementText(set, one, textOf)}`).join(',\n')
  return `\tset ${set.name} {
\t\ttypeof ${set.bound ? 'ether saddr . ' : ''}${address}${ports}
\t\tflags interval
\t\tcounter
\t\telements = {
${elements}
\t\t}
\t}

`
}

function elementText(
  { kind }: FlowSet,
  { mac, from, to, protocol, ports: [first, last], permit }: Element,
  textOf: (range: AddressRange) => string,
): string {
  const sender = mac === undefined ? '' : `${macText(mac)} . `
  const ports = first === last ? first : `${first}-${last}`
  const service = kind === 'ports' ? ` . ${protocol} . ${ports}` : ''
  return `${sender}${textOf(from)} . ${textOf(to)}${service} comment "${labelOf(permit)}"`
}

/** ASCII only: the id of the flow, and its number as 特定通信 stands in the town's declaration. */
const labelOf = ({ flow }: Permit): string => flow.id

function pairText(pair: Pair): string {
  const lines = [
    ...pair.there.filter(({ way }) => way !== 'back').map(thereLine),
    ...pair.back.filter(({ way }) => way !== 'there').map(backLine),
    ...pair.faults.map(faultLine),
    `${LOGGED} log prefix "sekisho deny ${pair.name} "`,
    `counter name denied_${pair.name} drop`,
  ]
  return `\t# ${pair.from.name} → ${pair.to.name}
\tchain ${pair.name} {
${lines.map((line) => `\t\t${line}\n`).join('')}\t}

`
}

const until = ({ expires }: Pick<FlowSet, 'expires'>): string =>
  expires === undefined ? '' : `meta time < ${lastSecond(expires) + 1} `

const there = ({ family }: FlowSet): string =>
  `${FAMILY_WORD[family]} saddr . ${FAMILY_WORD[family]} daddr`
const back = ({ family }: FlowSet): string =>
  `${FAMILY_WORD[family]} daddr . ${FAMILY_WORD[family]} saddr`

function thereLine(set: FlowSet): string {
  const key = `${set.bound ? 'ether saddr . ' : ''}${there(set)}`
  const asked = `ct state new,established ct direction original ${until(set)}`
  return set.kind === 'ports'
    ? `${asked}${key} . meta l4proto . th dport @${set.name} accept`
    : `${asked}${ICMP_WORD[set.family]} type ${ICMP_ECHO[set.family].request} ${key} @${set.name} accept`
}

function backLine(set: FlowSet): string {
  const key = `${set.bound ? 'ether saddr . ' : ''}${back(set)}`
  const asked = `ct state established ct direction reply ${until(set)}`
  return set.kind === 'ports'
    ? `${asked}${key} . meta l4proto . th sport @${set.name} accept`
    : `${asked}${ICMP_WORD[set.family]} type ${ICMP_ECHO[set.family].reply} ${key} @${set.name} accept`
}

/** Faults are told as long as anything is open between the two plugs. */
const faultLine = (pair: Pick<OpenPair, 'family' | 'expires'>): string =>
  `ct state related ${until(pair)}${ICMP_WORD[pair.family]} type { ${ICMP_FAULTS[pair.family].map(({ type }) => type).join(', ')} } accept`

/** A sender that cannot be behind this plug: whoever claims to be another zone's machine, or a machine of the town from outside. */
function spoofText(declared: Declared): string {
  const inside = declared.plugs.filter(({ zone }) => zone !== undefined)
  const zones = joined(inside.flatMap(({ senders }) => senders))
  const lines = declared.plugs.flatMap((plug) =>
    ([4, 6] as const).flatMap((family) => {
      const own = plug.zone === undefined ? zones : plug.senders
      const ranges = own.filter((range) => range.family === family)
      return spoofLines(plug, family, ranges)
    }),
  )
  return `\tchain spoofs {
${lines.map((line) => `\t\t${line}\n`).join('')}\t}

\tchain spoof {
\t\t${LOGGED} log prefix "sekisho spoof "
\t\tcounter name spoofed drop
\t}

`
}

function spoofLines(plug: Plug, family: 4 | 6, ranges: readonly AddressRange[]): readonly string[] {
  const at = `iifname "${plug.name}"`
  const word = FAMILY_WORD[family]
  if (ranges.length === 0) {
    return plug.zone === undefined
      ? []
      : [`${at} meta nfproto ${family === 4 ? 'ipv4' : 'ipv6'} goto spoof`]
  }
  const not = plug.zone === undefined ? '' : '!= '
  return [`${at} ${word} saddr ${not}{ ${ranges.map(rangeText).join(', ')} } goto spoof`]
}

function forwardText(open: readonly Pair[]): string {
  const ways = open.map(({ name, from, to }) => `"${from.name}" . "${to.name}" : goto ${name}`)
  const lookup =
    ways.length === 0
      ? ''
      : `\t\tiifname . oifname vmap {\n\t\t\t${ways.join(',\n\t\t\t')}\n\t\t}\n`
  return `\tchain forward {
\t\ttype filter hook forward priority filter; policy drop;
\t\tct state invalid counter name invalid drop
\t\tjump spoofs
${lookup}\t\t${LOGGED} log prefix "sekisho deny "
\t\tcounter name undeclared drop
\t}

`
}

/** To the firewall itself: it answers nobody. */
function boxText(): string {
  return `\tchain input {
\t\ttype filter hook input priority filter; policy drop;
\t\tiifname "lo" accept
\t\tct state established,related accept
\t\ticmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } ip6 hoplimit 255 accept
\t\t${LOGGED} log prefix "sekisho box "
\t}
`
}

/** What the firewall itself sends: what it needs, but nothing into the My Number zone that IP does not need to carry what others send. */
function sendsText({ plugs }: Declared): string {
  const bound = plugs.filter((plug) => plug.bound === true).map(({ name }) => `"${name}"`)
  if (bound.length === 0) return ''
  return `
\tchain sends {
\t\t${faultLine({ family: 4 })}
\t\t${faultLine({ family: 6 })}
\t\ticmpv6 type { ${ICMPV6_OF_ROUTERS.join(', ')} } accept
\t\t${LOGGED} log prefix "sekisho sent "
\t\tcounter name sent drop
\t}

\tchain output {
\t\ttype filter hook output priority filter; policy accept;
\t\toifname { ${bound.join(', ')} } goto sends
\t}
`
}
