import { readRange } from '@sekisho/town'
import { EVERYWHERE } from '../../declared/ranges.ts'
import type { AddressRange } from '../../declared/ranges.ts'
import { only, PROTOCOLS } from '../../space/field.ts'
import type { Span } from '../../space/field.ts'
import type { Block } from '../cisco-blocks.ts'
import { icmpWords, readPorts } from '../cisco-ports.ts'
import { icmpTypeOf, protocolOf } from '../cisco-words.ts'
import { lookup } from '../groups.ts'
import { blockOf, maskLength } from '../masks.ts'
import { NOBODY, together } from '../reach.ts'
import type { Reach } from '../reach.ts'
import type { Service } from '../session.ts'

/** Names of one configuration: `object network web`, `object-group service ports tcp`, … each with the lines inside. */
export interface Book {
  /** Key: `object web`, `group ports`. */
  readonly objects: ReadonlyMap<string, Named>
  /** `name 10.0.0.1 web`. */
  readonly names: ReadonlyMap<string, string>
  /** Who is meant by an object or a group of addresses. */
  readonly network: (key: string) => Reach
  /** What is meant by an object or a group of services; `undefined` when it is not understood. */
  readonly services: (key: string) => Services
}

interface Named {
  readonly kind: string
  /** What stands behind the name, e.g. the protocol of a group of ports. */
  readonly of: readonly string[]
  readonly lines: readonly (readonly string[])[]
}

/** Lines that say nothing about what is meant. */
const SILENT = new Set(['description', 'exit'])

export function bookOf(blocks: readonly Block[]): Book {
  const objects = new Map<string, Named>()
  const names = new Map<string, string>()
  for (const { words, inner } of blocks) {
    const [verb, kind = '', name = '', ...of] = words
    if (verb === 'name') names.set(name, kind)
    if (verb !== 'object' && verb !== 'object-group') continue
    const key = `${verb === 'object' ? 'object' : 'group'} ${name}`
    const before = objects.get(key)
    const lines = inner.filter(([word]) => !SILENT.has(word!))
    // A group that comes again is added to; an object has one value, the last that is said.
    const kept = verb === 'object-group' || lines.length === 0 ? (before?.lines ?? []) : []
    objects.set(key, { kind, of, lines: [...kept, ...lines] })
  }
  const book: Book = {
    objects,
    names,
    network: lookup<Reach>(
      (key, others) => networkOf(book, key, others),
      (key) => ({ ...NOBODY, unread: [key] }),
    ),
    services: lookup<Services>(
      (key, others) => servicesOf(book, key, others),
      () => undefined,
    ),
  }
  return book
}

export const kindOf = (book: Book, key: string): string | undefined => book.objects.get(key)?.kind

/** Reads the words of an address from `at` on: who it is, and where the next word stands. */
export function readAddress(
  book: Book,
  words: readonly string[],
  at: number,
): { readonly reach: Reach; readonly next: number } | undefined {
  const [word = '', value = ''] = words.slice(at)
  switch (word) {
    case 'any':
      return { reach: { ...NOBODY, ranges: EVERYWHERE }, next: at + 1 }
    case 'any4':
    case 'any6': {
      const family = word === 'any4' ? 4 : 6
      const ranges = EVERYWHERE.filter((range) => range.family === family)
      return { reach: { ...NOBODY, ranges }, next: at + 1 }
    }
    case 'interface':
      return { reach: { ...NOBODY, unsure: [`interface ${value}`] }, next: at + 2 }
    case 'object':
      return { reach: book.network(`object ${value}`), next: at + 2 }
    case 'object-group':
      return { reach: book.network(`group ${value}`), next: at + 2 }
    case 'host':
      return known(readRange(real(book, value)), at + 2)
    default: {
      if (word.includes('/')) return known(blockOf(word), at + 1)
      const length = maskLength(value)
      const address = real(book, word)
      return length === undefined || address.includes('/')
        ? undefined
        : known(blockOf(`${address}/${length}`), at + 2)
    }
  }
}

const real = ({ names }: Book, word: string): string => names.get(word) ?? word

const known = (range: AddressRange | undefined, next: number) =>
  range && { reach: { ...NOBODY, ranges: [range] }, next }

function networkOf(book: Book, key: string, named: Book['network']): Reach {
  const found = book.objects.get(key)
  if (found?.kind !== 'network') return { ...NOBODY, unread: [key] }
  return together(
    found.lines.map((line) => {
      const [word, value = ''] = line
      if (word === 'group-object') return named(`group ${value}`)
      return memberOf(book, line) ?? { ...NOBODY, unread: [`${key}: ${line.join(' ')}`] }
    }),
  )
}

function memberOf(book: Book, line: readonly string[]): Reach | undefined {
  const [word, first = '', second = ''] = line
  if (word === 'fqdn') return { ...NOBODY, unsure: [line.join(' ')] }
  if (word === 'range' && line.length === 3) {
    const [from, to] = [readRange(real(book, first)), readRange(real(book, second))]
    if (!from || !to || from.family !== to.family || from.first > to.last) return undefined
    return { ...NOBODY, ranges: [{ family: from.family, first: from.first, last: to.last }] }
  }
  const begins = word === 'host' ? 0 : word === 'subnet' || word === 'network-object' ? 1 : -1
  const read = begins < 0 ? undefined : readAddress(book, line, begins)
  return read?.next === line.length ? read.reach : undefined
}

/** What is meant by protocol and ports; `undefined` when it is not understood. */
export type Services = readonly Service[] | undefined

/** The services of an object or a group of whole services. */
function servicesOf(book: Book, key: string, named: Book['services']): Services {
  const found = book.objects.get(key)
  if (found?.kind === 'protocol') return protocolGroup(found)
  if (found?.kind !== 'service' || found.of.length > 0) return undefined
  const all = found.lines.map((line): Services => {
    const [word, ...rest] = line
    if (word === 'group-object') return named(`group ${rest[0]}`)
    if (word === 'service-object' && rest[0] === 'object') return named(`object ${rest[1]}`)
    return word === 'service-object' || word === 'service' ? serviceLine(rest) : undefined
  })
  return all.every((one) => one !== undefined) ? [...new Set(all.flat())] : undefined
}

function protocolGroup({ lines }: Named): Services {
  const all = lines.map(([word, text = '']): Service | undefined => {
    const protocol = word === 'protocol-object' ? protocolOf(text) : undefined
    if (protocol === undefined) return undefined
    return protocol === 'ip' ? {} : { protocol: [only(BigInt(protocol))] }
  })
  return all.every((one) => one !== undefined) ? all : undefined
}

/** `tcp source range 1 10 destination eq www`. */
function serviceLine(words: readonly string[]): Services {
  const numbers =
    words[0] === 'tcp-udp' ? [PROTOCOLS.tcp, PROTOCOLS.udp] : [protocolOf(words[0] ?? '')]
  if (numbers.some((number) => number === undefined)) return undefined
  if (numbers[0] === 'ip') return words.length === 1 ? [{}] : undefined
  const all = numbers.map((number) => oneService(number as number, words.slice(1)))
  return all.every((one) => one !== undefined) ? all : undefined
}

function oneService(number: number, words: readonly string[]): Service | undefined {
  const protocol = [only(BigInt(number))]
  if (number === PROTOCOLS.icmp || number === PROTOCOLS.icmpv6) {
    const icmp = icmpWords(words, number)
    return icmp && { protocol, ...icmp }
  }
  let service: Service = { protocol }
  for (let at = 0; at < words.length;) {
    const end = words[at]
    const read = readPorts(words, at + 1, [number])
    if (!read || (end !== 'source' && end !== 'destination')) return undefined
    service = { ...service, [end === 'source' ? 'sourcePort' : 'targetPort']: read.spans }
    at = read.next
  }
  return service
}

/** The ports of a group of ports (`object-group service NAME tcp`), which counts only where its protocol is meant. */
export function portGroup(
  book: Book,
  key: string,
  protocols: readonly number[],
): readonly Span[] | undefined {
  const named = lookup<readonly Span[] | null>(
    (name, others) => {
      const found = book.objects.get(name)
      if (found?.kind !== 'service' || found.of.length !== 1) return null
      const all = found.lines.map((line) => {
        if (line[0] === 'group-object') return others(`group ${line[1]}`)
        const read = line[0] === 'port-object' ? readPorts(line, 1, protocols) : undefined
        return read?.next === line.length ? read.spans : null
      })
      return all.every((one) => one !== null) ? [...new Set(all.flat())] : null
    },
    () => null,
  )
  return named(key) ?? undefined
}

/** The types of a group of types (`object-group icmp-type NAME`). */
export function icmpGroup(book: Book, key: string, protocol: number): readonly Span[] | undefined {
  const named = book.objects.get(key)
  if (named?.kind !== 'icmp-type') return undefined
  const all = named.lines.map(([word, text = '']) =>
    word === 'icmp-object' ? icmpTypeOf(text, protocol) : undefined,
  )
  return all.every((one) => one !== undefined) ? all.map((one) => only(BigInt(one))) : undefined
}
