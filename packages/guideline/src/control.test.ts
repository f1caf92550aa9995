import { describe, expect, it } from 'vitest'
import { readControls } from './control.ts'
import { loadGuideline } from './guideline.ts'

const { controls, rules, laws, schema } = loadGuideline()
const byId = new Map(controls.map((one) => [one.id, one]))

describe('the table of controls', () => {
  it('has a row for every rule about a control, and a rule for every row', () => {
    const asked = rules.filter(
      ({ kind, question }) => kind === 'forbid' && question === 'check-control',
    )
    expect(asked.filter(({ id }) => !byId.has(id)).map(({ key }) => key)).toEqual([])
    const known = new Set(rules.map(({ id }) => id))
    expect(controls.filter(({ id }) => !known.has(id))).toEqual([])
    const inSchema = /@values\("(AP-01[^"]*)"\)/u.exec(schema)?.[1]?.split('|')
    expect([...new Set(asked.map(({ id }) => id))].toSorted()).toEqual(inSchema?.toSorted())
  })

  it('has every row of the catalogue: 13 + 14 + 11 + 9 + 4', () => {
    const count = (family: string) => controls.filter(({ id }) => id.startsWith(family)).length
    expect(['ZN', 'AP', 'BT', 'OP', 'SC'].map(count)).toEqual([13, 14, 11, 9, 4])
  })

  it('says that more than a paper is needed exactly where a configuration, a log or a register shows it', () => {
    for (const { id, checks, beyondPaper } of controls)
      expect([id, beyondPaper]).toEqual([
        id,
        checks.some((check) => ['cfg', 'log', 'reg'].includes(check)),
      ])
  })

  it('claims an interval as verified only where the ministry states one', () => {
    expect(controls.filter(({ monthsVerified }) => monthsVerified).map(({ id }) => id)).toEqual([
      'BT-11',
      'OP-01',
    ])
  })

  it('asks for what the ordinance brought no earlier than the ordinance', () => {
    const ordinance = laws.find(({ id }) => id === 'ORD80')
    expect(byId.get('OP-09')?.since).toBe(ordinance?.inForce)
    for (const id of ['SC-01', 'SC-02', 'SC-03', 'SC-04'])
      expect(byId.get(id)?.since).toBe(ordinance?.published)
  })
})

describe('a rule about a control', () => {
  const asked = rules.filter(({ question }) => question === 'check-control')

  it('is never verified where its source is general knowledge or an opinion in the minutes alone', () => {
    const guessed = asked.filter(
      ({ source }) => /一般的な知識/u.test(source) || !/MIC|ORD|NOT/u.test(source),
    )
    expect(guessed.map(({ key, verified }) => [key, verified])).toEqual(
      [
        'AP-04',
        'AP-07',
        'AP-08',
        'AP-09',
        'AP-10',
        'AP-11',
        'AP-12',
        'AP-13',
        'BT-02',
        'BT-04/beta',
        'BT-06',
        'BT-07/beta',
        'BT-09',
      ].map((key) => [key, false]),
    )
    expect(asked.filter(({ verified }) => !verified)).toEqual(guessed)
  })

  it('is statutory only where a law stands behind it', () => {
    const statutory = asked.filter(
      (rule) => rule.kind === 'forbid' && rule.severity === 'statutory',
    )
    expect(statutory.map(({ key }) => key)).toEqual(['OP-08', 'OP-09', 'SC-01/in-force'])
  })
})

describe('a damaged table', () => {
  const row = {
    id: 'OP-04',
    checks: ['log'],
    chapter: 6,
    months: 12,
    monthsVerified: false,
    beyondPaper: true,
  }
  const read = (...rows: unknown[]) => readControls('x.json', JSON.stringify(rows))

  it('is read when whole', () => {
    expect(read(row)).toEqual([row])
  })

  it.each([
    ['without rows', []],
    ['with a row twice', [row, row]],
    ['with a chapter that does not exist', [{ ...row, chapter: 10 }]],
    ['with an interval that never ends', [{ ...row, months: 1200 }]],
    ['with an interval in words', [{ ...row, months: '12' }]],
    ['with an unknown way of checking', [{ ...row, checks: ['guess'] }]],
    ['with a mistyped key', [{ ...row, sinse: '2026-04-01' }]],
    ['with half a date', [{ ...row, since: '2026-04' }]],
  ])('%s stops the start', (_, rows) => {
    expect(() => read(...rows)).toThrow('x.json')
  })
})
