import { only, PROTOCOLS } from '../../space/field.ts'
import { protocolOf } from '../cisco-words.ts'
import type { Reach } from '../reach.ts'
import type { Service } from '../session.ts'
import { icmpOf } from './icmp.ts'
import { hasPorts, portsAt, readAddress } from './objects.ts'
import type { Book } from './objects.ts'

/** One entry of an access list. */
export interface Ace {
  readonly action: 'accept' | 'deny'
  readonly source: Reach
  readonly target: Reach
  readonly services: readonly Service[]
  /** Only packets whose flags say that they are not the first (`established`). */
  readonly established: boolean
  /** Only later parts of packets that were cut: the first part is treated like a whole packet, by other entries. */
  readonly fragments: boolean
  /** Where the first packets write down whose answers may come. */
  readonly reflect?: string
  readonly timeRange?: string
  /** What else it asks, which nobody here can tell. */
  readonly unsure: readonly string[]
}

/** What is read so far, and where the next word stands. */
interface Cursor {
  readonly words: readonly string[]
  at: number
}

const actionOf = (word: string | undefined): Ace['action'] | undefined =>
  word === 'permit' ? 'accept' : word === 'deny' ? 'deny' : undefined

/** `permit tcp 10.0.0.0 0.255.255.255 any eq www established log`; `undefined` when any of it is not understood. */
export function readExtended(book: Book, family: 4 | 6, words: readonly string[]): Ace | undefined {
  const cursor: Cursor = { words, at: 1 }
  const action = actionOf(words[0])
  const protocols = protocolsOf(book, family, cursor)
  if (!action || !protocols) return undefined
  const numbers = protocols.map(({ protocol }) => Number(protocol?.[0]?.from ?? -1))
  const source = addressOf(book, family, cursor)
  const sourcePort = source && portsOf(cursor, numbers)
  const target = sourcePort && addressOf(book, family, cursor)
  const what = target && whatOf(cursor, family, numbers)
  const tail = what && tailOf(cursor, numbers)
  if (!tail) return undefined
  const services = protocols.map((one) => ({
    ...one,
    ...(sourcePort[0] && { sourcePort: sourcePort[0] }),
    ...what,
  }))
  return { action, source, target, services, ...tail }
}

/** `permit 10.0.0.0 0.255.255.255`: a standard list asks for the sender alone. */
export function readStandard(book: Book, words: readonly string[]): Ace | undefined {
  const action = actionOf(words[0])
  // A single address may stand without the word `host`.
  const isBare = words.length === 2 || words[2] === 'log'
  const whole = isBare && words[1] !== 'any' ? [words[0]!, 'host', ...words.slice(1)] : [...words]
  const cursor: Cursor = { words: whole, at: 1 }
  const source = action && addressOf(book, 4, cursor)
  const target = readAddress(book, 4, ['any'], 0)!.reach
  const tail = source && tailOf(cursor, [])
  return tail && { action, source, target, services: [{}], ...tail }
}

function protocolsOf(book: Book, family: 4 | 6, cursor: Cursor): readonly Service[] | undefined {
  const [word = '', name = ''] = cursor.words.slice(cursor.at)
  if (word === 'object-group') {
    cursor.at += 2
    return book.services(name)
  }
  cursor.at += 1
  // In a list of IPv6 the word is that of IPv4.
  if (family === 6 && word === 'icmp') return [{ protocol: [only(BigInt(PROTOCOLS.icmpv6))] }]
  if (family === 6 && word === 'ipv6') return [{}]
  if (family === 6 && word === 'ip') return undefined
  const number = protocolOf(word)
  if (number === undefined) return undefined
  return number === 'ip' ? [{}] : [{ protocol: [only(BigInt(number))] }]
}

function addressOf(book: Book, family: 4 | 6, cursor: Cursor): Reach | undefined {
  const read = readAddress(book, family, cursor.words, cursor.at)
  if (read) cursor.at = read.next
  return read?.reach
}

const PORTS = new Set(['eq', 'neq', 'lt', 'gt', 'range'])
type Spans = NonNullable<Service['targetPort']>

/** Ports may stand here or not: none are no limit. */
function portsOf(
  cursor: Cursor,
  numbers: readonly number[],
): readonly [] | readonly [Spans] | undefined {
  if (!PORTS.has(cursor.words[cursor.at] ?? '')) return []
  const read = hasPorts(numbers) ? portsAt(cursor.words, cursor.at, numbers) : undefined
  if (!read) return undefined
  cursor.at = read.next
  return [read.spans]
}

const TAIL = new Set([
  'log',
  'log-input',
  'time-range',
  'established',
  'fragments',
  'reflect',
  'dscp',
  'match-all',
  'match-any',
  'option',
  'precedence',
  'tos',
  'ttl',
])

function whatOf(
  cursor: Cursor,
  family: 4 | 6,
  numbers: readonly number[],
): Pick<Service, 'sourcePort' | 'targetPort'> | undefined {
  const icmp = family === 4 ? PROTOCOLS.icmp : PROTOCOLS.icmpv6
  if (numbers.length === 1 && numbers[0] === icmp) {
    const rest = cursor.words.slice(cursor.at)
    const length = rest.findIndex((word) => TAIL.has(word))
    const words = length < 0 ? rest : rest.slice(0, length)
    cursor.at += words.length
    return icmpOf(words, family)
  }
  const ports = portsOf(cursor, numbers)
  return ports && (ports[0] ? { targetPort: ports[0] } : {})
}

type Tail = Omit<Ace, 'action' | 'source' | 'target' | 'services'>

/** Flags of TCP that are asked for by name; only `established` says something that can be told here. */
const FLAGS = new Set(['ack', 'fin', 'psh', 'rst', 'syn', 'urg'])
/** The same behind `match-all` and `match-any`: set or not. */
const SIGNED = /^[+-](?:ack|fin|psh|rst|syn|urg)$/u

function tailOf(cursor: Cursor, numbers: readonly number[]): Tail | undefined {
  let [established, fragments] = [false, false]
  let reflect: string | undefined
  let timeRange: string | undefined
  const unsure: string[] = []
  const isTcp = numbers.length === 1 && numbers[0] === PROTOCOLS.tcp
  for (const rest = cursor.words.slice(cursor.at); rest.length > 0;) {
    const word = rest.shift()!
    if (word === 'established' && isTcp) established = true
    else if (FLAGS.has(word) && isTcp) unsure.push(word)
    else if (word === 'fragments') fragments = true
    else if (word === 'time-range' && rest.length > 0) timeRange = rest.shift()
    else if (word === 'reflect' && rest.length > 0) {
      reflect = rest.shift()
      if (rest[0] === 'timeout' && /^\d{1,10}$/u.test(rest[1] ?? '')) rest.splice(0, 2)
    } else if (['dscp', 'option', 'precedence', 'tos'].includes(word) && rest.length > 0) {
      unsure.push(`${word} ${rest.shift()}`)
    } else if ((word === 'match-all' || word === 'match-any') && isTcp && SIGNED.test(rest[0]!)) {
      const flags = rest.findIndex((one) => !SIGNED.test(one))
      unsure.push([word, ...rest.splice(0, flags < 0 ? rest.length : flags)].join(' '))
    } else if (word === 'ttl' && PORTS.has(rest[0] ?? '')) {
      unsure.push([word, ...rest.splice(0, rest[0] === 'range' ? 3 : 2)].join(' '))
    } else if (word !== 'log' && word !== 'log-input') return undefined
  }
  return {
    established,
    fragments,
    unsure,
    ...(reflect !== undefined && { reflect }),
    ...(timeRange !== undefined && { timeRange }),
  }
}
