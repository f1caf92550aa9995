import type { Condition } from '../../filter/filter.ts'
import type { Span } from '../../space/field.ts'
import { single } from './json.ts'
import { held, impliedConditions } from './match.ts'
import type { Book } from './rule.ts'
import { subjectOf } from './subject.ts'
import type { Subject } from './value.ts'
import { valuesOf } from './value.ts'

/**
 * The values on the right of a match: one, an anonymous set, or a named one.
 *
 * @returns `undefined` when they can change while nobody looks (`dynamic`, `timeout`) or are not there
 */
export function elementsOf(
  right: unknown,
  scope: string,
  book: Book,
): readonly unknown[] | undefined {
  if (typeof right === 'string' && right.startsWith('@')) {
    const set = book.sets.get(`${scope} ${right.slice(1)}`)
    const moving = set?.flags?.some((flag) => flag === 'dynamic' || flag === 'timeout') ?? false
    return moving || !set ? undefined : (set.elem ?? []).map(bare)
  }
  const [kind, inner] = single(right) ?? []
  if (kind === 'set') return Array.isArray(inner) ? inner.map(bare) : undefined
  return [right]
}

/** An element without its comment and counter. */
function bare(element: unknown): unknown {
  const [kind, inner] = single(element) ?? []
  if (kind === 'elem' && typeof inner === 'object' && inner !== null && 'val' in inner) {
    return inner.val
  }
  if (Array.isArray(element) && element.length === 2) return [bare(element[0]), element[1]]
  return element
}

/** The conditions under which `left` is one of `values`; `undefined` when anything of it is not understood. */
export function keyCondition(
  left: unknown,
  values: readonly unknown[],
  negated: boolean,
  hook: string | undefined,
): readonly Condition[] | undefined {
  const [kind, inner] = single(left) ?? []
  const parts = kind === 'concat' && Array.isArray(inner) ? inner : [left]
  const subjects = parts.map(subjectOf)
  if (!subjects.every((subject) => subject !== undefined)) return undefined
  if (subjects.some((subject) => isBlind(subject, hook))) return undefined
  const boxes = values.map((value) => boxOf(value, subjects, kind === 'concat'))
  if (!boxes.every((box) => box !== undefined)) return undefined
  const implied = subjects.flatMap((subject) => impliedConditions(subject.implied))
  return [
    ...implied,
    held(
      subjects.map(({ field }) => field),
      boxes,
      negated,
    ),
  ]
}

/** Before routing a packet has no way out; before conntrack it has no state. */
const isBlind = ({ field }: Subject, hook: string | undefined): boolean =>
  (hook === 'prerouting' && field === 'out') ||
  (hook === 'ingress' && (field === 'out' || field === 'state' || field === 'direction'))

function boxOf(
  value: unknown,
  subjects: readonly Subject[],
  concatenated: boolean,
): readonly (readonly Span[])[] | undefined {
  const [kind, inner] = single(value) ?? []
  const parts = concatenated ? (kind === 'concat' && Array.isArray(inner) ? inner : []) : [value]
  if (parts.length !== subjects.length) return undefined
  const spans = subjects.map((subject, at) => valuesOf(subject)(parts[at]))
  return spans.every((span) => span !== undefined) ? spans : undefined
}
