import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contains, isMac, overlaps, readAddress, readRange } from './address.ts'
import { isDate, todayInJapan, yearBefore } from './date.ts'
import { editDistance, nearest } from '@sekisho/core'
import { pathText, readPath } from './path.ts'
import { shown } from './shown.ts'

const range = (text: string) => readRange(text)!

describe('addresses', () => {
  test.each([
    '0.0.0.0/0',
    '10.0.0.0/8',
    '10.20.1.10',
    '255.255.255.255/32',
    '::/0',
    '2001:db8::/32',
    '::1',
    'fe80::',
    '1:2:3:4:5:6:7:8',
  ])('%s is read', (text) => expect(readRange(text)).toBeDefined())
  test.each([
    '',
    '10',
    '10.0.0',
    '10.0.0.0.0',
    '10.0.0.256',
    '010.0.0.0',
    '10.0.0.1/8',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '::g',
    '12345::',
    '2001:db8::1/32',
    '::/129',
    '１０.0.0.0/8',
    '10.0.0.0 /8',
  ])('%j is not read, for a guess could open more than was written', (text) =>
    expect(readRange(text)).toBeUndefined(),
  )
  test('a block is not one address', () => {
    expect(readAddress('10.0.0.0/8')).toBeUndefined()
    expect(readAddress('10.0.0.1')).toBeDefined()
  })
  test('containment and overlap hold at the edges and never across families', () => {
    expect(contains(range('10.0.0.0/8'), range('10.255.255.255'))).toBe(true)
    expect(contains(range('10.0.0.0/8'), range('11.0.0.0'))).toBe(false)
    expect(overlaps(range('0.0.0.0/0'), range('::/0'))).toBe(false)
    expect(contains(range('::/0'), range('10.0.0.1'))).toBe(false)
  })
  test('any text gives an answer, and an IPv4 number survives its text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), (text) => void readRange(text)))
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const octets = text.split('.').reduce((sum, one) => sum * 256n + BigInt(one), 0n)
        expect(range(text).first).toBe(octets)
      }),
    )
    const coloned = fc.ipV6().filter((text) => !text.includes('.'))
    fc.assert(fc.property(coloned, (text) => readRange(text) !== undefined))
  })
  test('a group address or all zeros is no MAC of a machine', () => {
    expect(['02:00:5e:10:00:01', '02-00-5E-10-00-01'].every(isMac)).toBe(true)
    expect(
      [
        '01:00:5e:00:00:01',
        '00:00:00:00:00:00',
        '02:00:5e:10:00',
        '02:00-5e:10:00:01',
        '02005e100001',
        'ff:ff:ff:ff:ff:ff',
      ].some(isMac),
    ).toBe(false)
  })
})

describe('dates', () => {
  test('only days of the calendar', () => {
    expect(['2024-02-29', '2026-12-31', '0001-01-01'].every(isDate)).toBe(true)
    expect(
      ['2026-02-29', '2026-13-01', '2026-1-1', '2026-04-31', '2026-11-22T00:00', ''].some(isDate),
    ).toBe(false)
  })
  test('a year before a leap day is the last of February', () => {
    expect(yearBefore('2024-02-29')).toBe('2023-02-28')
    expect(yearBefore('2026-11-22')).toBe('2025-11-22')
  })
  test('today is the day in Japan, which is ahead of UTC', () => {
    expect(todayInJapan(new Date('2026-11-21T15:00:00Z'))).toBe('2026-11-22')
    expect(todayInJapan(new Date('2026-11-21T14:59:59Z'))).toBe('2026-11-21')
  })
})

describe('suggestions', () => {
  test('two slips away is meant, three of a short word is not', () => {
    expect(nearest('expirs', ['expires', 'from'])).toBe('expires')
    expect(nearest('form', ['from'])).toBe('from')
    expect(nearest('xyz', ['from', 'to'])).toBeUndefined()
  })
  test('distance is a distance', () => {
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('abc', 'abc')).toBe(0)
    expect(editDistance('ab', 'ba')).toBe(1)
  })
})

describe('places as text', () => {
  test('a path is read back as written', () => {
    const steps = fc.tuple(
      fc.constantFrom('flows', 'systems'),
      fc.array(fc.oneof(fc.nat(999), fc.constantFrom('a', 'hosts', '__proto__')), { maxLength: 5 }),
    )
    fc.assert(
      fc.property(steps, ([first, rest]) => {
        expect(readPath(pathText([first, ...rest]))).toEqual([first, ...rest])
      }),
    )
  })
  test.each(['[0]', 'a[', 'a[x]', 'a.', '.a', 'a]b', 'a[-1]', 'a[1234567]'])(
    '%j is no path',
    (text) => {
      expect(readPath(text)).toBeUndefined()
    },
  )
})

test('a text from a file is shown without what hides or reorders, and cut between graphemes', () => {
  expect(shown('a\u202Eb\u0000')).toBe('aU+202EbU+0000')
  expect(shown('葛\u{E0102}城', 1)).toBe('葛\u{E0102}…')
  expect(shown('\uD800')).toBe('\uFFFD')
})
