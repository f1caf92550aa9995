import { demand } from './rejection.ts'
import { decoded, isSeen } from './mail-text.ts'

const INSIDE: Readonly<Record<string, string>> = {
  VEVENT: 'VCALENDAR',
  VTODO: 'VCALENDAR',
  VJOURNAL: 'VCALENDAR',
  VFREEBUSY: 'VCALENDAR',
  VTIMEZONE: 'VCALENDAR',
  STANDARD: 'VTIMEZONE',
  DAYLIGHT: 'VTIMEZONE',
}
const METHODS = new Set(
  'PUBLISH REQUEST REPLY CANCEL COUNTER ADD REFRESH DECLINECOUNTER'.split(' '),
)
const PARAMETERS = new Set('TZID VALUE CN ROLE PARTSTAT RSVP CUTYPE LANGUAGE FBTYPE'.split(' '))
const VALUE_NAMES = /^(?:DATE|DATE-TIME|PERIOD|DURATION|TEXT|URI)$/iu
const HEAD = ['BEGIN:VCALENDAR', 'PRODID:-//Sekisho//JA', 'VERSION:2.0']
const MAX_LINES = 200_000
const MAX_TEXT = 100_000
const MAX_BYTES_OF_LINE = 75

const WHEN = /^\d{8}(?:T\d{6}Z?)?$/u
const SPAN = /^[+-]?P[0-9DHMSTW]{2,20}$/u
const WORD = /^[A-Za-z-]{1,20}$/u
const COUNT = /^\d{1,9}$/u
const SHIFT = /^[+-]\d{4}(?:\d{2})?$/u
const PERSON = /^mailto:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9._-]{1,253}$/u

type Test = (value: string) => boolean
const like =
  (form: RegExp): Test =>
  (value) =>
    form.test(value)

/** Each property that may stand, and what it may say. */
const PROPERTIES: ReadonlyMap<string, Test> = new Map<string, Test>([
  ...each('SUMMARY DESCRIPTION LOCATION COMMENT CONTACT', (value) => isText(value)),
  ...each('UID TZID TZNAME X-WR-CALNAME X-WR-TIMEZONE', (value) => isText(value)),
  ...each('CATEGORIES RESOURCES', (value) => isText(value, true)),
  ...each('ORGANIZER ATTENDEE', like(PERSON)),
  ...each('DTSTAMP DTSTART DTEND DUE RECURRENCE-ID CREATED LAST-MODIFIED COMPLETED', like(WHEN)),
  ...each('RDATE EXDATE FREEBUSY', isListOfTimes),
  ...each('STATUS CLASS TRANSP CALSCALE', like(WORD)),
  ...each('SEQUENCE PRIORITY PERCENT-COMPLETE', like(COUNT)),
  ...each('TZOFFSETFROM TZOFFSETTO', like(SHIFT)),
  ['DURATION', like(SPAN)],
  ['RRULE', repeatsSlowly],
])

function each(names: string, test: Test): [string, Test][] {
  return names.split(' ').map((name) => [name, test])
}

/** Accepts a calendar of the grammar. */
export function verifyCalendar(bytes: Uint8Array, where: string): void {
  demand(calendarMethod(bytes) !== undefined, 'VERIFY-CALENDAR', where)
}

/**
 * The method of a calendar of the grammar (RFC 5545: events, tasks, notes, busy times and time zones, without alarms and attachments), empty when it names
 * none; `undefined` for anything that is not of the grammar.
 */
export function calendarMethod(bytes: Uint8Array): string | undefined {
  const text = decoded(bytes)
  const lines = text?.endsWith('\r\n') ? contentLines(text.slice(0, -2)) : undefined
  if (lines === undefined || lines.length > MAX_LINES) return undefined
  if (!HEAD.every((line, index) => lines[index] === line)) return undefined
  const method = /^METHOD:([A-Z]+)$/u.exec(lines[3] ?? '')?.[1]
  if (method !== undefined && !METHODS.has(method)) return undefined
  const rest = lines.slice(method === undefined ? 3 : 4)
  return isContent(rest) ? (method ?? '') : undefined
}

/** Lines without their folds; `undefined` when one is too long, or folded where it need not be: the same words have one spelling. */
function contentLines(text: string): readonly string[] | undefined {
  const lines: string[] = []
  let before = ''
  for (const piece of text.split('\r\n')) {
    const more = piece.startsWith(' ') ? piece.slice(1) : undefined
    if (Buffer.byteLength(piece) > MAX_BYTES_OF_LINE) return undefined
    if (more === undefined) lines.push(piece)
    else {
      const [next = ''] = more
      const fits = Buffer.byteLength(before) + Buffer.byteLength(next) <= MAX_BYTES_OF_LINE
      if (fits || lines.length === 0) return undefined
      lines.push(`${lines.pop()!}${more}`)
    }
    before = piece
  }
  return lines
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
      useful ||= parent === 'VCALENDAR'
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
    if (key === 'FBTYPE' && !WORD.test(found[2] ?? '')) return false
    if (key === 'VALUE' && !VALUE_NAMES.test(found[2] ?? '')) return false
    seen.add(key)
    at += found[0].length
  }
  return line.charAt(at) === ':' && (PROPERTIES.get(name)?.(line.slice(at + 1)) ?? false)
}

function isParameter(plain: string | undefined, quoted: string | undefined): boolean {
  if (plain !== undefined) return true
  const text = quoted ?? ''
  return /[^A-Za-z0-9-]/u.test(text) && text === text.trim() && !text.includes('\\')
}

/** Words in which each backslash escapes something, and each semicolon and comma is escaped; a list has bare commas between its words. */
function isText(value: string, list = false): boolean {
  if (value !== value.trim() || value.length > MAX_TEXT) return false
  const bare = value.replaceAll(/\\[\\;,n]/gu, 'x')
  return list ? !/[\\;]|^,|,,|,$/u.test(bare) : !/[\\;,]/u.test(bare)
}

function isListOfTimes(value: string): boolean {
  const times = value.split(',')
  return (
    times.length <= 500 &&
    times.every((time) => {
      const [from = '', to] = time.split('/', 2)
      const whole = to === undefined ? from : `${from}/${to}`
      return (
        whole === time && WHEN.test(from) && (to === undefined || WHEN.test(to) || SPAN.test(to))
      )
    })
  )
}

const WEEKDAY = '(?:MO|TU|WE|TH|FR|SA|SU)'
const BY_DAY = new RegExp(`^[+-]?\\d{0,2}${WEEKDAY}$`, 'u')

/** Each part of a rule: its form, and how many values it may list. No event comes more often than once an hour. */
const RULE: ReadonlyMap<string, readonly [form: RegExp, most: number]> = new Map([
  ['FREQ', [/^(?:HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/u, 1]],
  ['UNTIL', [WHEN, 1]],
  ['COUNT', [/^\d{1,4}$/u, 1]],
  ['INTERVAL', [/^\d{1,4}$/u, 1]],
  ['BYSECOND', [/^\d{1,2}$/u, 1]],
  ['BYMINUTE', [/^\d{1,2}$/u, 1]],
  ['BYHOUR', [/^\d{1,2}$/u, 24]],
  ['BYDAY', [BY_DAY, 50]],
  ...['BYMONTHDAY', 'BYYEARDAY', 'BYWEEKNO', 'BYMONTH', 'BYSETPOS'].map(
    (key) => [key, [/^[+-]?\d{1,3}$/u, 100]] as [string, [RegExp, number]],
  ),
  ['WKST', [new RegExp(`^${WEEKDAY}$`, 'u'), 1]],
])

function repeatsSlowly(value: string): boolean {
  const keys = new Set<string>()
  for (const part of value.split(';')) {
    const equals = part.indexOf('=')
    const key = part.slice(0, Math.max(0, equals))
    const [form, most] = RULE.get(key) ?? []
    const values = part.slice(equals + 1).split(',')
    if (form === undefined || keys.has(key) || values.length > (most ?? 0)) return false
    if (!values.every((one) => form.test(one))) return false
    keys.add(key)
  }
  return keys.has('FREQ')
}
