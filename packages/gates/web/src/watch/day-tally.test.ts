import { describe, expect, it } from 'vitest'
import { readDayTotals } from './day-totals.ts'
import { DayTally, TALLY_LIMITS } from './day-tally.ts'
import { RangeTally } from './range-totals.ts'
import { readWatched } from './watched-request.ts'

const LINE = {
  at: '2026-11-26T01:00:00.000Z',
  kind: 'refused',
  number: 'W-1',
  client: 's0001',
  department: 'soumu',
  from: '::ffff:10.20.5.1',
  target: 'Evil.Example:443',
  service: '',
  reason: 'X11-LISTED',
  up: 0,
  down: 0,
}

function tallyOf(lines: readonly object[], limits = TALLY_LIMITS) {
  const tally = new DayTally('2026-11-26', limits)
  for (const line of lines) {
    const read = readWatched({ ...LINE, ...line })
    if (read) tally.add(read)
  }
  return tally.totals()
}

describe('a line of the record', () => {
  it('is read with one way to write its terminal and its destination', () => {
    expect(readWatched(LINE)).toMatchObject({ from: '10.20.5.1', target: 'evil.example:443' })
  })

  it.each([
    ['about the gate itself', { kind: 'started' }],
    ['one inside a connection that is counted when it ends', { kind: 'request' }],
    ['without a time', { at: 5 }],
    ['with a time that is none', { at: '2026-13-26T01:00:00.000Z' }],
  ])('is passed over when it is %s', (_, change) => {
    expect(readWatched({ ...LINE, ...change })).toBeUndefined()
  })

  it.each([[-5], [1e300], ['9'], [Number.NaN], [null]])('counts %s bytes as none', (up) => {
    expect(readWatched({ ...LINE, up })?.up).toBe(0)
  })
})

describe('the counts of a day', () => {
  it('give one terminal that invents names no room that others need', () => {
    const flood = Array.from({ length: 900 }, (_, nth) => ({ target: `n${nth}.example:443` }))
    const late = {
      client: 's0003',
      target: 'where-it-went.example:443',
      kind: 'opened',
      reason: '',
    }
    const totals = tallyOf([...flood, late], { ...TALLY_LIMITS, perAsker: 50 })
    expect(totals.destinations).toHaveLength(51)
    expect(totals.destinations.at(-1)).toMatchObject({ people: ['s0003'], opened: 1 })
    expect(totals.beyond).toBe(850)
    expect(totals.refusals).toMatchObject([{ count: 900 }])
    expect(totals.amounts.map(({ refused, opened }) => [refused, opened])).toEqual([
      [900, 0],
      [0, 1],
    ])
  })

  it('are bounded whatever comes, and say what did not fit', () => {
    const many = Array.from({ length: 300 }, (_, nth) => ({
      client: `p${nth}`,
      from: `10.0.0.${nth}`,
      target: `${nth}.example:443`,
    }))
    const small = { ...TALLY_LIMITS, amounts: 20, destinations: 20, refusals: 20, seats: 20 }
    const totals = tallyOf(many, small)
    for (const key of ['amounts', 'destinations', 'refusals', 'seats'] as const)
      expect(totals[key]).toHaveLength(20)
    expect(totals.beyond).toBe(4 * 280)
    expect(totals.lines).toBe(300)
  })

  it('come back from the disk as they were, and as nothing when they are of another form', () => {
    const totals = tallyOf([{}, { kind: 'opened', reason: '', up: 5 }])
    const text = JSON.stringify(totals)
    expect(readDayTotals(JSON.parse(text))).toEqual(totals)
    expect(readDayTotals(JSON.parse(text.replace('"opened":1', '"opened":-1')))).toBeUndefined()
  })

  it('have what was noticed of an answer among the reasons, and as no connection', () => {
    const reason = 'WEB-TENANT-OTHER'
    const open = { kind: 'opened', reason: '', service: 'exchange' }
    const sent = { kind: 'request', reason: '', service: 'exchange', up: 70 }
    const seen = { kind: 'noticed', reason, service: 'exchange' }
    const { amounts, refusals } = tallyOf([open, sent, seen, { ...sent, kind: 'ended' }])
    expect(amounts).toMatchObject([{ opened: 1, refused: 0, up: 70 }])
    expect(refusals).toMatchObject([{ reason, count: 1, person: 's0001' }])
  })

  it('keep apart what was let through only because the gate watches', () => {
    const { destinations } = tallyOf([{ kind: 'opened' }, { kind: 'opened', reason: '' }])
    expect(destinations).toMatchObject([{ opened: 2, watched: 1, refused: 0 }])
  })
})

it('a year of days is no more than its sums', () => {
  const range = new RangeTally({ service: '', department: '', person: '' })
  const day = tallyOf([
    { kind: 'opened', reason: '' },
    { kind: 'ended', reason: '', up: 3 },
  ])
  for (let nth = 0; nth < 365; nth += 1) range.add(day)
  const totals = range.totals()
  expect(totals.all).toEqual({ opened: 365, refused: 0, up: 1095, down: 0 })
  expect(totals.destinations).toMatchObject([{ opened: 365, up: 1095 }])
})
