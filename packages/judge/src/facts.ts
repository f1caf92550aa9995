/**
 * Facts as the schema declares them. Cedar itself would take any string for a zone, and a forbid about zones would
 * then silently not fire; so every fact is checked against its closed list here, before Cedar sees it.
 */
import { schemaToJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Type, TypeOfAttribute } from '@cedar-policy/cedar-wasm/nodejs'
import { SekishoError, foreignClass, isDay } from '@sekisho/core'
import type { ClassMismatch, FactValue } from '@sekisho/core'

/** What one fact may be. */
export type FactShape =
  | { readonly kind: 'bool' }
  | { readonly kind: 'count'; readonly minimum: number }
  /** `YYYY-MM-DD`, or empty where no day is set. */
  | { readonly kind: 'day' }
  | { readonly kind: 'word'; readonly values: readonly string[] }
  | { readonly kind: 'words'; readonly values: readonly string[] }

/** Fact name → shape, for one question. All required, none else allowed. */
export type QuestionShape = ReadonlyMap<string, FactShape>

/** A checked question: our own copy, which the caller can no longer change. */
export interface CheckedQuestion {
  readonly question: string
  readonly facts: Readonly<Record<string, FactValue>>
}

/** A list longer than this is not a list of zones. */
const MAX_LIST = 16

/**
 * Checks a question of unknown origin.
 *
 * @returns a copy of its facts, or the names of the facts that are missing or out of their list. Names come from the
 *   schema, never from the input: what an attacker wrote does not reach a log line.
 */
export function readQuestion(
  shapes: ReadonlyMap<string, QuestionShape>,
  input: unknown,
): CheckedQuestion | { readonly problems: readonly string[] } {
  if (!isObject(input)) return { problems: ['question'] }
  const { question, facts } = input as { question?: unknown; facts?: unknown }
  const shape = typeof question === 'string' ? shapes.get(question) : undefined
  if (typeof question !== 'string' || !shape) return { problems: ['question'] }
  if (!isObject(facts)) return { problems: ['facts'] }
  const copy: Record<string, FactValue> = {}
  const problems: string[] = []
  for (const [name, factShape] of shape) {
    const value = Object.hasOwn(facts, name)
      ? readFact(factShape, (facts as Record<string, unknown>)[name])
      : undefined
    if (value === undefined) problems.push(name)
    else copy[name] = value
  }
  if (Reflect.ownKeys(facts).some((key) => typeof key !== 'string' || !shape.has(key)))
    problems.push('unknown-fact')
  return problems.length > 0 ? { problems } : { question, facts: copy }
}

/** A class of another scheme in one of the facts that did not fit; the names come from `readQuestion`. */
export function foreignClassIn(
  input: unknown,
  names: readonly string[],
): ClassMismatch | undefined {
  const facts = isObject(input) ? (input as { facts?: unknown }).facts : undefined
  if (!isObject(facts)) return undefined
  for (const name of names) {
    const value = Object.hasOwn(facts, name) ? (facts as Record<string, unknown>)[name] : undefined
    const mismatch = typeof value === 'string' ? foreignClass(value) : undefined
    if (mismatch) return mismatch
  }
  return undefined
}

/** The value itself when it fits its shape, otherwise `undefined`. */
export function readFact(shape: FactShape, value: unknown): FactValue | undefined {
  switch (shape.kind) {
    case 'bool':
      return typeof value === 'boolean' ? value : undefined
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= shape.minimum
        ? (value as number)
        : undefined
    case 'day':
      return typeof value === 'string' && (value === '' || isDay(value)) ? value : undefined
    case 'word':
      return typeof value === 'string' && shape.values.includes(value) ? value : undefined
    case 'words':
      return readList(shape.values, value)
  }
}

function readList(values: readonly string[], value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_LIST) return undefined
  const copy = Array.from(value, (item: unknown) => item)
  return copy.every((item): item is string => typeof item === 'string' && values.includes(item))
    ? copy
    : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const known = new Map<string, ReadonlyMap<string, QuestionShape>>()

/**
 * Reads the shapes of all questions from the Cedar schema, once per schema.
 *
 * @throws SekishoError CONFIG_INVALID when the schema does not parse or has a fact this package cannot check.
 */
export function readShapes(schema: string): ReadonlyMap<string, QuestionShape> {
  const shapes = known.get(schema) ?? parseShapes(schema)
  known.set(schema, shapes)
  return shapes
}

function parseShapes(schema: string): ReadonlyMap<string, QuestionShape> {
  const answer = schemaToJson(schema)
  const namespace = answer.type === 'success' ? answer.json['Sekisho'] : undefined
  if (!namespace) throw new SekishoError('CONFIG_INVALID', 'the schema of the facts cannot be read')
  const common = namespace.commonTypes ?? {}
  return new Map(
    Object.entries(namespace.actions).map(([question, action]) => {
      const context = action.appliesTo?.context
      const attributes = context && 'attributes' in context ? context.attributes : undefined
      return [question, readShape(question, attributes ?? {}, common)]
    }),
  )
}

type Common = Record<string, Type<string> & { annotations?: Record<string, string> }>

function readShape(
  question: string,
  attributes: Record<string, TypeOfAttribute<string>>,
  common: Common,
): QuestionShape {
  return new Map(
    Object.entries(attributes).map(([name, type]) => {
      const shape = type.required === false ? undefined : shapeOf(type, common)
      if (!shape) throw new SekishoError('CONFIG_INVALID', `${question}: fact ${name} has no shape`)
      return [name, shape]
    }),
  )
}

function shapeOf(type: Type<string>, common: Common): FactShape | undefined {
  if (type.type === 'Set' && 'element' in type) {
    const element = shapeOf(type.element, common)
    return element?.kind === 'word' ? { kind: 'words', values: element.values } : undefined
  }
  const name = 'name' in type ? type.name : undefined
  if (name === 'Bool') return { kind: 'bool' }
  const { values, minimum, day } =
    (name === undefined ? undefined : common[name])?.annotations ?? {}
  if (values !== undefined) return { kind: 'word', values: values.split('|') }
  if (day !== undefined) return { kind: 'day' }
  if (minimum !== undefined) return { kind: 'count', minimum: Number(minimum) }
  return undefined
}
