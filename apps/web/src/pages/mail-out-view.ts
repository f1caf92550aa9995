import type { OutgoingMailState } from '@sekisho/server/api'
import type { Tone } from '../ui/badge.tsx'
import type { Shape } from '../ui/icon.tsx'
import { say } from '../words/say.ts'

const LOOKS: Readonly<Record<OutgoingMailState, { readonly shape: Shape; readonly tone: Tone }>> = {
  checking: { shape: 'moving', tone: 'plain' },
  held: { shape: 'hold', tone: 'wait' },
  waiting: { shape: 'hold', tone: 'plain' },
  leaving: { shape: 'moving', tone: 'plain' },
  sent: { shape: 'check', tone: 'good' },
  'came-back': { shape: 'stop', tone: 'bad' },
  'handed-on': { shape: 'check', tone: 'good' },
  refused: { shape: 'stop', tone: 'bad' },
  returned: { shape: 'stop', tone: 'bad' },
  recalled: { shape: 'ended', tone: 'plain' },
}

/** Word, shape and tone of a mail to the outside, as its sender sees it. */
export function outLook(state: OutgoingMailState): { word: string; shape: Shape; tone: Tone } {
  return { word: say(`out.state.${state}`), ...LOOKS[state] }
}

/** Where a label stands: `subject`, `text`, `attachment 2`, `attachment 2 name`, `attachment 2 properties`. */
export function placeWord(place: string): string {
  if (place === 'subject' || place === 'text') return say(`out.place.${place}`)
  const [, count = '', part] = /^attachment (\d+)(?: (name|properties))?$/u.exec(place) ?? []
  if (count === '') return place
  return say(part === 'name' || part === 'properties' ? `out.place.${part}` : 'out.place.file', {
    count,
  })
}
