import { readRange } from '@sekisho/town'
import { EVERYWHERE, minus } from '../../declared/ranges.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { between } from '../../space/field.ts'
import type { Span } from '../../space/field.ts'
import { lookup } from '../groups.ts'
import { blockOf, maskLength } from '../masks.ts'
import { NOBODY, together } from '../reach.ts'
import type { Reach } from '../reach.ts'
import type { Node } from './syntax.ts'

const TABLES = {
  4: { one: 'firewall address', group: 'firewall addrgrp' },
  6: { one: 'firewall address6', group: 'firewall addrgrp6' },
} as const

/** Settings of an address that say nothing about who it is. */
const SILENT = new Set([
  'uuid',
  'comment',
  'color',
  'visibility',
  'associated-interface',
  'allow-routing',
  'fabric-object',
  'tags',
  'type',
])

/** Everybody that these names mean, in one family. */
export function reachOf(root: Node, names: readonly string[], family: 4 | 6): Reach {
  const named = lookup<Reach>(
    (name, others) => meant(root, name, family, others),
    (name) => ({ ...NOBODY, unread: [name] }),
  )
  return together(names.map(named))
}

function meant(root: Node, name: string, family: 4 | 6, named: (name: string) => Reach): Reach {
  const entry = root.tables.get(TABLES[family].one)?.entries.get(name)
  if (entry) return addressOf(entry, name, family)
  const group = root.tables.get(TABLES[family].group)?.entries.get(name)
  if (group) return groupOf(group, name, named)
  // `all` is there from the factory, and `show` of one table may leave it out.
  if (name === 'all') return { ...NOBODY, ranges: whole(family) }
  return { ...NOBODY, unread: [name] }
}

const whole = (family: 4 | 6): readonly AddressRange[] =>
  EVERYWHERE.filter((range) => range.family === family)

function groupOf(group: Node, name: string, named: (name: string) => Reach): Reach {
  const strange = [...group.sets.keys()].filter(
    (key) => !SILENT.has(key) && !['member', 'exclude', 'exclude-member', 'category'].includes(key),
  )
  const members = together((group.sets.get('member') ?? []).map(named))
  const all = { ...members, unread: [...members.unread, ...strange.map((key) => `${name} ${key}`)] }
  if (group.sets.get('exclude')?.[0] !== 'enable') return all
  const without = together((group.sets.get('exclude-member') ?? []).map(named))
  if (without.macs.length + without.unsure.length + members.macs.length > 0) {
    return { ...all, ranges: [], macs: [], unsure: [...all.unsure, name] }
  }
  return {
    ...all,
    ranges: minus(all.ranges, without.ranges),
    unread: [...all.unread, ...without.unread],
  }
}

function addressOf({ sets }: Node, name: string, family: 4 | 6): Reach {
  const type = sets.get('type')?.[0] ?? (family === 4 ? 'ipmask' : 'ipprefix')
  const only = (keys: readonly string[], reach: Reach | undefined): Reach => {
    const strange = [...sets.keys()].find((key) => !SILENT.has(key) && !keys.includes(key))
    return reach && strange === undefined
      ? reach
      : { ...NOBODY, unread: [strange === undefined ? name : `${name} ${strange}`] }
  }
  switch (type) {
    case 'ipmask':
      return only(['subnet'], subnet(sets.get('subnet')))
    case 'ipprefix':
      return only(['ip6'], prefix(sets.get('ip6') ?? ['::/0']))
    case 'iprange':
      return only(['start-ip', 'end-ip'], fromTo(sets.get('start-ip'), sets.get('end-ip'), family))
    case 'mac':
      return only(['macaddr', 'start-mac', 'end-mac'], macs(sets))
    case 'fqdn':
    case 'geography':
    case 'wildcard':
    case 'wildcard-fqdn':
    case 'dynamic':
    case 'interface-subnet':
    case 'route-tag':
    case 'template':
      return { ...NOBODY, unsure: [name] }
    default:
      return { ...NOBODY, unread: [`${name} ${type}`] }
  }
}

/** Without a subnet an address is everybody: `show` leaves out what is as it came. */
function subnet(words: readonly string[] = ['0.0.0.0', '0.0.0.0']): Reach | undefined {
  const [address = '', mask, ...more] = words
  if (more.length > 0) return undefined
  const length = mask === undefined ? undefined : maskLength(mask)
  if (mask !== undefined && length === undefined) return undefined
  // `none` is this one address, which no machine has (RFC 1122 3.2.1.3).
  return prefix([length === undefined ? address : `${address}/${length}`])
}

function prefix([text = '', ...more]: readonly string[]): Reach | undefined {
  const read = more.length === 0 ? blockOf(text) : undefined
  return read && { ...NOBODY, ranges: [read] }
}

function fromTo(
  start: readonly string[] | undefined,
  end: readonly string[] | undefined,
  family: 4 | 6,
): Reach | undefined {
  const [first, last] = [start, end].map((words) =>
    words?.length === 1 ? readRange(words[0]!) : undefined,
  )
  if (first?.family !== family || last?.family !== family || first.first > last.last) {
    return undefined
  }
  return { ...NOBODY, ranges: [{ family, first: first.first, last: last.last }] }
}

function macs(sets: Node['sets']): Reach | undefined {
  const pair = [sets.get('start-mac')?.[0], sets.get('end-mac')?.[0]]
  const texts = sets.get('macaddr') ?? (pair[0] === undefined ? [] : [pair.join('-')])
  const spans = texts.map(macSpan)
  return spans.length > 0 && spans.every((span) => span !== undefined)
    ? { ...NOBODY, macs: spans }
    : undefined
}

function macSpan(text: string): Span | undefined {
  const parts = text.split('-')
  const [first, last] = [parts[0], parts[1] ?? parts[0]].map((one) =>
    /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/iu.test(one ?? '')
      ? BigInt(`0x${one!.replaceAll(':', '')}`)
      : undefined,
  )
  if (parts.length > 2 || first === undefined || last === undefined || first > last) {
    return undefined
  }
  return between(first, last)
}
