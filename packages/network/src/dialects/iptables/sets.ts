import type { Condition, Unread } from '../../filter/filter.ts'
import { between, only } from '../../space/field.ts'
import type { Field, Span } from '../../space/field.ts'
import type { Family, SavedSet } from './saved.ts'
import { addressSpans, macSpans, portNumber, rangeSpans } from './value.ts'

/** One set of `ipset save`: of which parts a key is made, and the keys. */
export interface AddressSet {
  readonly family: Family
  readonly parts: readonly Part[]
  readonly keys: readonly string[]
}
type Part = 'ip' | 'port' | 'mac'

/** Sets by name. One that can change while nobody looks, or is not understood, is not among them. */
export type Sets = ReadonlyMap<string, AddressSet>

const PARTS: Readonly<Record<string, Part>> = { ip: 'ip', net: 'ip', port: 'port', mac: 'mac' }
/** Options of `create` that say nothing about what is in it. */
const SIZES = new Set(['hashsize', 'maxelem', 'bucketsize', 'initval', 'range', 'netmask'])

/** The lines of `ipset save` (ipset(8)). */
export function readSets(lines: readonly SavedSet[]): {
  readonly sets: Sets
  readonly unread: readonly Unread[]
} {
  const sets = new Map<string, { family: Family; parts: readonly Part[]; keys: string[] }>()
  const unread: Unread[] = []
  for (const { place, words } of lines) {
    const [verb, name = '', what = '', ...rest] = words
    const made = verb === 'create' ? createdOf(what, rest) : undefined
    const set = sets.get(name)
    if (made && !set) sets.set(name, made)
    else if (verb === 'add' && set && isPlain(rest)) set.keys.push(what)
    else {
      unread.push({ place, text: words.join(' ').slice(0, 200) })
      sets.delete(name)
    }
  }
  return { sets, unread }
}

/** `timeout`, `nomatch` and the like make a key come and go, or mean its opposite. */
const isPlain = (rest: readonly string[]): boolean =>
  rest.length === 0 || (rest.length === 2 && rest[0] === 'comment')

function createdOf(
  type: string,
  rest: readonly string[],
): { family: Family; parts: readonly Part[]; keys: string[] } | undefined {
  const [storage, keys = ''] = type.split(':')
  const parts = keys
    .split(',')
    .map((part) => (Object.hasOwn(PARTS, part) ? PARTS[part] : undefined))
  if (!['hash', 'bitmap'].includes(storage ?? '')) return undefined
  if (!parts.every((part) => part !== undefined)) return undefined
  let family: Family = 4
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at]!
    if (word === 'comment' || word === 'counters') continue
    at += 1
    if (word === 'family') family = rest[at] === 'inet6' ? 6 : 4
    // A netmask of its own would widen each key.
    else if (!SIZES.has(word) || word === 'netmask') return undefined
  }
  return { family, parts, keys: [] }
}

const ENDS: Readonly<Record<string, Readonly<Record<Part, Field | undefined>>>> = {
  src: { ip: 'source', port: 'sourcePort', mac: 'sourceMac' },
  dst: { ip: 'target', port: 'targetPort', mac: undefined },
}

/** `--match-set NAME src,dst`; `undefined` when the set is not known, or a key of it is not understood. */
export function setCondition(
  sets: Sets,
  name: string,
  ends: string,
  family: Family,
): Extract<Condition, { kind: 'in' }> | undefined {
  const set = sets.get(name)
  const directions = ends.split(',')
  if (!set || directions.length < set.parts.length) return undefined
  if (set.family !== family && set.parts.includes('ip')) return undefined
  const wanted = set.parts.map((part, at) => {
    const end = directions[at]!
    return Object.hasOwn(ENDS, end) ? ENDS[end]![part] : undefined
  })
  if (!wanted.every((field) => field !== undefined)) return undefined
  const fields = [
    ...wanted,
    ...set.parts.flatMap((part) => (part === 'port' ? ['protocol' as const] : [])),
  ]
  const boxes = set.keys.map((key) => keyBox(key, set.parts, family))
  if (!boxes.every((box) => box !== undefined)) return undefined
  return { kind: 'in', fields, boxes, negated: false }
}

function keyBox(
  key: string,
  parts: readonly Part[],
  family: Family,
): readonly (readonly Span[])[] | undefined {
  const words = key.split(',')
  if (words.length !== parts.length) return undefined
  const spans: (readonly Span[] | undefined)[] = []
  const protocols: (readonly Span[] | undefined)[] = []
  for (const [at, part] of parts.entries()) {
    const word = words[at]!
    if (part === 'mac') spans.push(macSpans(word))
    else if (part === 'ip') {
      spans.push(word.includes('-') ? rangeSpans(word, family) : addressSpans(word, family))
    } else {
      const port = portOf(word)
      spans.push(port?.ports)
      protocols.push(port?.protocol)
    }
  }
  const all = [...spans, ...protocols]
  return all.every((one) => one !== undefined) ? all : undefined
}

const SET_PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132, udplite: 136 }

/** `tcp:80`, `udp:5000-5100`, `443` (which is TCP). */
function portOf(word: string) {
  const [last, protocol = 'tcp', ...more] = word.split(':').toReversed()
  const number = Object.hasOwn(SET_PROTOCOLS, protocol) ? SET_PROTOCOLS[protocol] : undefined
  const [from, to] = (last ?? '').split('-').map(portNumber)
  const end = (last ?? '').includes('-') ? to : from
  if (more.length > 0 || number === undefined || from === undefined || end === undefined)
    return undefined
  if (from > end) return undefined
  return { ports: [between(BigInt(from), BigInt(end))], protocol: [only(BigInt(number))] }
}
