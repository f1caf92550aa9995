import type { DueDecision } from '@sekisho/assess'
import type { Actor, Answer, DecisionName, Finding } from '@sekisho/core'
import type { OpenView } from '@sekisho/judge'

export interface QuestionSummary {
  readonly question: DecisionName
  readonly title: string
  readonly lead: string
}

/** What is said to the facts of one form. */
export interface DecisionAnswer {
  readonly answer: Answer
  /** Facts that were found, in words, e.g. 機密性 自治体機密性3B. */
  readonly found: readonly { readonly label: string; readonly value: string }[]
  /** Why a found value is not lower. */
  readonly grounds: readonly { readonly label: string; readonly findings: readonly Finding[] }[]
  /** The fewest facts that would have to be otherwise for it to pass; empty when it does, or when no fact does it. */
  readonly changes: readonly {
    readonly label: string
    readonly to: string
    readonly who: Actor
  }[]
  /** Wording for a contract or a specification that would fulfil what is missing. */
  readonly wording: readonly { readonly title: string; readonly text: string }[]
  /** Open points on which the answer hangs, with every reading. */
  readonly open: readonly OpenView[]
}

/** Decisions that come back by a date in their facts. */
export interface DueDecisions {
  readonly at: string
  /** How far ahead it looks. */
  readonly days: number
  readonly rows: readonly DueDecision[]
}

export interface NewDecision {
  readonly idempotencyKey: string
  readonly question: DecisionName
  /** What it is about, e.g. 住民記録システム. */
  readonly subject: string
  readonly facts: Readonly<Record<string, string | number | boolean>>
  /** Why it is so; required when it replaces another. */
  readonly reason: string
  /** Number of the decision that this one replaces. */
  readonly supersedes?: string
}

export interface DecisionRow {
  readonly number: string
  /** Place in the log. */
  readonly index: number
  readonly at: string
  readonly person: string
  readonly question: DecisionName
  readonly title: string
  readonly subject: string
  readonly result: Answer['result']
  readonly found: readonly string[]
  readonly rules: readonly string[]
  readonly reason: string
  readonly facts: Readonly<Record<string, string | number | boolean>>
  readonly supersedes?: string
  readonly supersededBy?: string
}

/** Text to paste so that what was decided passes the cloud gate; empty when no text would. */
export interface DeclarationPage {
  readonly parts: readonly { readonly where: string; readonly text: string }[]
}

export interface DecisionPage {
  readonly rows: readonly DecisionRow[]
  readonly page: number
  readonly pages: number
  readonly total: number
}
