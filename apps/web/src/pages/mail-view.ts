import type { MailPickUp, MailRow } from '@sekisho/server/api'
import { say } from '../words/say.ts'
import { stateLook } from './state-look.ts'
import type { Look } from './state-look.ts'

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

/** Whether somebody's wish for this file is still under way, so that the button need not be pressed again. */
export function isUnderWay({ asked }: Pick<MailPickUp, 'asked'>): boolean {
  return asked.some(
    ({ mine, state }) => mine && ['receiving', 'received', 'curing', 'held'].includes(state),
  )
}
