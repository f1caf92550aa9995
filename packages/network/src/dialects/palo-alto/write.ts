import type { Declared, Permit } from '../../declared/permit.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { prefixLength, rangeText } from '../../declared/text.ts'
import { addressName, ascii, nameWithin } from '../ascii.ts'
import { clauseOf, withhold } from '../dialect.ts'
import type { Written } from '../dialect.ts'
import { head } from '../head.ts'
import { lastDays, openedOf, scheduleName, slashed } from '../opened.ts'
import type { Opened } from '../opened.ts'
import { lacksOf } from './supports.ts'

/** Longest names (PAN-OS 10 Web Interface Help: addresses, services and rules 63, schedules 31). */
const LONGEST = { rule: 63, object: 63, schedule: 31 } as const

const NOTES = [
  'Zones are named as the interfaces in town.yaml (firewall.interfaces). The clock must be in Japan time.',
  'PAN-OS takes no comments: paste the lines that begin with "set", "delete" and "move", in configuration mode, then "commit".',
  'Rules that stand here already stay, but for those of the same name, which are made anew.',
]

const RULES = 'rulebase security rules'
/** No flow gets this name: theirs begin with `sks-`. */
const DENY = 'sks_deny'

/**
 * Set commands for PAN-OS 10 and 11. What is open is rules, each deleted first, for `set` only ever adds to what a rule names; all else between zones is one
 * rule at the bottom that denies and logs. The same declaration and day give the same text.
 *
 * Sources: PAN-OS CLI Quick Start, "Load Configurations Using Set Commands"; Web Interface Help, "Policies > Security" and "Objects > Schedules".
 */
export function writePaloAlto(whole: Declared): Written {
  const { declared, notSupported } = withhold(whole, lacksOf)
  const rules = openedOf(declared.permits, LONGEST.rule)
  const lines = [
    ...addressLines(rules),
    ...serviceLines(declared.permits),
    ...scheduleLines(declared.permits),
    ...rules.flatMap(ruleLines),
    ...DENY_LINES,
  ]
  const text = `${head('#', declared, notSupported, NOTES)}${lines.map((line) => `${line}\n`).join('')}`
  return { files: { 'sekisho-paloalto.set': text }, notSupported }
}

const objectName = (range: AddressRange): string => addressName(LONGEST.object, range)

function addressLines(rules: readonly Opened[]): readonly string[] {
  const ranges = rules.flatMap(({ from, to }) => [...from, ...to])
  const lines = ranges.map((range) => {
    const kind = prefixLength(range) === undefined ? 'ip-range' : 'ip-netmask'
    return `set address ${objectName(range)} ${kind} ${rangeText(range)}`
  })
  return [...new Set(lines)].toSorted()
}

const portTexts = ({ ports }: Permit): string =>
  ports.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',')

const serviceName = (permit: Permit): string =>
  nameWithin(LONGEST.object, `sks-${permit.protocol}-${portTexts(permit).replaceAll(',', '_')}`)

function serviceLines(permits: readonly Permit[]): readonly string[] {
  const lines = permits
    .filter(({ protocol }) => protocol !== 'icmp')
    .map(
      (permit) =>
        `set service ${serviceName(permit)} protocol ${permit.protocol} port ${portTexts(permit)}`,
    )
  return [...new Set(lines)].toSorted()
}

const scheduleLines = (permits: readonly Permit[]): readonly string[] =>
  lastDays(permits).map(
    (day) =>
      `set schedule ${scheduleName(LONGEST.schedule, day)} schedule-type non-recurring 2001/01/01@00:00-${slashed(day)}@23:59`,
  )

/** An echo is an application here: a rule for `ping` lets through the echo and its answer, and no other ICMP. */
function ruleLines({ name, permit, family, from, to }: Opened): readonly string[] {
  const echo = permit.protocol === 'icmp'
  const set = `set ${RULES} ${name}`
  return [
    `delete ${RULES} ${name}`,
    `${set} rule-type interzone`,
    `${set} from ${ascii(permit.from.interface)}`,
    `${set} to ${ascii(permit.to.interface)}`,
    `${set} source [ ${from.map(objectName).join(' ')} ]`,
    `${set} destination [ ${to.map(objectName).join(' ')} ]`,
    `${set} application ${echo ? (family === 4 ? 'ping' : 'ping6') : 'any'}`,
    `${set} service ${echo ? 'application-default' : serviceName(permit)}`,
    ...(permit.expires === undefined
      ? []
      : [`${set} schedule ${scheduleName(LONGEST.schedule, permit.expires)}`]),
    `${set} action allow`,
    `${set} log-end yes`,
    `${set} description "flow ${ascii(permit.flow.id)}, clause ${clauseOf(permit)}"`,
  ]
}

const DENY_LINES: readonly string[] = [
  `set ${RULES} ${DENY} rule-type interzone`,
  `set ${RULES} ${DENY} from any`,
  `set ${RULES} ${DENY} to any`,
  `set ${RULES} ${DENY} source any`,
  `set ${RULES} ${DENY} destination any`,
  `set ${RULES} ${DENY} application any`,
  `set ${RULES} ${DENY} service any`,
  `set ${RULES} ${DENY} action deny`,
  `set ${RULES} ${DENY} log-end yes`,
  `move ${RULES} ${DENY} bottom`,
]
