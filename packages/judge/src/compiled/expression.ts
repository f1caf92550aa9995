/**
 * One expression of a policy, turned into a closure. Only what is known here is compiled: everything else throws, so
 * that a rule is never half understood. Nothing that is known can fail when it is asked (there is no arithmetic, so no
 * overflow, and every fact is there), so the order in which sides are read never shows.
 */
import type { Expr } from '@cedar-policy/cedar-wasm/nodejs'
import { SekishoError } from '@sekisho/core'
import type { CheckedQuestion, FactShape, QuestionShape } from '../facts.ts'

type Facts = CheckedQuestion['facts']
type Scalar = boolean | number | string
type Type = 'bool' | 'long' | 'string' | 'set of bool' | 'set of long' | 'set of string'
type Read<Value> = (facts: Facts) => Value

/** A compiled expression: a value that no fact can change, or a way to read it from the facts. */
type Term =
  | { readonly type: Type; readonly value: Facts[string] | readonly Scalar[] }
  | { readonly type: Type; readonly read: Read<unknown> }

/** A compiled Boolean expression: folded to a constant where the known facts decide it. */
export type Condition = boolean | Read<boolean>

/** What an expression may speak about. */
export interface Scope {
  /** Facts of the question and what they may be. */
  readonly shape: QuestionShape
  /** Facts that are decided already: edition and model. */
  readonly known: ReadonlyMap<string, string>
}

/**
 * Compiles a Boolean expression.
 *
 * @throws SekishoError CONFIG_INVALID for an operator, a type or a form that is not known here.
 */
export function compileCondition(expression: Expr, scope: Scope): Condition {
  return asCondition(compile(expression, scope))
}

function compile(expression: unknown, scope: Scope): Term {
  const [operator, node] = onlyEntry(expression)
  switch (operator) {
    case 'Value':
      return literal(node)
    case 'Set':
      return set(items(node).map((item) => compile(item, scope)))
    case '.':
      return fact(fields(node, 'left', 'attr'), scope)
    case '!':
      return fromCondition(not(asCondition(compile(fields(node, 'arg').arg, scope))))
    default: {
      const { left, right } = fields(node, 'left', 'right')
      return fromCondition(infix(operator, compile(left, scope), compile(right, scope)))
    }
  }
}

function infix(operator: string, left: Term, right: Term): Condition {
  switch (operator) {
    case '&&':
      return and(asCondition(left), asCondition(right))
    case '||':
      return not(and(not(asCondition(left)), not(asCondition(right))))
    case '==':
      return equal(left, right)
    case '!=':
      return not(equal(left, right))
    case '>':
      return compared(left, right, (a, b) => a > b)
    case '>=':
      return compared(left, right, (a, b) => a >= b)
    case '<':
      return compared(left, right, (a, b) => a < b)
    case '<=':
      return compared(left, right, (a, b) => a <= b)
    case 'contains':
      return contains(left, right)
    case 'containsAll':
      return ofSets(left, right, (whole, part) => part.every((item) => whole.includes(item)))
    case 'containsAny':
      return ofSets(left, right, (whole, part) => part.some((item) => whole.includes(item)))
    default:
      throw unknown(`the operator ${operator}`)
  }
}

function literal(value: unknown): Term {
  if (typeof value === 'boolean') return { type: 'bool', value }
  if (typeof value === 'string') return { type: 'string', value }
  // Cedar's integers have 64 bits; one that JavaScript would round is not understood.
  if (Number.isSafeInteger(value)) return { type: 'long', value: value as number }
  throw unknown('a value that is not a truth value, a word or an integer')
}

function set(terms: readonly Term[]): Term {
  const type = setOf(terms[0]?.type)
  if (terms.some((term) => setOf(term.type) !== type)) throw unknown('a set of different types')
  if (terms.every((term) => 'value' in term))
    return { type, value: terms.map(({ value }) => value as Scalar) }
  const reads = terms.map(reading)
  return { type, read: (facts) => reads.map((read) => read(facts)) }
}

function setOf(type: Type | undefined): Type {
  if (type === 'bool' || type === 'long' || type === 'string') return `set of ${type}`
  throw unknown('a set of nothing or of sets')
}

function fact({ left, attr }: Record<'left' | 'attr', unknown>, scope: Scope): Term {
  const shape = typeof attr === 'string' ? scope.shape.get(attr) : undefined
  const [kind, name] = onlyEntry(left)
  if (typeof attr !== 'string' || !shape || kind !== 'Var' || name !== 'context')
    throw unknown('a fact of another question')
  const type = TYPES[shape.kind]
  const value = scope.known.get(attr)
  return value === undefined ? { type, read: (facts) => facts[attr] } : { type, value }
}

const TYPES: Readonly<Record<FactShape['kind'], Type>> = {
  bool: 'bool',
  count: 'long',
  day: 'string',
  word: 'string',
  words: 'set of string',
}

function not(condition: Condition): Condition {
  if (typeof condition === 'boolean') return !condition
  return (facts) => !condition(facts)
}

/** Both. */
export function and(left: Condition, right: Condition): Condition {
  if (left === false || right === false) return false
  if (left === true) return right
  if (right === true) return left
  return (facts) => left(facts) && right(facts)
}

function equal(left: Term, right: Term): Condition {
  if (left.type !== right.type) throw unknown('a comparison of different types')
  if (isSet(left))
    return ofSets(
      left,
      right,
      (a, b) => a.every((item) => b.includes(item)) && b.every((item) => a.includes(item)),
    )
  if ('value' in left && 'value' in right) return left.value === right.value
  if ('value' in right) return equalTo(reading(left), right.value)
  if ('value' in left) return equalTo(reading(right), left.value)
  const [a, b] = [reading(left), reading(right)]
  return (facts) => a(facts) === b(facts)
}

function equalTo(read: Read<unknown>, value: unknown): Condition {
  return (facts) => read(facts) === value
}

function compared(
  left: Term,
  right: Term,
  compare: (left: number, right: number) => boolean,
): Condition {
  if (left.type !== 'long' || right.type !== 'long') throw unknown('an order of other than counts')
  return combined(left, right, (a, b) => compare(a as number, b as number))
}

function contains(left: Term, right: Term): Condition {
  if (left.type !== setOf(right.type)) throw unknown('a set that holds another type')
  return combined(left, right, (whole, item) => (whole as readonly unknown[]).includes(item))
}

function ofSets(
  left: Term,
  right: Term,
  compare: (left: readonly unknown[], right: readonly unknown[]) => boolean,
): Condition {
  if (!isSet(left) || left.type !== right.type) throw unknown('sets of different types')
  return combined(left, right, (a, b) => compare(a as readonly unknown[], b as readonly unknown[]))
}

function combined(
  left: Term,
  right: Term,
  compare: (left: unknown, right: unknown) => boolean,
): Condition {
  if ('value' in left && 'value' in right) return compare(left.value, right.value)
  const [a, b] = [reading(left), reading(right)]
  return (facts) => compare(a(facts), b(facts))
}

function isSet({ type }: Term): boolean {
  return type.startsWith('set of ')
}

function reading(term: Term): Read<unknown> {
  if ('read' in term) return term.read
  const { value } = term
  return () => value
}

function asCondition(term: Term): Condition {
  if (term.type !== 'bool') throw unknown('a condition that is not a truth value')
  return 'value' in term ? term.value === true : (term.read as Read<boolean>)
}

function fromCondition(condition: Condition): Term {
  return typeof condition === 'boolean'
    ? { type: 'bool', value: condition }
    : { type: 'bool', read: condition }
}

/** Cedar writes an expression as an object with one name. */
function onlyEntry(expression: unknown): [string, unknown] {
  const entries = isRecord(expression) ? Object.entries(expression) : []
  const [entry] = entries
  if (!entry || entries.length > 1) throw unknown('an expression that is not one operator')
  return entry
}

/** Exactly these operands: one too many would be one that nobody obeys. */
function fields<Name extends string>(
  node: unknown,
  ...names: readonly Name[]
): Record<Name, unknown> {
  const found = isRecord(node) ? Object.keys(node) : []
  if (found.length !== names.length || names.some((name) => !found.includes(name)))
    throw unknown(`an expression other than with ${names.join(' and ')}`)
  return node as Record<Name, unknown>
}

function items(node: unknown): readonly unknown[] {
  if (!Array.isArray(node)) throw unknown('a set that is not a list')
  return node
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function unknown(what: string): SekishoError {
  return new SekishoError('CONFIG_INVALID', `the compiler does not know ${what}`)
}
