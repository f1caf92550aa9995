import { assess, partsOf } from '@sekisho/assess'
import type { AssessmentParts } from '@sekisho/assess'
import { describe, expect, it } from 'vitest'
import { DAY, kasumi, mended } from '../../../assess/src/town.test-support.ts'
import { expectFixedPoint, sheetNames, tableOf } from '../excel/held.test-support.ts'
import { bothCalendars } from '../era.ts'
import type { ReportSubject } from '../subject.ts'
import { assessmentWorkbook } from './workbook.ts'

const read = kasumi()
const parts = partsOf(read.town, assess(read, { at: DAY }))
const subject: ReportSubject = {
  town: read.town.name,
  model: read.town.model,
  edition: read.town.edition,
  at: DAY,
  made: '2026-11-25',
  file: 'town.yaml',
  fileDigest: 'ab'.repeat(32),
  rulesDigest: 'cd'.repeat(32),
  version: '0.1.0',
}
const book = assessmentWorkbook(parts, subject)

/** By hand: the two rows of wireless stand in 6.1(13); OP-08, OP-09 and SC come from a law or a notice. */
const exampleOf = (control: string, chapter: number): string => {
  if (/^(?:OP-0[89]|SC-)/u.test(control)) return ''
  return /^ZN-1[12]$/u.test(control) ? '6.1(13)' : String(chapter)
}

describe('the workbook of an assessment', () => {
  it('is what our own gate would make of it, byte for byte', () => expectFixedPoint(book))

  it('is the same bytes for the same town, day and rules', () => {
    const again = partsOf(read.town, assess(read, { at: DAY }))
    expect(Buffer.from(assessmentWorkbook(again, subject)).equals(book)).toBe(true)
  })

  it('has a sheet for each question of an auditor', () =>
    expect(sheetNames(book)).toEqual([
      '要約',
      '自己点検',
      'モデルごとの差',
      '移ると変わること',
      'リスク',
      '暦',
      '説明',
    ]))

  it('自己点検: every control with the state, cure and ground of the assessment, and no number deeper than we read', () => {
    const rows = tableOf(book, '自己点検')
    const wanted = parts.selfCheck.chapters.flatMap(({ chapter, rows: own }) =>
      own.map((row) => ({ ...row, chapter })),
    )
    expect(wanted).toHaveLength(51)
    for (const { control, verified, stateWord, clause, cure, chapter } of wanted) {
      const row = rows.find((one) => one['番号'] === `${control}${verified ? '' : '※'}`)
      expect(row).toMatchObject({
        状態: stateWord,
        根拠: clause,
        例文の番号: exampleOf(control, chapter),
      })
      expect(row?.['直し方']).toContain(cure?.sentence ?? '')
    }
  })

  it('自己点検: a chapter that nobody checked says so', () => {
    expect(parts.selfCheck.uncovered).toEqual([2])
    expect(
      tableOf(book, '自己点検').find((row) => row['章']?.startsWith('2 '))?.['理由'],
    ).toContain('点検していません')
  })

  it('要約: what was not checked is not counted as done', () => {
    const { counts } = parts.gap
    const told = tableOf(book, '要約').map((row) => row['内容'])
    expect(told[0]).toContain(`実施 ${counts.met}件`)
    expect(told[0]).toContain(`未確認 ${counts['not-checked']}件`)
    expect(told[1]).toContain('実施とは数えません')
  })

  it('モデルごとの差: a control that a move brings is told, and its state there', () => {
    const rows = tableOf(book, 'モデルごとの差')
    const beta = parts.deltas.find(({ to }) => to === 'β')!
    expect(beta.gained.length).toBeGreaterThan(0)
    for (const { control, verified } of beta.gained) {
      const row = rows.find((one) => one['番号'] === `${control}${verified ? '' : '※'}`)
      expect(row?.['今のモデルとの違い']).toMatch(/^加わる：.*β/u)
      expect(row?.['α（今）']).toBe('対象外')
    }
    expect(rows.find((one) => one['番号'] === 'ZN-01')?.['今のモデルとの違い']).toBe('')
  })

  it('移ると変わること: what breaks is there, what stays is not', () => {
    const rows = tableOf(book, '移ると変わること').filter((row) => row['種類'] === '通信')
    const flows = parts.deltas.flatMap((delta) => delta.flows)
    expect(rows).toHaveLength(flows.filter(({ effect }) => effect !== 'keep').length)
    expect(rows.some((row) => row['変わり方'] === '切れる')).toBe(true)
  })

  it('リスク: each under its own id, and all marked as not checked against the guideline', () => {
    const ids = tableOf(book, 'リスク').map((row) => row['番号'])
    expect(ids).toEqual(parts.risk.rows.map(({ id }) => `${id}※`))
  })

  it('暦: every duty on its day in both calendars, those missed first', () => {
    const rows = tableOf(book, '暦')
    const { overdue, duties } = parts.calendar
    expect(rows.map((row) => row['期限'])).toEqual([...overdue, ...duties].map(({ date }) => date))
    expect(rows.filter((row) => row['状況'] === '期限を過ぎた')).toHaveLength(overdue.length)
    expect(rows[0]?.['西暦']).toBe('2025年2月26日')
  })

  it('説明: what was checked, on which day, with which rules, and each column', () => {
    const rows = tableOf(book, '説明')
    const facts = new Map(rows.map((row) => [row['項目'], row['内容']]))
    expect(facts.get('確かめた日')).toBe(bothCalendars(DAY))
    expect(facts.get('宣言のファイルのSHA-256')).toBe(subject.fileDigest)
    for (const sheet of ['自己点検', 'リスク', '暦'])
      for (const title of Object.keys(tableOf(book, sheet)[0]!))
        expect(rows.some((row) => row['シート'] === sheet && row['項目'] === title)).toBe(true)
  })
})

describe('a declaration of other hands', () => {
  const hostile = '\u202E=HYPERLINK("x")葛\u{E0102}城\u001B[2J'
  const named = withAssetName(partsOf(read.town, assess(read, { at: DAY })), hostile)

  it('turns no text around and acts as no formula; the name keeps its characters', () => {
    const bytes = assessmentWorkbook(named, { ...subject, town: hostile })
    expectFixedPoint(bytes)
    const [row] = tableOf(bytes, 'リスク')
    expect(row?.['情報資産']).toBe('〔U+202E〕=HYPERLINK("x")葛\u{E0102}城〔U+001B〕[2J')
  })

  it('with nothing to mend says so', () => {
    const clean = mended()
    const told = tableOf(
      assessmentWorkbook(partsOf(clean.town, assess(clean, { at: DAY })), subject),
      '要約',
    )
    expect(told.some((row) => row['内容']?.includes('未実施 0件'))).toBe(true)
  })
})

function withAssetName(all: AssessmentParts, assetName: string): AssessmentParts {
  const { risk } = all
  return { ...all, risk: { ...risk, rows: risk.rows.map((row) => ({ ...row, assetName })) } }
}
