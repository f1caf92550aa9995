import { readRange } from '@sekisho/town'
import { addressKey, between, only, PROTOCOLS } from '../../space/field.ts'
import type { Span } from '../../space/field.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import type { Unread } from '../../filter/filter.ts'
import { lookup } from '../groups.ts'
import type { Service } from '../session.ts'
import type { Node } from './syntax.ts'

/** An address outside that stands for one inside (`firewall vip`): the target is written anew before any policy is asked. */
export interface Vip {
  readonly name: string
  /** The interface at which it does; every one where there is none. */
  readonly at?: string
  /** Under which addresses and ports it is asked for, and under which it is forwarded. */
  readonly outside: AddressRange
  readonly inside: AddressRange
  /** With port forwarding, the protocol and the ports. */
  readonly ported?: {
    readonly protocol: number
    readonly outside: Span
    readonly inside: Span
  }
  /** What else it asks, which nobody here can tell. */
  readonly unsure: readonly string[]
}

const SILENT = new Set([
  'arp-reply',
  'color',
  'comment',
  'gratuitous-arp-interval',
  'id',
  'nat-source-vip',
  'uuid',
])
const ASKED = new Set([
  'extintf',
  'extip',
  'extport',
  'mappedip',
  'mappedport',
  'portforward',
  'protocol',
])
/** Settings with which it is something else; each with the only value that is read. */
const ONLY: Readonly<Record<string, string>> = {
  type: 'static-nat',
  'portmapping-type': '1-to-1',
  nat44: 'enable',
  nat46: 'disable',
  status: 'enable',
}
/** Who may use it; a policy asks for that too, and which of the two is narrower is not told here. */
const NARROWING = new Set(['src-filter', 'srcintf-filter', 'service'])

/** Whether a name stands for such addresses. */
export const isVip = (root: Node, name: string): boolean =>
  ['firewall vip', 'firewall vipgrp'].some(
    (table) => root.tables.get(table)?.entries.has(name) === true,
  )

/** All that a name stands for; `undefined` when any of it is not understood. */
export function vipsOf(root: Node, name: string): readonly Vip[] | undefined {
  const named = lookup<readonly Vip[] | undefined>(
    (one, others) => {
      const entry = root.tables.get('firewall vip')?.entries.get(one)
      if (entry) {
        const vip = vipOf(entry, one)
        return vip && [vip]
      }
      const members = root.tables.get('firewall vipgrp')?.entries.get(one)?.sets.get('member')
      const all = members?.map(others)
      return all?.every((each) => each !== undefined) === true ? all.flat() : undefined
    },
    () => undefined,
  )
  return named(name)
}

/** Such addresses that are not understood, whether or not a policy names them. */
export const strangeVips = (root: Node): readonly Unread[] =>
  ['firewall vip', 'firewall vipgrp'].flatMap((table) =>
    [...(root.tables.get(table)?.entries ?? [])]
      .filter(([name]) => vipsOf(root, name) === undefined)
      .map(([, { place }]) => ({ place, text: `config ${table}` })),
  )

function vipOf({ sets, tables }: Node, name: string): Vip | undefined {
  // Servers among which it spreads what comes: each of them is reached, and this says nothing of that.
  if (tables.size > 0) return undefined
  const isStrange = ([key, words]: readonly [string, readonly string[]]): boolean =>
    Object.hasOwn(ONLY, key)
      ? words[0] !== ONLY[key]
      : !SILENT.has(key) && !ASKED.has(key) && !NARROWING.has(key)
  if ([...sets].some(isStrange)) return undefined
  const at = sets.get('extintf')?.[0] ?? 'any'
  const [outside, inside] = [rangeOf(sets.get('extip')), rangeOf(sets.get('mappedip'))]
  if (!outside || !inside) return undefined
  if (outside.last - outside.first !== inside.last - inside.first) return undefined
  const ported = sets.get('portforward')?.[0] === 'enable' ? portedOf(sets) : 'no'
  if (!ported) return undefined
  return {
    name,
    outside,
    inside,
    unsure: [...sets.keys()].filter((key) => NARROWING.has(key)),
    ...(at !== 'any' && { at }),
    ...(ported !== 'no' && { ported }),
  }
}

/** `203.0.113.10` or `203.0.113.10-203.0.113.12`. */
function rangeOf(words: readonly string[] = []): AddressRange | undefined {
  const [text = '', ...more] = words
  const ends = text.split('-').map((one) => readRange(one))
  const [first, last = first] = ends
  if (more.length > 0 || ends.length > 2 || first?.family !== 4 || last?.family !== 4) {
    return undefined
  }
  return first.first <= last.last ? { family: 4, first: first.first, last: last.last } : undefined
}

const NUMBERS: Readonly<Record<string, number>> = {
  tcp: PROTOCOLS.tcp,
  udp: PROTOCOLS.udp,
  sctp: 132,
}

function portedOf(sets: Node['sets']): Vip['ported'] {
  const protocol = NUMBERS[sets.get('protocol')?.[0] ?? 'tcp']
  const outside = portsOf(sets.get('extport'))
  // Without another port it is the same.
  const inside = sets.has('mappedport') ? portsOf(sets.get('mappedport')) : outside
  if (protocol === undefined || !outside || !inside) return undefined
  const size = ({ from, until }: Span): bigint => (until as bigint) - (from as bigint)
  return size(outside) === size(inside) ? { protocol, outside, inside } : undefined
}

function portsOf(words: readonly string[] = []): Span | undefined {
  const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(words.join(' ')) ?? []
  const [from, until] = [Number(first), Number(last)]
  return first !== '' && from <= until && until <= 65_535
    ? between(BigInt(from), BigInt(until))
    : undefined
}

export const spanOf = ({ family, first, last }: AddressRange): Span =>
  between(addressKey(family, first), addressKey(family, last))

/** What of these services gets to the ports inside: a policy asks for them as they are forwarded. */
export function servicesInside(services: readonly Service[], { ported }: Vip): readonly Service[] {
  if (!ported) return services
  const protocol = only(BigInt(ported.protocol))
  return services.flatMap((one) => {
    if (one.protocol && !one.protocol.some((span) => holds(span, protocol))) return []
    const targetPort = (one.targetPort ?? [ported.inside]).flatMap((span) =>
      meet(span, ported.inside),
    )
    return targetPort.length === 0 ? [] : [{ ...one, protocol: [protocol], targetPort }]
  })
}

const holds = (span: Span, of: Span): boolean => span.from <= of.from && of.until! <= span.until!

function meet(a: Span, b: Span): readonly Span[] {
  const from = a.from > b.from ? a.from : b.from
  const until = a.until! < b.until! ? a.until! : b.until!
  return from < until ? [{ from, until }] : []
}
