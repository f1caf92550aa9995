import type { CrossingState } from '@sekisho/core'
import type { Tone } from '../ui/badge.tsx'
import type { Shape } from '../ui/icon.tsx'
import { say } from '../words/say.ts'

/** A state as it is shown: the word, the shape that is told from others in black and white, the tone. */
export interface Look {
  readonly word: string
  readonly shape: Shape
  readonly tone: Tone
}

/** How far a crossing is, for whom it is meant. */
export function stateLook(state: CrossingState): Look {
  switch (state) {
    case 'delivered':
      return { word: say('state.ready'), shape: 'check', tone: 'good' }
    case 'refused':
    case 'returned':
      return { word: say(`state.${state}`), shape: 'stop', tone: 'bad' }
    case 'cancelled':
      return { word: say('state.cancelled'), shape: 'ended', tone: 'plain' }
    case 'held':
      return { word: say('state.held'), shape: 'hold', tone: 'wait' }
    case 'receiving':
    case 'received':
    case 'curing':
      return { word: say(`state.${state}`), shape: 'moving', tone: 'plain' }
  }
}
