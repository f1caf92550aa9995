import type { Filter, Rule, Unread } from '../../filter/filter.ts'
import { endsOf } from '../reach.ts'
import type { Ends } from '../reach.ts'
import { packetRule, sessionFilter, sessionRules } from '../session.ts'
import type { SessionRule } from '../session.ts'
import { reachOf } from './addresses.ts'
import { BY_VIP, matchesVip, outsideRules, releaseOf, vipRules } from './forwarded.ts'
import { intrazoneRules, portsOf } from './interfaces.ts'
import { scheduleHolds } from './schedules.ts'
import { servicesOf } from './services.ts'
import { strangeTables } from './sections.ts'
import { readTree } from './syntax.ts'
import type { Node } from './syntax.ts'
import { isVip, strangeVips, vipsOf } from './vips.ts'
import type { Vip } from './vips.ts'

export interface FortigateReadOptions {
  /** The instant at which schedules are told, in seconds since 1970; the clock of the machine is taken to be in Japan time. */
  readonly at: number
}

/**
 * The output of `show` (or a script) of FortiOS 6.4 and later as a filter: policies in the order of the text, the first that speaks deciding, and the answers of
 * what was let through. Whatever is not understood, and whatever rewrites addresses, is in `unread`.
 */
export function readFortigate(text: string, options: FortigateReadOptions): Filter {
  const { root, unread: odd } = readTree(text)
  const unread: Unread[] = [...odd, ...strangeTables(root), ...strangeVips(root)]
  const policies = [...(root.tables.get('firewall policy')?.entries.values() ?? [])]
  const around: Around = { root, at: options.at, release: releaseOf(text) }
  const rules: Rule[] = [...intrazoneRules(root)]
  const byVip: Rule[] = []
  const vips = new Map<string, Vip>()
  for (const policy of policies) {
    const read = readPolicy(around, policy)
    rules.push(...read.rules)
    byVip.push(...read.byVip)
    unread.push(...read.unread)
    for (const vip of read.vips) vips.set(vip.name, vip)
  }
  if (!root.tables.has('firewall policy')) {
    unread.push({ place: '', text: 'config firewall policy' })
  }
  if (vips.size === 0) return sessionFilter(IMPLICIT_DENY, rules, unread)
  const call = packetRule({
    place: BY_VIP,
    action: { kind: 'call', chain: BY_VIP },
    families: [4],
  })
  const filter = sessionFilter(
    IMPLICIT_DENY,
    [call, ...outsideRules(root, [...vips.values()]), ...rules],
    unread,
  )
  return { ...filter, chains: new Map([...filter.chains, [BY_VIP, byVip]]) }
}

/** What the whole text says beside its policies. */
interface Around {
  readonly root: Node
  /** Seconds since 1970. */
  readonly at: number
  readonly release: readonly number[] | undefined
}

/** Under this number the logs of the machine speak of what no policy let through. */
const IMPLICIT_DENY = 'firewall policy 0'

interface PolicyReading {
  readonly rules: readonly Rule[]
  /** What it does about packets whose target was written anew. */
  readonly byVip: readonly Rule[]
  /** Addresses outside that it names. */
  readonly vips: readonly Vip[]
  readonly unread: readonly Unread[]
}

/** Settings of a policy that say nothing about which packets pass, or only look into what passes. */
const SILENT = new Set([
  'name',
  'uuid',
  'comments',
  'label',
  'global-label',
  'logtraffic',
  'logtraffic-start',
  'capture-packet',
  'schedule-timeout',
  'utm-status',
  'inspection-mode',
  'ssl-ssh-profile',
  'profile-type',
  'profile-group',
  'profile-protocol-options',
  'av-profile',
  'webfilter-profile',
  'dnsfilter-profile',
  'emailfilter-profile',
  'dlp-profile',
  'dlp-sensor',
  'file-filter-profile',
  'ips-sensor',
  'application-list',
  'voip-profile',
  'waf-profile',
  'ssh-filter-profile',
  'videofilter-profile',
  'virtual-patch-profile',
  'session-ttl',
  'anti-replay',
  'send-deny-packet',
  'firewall-session-dirty',
  'auto-asic-offload',
  'np-acceleration',
  'delay-tcp-npu-session',
  'tcp-mss-sender',
  'tcp-mss-receiver',
  'diffserv-forward',
  'diffserv-reverse',
  'diffservcode-forward',
  'diffservcode-rev',
  'traffic-shaper',
  'traffic-shaper-reverse',
  'per-ip-shaper',
  'replacemsg-override-group',
  'block-notification',
  'disclaimer',
  'timeout-send-rst',
  'match-vip',
])

/** Settings that let through less than the addresses say, nobody here can tell how much. */
const NARROWING = new Set([
  'groups',
  'users',
  'fsso-groups',
  'fsso',
  'internet-service',
  'internet-service6',
  'internet-service-src',
  'internet-service6-src',
  'src-vendor-mac',
  'reputation-minimum',
  'reputation-minimum6',
  'geoip-match',
  'geoip-anycast',
  'tos',
  'tos-mask',
  'tos-negate',
  'url-category',
  'ztna-status',
  'ztna-ems-tag',
  'ztna-geo-tag',
  'network-service-dynamic',
  'sgt',
  'sgt-check',
])
/** What belongs to one of those, and says nothing without it. */
const OF_NARROWING = /^internet-service6?(?:-src)?-(?:name|group|custom|custom-group|id|negate)$/u

const ASKED = new Set([
  'status',
  'action',
  'schedule',
  'nat',
  'srcintf',
  'dstintf',
  'srcaddr',
  'dstaddr',
  'srcaddr6',
  'dstaddr6',
  'srcaddr-negate',
  'dstaddr-negate',
  'srcaddr6-negate',
  'dstaddr6-negate',
  'service',
  'service-negate',
])

const NOTHING: PolicyReading = { rules: [], byVip: [], vips: [], unread: [] }

function readPolicy({ root, at, release }: Around, policy: Node): PolicyReading {
  const { sets, place } = policy
  if (first(sets, 'status') === 'disable') return NOTHING
  const problems = oddities(sets)
  const action = first(sets, 'action') ?? 'deny'
  if (action !== 'accept' && action !== 'deny') problems.push(`action ${action}`)
  if (action === 'accept' && (first(sets, 'nat') ?? 'disable') !== 'disable') problems.push('nat')
  const schedule = scheduleHolds(root, sets.get('schedule') ?? [], at)
  if (schedule === 'unread') problems.push(`schedule ${sets.get('schedule')?.join(' ')}`)
  const unsure = [...sets.keys()].filter((key) => isNarrowing(sets, key))
  const aimed = vipsIn(root, sets, problems)
  const parts = ([4, 6] as const).flatMap((family) =>
    partsOf(root, aimed.others, family, unsure, problems),
  )
  const services = servicesOf(root, sets.get('service') ?? [])
  problems.push(...services.unread.map((name) => `service ${name}`))
  if (!sets.has('service') && unsure.length === 0) problems.push('service')
  if (parts.length === 0 && aimed.vips.length === 0 && problems.length === 0) {
    problems.push('srcaddr')
  }
  const unread = problems.map((text) => ({ place, text }))
  // What is rewritten behind a policy is asked for by it as it came: such a policy is read, and told.
  if (problems.some((text) => text !== 'nat')) {
    const rules = mayDecide(root, policy)
    return { ...NOTHING, rules, byVip: action === 'deny' ? rules.map(leaving) : rules, unread }
  }
  if (schedule === 'no') return { ...NOTHING, unread }
  const maybe = [...unsure, ...(schedule === 'maybe' ? ['schedule'] : [])]
  const flow = sets.get('comments')?.join(' ')
  const rule = {
    place,
    ...(flow !== undefined && { comment: flow }),
    action: { kind: action === 'accept' ? 'accept' : 'deny' },
    ...portsOf(root, 'in', sets.get('srcintf') ?? []),
    ...portsOf(root, 'out', sets.get('dstintf') ?? []),
    ...(sets.has('service') && {
      services: { any: services.any, negated: first(sets, 'service-negate') === 'enable' },
    }),
  } as const satisfies Partial<SessionRule>
  const doubted = (part: Ends, ...more: readonly string[]): SessionRule => {
    const text = [...maybe, ...(part.unsure === undefined ? [] : [part.unsure]), ...more].join(', ')
    return { ...rule, ...part, ...(text !== '' && { unsure: text }) }
  }
  const kind = rule.action.kind
  const matches = matchesVip(policy, kind, release)
  const asked = sets.has('service') ? services.any : undefined
  const senders = aimed.vips.length === 0 ? [] : sendersOf(root, sets, unsure)
  return {
    rules: parts.flatMap((part) => sessionRules(doubted(part))),
    byVip: [
      ...senders.flatMap((part) => vipRules(root, aimed.vips, doubted(part), asked)),
      // It asks for the address outside, and which of those it means is not told here, but for every one.
      ...(matches === 'no'
        ? []
        : parts
            .filter(({ families }) => families.includes(4))
            .flatMap((part) => {
              const all = matches === 'yes' && sets.get('dstaddr')?.join() === 'all'
              return sessionRules(doubted(withoutTarget(part), ...(all ? [] : ['match-vip'])))
            })
            .map((one) => (kind === 'deny' ? leaving(one) : one))),
    ],
    vips: aimed.vips,
    unread,
  }
}

/** A denial of one of the two ways leaves the other. */
const leaving = (rule: Rule): Rule => ({ ...rule, action: { kind: 'back' } })

/** Addresses outside that a policy aims at, and what is set there without them. */
function vipsIn(
  root: Node,
  sets: Node['sets'],
  problems: string[],
): { readonly vips: readonly Vip[]; readonly others: Node['sets'] } {
  const names = sets.get('dstaddr') ?? []
  const aimed = names.filter((name) => isVip(root, name))
  if (aimed.length === 0) return { vips: [], others: sets }
  const all = aimed.map((name) => ({ name, vips: vipsOf(root, name) }))
  problems.push(...all.flatMap(({ name, vips }) => (vips ? [] : [`dstaddr ${name}`])))
  const negated = ['dstaddr-negate', 'service-negate'].filter(
    (key) => first(sets, key) === 'enable',
  )
  problems.push(...negated)
  const rest = names.filter((name) => !aimed.includes(name))
  const others = new Map(sets)
  if (rest.length > 0) others.set('dstaddr', rest)
  else others.delete('dstaddr')
  return { vips: all.flatMap(({ vips }) => vips ?? []), others }
}

function withoutTarget(part: Ends): Ends {
  const { target, ...from } = part
  return target ? from : part
}

/** Who may ask, of IPv4; whom they reach is told by the address they ask for. */
const sendersOf = (root: Node, sets: Node['sets'], unsure: readonly string[]): readonly Ends[] =>
  partsOf(root, new Map([...sets, ['dstaddr', ['all']]]), 4, unsure, []).map(withoutTarget)

/** A policy of which something is not understood: it may decide about whatever goes between its interfaces. */
function mayDecide(root: Node, { sets, place }: Node): readonly Rule[] {
  const action = first(sets, 'action') ?? 'deny'
  return sessionRules({
    place,
    action:
      action === 'accept' || action === 'deny'
        ? { kind: action }
        : { kind: 'unknown', text: action.slice(0, 200) },
    families: [4, 6],
    ...portsOf(root, 'in', sets.get('srcintf') ?? ['any']),
    ...portsOf(root, 'out', sets.get('dstintf') ?? ['any']),
    unsure: place,
  })
}

const first = (sets: Node['sets'], key: string): string | undefined => sets.get(key)?.[0]

function oddities(sets: Node['sets']): string[] {
  const missing = ['srcintf', 'dstintf', 'schedule'].filter((key) => !sets.has(key))
  const strange = [...sets.keys()].filter(
    (key) => !SILENT.has(key) && !ASKED.has(key) && !NARROWING.has(key) && !OF_NARROWING.test(key),
  )
  return [...missing, ...strange]
}

const isNarrowing = (sets: Node['sets'], key: string): boolean =>
  NARROWING.has(key) && first(sets, key) !== 'disable'

/** Who to whom in one family; what is not understood of them goes to `problems`. */
function partsOf(
  root: Node,
  sets: Node['sets'],
  family: 4 | 6,
  narrowing: readonly string[],
  problems: string[],
): readonly Ends[] {
  const six = family === 6 ? '6' : ''
  const switched = (key: string): boolean => first(sets, key) === 'enable'
  const asked = ['srcaddr', 'dstaddr'].map((key, at) => {
    const instead = narrowing.includes(`internet-service${six}${at === 0 ? '-src' : ''}`)
    const names = sets.get(`${key}${six}`) ?? (instead ? ['all'] : undefined)
    return (
      names && { reach: reachOf(root, names, family), negated: switched(`${key}${six}-negate`) }
    )
  })
  const [source, target] = asked
  if (!source || !target) return []
  problems.push(...source.reach.unread.map((name) => `srcaddr${six} ${name}`))
  problems.push(...target.reach.unread.map((name) => `dstaddr${six} ${name}`))
  if (target.reach.macs.length > 0) problems.push(`dstaddr${six} mac`)
  // Until 7.2 there was one switch for both families; which of the two it turns is not in the text.
  if (family === 6 && (switched('srcaddr-negate') || switched('dstaddr-negate'))) {
    problems.push('negate')
  }
  return endsOf(source, target, family)
}
