/**
 * What is known about something an official has in hand: the id of a rule or a reason, a clause, a word, a class, an open point. One answer for the
 * terminal and for the page.
 */
import { CLASS_TABLE, correspondingClasses } from '@sekisho/core'
import type { ClassRow } from '@sekisho/core'
import { DISARM_RULES, REFUSAL_REASONS, refusalWords, ruleSentence } from '@sekisho/disarm'
import {
  explainRule,
  loadGuideline,
  nearestRule,
  openPointOf,
  rulesAbout,
} from '@sekisho/guideline'
import type { ExplanationPart, OpenPoint, OpenPointKind, RuleMention } from '@sekisho/guideline'
import { explainSpread } from '@sekisho/town'
import words from '../words/explain.json' with { type: 'json' }

/** Sentences about a reason that is no rule of the guideline. At least one is there. */
export interface ReasonWords {
  readonly short?: string
  /** What happened. */
  readonly what?: string
  readonly message?: string
  readonly why?: string
  readonly cure?: string
}

export type LookedUp =
  | { readonly kind: 'point'; readonly point: OpenPoint }
  | { readonly kind: 'rule'; readonly id: string; readonly parts: readonly ExplanationPart[] }
  | { readonly kind: 'reason'; readonly id: string; readonly words: ReasonWords }
  /** What a class is called in the other schemes. */
  | { readonly kind: 'class'; readonly label: string; readonly rows: readonly ClassRow[] }
  /** A level without its scheme means nothing of its own: every class there is. */
  | { readonly kind: 'bare-class'; readonly label: string; readonly rows: readonly ClassRow[] }
  | { readonly kind: 'clause'; readonly rules: readonly RuleMention[] }
  /** Nothing; the id that may have been meant, when one is near. */
  | { readonly kind: 'nothing'; readonly near?: string }

/** How a reading of each kind comes into force. */
export const OPEN_POINT_KINDS: Readonly<Record<OpenPointKind, string>> = words.kinds

/** @param asked by whoever types: only compared, never run, and cut before it costs */
export function lookUp(asked: string): LookedUp {
  const id = asked.trim()
  const point = openPointOf(id)
  if (point !== undefined) return { kind: 'point', point }
  const rule = explainRule(id)
  if (rule !== undefined) return { kind: 'rule', id, parts: rule.parts }
  const reason = disarmWords(id) ?? explainSpread(id)
  if (reason !== undefined) return { kind: 'reason', id, words: reason }
  return classOf(classLabel(id)) ?? clauseOf(id)
}

/** Every open point there is, in order. */
export function openPoints(): readonly OpenPoint[] {
  return loadGuideline().openPoints
}

/** A disarm rule says what is taken out; a refusal reason says what happened, why, and what to do. */
function disarmWords(id: string): ReasonWords | undefined {
  if (REFUSAL_REASONS.includes(id)) return { ...refusalWords(id) }
  if (DISARM_RULES.some((rule) => rule.id === id)) return { what: ruleSentence(id) }
  return undefined
}

/** How a class is written in the table: narrow digits, and 3A–3C with the only scheme that has them. */
function classLabel(text: string): string {
  const narrow = text.slice(0, MAX_CLASS_CHARS).normalize('NFKC')
  return /^(?:機密性)?\s?3[ABC]$/u.test(narrow) ? `自治体機密性${narrow.slice(-2)}` : narrow
}

const MAX_CLASS_CHARS = 40

function classOf(label: string): LookedUp | undefined {
  const rows = correspondingClasses(label)
  if (rows.length > 0) return { kind: 'class', label, rows }
  return /^機密性\s?[123]$/u.test(label)
    ? { kind: 'bare-class', label, rows: CLASS_TABLE }
    : undefined
}

function clauseOf(id: string): LookedUp {
  const rules = rulesAbout(id)
  if (rules.length > 0) return { kind: 'clause', rules }
  const near = nearestRule(id)
  return { kind: 'nothing', ...(near !== undefined && { near }) }
}
