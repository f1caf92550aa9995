/** An answer of the judge that does not pass, as the gate tells it: the rule names itself, so the sentence, the page and the record have one id. */
import type { Answer } from '@sekisho/core'
import type { Refused } from './gatekeeper.ts'

/**
 * Nothing waits in a connection: what the rules would hold for a person is refused too, with the cure that says so.
 *
 * @param service id of the declared service; empty when none
 */
export function refusalOf(answer: Answer, service: string): Refused {
  const finding = spoken(answer)
  return { result: 'refuse', reason: ruleOf(answer), service, ...(finding && { finding }) }
}

export function ruleOf(answer: Answer): string {
  return spoken(answer)?.rule ?? answer.determining[0] ?? 'NOT-PERMITTED'
}

/** What refuses is told before what a person could allow. */
const spoken = ({ findings }: Answer): Answer['findings'][number] | undefined =>
  findings.find(({ effect }) => effect === 'refuse') ?? findings[0]
