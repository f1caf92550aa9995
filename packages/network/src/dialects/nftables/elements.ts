import type { Condition } from '../../filter/filter.ts'
import type { Span } from '../../space/field.ts'
import type { Blind } from './blind.ts'
import { single } from './json.ts'
import { held, impliedConditions } from './match.ts'
import type { Book } from './rule.ts'
import { subjectOf } from './subject.ts'
import type { Subject } from './value.ts'
import { valuesOf } from './value.ts'

/**
 * The values on the right of a match: one, an anonymous set, or a named one.
 *
 * @returns `undefined` when they can change while nobody looks (`dynamic`, `timeout`), hold for some packets only, or are not there
 */
export function elementsOf(
  right: unknown,
  scope: string,
  book: Book,
): readonly unknown[] | undefined {
  if (typeof right === 'string' && right.startsWith('@')) {
    const set = book.sets.get(`${scope} ${right.slice(1)}`)
    const moving = set?.flags?.some((flag) => flag === 'dynamic' || flag === 'timeout') ?? false
    if (set === undefined || moving || conditional(set.stmt ?? [])) return undefined
    return bareAll(set.elem ?? [])
  }
  const [kind, inner] = single(right) ?? []
  if (kind === 'set') return Array.isArray(inner) ? bareAll(inner) : undefined
  return [right]
}

/** What may stand with an element, or with all of a set, and leaves it an element for every packet. */
const COUNTS = new Set(['counter', 'last'])
const BESIDE_VALUE = new Set([...COUNTS, 'val', 'comment'])

/** A rate, a quota or a number of connections: the element is none once it is used up (`nft_set_elem_update_expr` of the kernel). */
const conditional = (statements: readonly unknown[]): boolean =>
  statements.some((one) => !COUNTS.has(single(one)?.[0] ?? ''))

function bareAll(elements: readonly unknown[]): readonly unknown[] | undefined {
  return elements.every(lasting) ? elements.map(bare) : undefined
}

function lasting(element: unknown): boolean {
  const [kind, inner] = single(element) ?? []
  if (kind === 'elem' && typeof inner === 'object' && inner !== null) {
    return Object.keys(inner).every((key) => BESIDE_VALUE.has(key))
  }
  return !Array.isArray(element) || element.length !== 2 || lasting(element[0])
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
  blind: Blind,
): readonly Condition[] | undefined {
  const [kind, inner] = single(left) ?? []
  const parts = kind === 'concat' && Array.isArray(inner) ? inner : [left]
  const subjects = parts.map(subjectOf)
  if (!subjects.every((subject) => subject !== undefined)) return undefined
  if (subjects.some((subject) => blind.has(subject.field))) return undefined
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
