import { describe, expect, it } from 'vitest'
import { expectFixedPoint, tableOf } from '../excel/held.test-support.ts'
import { NAME, planned, subject } from './roadmap.test-support.ts'
import { roadmapWorkbook } from './workbook.ts'

const found = planned()
const book = roadmapWorkbook(found, subject)

describe('the workbook of a roadmap', () => {
  it('is what our own gate would make of it, and the same bytes each time', () => {
    expectFixedPoint(book)
    expect(Buffer.from(roadmapWorkbook(planned(), subject)).equals(book)).toBe(true)
  })

  it('手順: every step on its day in both calendars, with what it takes away', () => {
    const rows = tableOf(book, '手順')
    expect(found.steps.length).toBeGreaterThan(1)
    expect(rows.map((row) => [row['手順'], row['いつから']])).toEqual(
      found.steps.map(({ number, day }) => [String(number), day]),
    )
    expect(rows[0]?.['西暦']).toBe('2026年11月22日')
    expect(rows[0]?.['時期']).toBe('令和8年度\n下半期')
    const gone = rows.flatMap((row) => row['消える指摘']?.split('、') ?? [])
    expect(gone).toContain('ZN-04')
    expect(gone).toContain('ZN-13')
  })

  it('変わること: every change, names whole and turning nothing around', () => {
    const rows = tableOf(book, '変わること')
    expect(rows).toHaveLength(found.steps.flatMap(({ changes }) => changes).length)
    expect(rows.map((row) => row['変わること']).join('')).toContain(NAME)
    const [first, ...rest] = found.steps
    const turned = { ...first!, name: '\u202E=1+1', changes: ['\u202E=1+1'] }
    const bytes = roadmapWorkbook({ ...found, steps: [turned, ...rest] }, subject)
    const row = tableOf(bytes, '変わること')[0]
    expect([row?.['すること'], row?.['変わること']]).toEqual(['〔U+202E〕=1+1', '〔U+202E〕=1+1'])
  })

  it('指摘の動き: the findings that go, under the ids of the check', () => {
    const wanted = found.steps.flatMap(({ vanish }) => vanish.map(({ rule }) => rule))
    const rows = tableOf(book, '指摘の動き').filter((row) => row['動き'] === '消える')
    expect(rows.map((row) => row['番号']?.replace('※', ''))).toEqual(wanted)
  })

  it('妨げ: a day that cannot be kept is on the sheet and in the summary', () => {
    const late = found.conflicts.filter(({ kind }) => kind === 'late')
    expect(late).toHaveLength(1)
    const rows = tableOf(book, '妨げ')
    expect(rows.map((row) => row['内容'])).toEqual(found.conflicts.map(({ sentence }) => sentence))
    const told = tableOf(book, '要約').map((row) => row['内容'])
    expect(told).toContain(late[0]!.sentence)
    expect(told.some((text) => text?.includes('守れない日付があります'))).toBe(true)
  })

  it('説明: the digest of each file it rests on', () => {
    const facts = new Map(tableOf(book, '説明').map((row) => [row['項目'], row['内容']]))
    expect(facts.get('目標のファイルのSHA-256')).toBe(subject.target.fileDigest)
    expect(facts.get('計画のファイルのSHA-256')).toBe(subject.plan?.fileDigest)
  })

  it('a step that changes thousands of things fits in a cell, and the sheet of changes has them all', () => {
    const changes = Array.from({ length: 3_000 }, (_, index) => `機器${index}が変わります。`)
    const [first, ...rest] = found.steps
    const many = { ...found, steps: [{ ...first!, changes }, ...rest] }
    const bytes = roadmapWorkbook(many, subject)
    const [row] = tableOf(bytes, '手順')
    expect(row?.['変わること']).toContain('ほか2994件')
    expect(tableOf(bytes, '変わること').filter((one) => one['手順'] === '1')).toHaveLength(3_000)
  })
})
