import type { Model } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import { describe, expect, test } from 'vitest'
import { burdenOf } from './burden.ts'
import { deltaOf } from './delta.ts'
import { assess } from './gap.ts'
import { DAY, kasumi } from './town.test-support.ts'

const read = kasumi()
const delta = (to: Model, from: Model = 'α') =>
  deltaOf(read.town, assess(read, { at: DAY }), to, from)!
const ids = (rows: readonly { readonly control: string }[]) => rows.map(({ control }) => control)
const effectOf = (to: Model, flow: string) =>
  delta(to).flows.find((one) => one.name === flow)!.effect

describe('controls gained and lost', () => {
  test('α → β gains what β asks, and the way back loses exactly that', () => {
    const there = delta('β')
    const back = delta('α', 'β')
    expect(ids(there.gained)).toContain('BT-01')
    expect(ids(there.gained)).not.toContain('BT-05')
    expect(ids(there.lost)).toEqual([])
    expect(ids(back.lost)).toEqual(ids(there.gained))
    expect(back.minutesPerYear.it).toBe(-there.minutesPerYear.it)
  })
  test('β → β′ gains access by asset and no longer asks for mail disarming', () => {
    expect(ids(delta('β′', 'β').gained)).toEqual(['BT-05'])
    expect(ids(delta('β′', 'β').lost)).toEqual(['ZN-07'])
  })
  test('a model that the edition does not know cannot be compared', () => {
    expect(deltaOf(read.town, assess(read, { at: DAY, edition: 'R5.3' }), 'α′')).toBeUndefined()
  })
})

describe('services on the LGWAN', () => {
  test('break where their terminal leaves the LGWAN zone, and stay where a server stays', () => {
    expect(effectOf('β', '電子入札')).toBe('break')
    expect(effectOf('β', 'LGWANメールの送信')).toBe('keep')
    expect(effectOf('β′', 'LGWANメールの送信')).toBe('touch')
    expect(effectOf('α′', '電子入札')).toBe('keep')
  })
  test('a My Number system is moved by no model', () => {
    for (const to of ['α′', 'β', 'β′'] as const) expect(effectOf(to, '戸籍情報連携')).toBe('keep')
  })
  test('every flow to a service on the LGWAN is listed, once, with its place', () => {
    const peers = new Set(
      read.town.peers.filter(({ network }) => network === 'lgwan').map(({ id }) => `peer:${id}`),
    )
    const wanted = read.town.flows.filter(({ from, to }) => peers.has(from) || peers.has(to))
    const listed = delta('β').flows.filter(({ kind }) => kind === 'asp')
    expect(listed.map(({ flow }) => flow).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted())
    for (const { flow, path } of listed)
      expect(read.town.flows[Number(/\d+/u.exec(path)![0])]!.id).toBe(flow)
  })
})

describe('what it costs', () => {
  test('is counted in the town, or says on which assumption it rests; never in yen', () => {
    const terminals = read.town.systems
      .filter(({ zone }) => zone === 'lgwan')
      .flatMap(({ hosts }) => hosts)
      .filter(({ role }) => role === 'terminal').length
    const drivers = new Map(delta('β').drivers.map((driver) => [driver.id, driver]))
    expect(drivers.get('lgwan-terminals')).toMatchObject({
      change: 'removed',
      quantity: { value: terminals, counted: true },
    })
    const logs = drivers.get('boundary-logs')!.quantity
    expect(logs.counted).toBe(false)
    expect(logs.basis).toContain('仮定')
    expect(JSON.stringify(delta('β′'))).not.toMatch(/円|yen/iu)
  })
  test('grows with the staff', () => {
    const larger = kasumi({ path: 'town.staff', value: 1840 })
    const gigabytes = (town: typeof read) =>
      deltaOf(town.town, assess(town, { at: DAY }), 'β')!.drivers.find(
        ({ id }) => id === 'boundary-logs',
      )!.quantity.value
    expect(gigabytes(larger)).toBeCloseTo(10 * gigabytes(read))
  })
  test('every control has an estimate that says it is ours and what it rests on', () => {
    for (const { id } of loadGuideline().controls) {
      const burden = burdenOf(read.town, id, 'α')
      expect(burden).toMatchObject({ control: id, verified: false })
      expect(burden!.basis.length).toBeGreaterThan(5)
      expect(burden!.minutesPerYear).toBe(burden!.minutesEach * burden!.timesPerYear)
    }
  })
})
