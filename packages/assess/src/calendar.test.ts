import { checkTown } from '@sekisho/town'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarOf } from './calendar.ts'
import { daysAfter, lastFreshDay, monthsAfter } from './days.ts'
import { assess } from './gap.ts'
import { DAY, kasumi, mended } from './town.test-support.ts'

const calendarIn = (read: ReturnType<typeof kasumi>, at = DAY) =>
  calendarOf(read.town, assess(read, { at }).models[0]!, { at })
const datesOf = (duties: readonly { kind: string; date: string }[], kind: string) =>
  duties.filter((duty) => duty.kind === kind).map(({ date }) => date)

describe('the calendar', () => {
  test('looks 24 months ahead, the last day included and the next not', () => {
    const { from, until } = calendarIn(mended())
    expect([from, until]).toEqual([DAY, '2028-11-21'])
    const ends = (day: string) =>
      datesOf(calendarIn(mended({ path: 'flows[0].expires', value: day })).duties, 'flow')
    expect(ends('2028-11-21')).toEqual(['2028-11-21'])
    expect(ends('2028-11-22')).toEqual([])
  })
  test('tells the ordinance on its day, and not once it is in force', () => {
    expect(datesOf(calendarIn(mended()).duties, 'law')).toEqual(['2027-07-01'])
    expect(datesOf(calendarIn(mended(), '2027-07-01').duties, 'law')).toEqual(['2027-07-01'])
    const after = calendarIn(mended(), '2027-07-02')
    expect(datesOf([...after.duties, ...after.overdue], 'law')).toEqual([])
  })
  test('counts in fiscal years and eras, right at the edge', () => {
    const of = (day: string) =>
      calendarIn(mended({ path: 'flows[0].expires', value: day })).duties.find(
        ({ kind }) => kind === 'flow',
      )!
    expect(of('2027-03-31')).toMatchObject({ fiscalYear: '令和8年度', era: '令和9年3月31日' })
    expect(of('2027-04-01')).toMatchObject({ fiscalYear: '令和9年度', era: '令和9年4月1日' })
  })
  test('has what ends, who leaves, and what must be met again', () => {
    const { duties, overdue } = calendarIn(kasumi())
    const kinds = new Set(duties.map(({ kind }) => kind))
    for (const kind of ['paper', 'flow', 'leaving', 'ismap', 'originals', 'log-review', 'law'])
      expect(kinds).toContain(kind)
    expect(datesOf(overdue, 'committee')).toEqual(['2025-10-18'])
    expect(datesOf(overdue, 'media')).toEqual(['2025-03-31'])
    expect(datesOf(duties, 'originals')).toEqual(['2026-11-29'])
  })
  test('a committee that meets comes every year; one that never met is due now', () => {
    expect(datesOf(calendarIn(mended()).duties, 'committee')).toEqual(['2027-10-05', '2028-10-05'])
    const never = calendarIn(mended({ path: 'organisation.committee.lastMet', remove: true }))
    expect(datesOf(never.duties, 'committee-never')).toEqual([DAY])
  })
  test('exceptions for macros end on their day', () => {
    const read = mended({
      path: 'macros',
      value: [
        {
          id: 'tax',
          name: '集計の様式',
          sha256: 'a'.repeat(64),
          system: 'renkei',
          reason: '集計',
          approvedBy: '総務課長',
          from: '2026-04-01',
          until: '2027-03-31',
        },
      ],
    })
    expect(datesOf(calendarIn(read).duties, 'macro')).toEqual(['2027-03-31'])
  })
  test('contracts end on their day, and are no duty missed afterwards', () => {
    const { duties } = calendarIn(kasumi())
    expect(datesOf(duties, 'contract')).toEqual(['2027-03-31'])
    expect(duties.find(({ kind }) => kind === 'contract')).toMatchObject({
      path: 'contracts[0].ends',
      who: 'clerk',
    })
    const after = calendarIn(kasumi(), '2027-04-01')
    expect(datesOf(after.overdue, 'contract')).toEqual([])
    expect(datesOf(after.duties, 'contract')).toEqual(['2029-03-31'])
  })
  test('has each open report after an incident on the last day of its law, and those that are late', () => {
    const incident = {
      id: 'j-1',
      name: '通知書の入れ違い{duty}',
      found: '2026-11-10',
      sort: 'suspected',
      sign: 'none',
      summary: '二世帯の通知書を入れ違えた。',
      involves: ['incidentSpecific', 'numberSystem'],
      persons: 5,
      reported: { csirt: '2026-11-10', ciso: '2026-11-10' },
    }
    const open = calendarIn(mended({ path: 'incidents', value: [incident] }))
    expect(open.overdue.filter(({ kind }) => kind === 'incident')).toMatchObject([
      {
        date: '2026-11-15',
        sentence: '事案「通知書の入れ違い{duty}」の番号法の速報の期限です。',
        about: 'INC-MN-FIRST',
        path: 'incidents[0]',
        verified: true,
      },
    ])
    expect(datesOf(open.duties, 'incident')).toEqual(['2026-12-10'])
    const reported = { ...incident.reported, first: '2026-11-14', final: '2026-11-20' }
    const told = calendarIn(mended({ path: 'incidents', value: [{ ...incident, reported }] }))
    expect(datesOf([...told.duties, ...told.overdue], 'incident')).toEqual([])
  })
  test('is in the order of days, each with its place', () => {
    const { duties } = calendarIn(kasumi())
    expect(duties.map(({ date }) => date)).toEqual(duties.map(({ date }) => date).toSorted())
    for (const { path, kind } of duties)
      if (['flow', 'leaving', 'ismap', 'paper'].includes(kind)) expect(path).toBeDefined()
  })
  test('a name cannot repaint a screen or fill it', () => {
    const read = mended({ path: 'flows[0].name', value: '通'.repeat(400) })
    const duty = calendarIn({
      ...read,
      town: {
        ...read.town,
        flows: [{ ...read.town.flows[0]!, name: '\u001b[2J\u202eA', expires: '2027-01-01' }],
      },
    }).duties.find(({ kind }) => kind === 'flow')!
    expect(duty.sentence).toContain('U+001B[2JU+202EA')
    const long = calendarIn({
      ...read,
      town: { ...read.town, flows: [{ ...read.town.flows[0]!, expires: '2027-01-01' }] },
    }).duties.find(({ kind }) => kind === 'flow')!
    expect([...long.sentence].length).toBeLessThan(80)
  })
})

describe('the last day of a paper', () => {
  test('is the last day on which the check passes it', () => {
    for (const date of ['2025-11-22', '2026-02-28', '2027-02-28', '2024-02-29', '2026-08-31']) {
      const read = mended({ path: 'controls[3].date', value: date })
      const last = lastFreshDay(date, 12)
      const stale = (at: string) =>
        checkTown(read, { at }).findings.some(({ rule }) => rule === 'OP-06')
      expect([date, stale(last), stale(daysAfter(last, 1))]).toEqual([date, false, true])
    }
  })
  test('a month has a last day', () => {
    expect(monthsAfter('2026-01-31', 1)).toBe('2026-02-28')
    expect(monthsAfter('2024-02-29', 12)).toBe('2025-02-28')
    expect(monthsAfter('2026-12-15', 1)).toBe('2027-01-15')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 1, max: 40 }), (n, m) => {
        const day = daysAfter('1980-01-01', n)
        const later = monthsAfter(day, m)
        expect(later > day).toBe(true)
        expect(Number(later.slice(8))).toBeLessThanOrEqual(Number(day.slice(8)))
      }),
    )
  })
})
