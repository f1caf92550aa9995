import { decoded, isSeen } from './mail-text.ts'

const INSIDE: Readonly<Record<string, string>> = {
  VEVENT: 'VCALENDAR',
  VTODO: 'VCALENDAR',
  VTIMEZONE: 'VCALENDAR',
  STANDARD: 'VTIMEZONE',
  DAYLIGHT: 'VTIMEZONE',
}
const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/u))
const TEXTS = words('SUMMARY DESCRIPTION LOCATION CATEGORIES UID TZID TZNAME')
const PEOPLE = words('ORGANIZER ATTENDEE')
const OTHERS =
  words(`CALSCALE DTSTAMP DTSTART DTEND DUE DURATION STATUS SEQUENCE RRULE RDATE EXDATE RECURRENCE-ID TZOFFSETFROM TZOFFSETTO
PRIORITY CLASS TRANSP CREATED LAST-MODIFIED`)
const PARAMETERS = words('TZID VALUE CN ROLE PARTSTAT RSVP CUTYPE LANGUAGE')
const METHODS = words('PUBLISH REQUEST REPLY CANCEL COUNTER ADD REFRESH DECLINECOUNTER')
const PERSON = /^mailto:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9._-]{1,253}$/u
const HEAD = ['BEGIN:VCALENDAR', 'PRODID:-//Sekisho//JA', 'VERSION:2.0']
const MAX_LINES = 20_000

/**
 * The method of a calendar of the grammar (RFC 5545: events, tasks and time zones, without alarms and attachments), empty when it names
 * none; `undefined` for anything that is not of the grammar.
 */
export function calendarMethod(bytes: Uint8Array): string | undefined {
  const text = decoded(bytes)
  if (text === undefined || !text.endsWith('\r\n')) return undefined
  const lines = text.slice(0, -2).split('\r\n')
  if (lines.length > MAX_LINES || !HEAD.every((line, index) => lines[index] === line))
    return undefined
  const method = /^METHOD:([A-Z]+)$/u.exec(lines[3] ?? '')?.[1]
  if (method !== undefined && !METHODS.has(method)) return undefined
  const rest = lines.slice(method === undefined ? 3 : 4)
  return isContent(rest) ? (method ?? '') : undefined
}

function isContent(lines: readonly string[]): boolean {
  const open = ['VCALENDAR']
  let useful = false
  for (const line of lines) {
    const parent = open.at(-1)
    if (parent === undefined) return false
    if (line.startsWith('BEGIN:')) {
      const name = line.slice(6)
      if (!Object.hasOwn(INSIDE, name) || INSIDE[name] !== parent) return false
      useful ||= name === 'VEVENT' || name === 'VTODO'
      open.push(name)
    } else if (line.startsWith('END:')) {
      if (open.pop() !== line.slice(4)) return false
    } else if (!isProperty(line)) return false
  }
  return open.length === 0 && useful
}

function isProperty(line: string): boolean {
  if (!isSeen(line) || /[\t\r\n]/u.test(line)) return false
  const name = /^[A-Z-]{1,20}/u.exec(line)?.[0] ?? ''
  let at = name.length
  const seen = new Set<string>()
  while (line.charAt(at) === ';') {
    const found = /^;([A-Z]{1,10})=(?:([A-Za-z0-9-]{1,200})|"([^"]{1,200})")(?=[;:])/u.exec(
      line.slice(at, at + 220),
    )
    const key = found?.[1] ?? ''
    if (!found || !PARAMETERS.has(key) || seen.has(key) || !isParameter(found[2], found[3]))
      return false
    seen.add(key)
    at += found[0].length
  }
  return line.charAt(at) === ':' && isValue(name, line.slice(at + 1))
}

function isParameter(plain: string | undefined, quoted: string | undefined): boolean {
  if (plain !== undefined) return true
  const text = quoted ?? ''
  return /[^A-Za-z0-9-]/u.test(text) && text === text.trim() && !text.includes('\\')
}

function isValue(name: string, value: string): boolean {
  if (TEXTS.has(name)) return value === value.trim() && value.length <= 100_000
  if (PEOPLE.has(name)) return PERSON.test(value)
  return OTHERS.has(name) && /^[A-Za-z0-9+:;=,./-]{1,2000}$/u.test(value)
}
