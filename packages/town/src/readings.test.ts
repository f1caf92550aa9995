import { describe, expect, test } from 'vitest'
import { checkTown } from './check.ts'
import { DAY, mendedWith, readable, reasonsOf } from './corpus.test-support.ts'
import { diffTowns } from './diff.ts'
import type { EditValue } from './edit.ts'
import { readingsOf } from './readings.ts'

const PAPER = { approvedBy: '町長', title: '特定通信の相手の決定', date: '2026-04-01' }
const CHOSEN = { reading: 'conditions', ...PAPER }
const CONDITIONS = {
  operator: 'public',
  receivedChecked: true,
  assessment: { title: 'リスクアセスメント', date: '2026-03-01' },
}

/** The bank can be reached from the Internet, and is not on the list. */
function bankTown(conditions?: EditValue, readings?: EditValue): string {
  return mendedWith(
    { path: 'peers[3].internetCapable', value: true },
    ...(conditions === undefined ? [] : [{ path: 'peers[3].conditions', value: conditions }]),
    ...(readings === undefined ? [] : [{ path: 'readings', value: readings }]),
  )
}

const findings = (text: string, at = DAY) =>
  checkTown(readable(text), { at }).findings.map(({ rule, effect, verified, open = [] }) => [
    rule,
    effect,
    verified,
    open.map(({ point }) => point).join(),
  ])

describe('the reading of O1 that a town chose', () => {
  test('by default stops a peer off the list however well it is kept, and says that readings differ', () => {
    expect(findings(bankTown(CONDITIONS))).toEqual([['ZN-03', 'refuse', true, 'O1']])
    const [finding] = checkTown(readable(bankTown(CONDITIONS)), { at: DAY }).findings
    expect(finding?.open?.[0]?.sentence).toMatch(
      /解釈が分かれています（O1）.*条件がそろえば認める/u,
    )
  })
  test('lets a peer with every condition pass, and keeps a note that is never verified', () => {
    const text = bankTown(CONDITIONS, { O1: CHOSEN })
    expect(findings(text)).toEqual([['O1', 'note', false, 'O1']])
    expect(checkTown(readable(text), { at: DAY }).result).toBe('pass')
  })
  test.each([
    ['run by somebody else', { ...CONDITIONS, operator: 'private' }],
    ['not inspected', { ...CONDITIONS, receivedChecked: false }],
    ['never assessed', { operator: 'public', receivedChecked: true }],
    [
      'assessed only after its flow was registered',
      { ...CONDITIONS, assessment: { title: '後から', date: '2026-04-02' } },
    ],
  ])('stops a peer that is %s', (_, conditions) => {
    const rules = findings(bankTown(conditions, { O1: CHOSEN }))
    expect(rules).toContainEqual(['ZN-03', 'refuse', false, ''])
    expect(rules.map(([rule]) => rule)).not.toContain('O1')
  })
  test('begins on the day of its paper', () => {
    const text = bankTown(CONDITIONS, { O1: { ...CHOSEN, date: '2026-12-01' } })
    expect(findings(text).map(([rule]) => rule)).toEqual(['ZN-03'])
    expect(findings(text, '2026-12-01').map(([rule]) => rule)).toEqual(['O1'])
    expect(readingsOf(readable(text).town, '2026-11-30')).toEqual({})
  })
  test('changes nothing for a town without such a peer', () => {
    expect(findings(mendedWith({ path: 'readings', value: { O1: CHOSEN } }))).toEqual([])
  })
})

describe('readings in a town file', () => {
  const withReadings = (value: EditValue) => mendedWith({ path: 'readings', value })

  test.each(['approvedBy', 'title', 'date'] as const)(
    'a lenient one without its %s is not read',
    (key) => {
      const { [key]: _, ...rest } = CHOSEN
      expect(reasonsOf(withReadings({ O1: rest }))).toEqual(['TOWN-READING-PAPER'])
    },
  )
  test('the default and one of looks only need no paper', () => {
    expect(reasonsOf(withReadings({ O1: { reading: 'list' }, O8: { reading: 'three' } }))).toEqual(
      [],
    )
  })
  test('a reading that does not exist, and a point that is not chosen here, are refused', () => {
    expect(reasonsOf(withReadings({ O5: { reading: 'class-1', ...PAPER } }))).toEqual([
      'TOWN-VALUE',
    ])
    expect(reasonsOf(withReadings({ O4: { reading: 'R7.3' } }))).toEqual(['TOWN-UNKNOWN-KEY'])
  })
  test('a chosen reading is told when two towns are compared', () => {
    const [before, after] = [mendedWith(), withReadings({ O1: CHOSEN })].map(
      (text) => readable(text).town,
    )
    expect(diffTowns(before!, after!).map(({ subject }) => subject)).toEqual(['readings.O1'])
  })
})
