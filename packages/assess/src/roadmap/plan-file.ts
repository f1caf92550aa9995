/**
 * plan.yaml: what the two declarations cannot say. When equipment is renewed, when contracts end, what the staff can take on, which dates are set. All
 * of it may be left out.
 */
import { nearest, type IsoDate } from '@sekisho/core'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import words from '../../words/roadmap.json' with { type: 'json' }
import { filled } from './sentence.ts'

const date = z
  .string()
  .refine(
    (text) =>
      /^\d{4}-\d{2}-\d{2}$/u.test(text) &&
      !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
      new Date(`${text}T00:00:00Z`).toISOString().startsWith(text),
  )
const text = z.string().min(1).max(400)
const rule = z.string().regex(/^[A-Z]{2,4}-[A-Z0-9-]{2,20}$/u)
const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(1_000).default([])

const shape = z.strictObject({
  /** Steps that the staff can take in one half-year. */
  capacity: z.number().int().min(1).max(1_000).optional(),
  /** The first day of the plan; no step is before it. */
  start: date.optional(),
  /** What is already there is not altered or removed before its renewal. */
  renewals: list(z.strictObject({ subject: text, on: date })),
  /** What is under a contract is altered or removed by the day it ends. */
  contracts: list(z.strictObject({ subject: text, ends: date })),
  /** Days for single changes. */
  changes: list(
    z.strictObject({
      subject: text,
      earliest: date.optional(),
      latest: date.optional(),
    }),
  ),
  /** From this day on there may be no finding of these rules. ORD80 (2027-07-01) is always among them. */
  duties: list(z.strictObject({ name: text, on: date, rules: z.array(rule).min(1).max(100) })),
  /** Findings that may stand on the way. Statutory ones and ZN-01 to ZN-03 cannot be named here with any effect. */
  tolerate: list(z.strictObject({ rule, subject: text.optional() })),
  /** Rules of which no finding may come on the way, even if the target has it. */
  never: list(rule),
})

/** A plan file as read, with nothing left out. */
export type Plan = z.output<typeof shape>

/** From a day on there may be no finding of some rules. */
export interface Duty {
  /** `law`: it holds whatever the town plans. `plan`: the town set it. */
  readonly source: 'law' | 'plan'
  readonly name: string
  readonly on: IsoDate
  readonly rules: readonly string[]
}

/** Why a plan file cannot be used. */
export type PlanReason = Exclude<keyof typeof words.plan, 'PLAN-SUGGEST'>

export interface PlanProblem {
  readonly reason: PlanReason
  readonly message: string
  /** e.g. `renewals[0].on`; empty for the file itself. */
  readonly path: string
}

export type ReadPlan =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly PlanProblem[] }

/** UTF-16 units of a plan file. A plan of a hundred dates is about 8,000. */
export const MAX_PLAN = 64 * 1024

/** A plan that says nothing. */
export const noPlan = (): Plan => shape.parse({})

/** Reads a plan file. Unknown keys, days that do not exist and aliases are refused; it never throws on any text. */
export function readPlan(source: string): ReadPlan {
  if (source.length > MAX_PLAN) return refused('PLAN-BIG', '')
  const value = yaml(source)
  if (value === undefined) return refused('PLAN-YAML', '')
  const outcome = shape.safeParse(value.read ?? {})
  if (outcome.success) return { ok: true, plan: outcome.data }
  const paths = outcome.error.issues.map((issue) => {
    const more = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
    return pathText([...issue.path, ...more])
  })
  return {
    ok: false,
    problems: [...new Set(paths)].slice(0, 20).map((path) => problem('PLAN-VALUE', path)),
  }
}

/** Names in a plan that neither declaration has: a mistyped name would let a date go unnoticed. */
export function unknownSubjects(plan: Plan, known: readonly string[]): readonly PlanProblem[] {
  const all = new Set(known)
  return (['renewals', 'contracts', 'changes', 'tolerate'] as const).flatMap((key) =>
    plan[key].flatMap(({ subject }, index) => {
      if (
        subject === undefined ||
        all.has(subject) ||
        (key === 'tolerate' && subject === 'organisation')
      )
        return []
      const suggestion = nearest(subject, all)
      return [problem('PLAN-SUBJECT', `${key}[${index}].subject`, subject, suggestion)]
    }),
  )
}

// The text may be hostile: whatever the parser throws (an alias bomb, nesting beyond its stack) is a file that cannot be read.
function yaml(source: string): { readonly read: unknown } | undefined {
  try {
    const document = parseDocument(source, { version: '1.2', schema: 'core', prettyErrors: false })
    if (document.errors.length > 0) return undefined
    return { read: document.toJS({ maxAliasCount: 0 }) }
  } catch {
    return undefined
  }
}

const refused = (reason: PlanReason, path: string): ReadPlan => ({
  ok: false,
  problems: [problem(reason, path)],
})

function problem(reason: PlanReason, path: string, value = '', suggestion?: string): PlanProblem {
  const template = suggestion === undefined ? words.plan[reason] : words.plan['PLAN-SUGGEST']
  return { reason, path, message: filled(template, { path, value, suggestion: suggestion ?? '' }) }
}

const pathText = (path: readonly PropertyKey[]): string =>
  path
    .map((one) => (typeof one === 'number' ? `[${one}]` : `.${String(one)}`))
    .join('')
    .replace(/^\./u, '')
