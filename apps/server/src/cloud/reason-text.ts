import { tunnelWords } from '@sekisho/gates/web'
import { explainRule } from '@sekisho/guideline'

/** A reason of the record in a few words: of a rule what it is called, of the gate's own what is said to the terminal. */
export function cloudReasonText(reason: string): string {
  const parts = explainRule(reason)?.parts ?? []
  return parts[0]?.ja.short ?? tunnelWords(reason).why
}
