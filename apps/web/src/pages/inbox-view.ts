import type { InboxItem } from '@sekisho/server/api'
import type { Tone } from '../ui/badge.tsx'
import type { Shape } from '../ui/icon.tsx'
import { say } from '../words/say.ts'

export type InboxTab = 'ready' | 'moving' | 'stopped'

/** Which of the three groups an item belongs to. */
export function inboxTab(item: InboxItem): InboxTab {
  if (item.state === 'delivered') return 'ready'
  return item.state === 'refused' || item.state === 'returned' || item.state === 'cancelled'
    ? 'stopped'
    : 'moving'
}

/** Word, shape and tone of an item's state, as the receiver sees it. */
export function inboxLook(item: InboxItem): { word: string; shape: Shape; tone: Tone } {
  switch (item.state) {
    case 'delivered':
      return item.takenAt === undefined
        ? { word: say('state.ready'), shape: 'check', tone: 'good' }
        : { word: say('state.taken'), shape: 'check', tone: 'plain' }
    case 'refused':
    case 'returned':
      return { word: say(`state.${item.state}`), shape: 'stop', tone: 'bad' }
    case 'cancelled':
      return { word: say('state.cancelled'), shape: 'ended', tone: 'plain' }
    case 'held':
      return { word: say('state.held'), shape: 'hold', tone: 'wait' }
    case 'receiving':
    case 'received':
    case 'curing':
      return { word: say(`state.${item.state}`), shape: 'moving', tone: 'plain' }
  }
}
