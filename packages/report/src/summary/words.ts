import { prefectureName, SIZE_CLASSES } from '@sekisho/assess'
import type { Place } from '@sekisho/assess'
import words from '../../words/summary.json' with { type: 'json' }
import { filled } from '../filled.ts'

/** Every word of the summaries that is not a rule's or a state's own. */
export const WORDS = words

/** 「東京都」, or 「不明」. */
export function placeName(place: Place): string {
  return place === 'unknown' ? words.places.unknown : prefectureName(place)
}

/** 「13」; nothing for bodies of unknown place. */
export const placeCode = (place: Place): string => (place === 'unknown' ? '' : place)

/** 「100〜299人」 for each of `SIZE_CLASSES`. */
export function sizeName(size: number): string {
  const from = SIZE_CLASSES[size]!.toLocaleString('en')
  const next = SIZE_CLASSES[size + 1]
  return next === undefined
    ? filled(words.sizeFrom, { from })
    : filled(words.sizeBetween, { from, until: (next - 1).toLocaleString('en') })
}

/** Why a declaration could not be read, without anything that stands in it. */
export function reasonText(reason: string): string {
  if (reason === 'TOWN-TOO-BIG') return words.reasons[reason]
  return reason.startsWith('TOWN-') ? words.reasons.declaration : words.reasons.disk
}
