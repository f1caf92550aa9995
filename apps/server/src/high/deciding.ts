/**
 * A person decides on something held, whatever it is: who may, how a decision is read, and how it is said that it cannot be.
 */
import type { Person } from '@sekisho/core'
import { shownName } from '@sekisho/gates/file'
import { isSender, passageWords } from '@sekisho/passage'
import type { Approver, Decided, DecisionRefusal, Progress } from '@sekisho/passage'
import type { Decision, Problem } from '../api.ts'
import type { SignedIn } from '../host/accounts.ts'
import { readBody, refuse } from '../host/web.ts'
import type { WebContext } from '../host/web.ts'
import { SHA256 } from '../link/messages.ts'
import { oneOf, shape, text } from '../shape.ts'

const readDecision = shape<Decision>({
  decision: oneOf(['approve', 'return']),
  sha256: text(64, SHA256),
  destination: text(1000),
  purpose: text(1000),
  comment: text(2000),
})

/** Why somebody cannot decide this one. */
export type Hindrance = 'APPROVAL-SELF' | 'APPROVAL-NOT-APPROVER'

/** Nobody decides on their own; else only one of `approvers` may. */
export function hindranceOf(
  { account, person }: SignedIn,
  progress: Progress,
  approvers: readonly Person[],
): Hindrance | undefined {
  if (isSender(progress, { account, person: person.id })) return 'APPROVAL-SELF'
  return approvers.some(({ id }) => id === person.id) ? undefined : 'APPROVAL-NOT-APPROVER'
}

/** This person has decided on it. */
export function hasDecided({ person }: SignedIn, { approval, ending }: Progress): boolean {
  return [approval?.approver.id, ending?.actor].includes(person.id)
}

/** Takes a decision from a request and answers with the card as it then is. */
export async function decideOn(
  context: WebContext,
  progress: Progress,
  on: {
    readonly hindrance: Hindrance | undefined
    readonly decide: (approver: Approver, input: Decision) => Promise<Decided>
    readonly card: (progress: Progress) => object
  },
): Promise<Response> {
  const { account, person } = context.get('who')
  const input = await readBody(context, readDecision)
  if (!input) return refuse(context, 400, 'BODY-INVALID')
  if (on.hindrance) return context.json(undecided(on.hindrance, progress), 403)
  const decided = await on.decide({ account, person: person.id, name: person.name }, input)
  if (decided.ok) return context.json(on.card(decided.progress))
  return context.json(undecided(decided.reason, progress), STATUS[decided.reason] ?? 409)
}

const STATUS: Partial<Record<DecisionRefusal, 400 | 403>> = {
  'APPROVAL-SELF': 403,
  'APPROVAL-COMMENT-LONG': 400,
  'APPROVAL-COMMENT-MISSING': 400,
}

/** Who decided and what they said, for a card. */
export function decidedBy(
  { approval, ending }: Progress,
  people: readonly Person[],
): { readonly decidedBy?: string; readonly comment?: string } {
  const decider = approval?.approver.id ?? (ending?.state === 'returned' ? ending.actor : undefined)
  const name = people.find(({ id }) => id === decider)?.name ?? decider
  const comment = approval?.comment ?? ending?.comment
  return {
    ...(name === undefined ? {} : { decidedBy: name }),
    ...(comment ? { comment } : {}),
  }
}

/** Names in the sentences are words of a stranger: shown so that they hide nothing. */
export function undecided(reason: DecisionRefusal | Hindrance, { crossing }: Progress): Problem {
  const words = passageWords(reason)
  const fill = (sentence = ''): string =>
    sentence.replaceAll('{file}', () => `「${shownName(crossing.fileName)}」`)
  return {
    reason,
    what: fill(words?.what),
    why: fill(words?.why),
    cure: fill(words?.cure),
    number: crossing.number,
    at: new Date().toISOString(),
  }
}
