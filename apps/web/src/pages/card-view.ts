import type { ApprovalCard } from '@sekisho/server/api'
import type { Tone } from '../ui/badge.tsx'
import type { Shape } from '../ui/icon.tsx'
import { say } from '../words/say.ts'

/** Word, shape and tone of a request, as the approver sees it. */
export function cardLook(card: Pick<ApprovalCard, 'state'>): {
  word: string
  shape: Shape
  tone: Tone
} {
  if (card.state === 'held') return { word: say('state.held'), shape: 'hold', tone: 'wait' }
  if (card.state === 'returned') return { word: say('state.returned'), shape: 'stop', tone: 'bad' }
  if (card.state === 'refused') return { word: say('state.refused'), shape: 'stop', tone: 'bad' }
  if (card.state === 'cancelled')
    return { word: say('state.cancelled'), shape: 'ended', tone: 'plain' }
  return { word: say('state.approved'), shape: 'check', tone: 'good' }
}
