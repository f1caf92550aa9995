import type { Action, Condition, Rule } from '../../filter/filter.ts'
import type { Field } from '../../space/field.ts'
import { hold, surelyTracked, trackedCondition, unknown } from './draft.ts'
import type { Book, Draft, Option, ReadOption } from './draft.ts'
import { MATCHES } from './matches.ts'
import type { SavedRule } from './saved.ts'
import { TARGETS } from './targets.ts'
import { addressSpans, interfaceSpans, protocolSpans } from './value.ts'

export interface RuleReading {
  /** None when it only counts, logs or marks; two when of a part of what it asks for nobody can tell. */
  readonly rules: readonly Rule[]
  /** What of the line is not understood. */
  readonly unread: readonly string[]
}

/** What a line is read with. */
export interface Surroundings {
  readonly book: Book
  readonly place: string
  /** Name of a chain in the tree; `undefined` when this table has none of that name. */
  readonly chain: (name: string) => string | undefined
  /** Fields that a packet does not have yet, or no longer, where this chain is called. */
  readonly blind: ReadonlySet<Field>
}

/** Reads one line. Whatever of it is not understood makes its conditions such that may hold or not, and is told; a target that is not understood, too. */
export function readRule(saved: SavedRule, around: Surroundings): RuleReading {
  const draft: Draft = { book: around.book, conditions: [], tracked: [], unread: [], needs: [] }
  readArguments(saved.rest, draft, around)
  const asked = draft.conditions.length
  const sure = draft.tracked.length === 1 ? surelyTracked(draft.tracked[0]!) : undefined
  for (const tracking of draft.tracked) {
    const condition = trackedCondition(tracking)
    if (condition) draft.conditions.push(condition)
    else draft.unread.push('--ctstate')
  }
  if (!draft.needs.every((some) => some.includes(draft.protocol ?? -1))) draft.unread.push('-p')
  draft.unread.push(...blindFields(draft, around.blind))
  if (draft.strict && draft.unread.length > 0) draft.action ??= { kind: 'unknown', text: 'strict' }
  const { action, comment } = draft
  // A line that ends no way lets nothing through and holds nothing back, whatever it asks for.
  if (action === undefined) return { rules: [], unread: [] }
  const unclear = draft.unread.length > 0 ? [unknown(draft.unread.join(' '))] : []
  const ruled = (conditions: readonly Condition[]): Rule => ({
    place: around.place,
    conditions: [...conditions, ...unclear],
    action,
    ...(comment !== undefined && { comment }),
    text: saved.text,
    line: saved.line,
  })
  return {
    rules: [
      ...(sure ? [ruled([...draft.conditions.slice(0, asked), sure])] : []),
      ruled(draft.conditions),
    ],
    unread: draft.unread,
  }
}

const blindFields = ({ conditions }: Draft, blind: ReadonlySet<Field>): readonly string[] =>
  conditions.flatMap((condition) =>
    condition.kind === 'in' ? condition.fields.filter((field) => blind.has(field)) : [],
  )

/** Options that stand for themselves, without an extension. */
const BASE: Readonly<Record<string, Option>> = {
  ...named(['-p', '--protocol', '--proto'], 1, (draft, [value], negated) => {
    const spans = protocolSpans(value!)
    if (!spans) return false
    if (spans.length === 0) return !negated
    if (!negated) draft.protocol = Number(spans[0]!.from)
    return hold(draft, 'protocol', spans, negated)
  }),
  ...named(['-s', '--source', '--src'], 1, address('source')),
  ...named(['-d', '--destination', '--dst'], 1, address('target')),
  ...named(['-i', '--in-interface'], 1, plugged('in')),
  ...named(['-o', '--out-interface'], 1, plugged('out')),
  // Conntrack puts fragments together, and not every machine tracks: it may hold or not.
  ...named(['-f', '--fragment'], 0, (draft) => {
    draft.conditions.push(unknown('-f'))
    return true
  }),
  ...named(['-c', '--set-counters'], 2, (_draft, values) =>
    values.every((value) => /^\d{1,20}$/u.test(value)),
  ),
}

function named(
  names: readonly string[],
  values: number,
  read: ReadOption,
): Readonly<Record<string, Option>> {
  return Object.fromEntries(names.map((name) => [name, { values, read }]))
}

function address(field: Field): ReadOption {
  return (draft, [value], negated) => {
    // iptables makes one rule of each, so "none of these" cannot be said.
    if (negated && value!.includes(',')) return false
    return hold(draft, field, addressSpans(value!, draft.book.family), negated)
  }
}

function plugged(field: Field): ReadOption {
  return (draft, [value], negated) => hold(draft, field, interfaceSpans(value!), negated)
}

/** Options of what has been named last come first, as getopt merges them. */
interface Known {
  readonly options: Readonly<Record<string, Option>>[]
}

function readArguments(words: readonly string[], draft: Draft, around: Surroundings): void {
  const known: Known = { options: [BASE] }
  let at = 0
  let negated = false
  const take = (count: number): readonly string[] | undefined => {
    const values = words.slice(at, at + count)
    at += count
    return values.length === count ? values : undefined
  }
  while (at < words.length) {
    const word = words[at]!
    at += 1
    if (word === '!') {
      negated = true
      continue
    }
    // `-s ! 10.0.0.0/8`, as it was written until 2009.
    if (words[at] === '!') {
      negated = true
      at += 1
    }
    if (word === '-m' || word === '--match') begin(take(1), draft, known)
    else if (JUMPS.includes(word)) aim(word, take(1), draft, around, known)
    else {
      const option = optionOf(word, draft, known)
      const values = option && take(option.values)
      if (!values || !option.read(draft, values, negated)) draft.unread.push(word)
      // What follows an option that nobody knows are its values, as many as they may be.
      if (!option) while (at < words.length && !/^(?:-|!$)/u.test(words[at]!)) at += 1
    }
    negated = false
  }
}

const JUMPS = ['-j', '--jump', '-g', '--goto']

function optionOf(word: string, { protocol }: Draft, { options }: Known): Option | undefined {
  for (const table of options.toReversed()) if (Object.hasOwn(table, word)) return table[word]
  // `-p tcp --dport 80` names its extension by the protocol.
  const implied = protocol === undefined ? undefined : IMPLIED.get(protocol)
  const table = implied === undefined ? undefined : MATCHES[implied]?.options
  return table && Object.hasOwn(table, word) ? table[word] : undefined
}

const IMPLIED = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [33, 'dccp'],
  [58, 'icmp6'],
  [132, 'sctp'],
  [136, 'udplite'],
])

function begin(values: readonly string[] | undefined, draft: Draft, known: Known): void {
  const name = values?.[0] ?? ''
  const match = Object.hasOwn(MATCHES, name) ? MATCHES[name] : undefined
  if (!match) {
    draft.unread.push(`-m ${name}`)
    return
  }
  match.begin?.(draft)
  known.options.push(match.options)
}

function aim(
  word: string,
  values: readonly string[] | undefined,
  draft: Draft,
  around: Surroundings,
  known: Known,
): void {
  const name = values?.[0] ?? ''
  const target = Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined
  const chain = around.chain(name)
  const jump = word === '-j' || word === '--jump'
  // Twice aimed, or a chain that is called as a target is: which of the two is meant, nobody can tell.
  if (
    draft.action ||
    (target && (chain !== undefined || !jump)) ||
    (!target && chain === undefined)
  ) {
    draft.unread.push(`${word} ${name}`)
    draft.action = { kind: 'unknown', text: name }
  } else if (chain !== undefined) draft.action = { kind: jump ? 'call' : 'go', chain } as Action
  else if (target) {
    known.options.push(targetOptions(target.options))
    if (target.action) draft.action = target.action
    if (target.strict) draft.strict = true
  }
}

const targetOptions = (
  options: Readonly<Record<string, number>>,
): Readonly<Record<string, Option>> =>
  Object.fromEntries(
    Object.entries(options).map(([option, values]) => [
      option,
      { values, read: (_draft: Draft, _values: readonly string[], negated: boolean) => !negated },
    ]),
  )
