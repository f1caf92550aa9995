import { describe, expect, test } from 'vitest'
import { assess } from './gap.ts'
import { selfCheckOf } from './self-check.ts'
import { DAY, kasumi, mended } from './town.test-support.ts'

const tableOf = (read: ReturnType<typeof kasumi>, at = DAY) =>
  selfCheckOf(assess(read, { at }).models[0]!, at)
const rowsOf = (read: ReturnType<typeof kasumi>, at = DAY) =>
  tableOf(read, at).chapters.flatMap(({ rows }) => rows)

describe('the self-check table', () => {
  test('has the nine chapters, and every control once under its own', () => {
    const { chapters, uncovered } = tableOf(kasumi())
    expect(chapters.map(({ chapter }) => chapter)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    const keys = chapters.flatMap(({ rows }) => rows.map(({ key }) => key))
    expect(keys).toHaveLength(51)
    expect(new Set(keys).size).toBe(51)
    for (const { chapter, rows } of chapters)
      for (const { key } of rows) expect(key.startsWith(`${chapter} `)).toBe(true)
    expect(uncovered).toEqual([2])
  })
  test('what was not checked stands among the asked and not among the met', () => {
    const { asked, met } = tableOf(mended())
    const rows = rowsOf(mended())
    expect(met).toBe(rows.filter(({ stateWord }) => stateWord === '実施').length)
    expect(asked).toBeGreaterThan(met)
    expect(rows.find(({ control }) => control === 'OP-04')!.stateWord).toBe('未確認')
  })
  test('names the evidence and whether it still stands', () => {
    const of = (at: string) => rowsOf(mended(), at).find(({ control }) => control === 'OP-06')!
    expect(of('2027-10-05')).toMatchObject({ state: 'met', freshness: 'in-date' })
    expect(of('2027-10-05').evidence).toContain('記録媒体の廃棄の記録と証明書（2026-10-05）')
    expect(of('2027-10-06')).toMatchObject({ state: 'stale', freshness: 'out-of-date' })
  })
  test('a row that is not asked shows no evidence', () => {
    for (const { state, evidence } of rowsOf(kasumi()))
      if (state === 'not-asked') expect(evidence).toBe('')
  })
})
