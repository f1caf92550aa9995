import { cleanText } from '../html/words.ts'

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/))
const TEXTS = words(
  'SUMMARY DESCRIPTION LOCATION UID TZID TZNAME COMMENT CONTACT X-WR-CALNAME X-WR-TIMEZONE',
)
const LISTS = words('CATEGORIES RESOURCES')
const PEOPLE = words('ORGANIZER ATTENDEE')
const MOMENTS = words('DTSTAMP DTSTART DTEND DUE RECURRENCE-ID CREATED LAST-MODIFIED COMPLETED')
const MOMENT_LISTS = words('RDATE EXDATE FREEBUSY')
const NUMBERS = words('SEQUENCE PRIORITY PERCENT-COMPLETE')
const NAMES = words('STATUS CLASS TRANSP CALSCALE')
const OFFSETS = words('TZOFFSETFROM TZOFFSETTO')
const MAX_TEXT = 100_000

/** What became of a value: its written spelling, or the rule by which it goes. */
export type Written = { readonly text: string; readonly unseen: number } | { readonly rule: string }

/** The value of a property (RFC 5545 3.3) in its one spelling. */
export function writtenValue(name: string, raw: string): Written {
  const { text, count } = cleanText(raw.replaceAll('\t', ' '))
  const value = text.trim()
  const written = plainValue(name, value)
  if (written !== undefined) return { text: written, unseen: count }
  return { rule: ruleOf(name) }
}

/** What carries a file, fetches one or opens a place goes by a rule of its own. */
export function ruleOf(name: string): string {
  if (name === 'ATTACH' || name === 'IMAGE') return 'ICS-ATTACH'
  if (name === 'URL' || name === 'CONFERENCE') return 'URL-REMOVED'
  return name === 'RRULE' ? 'ICS-RULE' : 'ICS-PART'
}

function plainValue(name: string, value: string): string | undefined {
  if (TEXTS.has(name)) return within(escaped(value))
  if (LISTS.has(name)) return within(listed(value).join(','))
  if (PEOPLE.has(name)) return person(value)
  if (name === 'RRULE') return repetition(value.toUpperCase())
  return formOf(name)?.test(value) ? value : undefined
}

function within(text: string): string | undefined {
  return text.length <= MAX_TEXT ? text : undefined
}

/** Some programs write the address alone. */
function person(value: string): string | undefined {
  const address = value.replace(/^mailto:/i, '')
  return ADDRESS.test(address) ? `mailto:${address}` : undefined
}

const ADDRESS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9._-]{1,253}$/
const MOMENT = '[0-9]{8}(?:T[0-9]{6}Z?)?'
const LENGTH = '[+-]?P[0-9DHMSTW]{2,20}'
const PERIOD = `${MOMENT}(?:/(?:${MOMENT}|${LENGTH}))?`
const MOMENT_FORM = new RegExp(`^${MOMENT}$`)
const LENGTH_FORM = new RegExp(`^${LENGTH}$`)
const LIST_FORM = new RegExp(`^${PERIOD}(?:,${PERIOD}){0,499}$`)
const NUMBER_FORM = /^[0-9]{1,9}$/
const NAME_FORM = /^[A-Za-z-]{1,20}$/
const OFFSET_FORM = /^[+-][0-9]{4}(?:[0-9]{2})?$/

function formOf(name: string): RegExp | undefined {
  if (MOMENTS.has(name)) return MOMENT_FORM
  if (MOMENT_LISTS.has(name)) return LIST_FORM
  if (NUMBERS.has(name)) return NUMBER_FORM
  if (NAMES.has(name)) return NAME_FORM
  if (OFFSETS.has(name)) return OFFSET_FORM
  return name === 'DURATION' ? LENGTH_FORM : undefined
}

const LIST_OF_NUMBERS = '[+-]?[0-9]{1,3}(?:,[+-]?[0-9]{1,3}){0,99}'
const numbers = new RegExp(`^${LIST_OF_NUMBERS}$`)
const DAYS =
  /^(?:[+-]?[0-9]{0,2}(?:MO|TU|WE|TH|FR|SA|SU))(?:,[+-]?[0-9]{0,2}(?:MO|TU|WE|TH|FR|SA|SU)){0,49}$/
/**
 * Parts of a rule. Once an hour is the most: an event of every second stops the calendar of whoever opens it, and one number of minutes
 * or seconds says the same as no list of sixty.
 */
const REPETITIONS: Readonly<Record<string, RegExp>> = {
  FREQ: /^(?:HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  UNTIL: MOMENT_FORM,
  COUNT: /^[0-9]{1,4}$/,
  INTERVAL: /^[0-9]{1,4}$/,
  BYSECOND: /^[0-9]{1,2}$/,
  BYMINUTE: /^[0-9]{1,2}$/,
  BYHOUR: /^[0-9]{1,2}(?:,[0-9]{1,2}){0,23}$/,
  BYDAY: DAYS,
  BYMONTHDAY: numbers,
  BYYEARDAY: numbers,
  BYWEEKNO: numbers,
  BYMONTH: numbers,
  BYSETPOS: numbers,
  WKST: /^(?:MO|TU|WE|TH|FR|SA|SU)$/,
}

function repetition(value: string): string | undefined {
  const parts = value.split(';').filter((part) => part !== '')
  const keys = new Set<string>()
  for (const part of parts) {
    const [key = '', text = ''] = part.split('=', 2)
    if (!Object.hasOwn(REPETITIONS, key) || keys.has(key) || !REPETITIONS[key]!.test(text))
      return undefined
    if (part !== `${key}=${text}`) return undefined
    keys.add(key)
  }
  return keys.has('FREQ') ? parts.join(';') : undefined
}

/** TEXT (RFC 5545 3.3.11) with each sign escaped that must be; what many programs forget is mended, `C:\temp` stays what it says. */
function escaped(value: string): string {
  return value.replace(/\\[\\;,nN]|[\\;,]/g, (sign) => {
    if (sign.length === 1) return `\\${sign}`
    return sign === '\\N' ? '\\n' : sign
  })
}

/** The words of a list, each escaped: a comma parts them when no backslash stands before it. */
function listed(value: string): readonly string[] {
  const found = value.match(/(?:\\[^]|[^\\,])+/g) ?? []
  return found.map((word) => escaped(word.trim())).filter((word) => word !== '')
}
