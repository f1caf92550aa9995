import { createHash } from 'node:crypto'
import { FAMILIES } from '../../declared/expect.ts'
import type { Declared, Permit } from '../../declared/permit.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { addressText, prefixLength } from '../../declared/text.ts'
import { addressName, ascii, nameWithin } from '../ascii.ts'
import { clauseOf, withhold } from '../dialect.ts'
import type { Written } from '../dialect.ts'
import { head } from '../head.ts'
import { maskText } from '../masks.ts'
import { lastDays, openedOf, scheduleName, slashed } from '../opened.ts'
import type { Opened } from '../opened.ts'
import { lacksOf } from './supports.ts'

/** Longest names, in characters (FortiOS 7.4 CLI Reference: `firewall policy`, `firewall address`, `firewall service custom`, `firewall schedule onetime`). */
const LONGEST = { policy: 35, object: 79, schedule: 31 } as const
/** Numbers of our policies: nine digits, so that they lie apart from those a person counts up from 1. */
const FIRST_ID = 100_000_000
const IDS = 900_000_000

const NOTES = [
  'Interfaces are named as in town.yaml (firewall.interfaces). The clock must be in Japan time.',
  'Policies that stand here already stay: after loading, give "show" to "sekisho prove --ruleset".',
]

/** One policy. */
interface Policy extends Opened {
  readonly id: number
}

/**
 * The text for FortiOS 7 (`config firewall …`, as a script or pasted). What is open is policies; all else is the implicit deny, which is logged. Objects are
 * named by what they hold, so that a text loaded over an older one widens none. The same declaration and day give the same text.
 *
 * Sources: FortiOS 7.2 and 7.4 CLI Reference, `config firewall policy`, `address`, `address6`, `service custom`, `schedule onetime`, `config log setting`.
 */
export function writeFortigate(whole: Declared): Written {
  const { declared, notSupported } = withhold(whole, lacksOf)
  const policies = policiesOf(declared.permits)
  const text = [
    head('#', declared, notSupported, NOTES),
    ...FAMILIES.map((family) => addressTable(policies, family)),
    serviceTable(policies),
    scheduleTable(declared.permits),
    `config firewall policy\n${policies.map(policyText).join('')}end\n`,
    'config log setting\n    set fwpolicy-implicit-log enable\n    set fwpolicy6-implicit-log enable\nend\n',
  ].join('')
  return { files: { 'sekisho-fortigate.conf': text }, notSupported }
}

function policiesOf(permits: readonly Permit[]): readonly Policy[] {
  const taken = new Set<number>()
  return openedOf(permits, LONGEST.policy).map((opened) => {
    const key = `${opened.permit.flow.id} ${opened.family}`
    let id = FIRST_ID + (createHash('sha256').update(key).digest().readUInt32BE(0) % IDS)
    while (taken.has(id)) id += 1
    taken.add(id)
    return { ...opened, id }
  })
}

const table = (name: string, entries: readonly string[]): string =>
  entries.length === 0 ? '' : `config ${name}\n${entries.join('')}end\n`

const entry = (key: string, lines: readonly string[]): string =>
  `    edit ${key}\n${lines.map((line) => `        ${line}\n`).join('')}    next\n`

const quoted = (name: string): string => `"${name}"`

function addressTable(policies: readonly Policy[], family: 4 | 6): string {
  const ranges = policies
    .filter((policy) => policy.family === family)
    .flatMap(({ from, to }) => [...from, ...to])
  const named = new Map(ranges.map((range) => [objectName(range), range]))
  return table(
    family === 4 ? 'firewall address' : 'firewall address6',
    [...named].toSorted(byKey).map(([name, range]) => entry(quoted(name), addressLines(range))),
  )
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1

const objectName = (range: AddressRange): string => addressName(LONGEST.object, range)

function addressLines(range: AddressRange): readonly string[] {
  const { family, first, last } = range
  const length = prefixLength(range)
  const [start, end] = [addressText(family, first), addressText(family, last)]
  if (length === undefined)
    return ['set type iprange', `set start-ip ${start}`, `set end-ip ${end}`]
  if (family === 6) return [`set ip6 ${start}/${length}`]
  return [`set subnet ${start} ${maskText(length)}`]
}

function serviceTable(policies: readonly Policy[]): string {
  const named = new Map(
    policies.map(({ permit, family }) => [
      serviceName(permit, family),
      serviceLines(permit, family),
    ]),
  )
  return table(
    'firewall service custom',
    [...named].toSorted(byKey).map(([name, lines]) => entry(quoted(name), lines)),
  )
}

const portTexts = ({ ports }: Permit): readonly string[] =>
  ports.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`))

/** Every port there is: said by the number of the protocol, for a range of ports begins at 1 here. */
const isAnyPort = ({ ports: [first, ...more] }: Permit): boolean =>
  more.length === 0 && first?.[0] === 0 && first[1] === 65_535

function serviceName(permit: Permit, family: 4 | 6): string {
  const { protocol } = permit
  if (protocol === 'icmp') return family === 4 ? 'sks-echo' : 'sks-echo6'
  const ports = isAnyPort(permit) ? 'any' : portTexts(permit).join('_')
  return nameWithin(LONGEST.object, `sks-${protocol}-${ports}`)
}

function serviceLines(permit: Permit, family: 4 | 6): readonly string[] {
  const { protocol } = permit
  if (protocol === 'icmp') {
    return family === 4
      ? ['set protocol ICMP', 'set icmptype 8']
      : ['set protocol ICMP6', 'set icmptype 128']
  }
  if (isAnyPort(permit)) {
    return ['set protocol IP', `set protocol-number ${protocol === 'tcp' ? 6 : 17}`]
  }
  return ['set protocol TCP/UDP/SCTP', `set ${protocol}-portrange ${portTexts(permit).join(' ')}`]
}

const scheduleTable = (permits: readonly Permit[]): string =>
  table(
    'firewall schedule onetime',
    lastDays(permits).map((day) =>
      entry(quoted(scheduleName(LONGEST.schedule, day)), [
        'set start 00:00 2001/01/01',
        `set end 23:59 ${slashed(day)}`,
      ]),
    ),
  )

// What a person may have switched in a policy of this number is set back.
function policyText({ id, name, permit, family, from, to }: Policy): string {
  const [source, target] = family === 4 ? ['srcaddr', 'dstaddr'] : ['srcaddr6', 'dstaddr6']
  return entry(String(id), [
    `set name ${quoted(name)}`,
    `set srcintf ${quoted(ascii(permit.from.interface))}`,
    `set dstintf ${quoted(ascii(permit.to.interface))}`,
    `set ${source} ${from.map(objectName).map(quoted).join(' ')}`,
    `set ${target} ${to.map(objectName).map(quoted).join(' ')}`,
    'set action accept',
    'set status enable',
    `set schedule ${quoted(permit.expires === undefined ? 'always' : scheduleName(LONGEST.schedule, permit.expires))}`,
    ...(permit.expires === undefined ? [] : ['set schedule-timeout enable']),
    `set service ${quoted(serviceName(permit, family))}`,
    'set srcaddr-negate disable',
    'set dstaddr-negate disable',
    'set service-negate disable',
    'set logtraffic all',
    'set nat disable',
    `set comments ${quoted(`flow ${ascii(permit.flow.id)}, clause ${clauseOf(permit)}`)}`,
  ])
}
