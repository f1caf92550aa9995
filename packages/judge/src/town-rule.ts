/**
 * A rule that a town adds by itself. It can forbid more; it can never permit anything.
 */
import { EDITIONS, MODELS } from '@sekisho/core'
import type { Actor, Severity } from '@sekisho/core'
import type { Forbid, Need } from '@sekisho/guideline'
import { policyOf, questionOf } from './policy.ts'

/** A town's own rule, with its words. */
export interface TownRule {
  /** `TOWN-` and up to 40 of A–Z, 0–9 and `-`: never the id of a rule of the guideline. */
  readonly id: string
  /** One Cedar `forbid` over one question. */
  readonly text: string
  /** Plain Japanese sentence. */
  readonly message: string
  /** Plain Japanese sentence: what would make it pass. */
  readonly cure: string
  readonly who: Actor
  /** `refuse` unless said otherwise. */
  readonly effect?: 'refuse' | 'hold'
  /** `required` unless said otherwise. */
  readonly severity?: Severity
  /** The town's own regulation, e.g. `香澄町情報セキュリティ対策基準 第12条`. */
  readonly clause?: string
}

/** A forbid with its Japanese words: what the judge works with, whoever wrote the rule. */
export interface WordedForbid extends Forbid {
  readonly message: string
  readonly cure: string
}

const NO_NEEDS: readonly Need[] = []

/**
 * The town's rule in the form of the guideline's rules. It belongs to every edition and model.
 *
 * @throws SekishoError CONFIG_INVALID when Cedar cannot read it.
 */
export function asForbid(rule: TownRule): WordedForbid {
  return {
    kind: 'forbid',
    id: rule.id,
    key: rule.id,
    // Cedar's own reading: a comment in the text could name another question.
    question: questionOf(policyOf(rule.id, rule.text)) as Forbid['question'],
    clause: rule.clause ?? '団体が定めた決まり',
    edition: 'R8.3',
    from: EDITIONS[0],
    models: MODELS,
    verified: false,
    source: '団体の宣言',
    needs: NO_NEEDS,
    text: rule.text,
    severity: rule.severity ?? 'required',
    effect: rule.effect ?? 'refuse',
    who: rule.who,
    message: rule.message,
    cure: rule.cure,
  }
}
