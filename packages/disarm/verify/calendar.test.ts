import { describe, expect, it } from 'vitest'
import { verifyClean } from './index.ts'

const HEAD = ['BEGIN:VCALENDAR', 'PRODID:-//Sekisho//JA', 'VERSION:2.0']
const EVENT = ['BEGIN:VEVENT', 'DTSTART;TZID="Asia/Tokyo":20261201T100000', 'SUMMARY:庁議']
const TAIL = ['END:VEVENT', 'END:VCALENDAR']

function verdict(...lines: readonly string[]): string {
  const text = lines.map((line) => `${line}\r\n`).join('')
  const answer = verifyClean(new TextEncoder().encode(text), 'ics')
  return answer.clean ? 'clean' : answer.reason
}

describe('a calendar as the disarmer writes it', () => {
  it('is clean', () => {
    expect(verdict(...HEAD, 'METHOD:REQUEST', ...EVENT, ...TAIL)).toBe('clean')
  })

  it.each([
    ['an attachment', 'ATTACH:https://evil.example/x'],
    ['an address that opens', 'URL:https://evil.example/x'],
    ['an address in a parameter', 'SUMMARY;ALTREP="https://evil.example/x":a'],
    ['a property of one program', 'X-ALT-DESC;FMTTYPE=text/html:<script>'],
    ['an event every second', 'RRULE:FREQ=SECONDLY'],
    ['sixty minutes of every hour', 'RRULE:FREQ=DAILY;BYMINUTE=0,1,2,3'],
    ['a rule said twice', 'RRULE:FREQ=DAILY;COUNT=1;COUNT=9'],
    ['a rule without how often', 'RRULE:COUNT=9'],
    ['a person who is a share', 'ORGANIZER:file://evil.example/share'],
    ['a moment that is none', 'DTEND:tomorrow'],
    ['a list with a file in it', 'RDATE;VALUE=PERIOD:20261201/x'],
    ['busy times with a file in them', 'FREEBUSY:20261201T000000Z/file:x'],
    ['busy times of an unknown kind', 'FREEBUSY;FBTYPE=":":20261201/PT1H'],
    ['a contact with an address', 'CONTACT;ALTREP="https://evil.example/x":a'],
    ['words with a bare comma', 'LOCATION:a,b'],
    ['words with a bare backslash', 'LOCATION:C:\\temp'],
    ['words that turn around', 'LOCATION:\u202Egpj.exe'],
    ['an empty word in a list', 'CATEGORIES:a,,b'],
    ['an unknown kind of value', 'SUMMARY;VALUE=BINARY:a'],
    ['a parameter twice', 'SUMMARY;LANGUAGE=ja;LANGUAGE=en:a'],
    ['a line that is too long', `DESCRIPTION:${'a'.repeat(80)}`],
    ['a fold where none need be', 'DESCRIPTION:a\r\n b'],
    ['a line end of its own', 'DESCRIPTION:a\nBEGIN:VALARM'],
  ])('is not: %s', (_, line) => {
    expect(verdict(...HEAD, ...EVENT, line, ...TAIL)).toBe('VERIFY-CALENDAR')
  })

  it.each([
    ['an alarm', [...HEAD, ...EVENT, 'BEGIN:VALARM', 'END:VALARM', ...TAIL]],
    ['another program as its maker', ['BEGIN:VCALENDAR', 'PRODID:x', ...EVENT, ...TAIL]],
    ['nothing in it', [...HEAD, 'END:VCALENDAR']],
    ['only a name', [...HEAD, 'X-WR-CALNAME:a', 'END:VCALENDAR']],
    ['part of a time zone alone', [...HEAD, 'BEGIN:STANDARD', 'END:STANDARD', 'END:VCALENDAR']],
    ['a calendar in a calendar', [...HEAD, 'BEGIN:VCALENDAR', ...EVENT, ...TAIL, 'END:VCALENDAR']],
    ['a calendar behind another', [...HEAD, ...EVENT, ...TAIL, ...HEAD, ...EVENT, ...TAIL]],
    [
      'a method behind an event',
      [...HEAD, ...EVENT, 'END:VEVENT', 'METHOD:REQUEST', 'END:VCALENDAR'],
    ],
    ['an event behind its end', [...HEAD, ...EVENT, ...TAIL, ...EVENT, 'END:VEVENT']],
    ['an event in an event', [...HEAD, ...EVENT, ...EVENT, 'END:VEVENT', ...TAIL]],
    ['a method of its own', [...HEAD, 'METHOD:EVIL', ...EVENT, ...TAIL]],
    ['no end', [...HEAD, ...EVENT]],
  ])('is not: %s', (_, lines) => {
    expect(verdict(...lines)).toBe('VERIFY-CALENDAR')
  })

  it('is not another type under its name, nor is it another under its own', () => {
    const text = [...HEAD, ...EVENT, ...TAIL].map((line) => `${line}\r\n`).join('')
    expect(verifyClean(new TextEncoder().encode('text'), 'ics').clean).toBe(false)
    expect(verifyClean(new TextEncoder().encode(text), 'eml').clean).toBe(false)
  })
})
