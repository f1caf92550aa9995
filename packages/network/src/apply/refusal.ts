import type { Finding } from '@sekisho/core'
import { shown } from '@sekisho/town'
import words from '../../words/apply.json' with { type: 'json' }

/** Why a plan is not made, not applied, not confirmed, or what is wrong with what the kernel holds. */
export type RefusalReason = keyof typeof words.refusals

/** A refusal as a finding: reason, sentence, and what would help. */
export function refusal(reason: RefusalReason, values: Readonly<Record<string, string>>): Finding {
  const sentence = words.refusals[reason]
  return {
    rule: reason,
    clause: words.clause,
    edition: 'R8.3',
    verified: true,
    severity: 'required',
    effect: 'refuse',
    message: filled(sentence.message, values),
    cure: { sentence: filled(sentence.cure, values), who: 'it-officer' },
  }
}

/** What nft says can hold names from a text of somebody else, over several lines: shown in one, and cut. */
const MOST_SHOWN = 200
const inOneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/gu, ' ')

export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/gu, (_, name: string) =>
    shown(inOneLine(values[name] ?? ''), MOST_SHOWN),
  )
