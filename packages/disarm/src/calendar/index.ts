import type { Context, Family, Rebuilt } from '../family.ts'
import { refuse } from '../family.ts'
import { decodeText, detectEncoding } from '../text/encoding.ts'
import { MAX_LINES, rebuildCalendar } from './rebuild.ts'

/** Calendars (iCalendar, RFC 5545): events, tasks and time zones, without what acts, fetches or carries a file. */
export const calendarFamily: Family = { id: 'calendar', types: ['ics'], rebuild }

function rebuild(input: Uint8Array, _type: string, context: Context): Rebuilt {
  context.spend(input.length)
  const encoding = detectEncoding(input) ?? refuse('ICS-PARSE')
  const raw = decodeText(input, encoding).replace(/^\uFEFF/, '')
  const calendar = rebuildCalendar(raw) ?? refuse(isLong(raw) ? 'LIMIT-ENTRIES' : 'ICS-PARSE')
  // A calendar is in UTF-8 (RFC 5545 3.1.4); one of an old program in Shift_JIS is shown as signs by most others.
  context.removed('H-CHARSET', '', encoding === 'utf-8' ? 0 : 1)
  for (const [rule, count] of calendar.removed) context.removed(rule, '', count)
  return { ok: true, outputType: 'ics', output: new TextEncoder().encode(calendar.text) }
}

function isLong(raw: string): boolean {
  return raw.split(/\r\n?|\n/).length > MAX_LINES
}
