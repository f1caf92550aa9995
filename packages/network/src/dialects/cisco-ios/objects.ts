import { readRange } from '@sekisho/town'
import { EVERYWHERE } from '../../declared/ranges.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { only, PROTOCOLS } from '../../space/field.ts'
import type { Span } from '../../space/field.ts'
import type { Block } from '../cisco-blocks.ts'
import { readPorts } from '../cisco-ports.ts'
import { portOf, protocolOf } from '../cisco-words.ts'
import { lookup } from '../groups.ts'
import { blockOf, maskLength, wildcardRanges } from '../masks.ts'
import { NOBODY, together } from '../reach.ts'
import type { Reach } from '../reach.ts'
import type { Service } from '../session.ts'
import { icmpOf } from './icmp.ts'

/** Groups of one configuration (`object-group network NAME`, `object-group service NAME`). */
export interface Book {
  readonly network: (name: string) => Reach
  /** `undefined` when it is not understood. */
  readonly services: (name: string) => readonly Service[] | undefined
}

const SILENT = new Set(['description', 'exit'])

export function bookOf(blocks: readonly Block[]): Book {
  const groups = new Map<string, (readonly string[])[]>()
  for (const { words, inner } of blocks) {
    if (words[0] !== 'object-group') continue
    const key = words.slice(1).join(' ')
    const lines = inner.filter(([word]) => !SILENT.has(word!))
    groups.set(key, [...(groups.get(key) ?? []), ...lines])
  }
  return {
    network: lookup<Reach>(
      (name, others) => networkOf(name, groups.get(`network ${name}`), others),
      (name) => ({ ...NOBODY, unread: [`object-group ${name}`] }),
    ),
    services: lookup<readonly Service[] | undefined>(
      (name, others) => servicesOf(groups.get(`service ${name}`), others),
      () => undefined,
    ),
  }
}

function networkOf(
  name: string,
  lines: readonly (readonly string[])[] | undefined,
  named: Book['network'],
): Reach {
  if (!lines) return { ...NOBODY, unread: [`object-group ${name}`] }
  return together(
    lines.map((line) => {
      if (line[0] === 'group-object' && line.length === 2) return named(line[1]!)
      return memberOf(line) ?? { ...NOBODY, unread: [`object-group ${name}: ${line.join(' ')}`] }
    }),
  )
}

/** `host 10.0.0.1`, `10.0.0.0 255.255.0.0` (a mask, not a wildcard), `10.0.0.0 /16`, `range 10.0.0.1 10.0.0.9`, `any`. */
function memberOf(line: readonly string[]): Reach | undefined {
  const [word = '', first = '', second = '', ...more] = line
  if (more.length > 0) return undefined
  if (word === 'any' && first === '') return inFamily(4)
  if (word === 'host' && second === '') return known(hostOf(first))
  if (word === 'range') {
    const [from, to] = [hostOf(first), hostOf(second)]
    if (!from || !to || from.family !== to.family || from.first > to.last) return undefined
    return known({ family: from.family, first: from.first, last: to.last })
  }
  const length = first.startsWith('/') ? first.slice(1) : String(maskLength(first) ?? '')
  return second === '' && hostOf(word) && length !== ''
    ? known(blockOf(`${word}/${length}`))
    : undefined
}

const inFamily = (family: 4 | 6): Reach => ({
  ...NOBODY,
  ranges: EVERYWHERE.filter((range) => range.family === family),
})

const known = (range: AddressRange | undefined): Reach | undefined =>
  range && { ...NOBODY, ranges: [range] }

/** One address, with nothing behind it. */
function hostOf(text: string): AddressRange | undefined {
  const read = readRange(text)
  return read && read.first === read.last && !text.includes('/') ? read : undefined
}

/** Reads the words of an address from `at` on: who it is, and where the next word stands. */
export function readAddress(
  book: Book,
  family: 4 | 6,
  words: readonly string[],
  at: number,
): { readonly reach: Reach; readonly next: number } | undefined {
  const [word = '', value = ''] = words.slice(at)
  const read = (reach: Reach | undefined, next: number) =>
    reach?.ranges.every((range) => range.family === family) === true ? { reach, next } : undefined
  if (word === 'any') return read(inFamily(family), at + 1)
  if (word === 'host') return read(known(hostOf(value)), at + 2)
  if (word === 'object-group') return { reach: book.network(value), next: at + 2 }
  if (family === 6) return word.includes('/') ? read(known(blockOf(word)), at + 1) : undefined
  const ranges = wildcardRanges(word, value)
  if (ranges === 'many') {
    return { reach: { ...NOBODY, unsure: [`${word} ${value}`] }, next: at + 2 }
  }
  return ranges && read({ ...NOBODY, ranges }, at + 2)
}

function servicesOf(
  lines: readonly (readonly string[])[] | undefined,
  named: Book['services'],
): readonly Service[] | undefined {
  const all = (lines ?? [['']]).map((line) =>
    line[0] === 'group-object' && line.length === 2 ? named(line[1]!) : serviceLine(line),
  )
  return all.every((one) => one !== undefined) ? [...new Set(all.flat())] : undefined
}

/** `tcp source eq 80 range 1 10`, `udp 53`, `icmp echo`, `tcp-udp eq 53`, `ip`, `47`. */
function serviceLine([word = '', ...rest]: readonly string[]): readonly Service[] | undefined {
  const numbers = word === 'tcp-udp' ? [PROTOCOLS.tcp, PROTOCOLS.udp] : [protocolOf(word)]
  const all = numbers.map((number): Service | undefined => {
    if (number === undefined) return undefined
    if (number === 'ip') return rest.length === 0 ? {} : undefined
    if (number === PROTOCOLS.icmp) {
      const icmp = icmpOf(rest, 4)
      return icmp && { protocol: [only(BigInt(number))], ...icmp }
    }
    return portsService(number, rest)
  })
  return all.every((one) => one !== undefined) ? all : undefined
}

function portsService(number: number, words: readonly string[]): Service | undefined {
  let service: Service = { protocol: [only(BigInt(number))] }
  let at = 0
  for (const end of ['sourcePort', 'targetPort'] as const) {
    if (end === 'sourcePort' && words[at] !== 'source') continue
    if (end === 'sourcePort') at += 1
    if (at === words.length) break
    const read = portsAt(words, at, [number])
    if (!read || !hasPorts([number])) return undefined
    service = { ...service, [end]: read.spans }
    at = read.next
  }
  return at === words.length ? service : undefined
}

export const hasPorts = (numbers: readonly number[]): boolean =>
  numbers.every((one) => one === PROTOCOLS.tcp || one === PROTOCOLS.udp || one === 132)

/** Ports from `at` on. Beside what other Cisco machines take, `eq` and `neq` may name several, and a group may name one without a word before it. */
export function portsAt(
  words: readonly string[],
  at: number,
  protocols: readonly number[],
): { readonly spans: readonly Span[]; readonly next: number } | undefined {
  const [word = ''] = words.slice(at)
  if (portOf(word, protocols) !== undefined) {
    return { spans: readPorts(['eq', word], 0, protocols)!.spans, next: at + 1 }
  }
  const first = readPorts(words, at, protocols)
  if (!first || (word !== 'eq' && word !== 'neq')) return first
  const all = [first.spans]
  let { next } = first
  while (next < words.length && portOf(words[next]!, protocols) !== undefined) {
    all.push(readPorts([word, words[next]!], 0, protocols)!.spans)
    next += 1
  }
  // All but these ports is what each of the lists of all but one have in common.
  const spans = word === 'eq' ? all.flat() : all.reduce(common)
  return { spans, next }
}

const common = (some: readonly Span[], others: readonly Span[]): readonly Span[] =>
  some.flatMap((a) =>
    others.flatMap((b): readonly Span[] => {
      const from = a.from > b.from ? a.from : b.from
      const until = a.until! < b.until! ? a.until! : b.until!
      return from < until ? [{ from, until }] : []
    }),
  )
