import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bothCalendars, eraText, readDay } from './era.ts'

describe('a day in words', () => {
  it.each([
    ['2026-11-25', '令和8年11月25日'],
    ['2019-05-01', '令和元年5月1日'],
    ['2019-04-30', '平成31年4月30日'],
    ['1989-01-07', '昭和64年1月7日'],
    ['1872-12-31', '1872-12-31'],
  ])('%s is %s', (day, text) => expect(eraText(day)).toBe(text))

  it('stands in both calendars', () =>
    expect(bothCalendars('2026-11-25')).toBe('令和8年11月25日（2026年11月25日）'))
})

describe('a day as a clerk writes it', () => {
  it.each([
    '令和8年4月1日',
    '令和８年４月１日',
    ' 令和 8年4月1日　',
    'R8.4.1',
    'r08/04/01',
    'Ｒ８．４．１',
    '2026/4/1',
    '2026-04-01',
    '2026.4.1',
    '2026年4月1日',
  ])('%s', (text) => expect(readDay(text)).toEqual({ ok: true, day: '2026-04-01' }))

  it.each([
    ['令和元年5月1日', '2019-05-01'],
    ['平成31年4月30日', '2019-04-30'],
    ['昭和64年1月7日', '1989-01-07'],
    ['M45.7.29', '1912-07-29'],
  ])('%s is %s', (text, day) => expect(readDay(text)).toEqual({ ok: true, day }))

  it.each([
    ['26/4/1', 'form'],
    ['4月1日', 'form'],
    ['令和8年', 'form'],
    ['きのう', 'form'],
    ['令和8年2月29日', 'calendar'],
    ['2026-13-01', 'calendar'],
    ['令和0年5月1日', 'calendar'],
    ['平成31年5月1日', 'era'],
    ['令和元年4月30日', 'era'],
    ['平成38年4月1日', 'era'],
    ['明治5年1月1日', 'era'],
  ])('%s is not guessed: %s', (text, reason) =>
    expect(readDay(text)).toEqual({ ok: false, reason }),
  )

  it('reads back every day that it writes, 1873 to 2060', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1873-01-01'), max: new Date('2060-12-31'), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10)
          expect(readDay(eraText(day))).toEqual({ ok: true, day })
        },
      ),
    )
  })
})
