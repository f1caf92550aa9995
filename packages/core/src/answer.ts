/**
 * What a judge says: `pass` 通過, `hold` 保留 or `refuse` 差止め, with findings, each naming its cure.
 */

import type { OpenRemark } from './open-point.ts'

/** Outcome of one question. Nothing else exists: an error is an `Answer` with result `refuse`. */
export type Result = 'pass' | 'hold' | 'refuse'

/**
 * Why an answer is what it is. `forbidden`: a rule forbids. `not-permitted`: no rule permits. `error`: a rule
 * could not be evaluated or the facts did not fit the schema; always a refusal, and never mistaken for one of the
 * other two.
 */
export type Basis = 'permitted' | 'forbidden' | 'not-permitted' | 'error'

/** How binding the clause is. */
export type Severity = 'statutory' | 'required' | 'advisory'

/** Who may perform a cure. */
export type Actor = 'gate' | 'clerk' | 'approver' | 'it-officer' | 'ciso' | 'sender' | 'vendor'

/**
 * What a gate can do by itself. Everything else is done by a person.
 * `disarm` rebuilds a file, `strip` drops mail attachments, `plain-text` turns a body into text, `verify` re-reads
 * disarmed bytes with other code.
 */
export type GateCure = 'disarm' | 'verify' | 'strip' | 'plain-text'

/** What would make it pass, and who may do it. */
export interface Cure {
  /** Plain Japanese sentence for an official. */
  readonly sentence: string
  readonly who: Actor
  /** Present when the gate can perform it and ask again. */
  readonly gate?: GateCure
}

/** One reason. The same `rule` id is on the screen, in the log, in SARIF, in the tests and in the documentation. */
export interface Finding {
  /** Stable id, e.g. `ZN-01`. */
  readonly rule: string
  /** Clause of the guideline, e.g. `第3編 第2章 3.(1)`. */
  readonly clause: string
  /** Edition the clause was read from, e.g. `R8.3`. */
  readonly edition: string
  /** False when we could not check the wording against the guideline's own text. */
  readonly verified: boolean
  readonly severity: Severity
  /** What this finding does to the answer by itself. */
  readonly effect: 'refuse' | 'hold' | 'note'
  /** Plain Japanese sentence. */
  readonly message: string
  readonly cure: Cure
  /** Place in the declaration, e.g. `flows[3]`, when the question came from one. */
  readonly path?: string
  /** 1-based line in town.yaml, when known. */
  readonly line?: number
  /** 1-based column in town.yaml, when known. */
  readonly column?: number
  /** Open points on which it depends: under another reading it would not be here. */
  readonly open?: readonly OpenRemark[]
}

/** The answer to one question. Frozen. Findings are sorted by rule id, then path. */
export interface Answer {
  readonly result: Result
  readonly basis: Basis
  readonly findings: readonly Finding[]
  /** Ids of every rule that determined the answer, sorted: what is recorded. */
  readonly determining: readonly string[]
  /** Engine errors, as codes and rule ids only. Empty unless `basis` is `error`. */
  readonly errors: readonly string[]
}
