import type { EvidenceEntry } from '@sekisho/core'
import { verifyClean } from '@sekisho/disarm/verify'
import { formOf } from '@sekisho/guideline'
import { describe, expect, it } from 'vitest'
import words from '../../words/decisions.json' with { type: 'json' }
import { readWorkbook } from '../excel/read.ts'
import { decisionsWorkbook } from './decisions.ts'

const dispose = formOf('dispose')!.examples[0]!
const decided = (number: string, change: Partial<EvidenceEntry['detail']> = {}): EvidenceEntry => ({
  v: 1,
  kind: 'decided',
  at: '2026-11-20T16:30:00.000Z',
  side: 'high',
  model: 'ab'.repeat(32),
  actor: 's0001',
  number,
  detail: {
    question: 'dispose',
    subject: '旧サーバーのHDD',
    result: 'refuse',
    findings: ['DSP-HDD', 'DSP-RECORD'],
    determining: ['DSP-HDD', 'DSP-RECORD'],
    found: [],
    facts: JSON.stringify(dispose.facts),
    because: '',
    judge: 'cd'.repeat(32),
    ...(change as EvidenceEntry['detail']),
  },
})

const about = {
  day: '2026-11-25',
  town: '葛\u{E0102}城町',
  size: 12,
  root: 'ef'.repeat(32),
  nameOf: (id: string) => (id === 's0001' ? '𠮷田 健一' : id),
}
const book = (...entries: readonly EvidenceEntry[]): Uint8Array =>
  decisionsWorkbook(
    entries.map((entry, at) => ({ index: at + 40, entry })),
    about,
  )

/** Rows of the first sheet, by the titles of its columns. */
function rowsOf(bytes: Uint8Array): readonly Readonly<Record<string, string>>[] {
  const [sheet] = readWorkbook(bytes)!.sheets
  const cells = [...sheet!.rows.values()].map(
    (row) =>
      new Map([...row].map(([column, cell]) => [column, cell.kind === 'text' ? cell.text : '？'])),
  )
  const [titles, ...rows] = cells
  return rows.map((row) =>
    Object.fromEntries([...titles!].map(([column, title]) => [title, row.get(column) ?? ''])),
  )
}

describe('the register of decisions', () => {
  it('has a row for each decision, in words, on the day and hour of Japan', () => {
    const [row, ...rest] = rowsOf(book(decided('D-1'), { ...decided('x'), kind: 'approved' }))
    expect(rest).toEqual([])
    expect(row).toMatchObject({
      番号: 'D-1',
      判断した日: '令和8年11月21日',
      時刻: '01:30',
      判断した人: '𠮷田 健一',
      問い: '媒体の廃棄',
      対象: '旧サーバーのHDD',
      答え: '差止め',
      指摘した決まり: 'DSP-HDD、DSP-RECORD',
      証跡の番号: '40',
      規則のダイジェスト: 'cd'.repeat(32),
      定義のダイジェスト: 'ab'.repeat(32),
    })
    expect(row!['わかっていた事実']).toMatch(/^どの媒体ですか：.+／何が入っていた媒体ですか：/u)
    expect(row!['わかっていた事実']).not.toMatch(/disposal|true|false/u)
  })

  it('says which decision replaced which, both ways, also when one is not there', () => {
    const rows = rowsOf(
      book(
        decided('D-1'),
        decided('D-2', { supersedes: 'D-1' }),
        decided('D-3', { supersedes: 'D-0' }),
      ),
    )
    expect(rows.map((row) => [row['前の判断'], row['後の判断']])).toEqual([
      ['', 'D-2'],
      ['D-1', ''],
      ['D-0', ''],
    ])
  })

  it('leaves out what the form did not ask for: nobody answered that', () => {
    const facts = JSON.stringify({ ...dispose.facts, disposalMedium: 'paper' })
    const [row] = rowsOf(book(decided('D-1', { facts })))
    expect(row!['わかっていた事実']).not.toContain('リースなど')
  })

  it('survives a question that is no more, facts that are none, and a day that is none', () => {
    const odd = decided('D-1', { question: 'horoscope', facts: '{"sign":"a$&b"}', result: '吉' })
    const [old, broken] = rowsOf(book(odd, { ...decided('D-2', { facts: '[' }), at: '昨日' }))
    expect(old).toMatchObject({
      問い: '今はない問い（horoscope）',
      わかっていた事実: 'sign：a$&b',
      答え: '吉',
    })
    expect(broken).toMatchObject({ わかっていた事実: '読めません', 判断した日: '昨日', 時刻: '' })
  })

  it('shows unseen characters, keeps formulas as texts, and passes our own gate', () => {
    const bytes = book(
      decided('D-1', { subject: '=1+1\u202E逆', because: '\u0007'.repeat(30_000) }),
    )
    expect(verifyClean(bytes, 'xlsx').clean).toBe(true)
    const [row] = rowsOf(bytes)
    expect(row!['対象']).toBe('=1+1〔U+202E〕逆')
    expect(row!['理由']!.length).toBeLessThanOrEqual(32_767)
  })

  it('says what was verified, and what each column means', () => {
    const sheet = readWorkbook(book())!.sheets[1]!
    const texts = [...sheet.rows.values()].flatMap((row) =>
      [...row.values()].map((cell) => (cell.kind === 'text' ? cell.text : '')),
    )
    expect(texts).toEqual(
      expect.arrayContaining([about.root, '12件', '0件', '葛\u{E0102}城町', words.facts.onlyHelp]),
    )
    for (const [title] of Object.values(words.columns)) expect(texts).toContain(title)
  })
})
