import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../verify/index.ts'
import { disarmBytes } from '../engine.ts'

const HEAD = 'BEGIN:VCALENDAR\r\nPRODID:-//Sekisho//JA\r\nVERSION:2.0\r\n'

function calendar(...inside: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//y', ...inside, 'END:VCALENDAR', ''].join(
    '\r\n',
  )
}

function event(...lines: readonly string[]): string {
  return calendar('BEGIN:VEVENT', ...lines, 'END:VEVENT')
}

function disarm(source: string | Uint8Array, name = 'ics') {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
  const { report, output } = disarmBytes(bytes, name)
  const removed = Object.fromEntries(report.removed.map(({ rule, count }) => [rule, count]))
  const clean = output && verifyClean(output, 'ics')
  return { report, text: output && new TextDecoder().decode(output), removed, clean }
}

/** The lines of the one event, folds undone. */
function eventLines(source: string): readonly string[] {
  const { text = '', clean } = disarm(source)
  expect(clean).toEqual({ clean: true, type: 'ics' })
  const lines = text.replaceAll('\r\n ', '').split('\r\n')
  return lines.slice(lines.indexOf('BEGIN:VEVENT') + 1, lines.indexOf('END:VEVENT'))
}

describe('a calendar', () => {
  it('keeps when, where, who and how often, with its time zone', () => {
    const zone = [
      'BEGIN:VTIMEZONE',
      'TZID:Tokyo Standard Time',
      'BEGIN:STANDARD',
      'DTSTART:16010101T000000',
      'TZOFFSETFROM:+0900',
      'TZOFFSETTO:+0900',
      'END:STANDARD',
      'END:VTIMEZONE',
    ]
    const one = [
      'BEGIN:VEVENT',
      'UID:1@x',
      'DTSTART;TZID="Tokyo Standard Time":20261201T100000',
      'RRULE:FREQ=MONTHLY;BYDAY=1TU,3TU;UNTIL=20270331T150000Z',
      'EXDATE;VALUE=DATE:20270101,20270105',
      'SUMMARY:葛󠄂城町長・𠮷田・髙橋・﨑',
      'ORGANIZER;CN="総務課長":mailto:k@town.kasumi.lg.jp',
      'END:VEVENT',
    ]
    const { text, report, clean } = disarm(calendar('METHOD:REQUEST', ...zone, ...one))
    expect(text).toBe([`${HEAD}METHOD:REQUEST`, ...zone, ...one, 'END:VCALENDAR', ''].join('\r\n'))
    expect(clean).toEqual({ clean: true, type: 'ics' })
    expect(report).toMatchObject({ type: 'ics', outputType: 'ics', verdict: 'confirmed-absent' })
  })

  it.each([
    ['ICS-ALARM', 'BEGIN:VALARM\r\nACTION:PROCEDURE\r\nATTACH:file:///c:/x.exe\r\nEND:VALARM'],
    ['ICS-ALARM', 'BEGIN:VALARM\r\nACTION:EMAIL\r\nATTENDEE:mailto:a@b.example\r\nEND:VALARM'],
    ['ICS-ATTACH', 'ATTACH:https://evil.example/x'],
    ['ICS-ATTACH', 'ATTACH;ENCODING=BASE64;VALUE=BINARY;FMTTYPE=application/x-msdownload:TVqQ'],
    ['ICS-ATTACH', 'IMAGE;VALUE=URI:https://evil.example/seen.gif'],
    ['URL-REMOVED', 'URL:https://evil.example/x'],
    ['URL-REMOVED', 'URL:file://evil.example/share/x'],
    ['URL-REMOVED', 'URL:ms-msdt:/id PCWDiagnostic'],
    ['URL-REMOVED', 'URL:javascript:alert(1)'],
    ['URL-REMOVED', 'CONFERENCE;VALUE=URI:search-ms:query=x&crumb=location:\\\\evil.example\\s'],
    ['ICS-PART', 'X-ALT-DESC;FMTTYPE=text/html:<script src=//evil.example/x></script>'],
    ['ICS-PART', 'X-MICROSOFT-CDO-BUSYSTATUS:BUSY'],
    ['ICS-PART', 'ORGANIZER:file://evil.example/share'],
    ['ICS-PART', 'DESCRIPTION;ENCODING=QUOTED-PRINTABLE:=E4=BA=88'],
    ['ICS-PART', 'ATTENDEE:mailto:mailto:a@evil.example'],
    ['ICS-PART', 'ATTENDEE:https://a@evil.example'],
    ['ICS-RULE', 'RRULE:FREQ=SECONDLY'],
    ['ICS-RULE', 'RRULE:FREQ=DAILY;BYHOUR=1,2;BYMINUTE=0,1,2,3;BYSECOND=0'],
    ['T-CTRL', 'LOCATION:\u202Egpj.exe'],
  ])('loses %s: %s', (rule, line) => {
    const { removed, clean, text } = disarm(event('SUMMARY:x', line))
    expect(removed).toEqual({ [rule]: 1 })
    expect(clean).toEqual({ clean: true, type: 'ics' })
    expect(text).not.toMatch(/evil|SECONDLY|\u202E/)
  })

  it('loses addresses in parameters and keeps the words beside them', () => {
    const source = event(
      'SUMMARY;ALTREP="https://evil.example/x":庁議',
      'ATTENDEE;SENT-BY="mailto:x@y":mailto:a@b.jp',
    )
    expect(eventLines(source)).toEqual(['SUMMARY:庁議', 'ATTENDEE:mailto:a@b.jp'])
    expect(disarm(source).removed).toEqual({ 'ICS-PART': 2 })
  })

  it('says what stands behind the end, where a second program would read on', () => {
    const { removed, text } = disarm(
      `${event('SUMMARY:x')}BEGIN:VEVENT\r\nSUMMARY:evil\r\nEND:VEVENT\r\n`,
    )
    expect(removed).toEqual({ 'ICS-PART': 3 })
    expect(text).not.toContain('evil')
  })

  it('keeps what it asks of its reader, wherever that stands before the events', () => {
    const { text, removed } = disarm(
      calendar('CALSCALE:GREGORIAN', 'METHOD:CANCEL', 'BEGIN:VEVENT', 'UID:1', 'END:VEVENT'),
    )
    expect(text).toContain(`${HEAD}METHOD:CANCEL\r\nCALSCALE:GREGORIAN\r\n`)
    expect(removed).toEqual({})
    const behind = disarm(calendar('BEGIN:VEVENT', 'UID:1', 'END:VEVENT', 'METHOD:CANCEL'))
    expect(behind.text).not.toContain('METHOD')
    expect(behind.removed).toEqual({ 'ICS-PART': 1 })
  })

  it.each([
    ['the same', 'REQUEST', 'REQUEST', `${HEAD}METHOD:REQUEST\r\nBEGIN:VEVENT`, {}],
    ['not the same', 'REQUEST', 'CANCEL', `${HEAD}BEGIN:VEVENT`, { 'ICS-PART': 1 }],
  ])('of several is written as one; what they ask is %s', (_, first, second, head, gone) => {
    const one = (method: string, uid: string): string =>
      calendar(`METHOD:${method}`, 'BEGIN:VEVENT', `UID:${uid}`, 'END:VEVENT')
    const { text = '', removed, clean } = disarm(`${one(first, '1')}\r\n${one(second, '2')}`)
    expect(text.startsWith(head)).toBe(true)
    expect(text.match(/UID:.|END:VCALENDAR/g)).toEqual(['UID:1', 'UID:2', 'END:VCALENDAR'])
    expect(removed).toEqual(gone)
    expect(clean).toEqual({ clean: true, type: 'ics' })
  })

  it('may be notes, busy times or a time zone alone', () => {
    const note = ['BEGIN:VJOURNAL', 'SUMMARY:記録', 'CONTACT:総務課', 'COMMENT:a', 'END:VJOURNAL']
    const busy = [
      'BEGIN:VFREEBUSY',
      'FREEBUSY;FBTYPE=BUSY:20261201T000000Z/20261201T010000Z,20261202/PT1H',
      'END:VFREEBUSY',
    ]
    const zone = ['BEGIN:VTIMEZONE', 'TZID:Asia/Tokyo', 'END:VTIMEZONE']
    for (const lines of [note, busy, zone]) {
      const { text, clean } = disarm(calendar(...lines))
      expect(text).toBe(`${HEAD}${[...lines, 'END:VCALENDAR', ''].join('\r\n')}`)
      expect(clean).toEqual({ clean: true, type: 'ics' })
    }
  })

  it('says busy or free in a word, or not at all', () => {
    const busy = (kind: string): string =>
      calendar('BEGIN:VFREEBUSY', `FREEBUSY;FBTYPE=${kind}:20261201/PT1H`, 'END:VFREEBUSY')
    expect(disarm(busy('BUSY-TENTATIVE')).text).toContain('FREEBUSY;FBTYPE=BUSY-TENTATIVE:')
    expect(disarm(busy('"a b"')).text).toContain('FREEBUSY:20261201/PT1H')
  })

  it('gets its beginning and its end when a program wrote an event alone', () => {
    const { text } = disarm('BEGIN:VEVENT\r\nSUMMARY:庁議\r\nEND:VEVENT\r\n')
    expect(text).toBe(`${HEAD}BEGIN:VEVENT\r\nSUMMARY:庁議\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`)
  })

  it.each([
    ['SUMMARY:a, b; c', 'SUMMARY:a\\, b\\; c'],
    ['SUMMARY:a\\, b\\Nc', 'SUMMARY:a\\, b\\nc'],
    ['ATTENDEE;CN=x:a@b.jp', 'ATTENDEE;CN=x:mailto:a@b.jp'],
    ['DESCRIPTION:C:\\temp\\\\x', 'DESCRIPTION:C:\\\\temp\\\\x'],
    ['CATEGORIES:会議, 庁内\\,外,,', 'CATEGORIES:会議,庁内\\,外'],
  ])('escapes as the standard says: %s', (line, written) => {
    expect(eventLines(event(line))).toEqual([written])
  })

  it('folds long lines between whole characters, and reads folds anywhere', () => {
    const long = `SUMMARY:${'町'.repeat(60)}`
    const { text = '' } = disarm(event(long))
    expect(
      Math.max(...text.split('\r\n').map((line) => Buffer.byteLength(line))),
    ).toBeLessThanOrEqual(75)
    expect(text).not.toContain('\uFFFD')
    expect(eventLines(event(long))).toEqual([long])
    expect(eventLines(event('SUM\r\n MARY:a\r\n\t b'))).toEqual(['SUMMARY:a b'])
  })

  it('in Shift_JIS comes out in UTF-8 and says so', () => {
    const bytes = Buffer.concat([
      Buffer.from('BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:'),
      Buffer.from([0x92, 0xa1, 0x8b, 0x63]),
      Buffer.from('\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'),
    ])
    const { text, removed } = disarm(bytes)
    expect(text).toContain('SUMMARY:庁議\r\n')
    expect(removed).toEqual({ 'H-CHARSET': 1 })
  })

  it.each([
    ['no event', calendar('X-WR-CALNAME:x'), 'ICS-PARSE'],
    ['too many lines', event('SUMMARY:x\r\n'.repeat(200_000)), 'LIMIT-ENTRIES'],
    ['an alarm alone', 'BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\n', 'ICS-PARSE'],
    ['no calendar', 'hello', 'TYPE-MISMATCH'],
    ['a page in its clothes', '<html><script>1</script>', 'TYPE-HTML'],
  ])('is refused: %s', (_, source, reason) => {
    const { report } = disarm(source)
    expect(report.verdict).toBe('refused')
    expect(report.reason).toBe(reason)
  })

  it('needs both its name and its first line', () => {
    expect(disarm(event('SUMMARY:x'), 'pdf').report.verdict).toBe('refused')
    expect(disarm(event('SUMMARY:x'), 'txt').report.outputType).toBe('txt')
  })

  it('of any lines is written once and then stays as it is', () => {
    const piece = fc.constantFrom(
      ...'BEGIN:VEVENT|END:VEVENT|BEGIN:VALARM|END:VALARM|SUMMARY|CATEGORIES|DTSTART|RRULE|URL|ATTACH|;TZID=|;CN="|"|:|;|,|\\|\\n|\r\n|\r\n |町|𠮷|葛󠄂|\u202E|https://a.example/|FREQ=DAILY|20261201|mailto:a@b.jp|=|x| '.split(
        '|',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { text, clean } = disarm(event(pieces.join('')))
        if (text === undefined) return
        expect(clean).toEqual({ clean: true, type: 'ics' })
        expect(disarm(text).text).toBe(text)
        expect(text).not.toMatch(/^(?:ATTACH|BEGIN:VALARM)|\u202E/m)
      }),
      { numRuns: 400 },
    )
  })
})
