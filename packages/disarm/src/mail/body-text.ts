import { cleanText } from '../html/words.ts'
import { takeUuencoded } from './transfer.ts'

/**
 * Text of a body in its one form: lines end with CR LF, nothing unseen, and no file between `begin` and `end`. Files were taken out before;
 * what only now looks like one (a control character stood in its way) gets a space in front, so that no reader finds it.
 */
export function bodyText(raw: string): { readonly text: string; readonly count: number } {
  const { text, count } = cleanText(raw.replace(/\r\n?/g, '\n'))
  const hidden = takeUuencoded(text).files.length > 0
  const plain = hidden ? text.replace(/^begin (?=[0-7]{3,4} )/gm, ' begin ') : text
  return { text: plain.replaceAll('\n', '\r\n'), count }
}
