import { loadGuideline } from '@sekisho/guideline'
import { describe, expect, test } from 'vitest'
import { daysAfter } from './days.ts'
import { COMES_BACK_DAYS, decisionsDue, replacedBy, type DecidedRow } from './decisions-due.ts'

const AT = '2026-11-22'

const row = (number: string, date: unknown, detail: DecidedRow['detail'] = {}): DecidedRow => ({
  number,
  detail: {
    question: 'register-flow',
    subject: 'eLTAX',
    result: 'pass',
    facts: JSON.stringify({ registerUntil: date, registerOwner: true }),
    ...detail,
  },
})

const numbers = (rows: readonly DecidedRow[], at = AT) =>
  decisionsDue(rows, replacedBy(rows), at).map(({ number }) => number)

describe('decisions that come back', () => {
  test('are those whose date has passed or comes within 60 days, by date', () => {
    const last = daysAfter(AT, COMES_BACK_DAYS)
    const rows = [
      row('D-1', last),
      row('D-2', daysAfter(last, 1)),
      row('D-3', '2026-03-31'),
      row('D-4', AT),
    ]
    expect(
      decisionsDue(rows, new Set(), AT).map(({ number, overdue }) => [number, overdue]),
    ).toEqual([
      ['D-3', true],
      ['D-4', false],
      ['D-1', false],
    ])
  })
  test('have the words of their question', () => {
    expect(decisionsDue([row('D-1', AT)], new Set(), AT)[0]).toMatchObject({
      title: expect.stringContaining('特定通信'),
      label: '使う期間の終わりの日はいつですか',
      subject: 'eLTAX',
      date: AT,
    })
  })
  test('are not those that were replaced, or that stopped what was asked', () => {
    expect(
      numbers([
        row('D-1', AT),
        row('D-2', '2030-03-31', { supersedes: 'D-1' }),
        row('D-3', AT, { result: 'refuse' }),
        row('D-4', AT, { result: 'hold' }),
      ]),
    ).toEqual(['D-4'])
  })
  test('are not made by other dates, other facts, or what cannot be read', () => {
    expect(
      numbers([
        row('D-1', ''),
        row('D-2', '2026-02-29'),
        row('D-3', 20261122),
        row('D-4', AT, { facts: JSON.stringify({ somethingElse: AT }) }),
        row('D-5', AT, { facts: '{"registerUntil":' }),
        row('D-6', AT, { facts: 'null' }),
        row('D-7', AT, { question: 'nothing' }),
      ]),
    ).toEqual([])
  })
})

test('the dates to come back on are marked in the forms, and asked only where a period is set', () => {
  const marked = loadGuideline().forms.flatMap(({ facts }) =>
    facts.filter(({ day }) => day === 'comes-back'),
  )
  expect(marked.map(({ name }) => name)).toEqual([
    'cloudReviewOn',
    'breakoutReviewOn',
    'registerUntil',
    'mediaUntil',
  ])
  for (const { when, options } of marked) {
    expect(when).toBeDefined()
    expect(options).toBeUndefined()
  }
})
