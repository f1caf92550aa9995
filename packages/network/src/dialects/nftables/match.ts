import type { Condition } from '../../filter/filter.ts'
import { between } from '../../space/field.ts'
import type { Field, Span } from '../../space/field.ts'
import type { Blind } from './blind.ts'
import { elementsOf, keyCondition } from './elements.ts'
import { single } from './json.ts'
import type { Book } from './rule.ts'
import { subjectOf } from './subject.ts'

/** A condition that nobody here can tell. */
export const unknown = (what: unknown): Condition => ({
  kind: 'unknown',
  text: JSON.stringify(what).slice(0, 200),
})

/** A match of nft as conditions that must all hold. The operator counts: one that is not understood makes the whole condition unknown. */
export function readMatch(
  inner: unknown,
  scope: string,
  book: Book,
  blind: Blind,
): readonly Condition[] {
  if (!isMatch(inner)) return [unknown(inner)]
  const { op, left, right } = inner
  const time = timeCondition(op, left, right, book)
  if (time) return time
  const negated = op === '!='
  if (op === '==' || negated) {
    const values = elementsOf(right, scope, book)
    return (values && keyCondition(left, values, negated, blind)) ?? [unknown(inner)]
  }
  if (op === 'in') return stateCondition(left, right, blind) ?? [unknown(inner)]
  return compared(op, left, right, blind) ?? [unknown(inner)]
}

interface Match {
  readonly op: string
  readonly left: unknown
  readonly right: unknown
}

const isMatch = (inner: unknown): inner is Match =>
  typeof inner === 'object' &&
  inner !== null &&
  'op' in inner &&
  typeof inner.op === 'string' &&
  'left' in inner &&
  'right' in inner

/** `ct state established,related`: any of the flags, of which a packet has one. */
function stateCondition(
  left: unknown,
  right: unknown,
  blind: Blind,
): readonly Condition[] | undefined {
  if (subjectOf(left)?.field !== 'state') return undefined
  return keyCondition(left, Array.isArray(right) ? right : [right], false, blind)
}

const BOUNDS: Readonly<Record<string, (value: bigint, top: bigint) => readonly [bigint, bigint]>> =
  {
    '<': (value) => [0n, value - 1n],
    '<=': (value) => [0n, value],
    '>': (value, top) => [value + 1n, top],
    '>=': (value, top) => [value, top],
  }

/** `tcp dport >= 1024`. */
function compared(
  op: string,
  left: unknown,
  right: unknown,
  blind: Blind,
): readonly Condition[] | undefined {
  const subject = subjectOf(left)
  const bounds = Object.hasOwn(BOUNDS, op) ? BOUNDS[op] : undefined
  const ports = subject?.field === 'sourcePort' || subject?.field === 'targetPort'
  if (!bounds || !ports || typeof right !== 'number') return undefined
  if (blind.has(subject.field)) return undefined
  const [first, last] = bounds(BigInt(right), 65_535n)
  const spans = first > last ? [] : [between(first, last)]
  return [...impliedConditions(subject.implied), held([subject.field], [[spans]], false)]
}

export const impliedConditions = (
  implied: readonly (readonly [Field, Span])[],
): readonly Condition[] => implied.map(([field, span]) => held([field], [[[span]]], false))

export const held = (
  fields: readonly Field[],
  boxes: readonly (readonly (readonly Span[])[])[],
  negated: boolean,
): Condition => ({ kind: 'in', fields, boxes, negated })

const NEVER: readonly Condition[] = [{ kind: 'in', fields: [], boxes: [], negated: false }]

/** `meta time < "2029-04-01 00:00:00"`, as nft prints it when its own clock is set to UTC. */
function timeCondition(
  op: string,
  left: unknown,
  right: unknown,
  { at, turns }: Book,
): readonly Condition[] | undefined {
  const [kind, inner] = single(left) ?? []
  const isTime =
    kind === 'meta' && typeof inner === 'object' && inner !== null && 'key' in inner
      ? inner.key === 'time'
      : false
  const limit = typeof right === 'string' ? instant(right) : undefined
  if (!isTime || limit === undefined) return undefined
  turns.add(limit)
  if (op === '<') return at < limit ? [] : NEVER
  if (op === '>=') return at >= limit ? [] : NEVER
  return undefined
}

function instant(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/u.test(text)) return undefined
  const read = Date.parse(`${text.replace(' ', 'T')}Z`)
  return Number.isNaN(read) ? undefined : read / 1000
}
