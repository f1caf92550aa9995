import { calendarWords } from './calendar-words.ts'
import type { Preview } from './preview.ts'
import { PREVIEW_PARAGRAPHS_MAX, shorten } from './preview-text.ts'

/** When, where and who, in words. */
export function previewCalendar(bytes: Uint8Array): Preview {
  const { head, told } = calendarWords(new TextDecoder().decode(bytes))
  const lines = [head, ...told.split('\n')]
  return {
    kind: 'text',
    paragraphs: lines.slice(0, PREVIEW_PARAGRAPHS_MAX).map(shorten),
    more: lines.length > PREVIEW_PARAGRAPHS_MAX,
  }
}
