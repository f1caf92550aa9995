import { disarmHere, partsOf } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readWorkbook } from './read.ts'
import { dayOfSerial, serialOf } from './serial.ts'
import { listReference, writeWorkbook } from './workbook.ts'
import type { Cell, Sheet } from './workbook.ts'

const book = (rows: readonly (readonly Cell[])[], more: Partial<Sheet> = {}): Uint8Array =>
  writeWorkbook({
    title: '葛\u{E0102}城町 & 1',
    made: '令和8年11月25日 作成',
    sheets: [
      {
        name: '台帳',
        columns: [
          { title: '名前', width: [8, 40] },
          { title: '日付', width: [8, 40], takes: 'date' },
          { title: '種類', width: [8, 40], list: listReference('選択肢', 0, 2) },
        ],
        rows,
        ...more,
      },
      { name: '選択肢', columns: [{ title: '値', width: [8, 40] }], rows: [['い'], ['ろ']] },
    ],
  })

const texts = (bytes: Uint8Array): (string | undefined)[] =>
  [...(readWorkbook(bytes)?.sheets[0]?.rows.entries() ?? [])]
    .filter(([row]) => row > 0)
    .map(([, row]) => row.get(0))
    .map((cell) => (cell?.kind === 'text' && !cell.formula ? cell.text : undefined))
const markup = (bytes: Uint8Array, name: string): string =>
  Buffer.from(partsOf(bytes).get(name)!).toString()
const sheet = (bytes: Uint8Array): string => markup(bytes, 'xl/worksheets/sheet1.xml')

describe('a workbook of ours', () => {
  it('is what our own gate would make of it, byte for byte', () => {
    const bytes = book([['葛\u{E0102}城', { date: '2026-11-25' }, 'い'], ['=1+1']], { spare: 1 })
    expect(verifyClean(bytes, 'xlsx')).toEqual({ clean: true, type: 'xlsx' })
    const { report, output } = disarmHere(bytes, { name: '台帳.xlsx' })
    expect(report.removed).toEqual([])
    expect(Buffer.from(output!).equals(bytes)).toBe(true)
  })

  it('holds any text exactly, also one that begins like a formula or holds what XML does not know', () => {
    const names = [
      '=1+1',
      '+81-3',
      '-5',
      '@SUM(A1)',
      '\t=1',
      '葛\u{E0102}',
      '𠮷',
      '髙',
      '﨑',
      '_x0041_',
    ]
    expect(texts(book(names.map((name) => [name])))).toEqual(names)
    expect(sheet(book(names.map((name) => [name])))).not.toMatch(/<f[ >/]/u)
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }), (text) => {
        const bytes = book([[text]])
        expect(verifyClean(bytes, 'xlsx').clean).toBe(true)
        expect(texts(bytes)).toEqual([text])
      }),
      { numRuns: 60 },
    )
  })

  it('keeps its header in sight and prints it on each page, A4 landscape, one page wide', () => {
    const bytes = book([['い']])
    expect(sheet(bytes)).toContain(
      '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>',
    )
    expect(sheet(bytes)).toContain('<pageSetUpPr fitToPage="1"/>')
    expect(sheet(bytes)).toContain(
      '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/>',
    )
    expect(markup(bytes, 'xl/workbook.xml')).toContain(
      `<definedName name="_xlnm.Print_Titles" localSheetId="0">'台帳'!$1:$1</definedName>`,
    )
    expect(sheet(bytes)).toContain('&amp;L葛\u{E0102}城町 &amp;&amp; 1')
  })

  it('keeps a long title within what Excel takes for a head, and cuts between characters', () => {
    const title = `${'&'.repeat(60)}${'葛\u{E0102}'.repeat(40)}`
    const bytes = writeWorkbook({
      title,
      made: title,
      sheets: [{ name: '長'.repeat(31), columns: [{ title: '名', width: [8, 9] }], rows: [] }],
    })
    for (const part of ['oddHeader', 'oddFooter']) {
      const head = new RegExp(`<${part}>(.*)</${part}>`, 'u')
        .exec(sheet(bytes))![1]!
        .replaceAll('&amp;', '&')
      expect(head.length).toBeLessThanOrEqual(255)
      expect(head).toContain('葛\u{E0102}…')
    }
  })

  it('is wide enough for kanji, and high enough for a sentence that is wider than its column', () => {
    const wide = sheet(book([['住民基本台帳ネットワーク']]))
    expect(Number(/<col min="1" max="1" width="([\d.]+)"/u.exec(wide)?.[1])).toBeGreaterThanOrEqual(
      24,
    )
    const long = sheet(book([['長'.repeat(60)]]))
    expect(Number(/<row r="2" ht="([\d.]+)"/u.exec(long)?.[1])).toBeGreaterThanOrEqual(4 * 18.75)
  })

  it('offers closed values as a list, in the empty row too', () => {
    const bytes = sheet(book([['い']], { spare: 1 }))
    expect(bytes).toContain(`<formula1>'選択肢'!$A$2:$A$3</formula1>`)
    expect(bytes).toMatch(/type="list"[^>]*sqref="C2:C5\d\d"/u)
    expect(bytes).toContain('<row r="3"')
  })

  it('shows a day in its era, as a day that a spreadsheet can sort', () => {
    const bytes = book([['い', { date: '2026-11-25' }]])
    expect(markup(bytes, 'xl/styles.xml')).toContain(
      '[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;',
    )
    const held = readWorkbook(bytes)?.sheets[0]?.rows.get(1)?.get(1)
    expect(held).toMatchObject({ kind: 'number', value: 46_351, shown: 'date' })
  })
})

describe('bytes that were not rebuilt', () => {
  it('are not looked at', () => {
    const bytes = book([['い']])
    expect(readWorkbook(Buffer.concat([bytes, Buffer.from('x')]))).toBeUndefined()
    expect(readWorkbook(Buffer.from('PK\u0003\u0004'))).toBeUndefined()
  })
})

describe('days as Excel counts them', () => {
  it.each([
    ['1900-03-01', 61],
    ['2026-11-25', 46_351],
    ['9999-12-31', 2_958_465],
  ])('%s is %d', (day, serial) => {
    expect(serialOf(day)).toBe(serial)
    expect(dayOfSerial(serial, 1900)).toBe(day)
    expect(dayOfSerial(serial - 1462, 1904)).toBe(serial < 1462 ? undefined : day)
  })

  it('the day that never was, a time of day and a number without end are no days', () => {
    for (const serial of [60, 59, 0, -1, 46_351.5, 2_958_466, 20_260_401])
      expect(dayOfSerial(serial, 1900)).toBeUndefined()
    expect(serialOf('1900-02-28')).toBeUndefined()
    expect(dayOfSerial(-1, 1904)).toBeUndefined()
    expect(dayOfSerial(0, 1904)).toBe('1904-01-01')
  })
})
