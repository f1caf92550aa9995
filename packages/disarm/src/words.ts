import type { ThreatKind } from '@sekisho/core'
import ja from '../words/ja.json' with { type: 'json' }
import { kindOf } from './rules.ts'

/** Why a file is not let through, for a person: what happened, why, and what to do now. */
export interface RefusalWords {
  readonly what: string
  readonly why: string
  readonly cure: string
}

const REMOVED: Readonly<Record<string, string>> = ja.removed
const KEPT: Readonly<Record<string, string>> = ja.kept
const REASONS: Readonly<Record<ThreatKind, { readonly why: string; readonly next: string }>> =
  ja.reasons
const REFUSED: Readonly<Record<string, RefusalWords>> = ja.refused

/** What was taken out, e.g. 「マクロ（VBA）を3件取り除きました。」. Unknown rules say so instead of hiding. */
export function removalSentence(rule: string, count: number): string {
  const text = ruleSentence(rule)
  const counted = text.replace('を除きました', `を${count}件取り除きました`)
  return counted === text ? sentence(text, count) : counted
}

/** What a rule takes out, without a number. */
export function ruleSentence(rule: string): string {
  return own(REMOVED, rule) ?? '決まりに合わない部分を除きました。'
}

/** Why a rule takes it out, and what a person who needs it can do. */
export function removalReason(rule: string): { readonly why: string; readonly next: string } {
  return REASONS[kindOf(rule) ?? 'S']
}

/** What is still in the file and worth knowing. */
export function keptSentence(rule: string, count: number): string {
  return sentence(own(KEPT, rule) ?? '確かめたうえで残した部分があります。', count)
}

/** The words for a refusal reason. */
export function refusalWords(reason: string): RefusalWords {
  return own(REFUSED, reason) ?? FALLBACK
}

const FALLBACK: RefusalWords = {
  what: 'このファイルは通せませんでした。',
  why: '最後まで確かめられないものは通しません。',
  cure: '情報担当に番号を伝えてください。',
}

function sentence(text: string, count: number): string {
  return count > 1 ? `${text}（${count} か所）` : text
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
