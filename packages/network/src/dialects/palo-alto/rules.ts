import type { Action, Rule, Unread } from '../../filter/filter.ts'
import { only } from '../../space/field.ts'
import type { Span } from '../../space/field.ts'
import { endsOf } from '../reach.ts'
import type { Ends, Reach } from '../reach.ts'
import { othersThan, sessionRules } from '../session.ts'
import type { Service, SessionRule } from '../session.ts'
import { reachOf } from './addresses.ts'
import { scheduleHolds } from './schedules.ts'
import { applicationsOf, servicesOf } from './services.ts'
import { valuesAt } from './syntax.ts'
import type { Node } from './syntax.ts'

/** What a rule lets through, and what of it was not understood. */
export interface RuleReading {
  readonly rules: readonly Rule[]
  readonly unread: readonly Unread[]
  /** Whether it asks for applications by name: what is within a connection decides then. */
  readonly asksApplication: boolean
}

/** What the whole text says beside its rules. */
export interface Around {
  readonly root: Node
  /** Seconds since 1970. */
  readonly at: number
  /** Every zone that the text names. */
  readonly zones: readonly string[]
  /** Addresses that are written anew before a packet is forwarded (`destination-translation`). */
  readonly translated: Reach | undefined
}

/** Settings of a rule that say nothing about which packets pass, or only look into what passes. */
const SILENT = new Set([
  'description',
  'tag',
  'group-tag',
  'log-start',
  'log-end',
  'log-setting',
  'profile-setting',
  'qos',
  'option',
  'icmp-unreachable',
  'uuid',
])
/** Settings that let through less than the addresses say, nobody here can tell how much; each with the values that say nothing. */
const NARROWING: Readonly<Record<string, readonly string[]>> = {
  'source-user': ['any'],
  category: ['any'],
  'source-hip': ['any'],
  'destination-hip': ['any'],
  'hip-profiles': ['any'],
  'source-device': ['any'],
  'destination-device': ['any'],
}
/** Settings with one value: said twice, the text is not the output of one machine. */
const ONE = ['action', 'disabled', 'rule-type', 'negate-source', 'negate-destination', 'schedule']
const MANY = ['from', 'to', 'source', 'destination', 'application', 'service']

const ACTIONS: Readonly<Record<string, Action['kind'] & ('accept' | 'deny')>> = {
  allow: 'accept',
  deny: 'deny',
  drop: 'deny',
  'reset-client': 'deny',
  'reset-server': 'deny',
  'reset-both': 'deny',
}

const TYPES = ['universal', 'interzone', 'intrazone'] as const

/** One security rule. */
export function readRule(around: Around, name: string, node: Node): RuleReading {
  const { root } = around
  const place = `security rule ${name}`
  const told = { place, line: node.line, text: `set rulebase security rules ${name}` }
  const said = (key: string): readonly string[] => valuesAt(node, key)
  if (said('disabled').join() === 'yes') return { rules: [], unread: [], asksApplication: false }
  const problems = oddities(node)
  const kind = ACTIONS[said('action')[0] ?? 'allow']
  const type = TYPES.find((one) => one === (said('rule-type')[0] ?? 'universal'))
  const when = scheduleHolds(root, said('schedule'), around.at)
  if (when === 'unread') problems.push(`schedule ${said('schedule').join(' ')}`)
  const [source, target] = [reachOf(root, said('source')), reachOf(root, said('destination'))]
  problems.push(...source.unread.map((one) => `source ${one}`))
  problems.push(...target.unread.map((one) => `destination ${one}`))
  const what = whatOf(root, said('application'), said('service'), kind ?? 'accept')
  problems.push(...what.unread)
  const ways = waysOf(around, node, type ?? 'universal')
  const unread = problems.map((text) => ({ place, text }))
  if (problems.length > 0 || !kind || !type) {
    const action: Action = kind
      ? { kind }
      : { kind: 'unknown', text: said('action').join(' ').slice(0, 200) }
    return {
      rules: ways.flatMap((way) =>
        sessionRules({ ...told, ...way, action, families: [4, 6], unsure: place }),
      ),
      unread,
      asksApplication: false,
    }
  }
  if (when === 'no') return { rules: [], unread, asksApplication: false }
  const narrowing = Object.keys(NARROWING).filter((key) => narrows(node, key))
  const maybe = [...narrowing, ...(when === 'maybe' ? ['schedule'] : [])]
  const comment = said('description')[0]
  const base = { ...told, action: { kind }, ...(comment !== undefined && { comment }) } as const
  const ends = ([4, 6] as const).flatMap((family) => partsOf(node, source, target, family))
  const rules = ways.flatMap((way) =>
    ends.flatMap((end) =>
      what.parts.flatMap((part) => {
        const unsure = [...maybe, part.unsure, end.unsure].filter((one) => one !== undefined)
        return sessionRules({
          ...base,
          ...way,
          ...end,
          services: { any: part.services, negated: false },
          ...(unsure.length > 0 && { unsure: unsure.join(', ') }),
        })
      }),
    ),
  )
  return {
    rules: [...translatedRules(around, base, ways, source, target), ...rules],
    unread,
    asksApplication: !said('application').includes('any'),
  }
}

function oddities(node: Node): string[] {
  const keys = [...node.kids.keys()]
  const strange = keys.filter(
    (key) =>
      !SILENT.has(key) &&
      !Object.hasOwn(NARROWING, key) &&
      !ONE.includes(key) &&
      !MANY.includes(key) &&
      key !== 'target',
  )
  const doubled = ONE.filter((key) => valuesAt(node, key).length > 1)
  const missing = MANY.filter((key) => valuesAt(node, key).length === 0)
  const wider = MANY.filter((key) => {
    const values = valuesAt(node, key)
    return values.length > 1 && values.includes('any')
  })
  const action = valuesAt(node, 'action')[0] ?? 'allow'
  const type = valuesAt(node, 'rule-type')[0] ?? 'universal'
  return [
    ...strange,
    ...doubled,
    ...missing,
    ...wider.map((key) => `${key} any`),
    ...(Object.hasOwn(ACTIONS, action) ? [] : [`action ${action}`]),
    ...(TYPES.some((one) => one === type) ? [] : [`rule-type ${type}`]),
    // Which machines of a group of machines it is for is not in the text.
    ...(node.kids.has('target') ? ['target'] : []),
  ]
}

const narrows = (node: Node, key: string): boolean => {
  const values = valuesAt(node, key)
  return node.kids.has(key) && !values.every((value) => NARROWING[key]!.includes(value))
}

type Way = Pick<SessionRule, 'in' | 'out'>

/** From which zones to which. A rule between zones says nothing about packets that stay in one, and the other way round. */
function waysOf({ zones }: Around, node: Node, type: (typeof TYPES)[number]): readonly Way[] {
  const named = (key: 'from' | 'to'): readonly string[] | undefined => {
    const values = valuesAt(node, key)
    return values.length === 0 || values.includes('any') ? undefined : values
  }
  const [from, to] = [named('from'), named('to')]
  const spans = (names: readonly string[]): readonly Span[] => names.map((name) => only(name))
  if (type === 'universal')
    return [{ ...(from && { in: spans(from) }), ...(to && { out: spans(to) }) }]
  const within = (from ?? zones).filter((name) => !to || to.includes(name))
  if (type === 'intrazone') {
    return within.map((name) => ({ in: [only(name)], out: [only(name)] }))
  }
  const apart = (from ?? zones).map((name): Way => ({
    in: [only(name)],
    out: to ? spans(to.filter((other) => other !== name)) : othersThan([name]),
  }))
  // A zone that the text does not name is none of these.
  const unnamed: readonly Way[] = from
    ? []
    : [{ in: othersThan(zones), ...(to && { out: spans(to) }) }]
  return [...apart.filter(({ out }) => out!.length > 0), ...unnamed]
}

/** Who to whom in one family. Whether a list of one family that is turned round means all of the other, the documents do not say. */
function partsOf(node: Node, source: Reach, target: Reach, family: 4 | 6): readonly Ends[] {
  const asked = (reach: Reach, key: string) => {
    const negated = valuesAt(node, key)[0] === 'yes'
    const untold = negated && !reach.ranges.some((range) => range.family === family)
    return {
      reach: untold ? { ...reach, unsure: [...reach.unsure, key] } : reach,
      negated,
    }
  }
  return endsOf(asked(source, 'negate-source'), asked(target, 'negate-destination'), family)
}

interface What {
  readonly parts: readonly { readonly services: readonly Service[]; readonly unsure?: string }[]
  readonly unread: readonly string[]
}

/**
 * Which packets are meant by applications and services. An application is only known once a connection is open, so what opens one passes by ports alone; a rule that
 * denies an application may let the opening by.
 */
function whatOf(
  root: Node,
  applications: readonly string[],
  services: readonly string[],
  kind: 'accept' | 'deny',
): What {
  const isAny = applications.includes('any')
  const unsure = isAny || kind === 'accept' ? {} : { unsure: 'application' }
  if (services.includes('application-default')) {
    if (isAny) return { parts: [], unread: ['service application-default'] }
    const { any, unread } = applicationsOf(root, applications)
    // An echo is told by its type, not by what is inside.
    const told = kind === 'accept' || any.every(({ sourcePort }) => sourcePort !== undefined)
    return { parts: [{ services: any, ...(told ? {} : unsure) }], unread }
  }
  if (services.includes('any')) {
    if (isAny) return { parts: [{ services: [{}] }], unread: [] }
    const { any } = applicationsOf(root, applications)
    const known = kind === 'accept' && any.length > 0 ? [{ services: any }] : []
    return { parts: [...known, { services: [{}], unsure: 'application' }], unread: [] }
  }
  const { any, unread } = servicesOf(root, services)
  return { parts: [{ services: any, ...unsure }], unread }
}

/** A rule asks for the address under which a packet came; where that is written anew, it may be forwarded to somebody else. */
function translatedRules(
  { translated }: Around,
  base: Omit<SessionRule, 'families'>,
  ways: readonly Way[],
  source: Reach,
  target: Reach,
): readonly Rule[] {
  const meets =
    translated &&
    (translated.unsure.length + target.unsure.length + translated.unread.length > 0 ||
      target.ranges.some((one) =>
        translated.ranges.some(
          (other) =>
            one.family === other.family && one.first <= other.last && other.first <= one.last,
        ),
      ))
  if (meets !== true) return []
  const ends = ([4, 6] as const).flatMap((family) =>
    endsOf(
      { reach: source, negated: false },
      { reach: { ranges: [], macs: [], unread: [], unsure: ['rulebase nat'] }, negated: false },
      family,
    ),
  )
  return ways.flatMap((way) =>
    ends.flatMap((end) =>
      sessionRules({ ...base, ...way, ...end, unsure: end.unsure ?? 'rulebase nat' }),
    ),
  )
}
