import { createHash } from 'node:crypto'
import type { CompoundFile } from '../../cfb/index.ts'
import type { Context } from '../../family.ts'
import { END, LOCATION, START, namedIds } from './named-properties.ts'
import type { StorageProperties } from './properties.ts'

const METHODS: ReadonlyMap<string, string> = new Map([
  ['ipm.schedule.meeting.request', 'REQUEST'],
  ['ipm.schedule.meeting.canceled', 'CANCEL'],
])

/** When and where, of an appointment or a meeting of Outlook, as a calendar (RFC 5545); `undefined` for any other message. */
export function appointmentText(
  file: CompoundFile,
  properties: StorageProperties,
  kind: string,
  subject: string,
  context: Context,
): string | undefined {
  if (!/^ipm\.(?:appointment|schedule\.meeting\.)/i.test(kind)) return undefined
  const ids = namedIds(file, context)
  const [start, end] = [START, END].map((number) =>
    momentText(properties.time(ids.get(number) ?? 0)),
  )
  if (start === undefined || end === undefined) return undefined
  const location = properties.text(ids.get(LOCATION) ?? 0)
  const method = METHODS.get(kind.toLowerCase())
  const uid = createHash('sha256').update(`${start}\n${end}\n${subject}`).digest('hex').slice(0, 32)
  return [
    'BEGIN:VCALENDAR',
    ...(method === undefined ? [] : [`METHOD:${method}`]),
    'BEGIN:VEVENT',
    `UID:${uid}@sekisho`,
    `DTSTART:${start}`,
    `DTEND:${end}`,
    `SUMMARY:${escaped(subject)}`,
    ...(location ? [`LOCATION:${escaped(location)}`] : []),
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n')
}

function momentText(moment: number | undefined): string | undefined {
  if (moment === undefined || !(Math.abs(moment) < 8e15)) return undefined
  return new Date(moment).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
}

/** TEXT of RFC 5545 §3.3.11. */
function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, '\\$&').replaceAll(/\r?\n/g, '\\n')
}
