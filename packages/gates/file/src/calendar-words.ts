/**
 * A calendar in words a person reads: in the text of a mail, and as the first page of a file.
 */
import words from '../words/calendar.json' with { type: 'json' }
import { oneLine } from './one-line.ts'

/** Events that are told in words; the file has them all. */
const MAX_EVENTS = 20
const MAX_ATTENDEES = 30

/** What is said first of an invitation, by its method. */
export const CALENDAR_HEADS = [words.invitation, words.cancelled, words.reply] as const

/** A calendar in words, from the one spelling that the disarmer writes (RFC 5545). */
export function calendarWords(text: string): { readonly head: string; readonly told: string } {
  const lines = text.replaceAll('\r\n ', '').split('\r\n')
  const events = eventsOf(lines)
  const told = events.slice(0, MAX_EVENTS).map(eventWords)
  const more = events.length > MAX_EVENTS ? [words.more] : []
  const none = events.length === 0 ? [words.zoneOnly] : []
  return { head: headOf(lines), told: [...told, ...more, ...none].join('\n') }
}

function headOf(lines: readonly string[]): string {
  if (lines.includes('METHOD:CANCEL')) return words.cancelled
  return lines.includes('METHOD:REPLY') ? words.reply : words.invitation
}

interface Property {
  readonly name: string
  readonly parameters: string
  readonly value: string
}

/** Lines of each event, task, note and list of busy times; of nothing else. */
function eventsOf(lines: readonly string[]): readonly (readonly Property[])[] {
  const events: Property[][] = []
  let open: Property[] | undefined
  for (const line of lines) {
    if (/^BEGIN:V(?:EVENT|TODO|JOURNAL|FREEBUSY)$/.test(line)) events.push((open = []))
    else if (line.startsWith('END:')) open = undefined
    const found = /^([A-Z-]+)((?:;[A-Z]+=(?:"[^"]*"|[^";:]*))*):(.*)$/.exec(line)
    if (open && found) open.push({ name: found[1]!, parameters: found[2]!, value: found[3]! })
  }
  return events
}

function eventWords(event: readonly Property[]): string {
  const lines: string[] = []
  const say = (sentence: string, name: string, read: (property: Property) => string): void => {
    const property = event.find((one) => one.name === name)
    const value = property ? read(property) : ''
    if (value !== '') lines.push(sentence.replace('{value}', () => value))
  }
  say(words.event, 'SUMMARY', unescaped)
  say(words.start, 'DTSTART', moment)
  say(words.end, 'DTEND', moment)
  say(words.due, 'DUE', moment)
  const busy = event.filter(({ name }) => name === 'FREEBUSY').flatMap(spans)
  if (busy.length > 0) lines.push(words.busy.replace('{value}', () => listed(busy)))
  if (event.some(({ name }) => name === 'RRULE')) lines.push(words.repeats)
  say(words.place, 'LOCATION', unescaped)
  say(words.organizer, 'ORGANIZER', person)
  const attendees = event.filter(({ name }) => name === 'ATTENDEE').slice(0, MAX_ATTENDEES)
  if (attendees.length > 0)
    lines.push(words.attendees.replace('{value}', () => attendees.map(person).join('、')))
  const description = event.find(({ name }) => name === 'DESCRIPTION')
  if (description) lines.push(...unescapedLines(description.value))
  return lines.join('\n')
}

const MAX_SPANS = 20

function listed(busy: readonly string[]): string {
  const more = busy.length > MAX_SPANS ? [words.more] : []
  return [...busy.slice(0, MAX_SPANS), ...more].join('、')
}

/** Busy times: when they begin, and when they end where that is said (RFC 5545 3.8.2.6). */
function spans({ name, parameters, value }: Property): readonly string[] {
  if (/;FBTYPE=FREE(?:[;:]|$)/i.test(parameters)) return []
  return value.split(',').map((span) => {
    const [from = '', to = ''] = span.split('/')
    const begins = moment({ name, parameters, value: from })
    // How long it lasts is no moment.
    if (!/^\d/.test(to)) return begins
    const ends = moment({ name, parameters, value: to })
    return words.span.replace('{from}', begins).replace('{to}', ends)
  })
}

/** RFC 5545 3.3.11. */
function unescapedLines(value: string): readonly string[] {
  return value
    .replace(/\\([nN;,\\])/g, (_, mark: string) => (/n/i.test(mark) ? '\n' : mark))
    .split('\n')
}

function unescaped({ value }: Property): string {
  return oneLine(unescapedLines(value).join(' '))
}

/** `20261201T100000` as 2026-12-01 10:00, with the zone that it was given in. */
function moment({ value, parameters }: Property): string {
  const found = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})\d{2}(Z)?)?$/.exec(value)
  if (!found) return oneLine(value)
  const day = `${found[1]}-${found[2]}-${found[3]}`
  if (found[4] === undefined) return day
  const zone = found[6] ? 'UTC' : zoneWords(/;TZID="?([^";]+)"?/.exec(parameters)?.[1] ?? '')
  return oneLine(`${day} ${found[4]}:${found[5]}${zone === '' ? '' : `（${zone}）`}`)
}

function zoneWords(zone: string): string {
  return zone === 'Asia/Tokyo' || zone === 'Tokyo Standard Time' ? words.japanTime : zone
}

function person({ value, parameters }: Property): string {
  const address = value.replace(/^mailto:/i, '')
  const name = /;CN="?([^";]+)"?/.exec(parameters)?.[1] ?? ''
  return oneLine(name === '' || name === address ? address : `${name} <${address}>`)
}
