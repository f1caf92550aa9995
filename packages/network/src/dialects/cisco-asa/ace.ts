import { only, PROTOCOLS } from '../../space/field.ts'
import { icmpWords, readPorts } from '../cisco-ports.ts'
import { protocolOf } from '../cisco-words.ts'
import type { Reach } from '../reach.ts'
import type { Service } from '../session.ts'
import { icmpGroup, kindOf, portGroup, readAddress } from './objects.ts'
import type { Book, Services } from './objects.ts'

/** One entry of an extended access list. */
export interface Ace {
  readonly action: 'accept' | 'deny'
  readonly source: Reach
  readonly target: Reach
  readonly services: readonly Service[]
  readonly timeRange?: string
  readonly inactive: boolean
}

const PORTS = new Set(['eq', 'neq', 'lt', 'gt', 'range'])

/** What is read so far, and where the next word stands. */
interface Cursor {
  readonly words: readonly string[]
  at: number
}

/** The words behind `extended`; `undefined` when any of them is not understood. */
export function readAce(book: Book, words: readonly string[]): Ace | undefined {
  const cursor: Cursor = { words, at: 1 }
  const action = words[0] === 'permit' ? 'accept' : words[0] === 'deny' ? 'deny' : undefined
  const protocols = protocolsOf(book, cursor)
  if (!action || !protocols) return undefined
  const source = addressOf(book, cursor)
  const sourcePort = source && portsOf(book, cursor, protocols)
  const target = sourcePort && addressOf(book, cursor)
  const services = target && targetServices(book, cursor, protocols, sourcePort)
  const tail = services && tailOf(cursor)
  if (!tail) return undefined
  return { action, source, target, services, ...tail }
}

function protocolsOf(book: Book, cursor: Cursor): Services {
  const [word = '', name = ''] = cursor.words.slice(cursor.at)
  if (word === 'object' || word === 'object-group') {
    cursor.at += 2
    return book.services(`${word === 'object' ? 'object' : 'group'} ${name}`)
  }
  cursor.at += 1
  const protocol = protocolOf(word)
  if (protocol === undefined) return undefined
  return protocol === 'ip' ? [{}] : [{ protocol: [only(BigInt(protocol))] }]
}

function addressOf(book: Book, cursor: Cursor): Reach | undefined {
  const read = readAddress(book, cursor.words, cursor.at)
  if (read) cursor.at = read.next
  return read?.reach
}

/** Ports may stand here or not: none are no limit. */
type Ports = readonly [] | readonly [NonNullable<Service['targetPort']>]

function portsOf(book: Book, cursor: Cursor, protocols: readonly Service[]): Ports | undefined {
  const [word = '', name = ''] = cursor.words.slice(cursor.at)
  const group = `group ${name}`
  const numbers = numbersOf(protocols)
  if (word === 'object-group' && kindOf(book, group) === 'service') {
    cursor.at += 2
    const spans = portGroup(book, group, numbers)
    return spans && hasPorts(numbers) ? [spans] : undefined
  }
  if (!PORTS.has(word)) return []
  const read = readPorts(cursor.words, cursor.at, numbers)
  if (!read || !hasPorts(numbers)) return undefined
  cursor.at = read.next
  return [read.spans]
}

const numbersOf = (protocols: readonly Service[]): readonly number[] =>
  protocols.map(({ protocol }) => Number(protocol?.[0]?.from ?? -1))

const hasPorts = (numbers: readonly number[]): boolean =>
  numbers.every((one) => one === PROTOCOLS.tcp || one === PROTOCOLS.udp || one === 132)

function targetServices(
  book: Book,
  cursor: Cursor,
  protocols: readonly Service[],
  [sourcePort]: Ports,
): Services {
  const [number, ...more] = numbersOf(protocols)
  if (more.length === 0 && (number === PROTOCOLS.icmp || number === PROTOCOLS.icmpv6)) {
    const icmp = sourcePort ? undefined : icmpOf(book, cursor, number)
    return icmp && protocols.map((one) => ({ ...one, ...icmp }))
  }
  const ports = portsOf(book, cursor, protocols)
  return (
    ports &&
    protocols.map((one) => ({
      ...one,
      ...(sourcePort && { sourcePort }),
      ...(ports[0] && { targetPort: ports[0] }),
    }))
  )
}

const TAIL = new Set(['log', 'time-range', 'inactive'])

function icmpOf(book: Book, cursor: Cursor, protocol: number) {
  const rest = cursor.words.slice(cursor.at)
  if (rest[0] === 'object-group') {
    cursor.at += 2
    const sourcePort = icmpGroup(book, `group ${rest[1]}`, protocol)
    return sourcePort && { sourcePort }
  }
  const length = rest.findIndex((word) => TAIL.has(word))
  const words = length < 0 ? rest : rest.slice(0, length)
  cursor.at += words.length
  return icmpWords(words, protocol)
}

function tailOf(cursor: Cursor): Pick<Ace, 'timeRange' | 'inactive'> | undefined {
  let timeRange: string | undefined
  let inactive = false
  for (const rest = cursor.words.slice(cursor.at); rest.length > 0;) {
    const word = rest.shift()
    if (word === 'inactive') inactive = true
    else if (word === 'time-range' && rest.length > 0) timeRange = rest.shift()
    else if (word === 'log') dropLog(rest)
    else return undefined
  }
  return { inactive, ...(timeRange !== undefined && { timeRange }) }
}

const LEVELS =
  /^(?:[0-7]|emergencies|alerts|critical|errors|warnings|notifications|informational|debugging|disable|default)$/u

/** `log warnings interval 600`. */
function dropLog(rest: string[]): void {
  if (LEVELS.test(rest[0] ?? '')) rest.shift()
  if (rest[0] === 'interval' && /^\d{1,3}$/u.test(rest[1] ?? '')) rest.splice(0, 2)
}
