import type { MailPickUp, MailRow } from '@sekisho/server/api'
import type { CrossingState } from '@sekisho/core'
import type { Tone } from '../ui/badge.tsx'
import type { Shape } from '../ui/icon.tsx'
import { say } from '../words/say.ts'

interface Look {
  readonly word: string
  readonly shape: Shape
  readonly tone: Tone
}

/** Word, shape and tone of a mail: how far it is on its way into the town, then to the mail server. */
export function mailLook({ state, delivery }: Pick<MailRow, 'state' | 'delivery'>): Look {
  if (state !== 'delivered') return stateLook(state)
  const word = say(`mail.state.${delivery}`)
  switch (delivery) {
    case 'sent':
      return { word, shape: 'check', tone: 'good' }
    case 'waiting':
      return { word, shape: 'moving', tone: 'plain' }
    case 'undelivered':
      return { word, shape: 'stop', tone: 'bad' }
  }
}

/** Of a crossing that somebody asked for. */
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

/** Whether somebody's wish for this file is still under way, so that the button need not be pressed again. */
export function isUnderWay({ asked }: Pick<MailPickUp, 'asked'>): boolean {
  return asked.some(
    ({ mine, state }) => mine && ['receiving', 'received', 'curing', 'held'].includes(state),
  )
}
