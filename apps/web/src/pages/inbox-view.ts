import type { InboxItem } from '@sekisho/server/api'
import { say } from '../words/say.ts'
import { stateLook } from './state-look.ts'
import type { Look } from './state-look.ts'

export type InboxTab = 'ready' | 'moving' | 'stopped'

/** Which of the three groups an item belongs to. */
export function inboxTab(item: InboxItem): InboxTab {
  if (item.state === 'delivered') return 'ready'
  return item.state === 'refused' || item.state === 'returned' || item.state === 'cancelled'
    ? 'stopped'
    : 'moving'
}

/** Word, shape and tone of an item's state, as the receiver sees it. */
export function inboxLook({ state, takenAt }: Pick<InboxItem, 'state' | 'takenAt'>): Look {
  if (state === 'delivered' && takenAt !== undefined)
    return { word: say('state.taken'), shape: 'check', tone: 'plain' }
  return stateLook(state)
}
