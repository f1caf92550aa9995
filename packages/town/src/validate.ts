import { MODELS, foreignClass } from '@sekisho/core'
import type { ClassMismatch } from '@sekisho/core'
import { z } from 'zod'
import expected from '../words/expected.json' with { type: 'json' }
import * as limit from './limits.ts'
import { nearest } from '@sekisho/core'
import { pathText, type PathStep } from './path.ts'
import type { ProblemReason, ProblemValues, Report } from './problem.ts'
import { townShape, type TownShape } from './shape.ts'

/**
 * Fits a parsed file to the shape and reports everything that does not fit, in an official's words.
 *
 * @returns the shape, or `undefined` when something was reported.
 */
export function validate(value: unknown, report: Report): TownShape | undefined {
  if (value === undefined) {
    report('TOWN-EMPTY', '')
    return undefined
  }
  const outcome = townShape.safeParse(value, { reportInput: true })
  if (outcome.success) return outcome.data
  const misspelt = new Set<string>()
  const issues = outcome.error.issues
  for (const issue of issues) reportUnknownKeys(issue, report, misspelt)
  for (const issue of issues) reportIssue(issue, report, misspelt)
  return undefined
}

type Issue = z.core.$ZodIssue

const stepsOf = (issue: Issue): readonly PathStep[] =>
  issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))

function reportUnknownKeys(issue: Issue, report: Report, misspelt: Set<string>): void {
  if (issue.code !== 'unrecognized_keys') return
  const allowed = keysAt(stepsOf(issue))
  for (const [index, key] of issue.keys.entries()) {
    // Beyond what will be worded, a key is only counted: a hostile file may hold a hundred thousand.
    const suggestion = index < limit.MAX_WORDED ? nearest(key, allowed) : undefined
    if (suggestion !== undefined) misspelt.add(pathText([...stepsOf(issue), suggestion]))
    const values = { value: key, suggestion, allowed: allowed.join('、') }
    report('TOWN-UNKNOWN-KEY', pathText([...stepsOf(issue), key]), values)
  }
}

function reportIssue(issue: Issue, report: Report, misspelt: ReadonlySet<string>): void {
  if (issue.code === 'unrecognized_keys') return
  const steps = stepsOf(issue)
  const path = pathText(steps)
  const name = steps.findLast((step) => typeof step === 'string') ?? 'town.yaml'
  if (missing(issue)) {
    // One slip, one problem: a misspelt key is not also a missing one.
    if (!misspelt.has(path)) report('TOWN-MISSING', path, { value: name })
    return
  }
  const [reason, values] = wordsOf(issue, name)
  report(reason, path, values)
}

const missing = (issue: Issue): boolean =>
  issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')

function wordsOf(issue: Issue, name: string): readonly [ProblemReason, ProblemValues] {
  const value = written(issue.input)
  if (issue.message === 'TOWN-CLASS') return classWords(value)
  if (issue.message === 'TOWN-MODEL')
    return ['TOWN-MODEL', { value, suggestion: modelMeant(value) }]
  if (isReason(issue.message) && issue.code !== 'invalid_value') return [issue.message, { value }]
  switch (issue.code) {
    case 'invalid_value':
      return ['TOWN-VALUE', choiceWords(value, issue.values.map(String))]
    case 'too_small':
      return sizeWords(issue.origin, name, value, issue.minimum, '以上')
    case 'too_big':
      return sizeWords(issue.origin, name, value, issue.maximum, '以下')
    case 'invalid_type':
      return ['TOWN-TYPE', { value: name, expected: kindWords(issue.expected) }]
    default:
      return ['TOWN-TYPE', { value: name, expected: kindWords('string') }]
  }
}

const isReason = (message: string): message is ProblemReason => message.startsWith('TOWN-')

function kindWords(kind: string): string {
  const known: Readonly<Record<string, string>> = expected
  return known[kind] ?? kind
}

function sizeWords(
  origin: string,
  name: string,
  value: string,
  bound: number | bigint,
  side: string,
): readonly [ProblemReason, ProblemValues] {
  if (origin === 'string') return ['TOWN-LENGTH', { value: name, limit: limit.MAX_TEXT }]
  if (origin === 'array') return ['TOWN-TOO-MANY', { value: name, limit: `${bound}件${side}` }]
  return ['TOWN-RANGE', { value, limit: `${bound}${side}` }]
}

function choiceWords(value: string, values: readonly string[]): ProblemValues {
  return { value, suggestion: nearest(value, values), allowed: values.join('、') }
}

// A bare 「機密性3」 means one thing to the state and another to a town (検討会第9回): asked back, never guessed.
function classWords(value: string): readonly [ProblemReason, ProblemValues] {
  const foreign = foreignClass(value)
  if (foreign !== undefined && foreign.scheme !== 'bare') return foreignWords(value, foreign)
  const schemeless = /^(?:機密性)?\s*([123１２３])([ABCａ-ｃabc]?)$/u.exec(value)
  if (!schemeless) return ['TOWN-VALUE', choiceWords(value, CLASS_LABELS)]
  const level = schemeless[1]!.normalize('NFKC')
  const letter = schemeless[2]!.normalize('NFKC').toUpperCase()
  const suggestion = level === '3' ? `自治体機密性3${letter || 'B'}` : `自治体機密性${level}`
  return ['TOWN-CLASS', { value, suggestion }]
}

function foreignWords(
  value: string,
  { scheme, candidates }: ClassMismatch,
): readonly [ProblemReason, ProblemValues] {
  const allowed = candidates.join('、')
  if (scheme === 'former') return ['TOWN-CLASS-FORMER', { value, allowed }]
  return ['TOWN-CLASS-SCHEME', { value, allowed }]
}

const CLASS_LABELS = ['3A', '3B', '3C', '2', '1'].map((level) => `自治体機密性${level}`)

/** α' , alpha-prime, αダッシュ … → the one spelling. */
function modelMeant(value: string): string | undefined {
  const letter = /^(?:α|alpha|a|ａ)/iu.test(value)
    ? 'α'
    : /^(?:β|beta|b|ｂ)/iu.test(value)
      ? 'β'
      : ''
  const prime = /(?:['’´`ʹ′＇]|prime|dash|ダッシュ)$/iu.test(value) ? '′' : ''
  const meant = `${letter}${prime}`
  return MODELS.find((model) => model === meant)
}

function written(input: unknown): string {
  if (typeof input === 'string') return input
  return typeof input === 'number' || typeof input === 'boolean'
    ? String(input)
    : (JSON.stringify(input) ?? '')
}

/** Keys that may stand at a path. */
function keysAt(steps: readonly PathStep[]): readonly string[] {
  let schema: unknown = townShape
  for (const step of steps) schema = within(bare(schema), step)
  const object = bare(schema)
  return object instanceof z.ZodObject ? Object.keys(object.shape) : []
}

function bare(schema: unknown): unknown {
  return schema instanceof z.ZodOptional ? bare(schema.unwrap()) : schema
}

function within(schema: unknown, step: PathStep): unknown {
  if (schema instanceof z.ZodArray) return schema.element
  if (!(schema instanceof z.ZodObject)) return undefined
  const shape: Readonly<Record<string, unknown>> = schema.shape
  return shape[String(step)]
}
