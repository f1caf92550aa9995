import type { Severity } from '@sekisho/core'
import type { ControlCheck } from '@sekisho/guideline'
import controls from '../words/controls.json' with { type: 'json' }
import words from '../words/ja.json' with { type: 'json' }
import type { Basis, ControlReason, ControlState } from './control-row.ts'

/** What a control asks for, in a few words; the id itself when it has no words yet. */
export function controlName(control: string): string {
  return (controls as Readonly<Record<string, string>>)[control] ?? control
}

export const STATE_WORDS: Readonly<Record<ControlState, string>> = words.states
export const BASIS_WORDS: Readonly<Record<Basis, string>> = words.basis
export const WHY: Readonly<Record<ControlReason, string>> = words.why
export const CURE: Readonly<Record<ControlCheck | 'not-answered', string>> = words.cure
const CHAPTERS: Readonly<Record<string, string>> = words.chapters

/** The nine chapters of the policy, in order. */
export const CHAPTER_NUMBERS: readonly number[] = Object.keys(CHAPTERS).map(Number)

export function chapterName(chapter: number): string {
  return CHAPTERS[String(chapter)] ?? String(chapter)
}

export const RISK_WORDS = words.risk
export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = words.severity
/** What a move does to a flow: 「切れる」, 「確かめる」, 「変わらない」. */
export const EFFECT_WORDS: Readonly<Record<'break' | 'touch' | 'keep', string>> =
  words.delta.effects
/** What a move does to a number that drives cost. */
export const CHANGE_WORDS: Readonly<Record<'added' | 'removed' | 'kept', string>> =
  words.delta.changes
/** Whether papers still stand; nothing for no paper. */
export const FRESHNESS_WORDS: Readonly<
  Record<'in-date' | 'out-of-date' | 'no-limit' | 'none', string>
> = words.freshness
