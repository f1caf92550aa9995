import type { Finding } from '@sekisho/core'
import { canonical, MAX_TOWN_BYTES } from '@sekisho/town'
import { z } from 'zod'
import { SOURCES } from './plan.ts'
import type { Plan } from './plan.ts'
import { refusal } from './refusal.ts'
import { sha256 } from './ruleset.ts'
import { SCOPES } from './transaction.ts'

/** Characters of a plan: a declaration of the largest size, its rules, and what is said of them. */
const MAX_PLAN = 256 * 1024 * 1024
/** Figures of the digest by which people and commands call a plan. */
const ID_LENGTH = 12

const digest = z.string().regex(/^[0-9a-f]{64}$/u)
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/u)
const finding = z.looseObject({ rule: z.string(), message: z.string() })
const findings = z.array(finding)

const shape = z.strictObject({
  sekisho: z.literal('1'),
  kind: z.literal('FirewallPlan'),
  digest,
  at: day,
  town: z.strictObject({ name: z.string(), digest, text: z.string().max(MAX_TOWN_BYTES) }),
  rules: digest,
  scope: z.enum(SCOPES),
  before: z.strictObject({ source: z.enum(SOURCES), digest, town: digest.optional() }),
  after: z.strictObject({ digest }),
  text: z.string(),
  textDigest: digest,
  changes: z.array(
    z.strictObject({
      pair: z.string(),
      effect: z.enum(['gains', 'loses']),
      sentences: z.array(
        z.strictObject({
          sentence: z.string(),
          flow: z.string().optional(),
          about: z.string().optional(),
        }),
      ),
    }),
  ),
  unread: findings,
  tests: z.array(z.strictObject({ name: z.string(), green: z.boolean(), reason: z.string() })),
  findings: z.strictObject({ appear: findings, vanish: findings }).optional(),
  unproved: findings,
  leftOut: findings,
})

/** The digest over everything a plan says. */
export const planDigest = (plan: Plan): string => sha256(canonical(plan))

/** The short number by which a plan is called. */
export const planId = (plan: Plan): string => planDigest(plan).slice(0, ID_LENGTH)

/** A plan as the text of its file. */
export function writePlan(plan: Plan): string {
  const head = { sekisho: '1', kind: 'FirewallPlan', digest: planDigest(plan) }
  return `${JSON.stringify({ ...head, ...plan }, undefined, 2)}\n`
}

/** Reads a plan back. Anybody may have written the file: what it says is checked again by `refusePlan` and against the kernel. */
export function readPlan(
  text: string,
): { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly finding: Finding } {
  const parsed = text.length > MAX_PLAN ? undefined : shape.safeParse(fromJson(text)).data
  if (!parsed) return { ok: false, finding: refusal('NET-PLAN-UNREADABLE', {}) }
  const { sekisho: _, kind: __, digest: written, ...rest } = parsed
  const plan = rest as unknown as Plan
  return planDigest(plan) === written
    ? { ok: true, plan }
    : { ok: false, finding: refusal('NET-PLAN-CHANGED', {}) }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
