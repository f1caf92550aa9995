import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeWorkbook } from '../excel/workbook.ts'
import {
  exported,
  faults,
  planned,
  rebuilt,
  rewritten,
  sentences,
  SHEETS,
  textOf,
  TOWN,
  withCells,
} from './book.test-support.ts'
import type { Content } from './book.test-support.ts'

const EXAMPLES = join(import.meta.dirname, '../../../../examples')
const assets = (cells: Readonly<Record<string, Content>>): Uint8Array =>
  withCells(exported(), SHEETS.assets, cells)
const people = (cells: Readonly<Record<string, Content>>): Uint8Array =>
  withCells(exported(), SHEETS.people, cells)
const flows = (cells: Readonly<Record<string, Content>>): Uint8Array =>
  withCells(exported(), SHEETS.flows, cells)

const NEW_ASSET = {
  A5: 'zei',
  B5: '課税台帳 髙﨑',
  C5: '自治体機密性３Ｂ',
  D5: '自治体完全性2',
  E5: ' 自治体可用性2　',
  F5: '特定個人情報',
  G5: '住民記録',
  H5: '税務課０３',
}

describe('an export taken in again', () => {
  it.each(['small', 'kasumi'])('changes nothing in the town %s, not one byte', (name) => {
    const text = name === 'small' ? TOWN : readFileSync(join(EXAMPLES, name, 'town.yaml'), 'utf8')
    for (const options of [{}, { remove: true }]) {
      const plan = planned(exported(text), options, text)
      expect(sentences(plan)).toEqual([])
      expect(textOf(plan)).toBe(text)
    }
  })

  it('changes nothing when the dates count from 1904', () => {
    const days = (text: string): string =>
      text.replaceAll(/s="3"><v>(\d+)</gu, (_, serial) => `s="3"><v>${Number(serial) - 1462}<`)
    const book = rewritten(exported(), (name, text) =>
      name === 'xl/workbook.xml'
        ? text.replace('<bookViews>', '<workbookPr date1904="1"/><bookViews>')
        : days(text),
    )
    expect(rebuilt(book).dates).toBe(1904)
    expect(sentences(planned(book))).toEqual([])
  })

  it('without a sheet leaves its register as it is, also when rows that are missing shall go', () => {
    const only = writeWorkbook({
      title: '',
      made: '',
      sheets: [
        { name: '職員', columns: titles('識別名 氏名 課 役割 着任の日 離任の日 メール'), rows: [] },
      ],
    })
    const plan = planned(only, { remove: true })
    expect(sentences(plan)).toEqual(
      ['葛\u{E0102}城 由美', '𠮷田 健一', '髙橋 徹', '山﨑 恵子'].map(
        (name) => `職員「${name}」がなくなります。`,
      ),
    )
    expect(textOf(plan)).toContain('id: daicho')
  })
})

const titles = (list: string): { title: string; width: readonly [number, number] }[] =>
  list.split(' ').map((title) => ({ title, width: [8, 20] }))

describe('a change in a cell', () => {
  it('changes that value and no other byte, and says so in words', () => {
    const plan = planned(assets({ C2: '自治体機密性3A', B3: '決裁文書 𠮷' }))
    expect(sentences(plan)).toEqual([
      '情報資産「住民基本台帳」の機密性が「自治体機密性3B」から「自治体機密性3A」に変わります。',
      '情報資産「決裁文書」の名前が「決裁文書」から「決裁文書 𠮷」に変わります。',
    ])
    expect(textOf(plan)).toBe(
      TOWN.replace('自治体機密性3B', '自治体機密性3A').replace(
        'name: 決裁文書',
        'name: 決裁文書 𠮷',
      ),
    )
    expect(plan.ok && plan.changes[0]).toMatchObject({
      sheet: '情報資産',
      cell: 'C2',
      field: 'class',
    })
  })

  it('never changes a character of a name: spaces around it go, look-alikes stay', () => {
    for (const name of [
      '葛\u{E0102}城',
      '葛城',
      '𠮷野',
      '吉野',
      '髙﨑',
      '高崎',
      '神',
      'ﾊﾝｶｸ',
      '１２',
      'Å',
    ]) {
      const plan = planned(people({ B2: ` ${name}　` }))
      expect(plan.ok && plan.read.town.people[0]?.name).toBe(name)
    }
  })

  it('a row in the empty line is a new entry at the end, with comments around it kept', () => {
    const plan = planned(assets(NEW_ASSET))
    expect(sentences(plan)).toEqual(['情報資産「課税台帳 髙﨑」が加わります。'])
    const text = textOf(plan)
    expect(text).toContain(
      'id: zei, name: 課税台帳 髙﨑, class: 自治体機密性3B, integrity: 自治体完全性2, availability: 自治体可用性2, personal: specific, place: juki, owner: zeimu',
    )
    for (const comment of [
      '# 情報資産（この注釈は残る）',
      '# 住民の情報',
      '# 原本',
      '# 公表している情報',
    ])
      expect(text).toContain(comment)
    expect(text.indexOf('id: zei,')).toBeGreaterThan(text.indexOf('id: roku'))
  })

  it('an asset may stand in a service that comes with the same workbook', () => {
    const book = withCells(assets({ ...NEW_ASSET, G5: '新サービス' }), SHEETS.services, {
      A3: 'shin',
      B3: '新サービス',
      C3: '約款型',
      F3: '国外',
      G3: 'いいえ',
      J3: '約款の確認',
      K3: 'R8.11.1',
    })
    const text = textOf(planned(book))
    expect(text).toContain('place: shin')
    expect(text).toMatch(/termsDocument:\s*\{? *\n? *title: 約款の確認,?\s*date: 2026-11-01/u)
  })

  it('a service may be renamed while its assets still show the old name', () => {
    const plan = planned(withCells(exported(), SHEETS.services, { B2: '会議録サービス' }))
    expect(sentences(plan)).toHaveLength(1)
    expect(textOf(plan)).toContain('place: kaigi')
  })

  it('a list that the file does not have comes whole', () => {
    const without = TOWN.slice(0, TOWN.indexOf('people:'))
    const plan = planned(exported(), {}, without)
    expect(sentences(plan)).toHaveLength(4)
    expect(textOf(plan)).toContain('name: 葛\u{E0102}城 由美')
  })

  it('a registration comes and goes whole', () => {
    const come = planned(flows({ J3: '葛特-02', K3: '室長', L3: '令和8年4月1日' }))
    expect(textOf(come)).toMatch(
      /fixed: \{ number: 葛特-02, approvedBy: 室長, date: 2026-04-01 \}/u,
    )
    const go = planned(flows({ J2: ' ', K2: '', L2: '', M2: '' }))
    expect(textOf(go)).not.toContain('葛特-01')
    expect(textOf(go)).toContain('expires: 2029-03-31')
  })
})

describe('a row that is not there', () => {
  // Row 3 of the sheet, as if a clerk had emptied it.
  const emptied = assets(Object.fromEntries([...'ABCDEFGH'].map((one) => [`${one}3`, ''])))

  it('stays in the declaration, and the person is told', () => {
    const plan = planned(emptied)
    expect(textOf(plan)).toBe(TOWN)
    expect(plan.ok && plan.notices).toEqual([
      '情報資産のシートにない1件は、そのまま残ります。消すには --remove を付けてください。',
    ])
  })

  it('goes when that is asked for', () => {
    const plan = planned(emptied, { remove: true })
    expect(sentences(plan)).toEqual(['情報資産「決裁文書」がなくなります。'])
    expect(textOf(plan)).not.toContain('kessai')
    expect(textOf(plan)).toContain('# 公表している情報')
  })

  it('tells that a comment above it goes with it', () => {
    const last = assets(Object.fromEntries([...'ABCDEFGH'].map((one) => [`${one}4`, ''])))
    const plan = planned(last, { remove: true })
    expect(plan.ok && plan.notices).toEqual([
      '情報資産「会議録」の上にある注釈も、いっしょに消えます。',
    ])
  })

  it('may not go while something stands in it: named by the cell that needs it', () => {
    const gone = withCells(
      exported(),
      SHEETS.services,
      Object.fromEntries([...'ABCDEFGHIJK'].map((one) => [`${one}2`, ''])),
    )
    const plan = planned(gone, { remove: true })
    expect(faults(plan)).toEqual(['G4 TOWN-REFERENCE'])
  })
})

describe('days', () => {
  const until = (content: Content): ReturnType<typeof planned> => planned(people({ F2: content }))

  it.each<[string, Content]>([
    ['era', '令和9年3月31日'],
    ['era, full-width', '令和９年３月３１日'],
    ['short era', 'R9.3.31'],
    ['slashes', '2027/3/31'],
    ['a day of Excel', { v: 46_477, s: 3 }],
  ])('%s', (_, content) =>
    expect(textOf(until(content))).toContain('from: 2019-04-01, until: 2027-03-31'),
  )

  it.each<[string, Content, string]>([
    ['a number that is shown as a number', { v: 46_477 }, 'REG-DAY-NUMBER'],
    ['a time of day', { v: 46_477.5, s: 3 }, 'REG-DAY-NUMBER'],
    ['the day that never was', { v: 60, s: 3 }, 'REG-DAY-NUMBER'],
    ['digits run together', { v: 20_270_331 }, 'REG-DAY-NUMBER'],
    ['a year of two digits', '27/3/31', 'REG-DAY'],
    ['an era that was over', '平成39年3月31日', 'REG-DAY-ERA'],
    ['a day that is not in the calendar', '2027/2/29', 'REG-DAY-CALENDAR'],
    ['before the beginning', '2018/3/31', 'TOWN-DATE-ORDER'],
  ])('%s is refused with its cell', (_, content, reason) =>
    expect(faults(until(content))).toEqual([`F2 ${reason}`]),
  )
})

describe('a cell that cannot be read', () => {
  it.each<[string, Readonly<Record<string, Content>>, string]>([
    ['a formula', { B2: { xml: '<f>1+1</f><v>2</v>' } }, 'B2 REG-FORMULA'],
    [
      'a formula whose value fits',
      { B2: { xml: '<f>"住民基本台帳"</f><v>0</v>' } },
      'B2 REG-FORMULA',
    ],
    ['nothing where something must be', { C2: '' }, 'C2 REG-MISSING'],
    ['spaces where something must be', { B2: '　' }, 'B2 REG-MISSING'],
    ['no id', { A2: '' }, 'A2 REG-ID-MISSING'],
    ['an id of other letters', { A2: '台帳' }, 'A2 REG-ID'],
    ['an id twice', { A3: 'ｄａｉｃｈｏ' }, 'A3 REG-ID-TWICE'],
    ['a class without its scheme', { C2: '機密性3' }, 'C2 REG-CLASS-SCHEME'],
    ['a class of the state', { C2: '国機密性3' }, 'C2 REG-CLASS-SCHEME'],
    ['a class of before R6.10', { C2: '旧機密性2' }, 'C2 REG-CLASS-SCHEME'],
    ['a class that never was', { C2: '自治体機密性4' }, 'C2 REG-CHOICE'],
    ['a department that is not there', { H2: '税務課04' }, 'H2 REG-REFERENCE'],
    ['turned text', { B2: '台帳\u202Egpj' }, 'B2 REG-TEXT-HIDDEN'],
    ['two lines', { B2: '住民\n台帳' }, 'B2 REG-TEXT-HIDDEN'],
    ['a text without end', { B2: '長'.repeat(401) }, 'B2 REG-TEXT-LONG'],
    ['a day for a name', { B2: { v: 46_477, s: 3 } }, 'B2 REG-TEXT-NUMBER'],
    ['half a number for a name', { B2: { v: 1.5 } }, 'B2 REG-TEXT-NUMBER'],
  ])('%s', (_, cells, expected) => expect(faults(planned(assets(cells)))).toEqual([expected]))

  it('a mark that something could not be computed', () => {
    const book = rewritten(exported(), (name, text) =>
      name === 'xl/worksheets/sheet1.xml'
        ? text.replace(/<c r="B2".*?<\/c>/su, '<c r="B2" t="e"><v>#N/A</v></c>')
        : text,
    )
    expect(faults(planned(book))).toEqual(['B2 REG-FAULT'])
  })

  it.each<[string, Readonly<Record<string, Content>>, string]>([
    ['ports as a day (Excel made one of 1-2)', { F2: { v: 46_024, s: 3 } }, 'F2 REG-PORTS'],
    ['a port that is none', { F2: '443、70000' }, 'F2 REG-PORTS'],
    ['a range backwards', { F2: '9000-8000' }, 'F2 REG-PORTS'],
    ['two things of one name', { C2: '業務サーバー' }, 'C2 REG-REFERENCE-MANY'],
    ['half a registration', { J3: '葛特-02' }, 'K3 REG-MISSING,L3 REG-MISSING'],
    ['yes or no in other words', { M2: 'たぶん' }, 'M2 REG-YES-NO'],
    ['one of several values', { N2: 'LGWAN、衛星' }, 'N2 REG-CHOICE'],
    ['both ends the same', { C3: 'LGWAN接続系' }, 'A3 TOWN-FLOW-ENDS'],
  ])('%s', (_, cells, expected) =>
    expect(faults(planned(flows(cells)))).toEqual(expected.split(',')),
  )

  it('is told together with all others, each with its place, its reason and a cure', () => {
    const book = withCells(assets({ C2: '機密性3', H4: '税務科03' }), SHEETS.people, {
      E2: 'きのう',
      F3: '2001/1/1',
    })
    const plan = planned(book)
    expect(faults(plan)).toEqual([
      'C2 REG-CLASS-SCHEME',
      'H4 REG-REFERENCE',
      'E2 REG-DAY',
      'F3 TOWN-DATE-ORDER',
    ])
    if (plan.ok) return
    expect(plan.problems.map(({ place }) => place)).toEqual([
      '「情報資産」C2',
      '「情報資産」H4',
      '「職員」E2',
      '「職員」F3',
    ])
    expect(plan.problems[1]?.cure).toBe('もしかして「税務課03」ですか。')
    for (const { message, cure } of plan.problems) expect(`${message}${cure}`).not.toMatch(/[{}]/u)
  })

  it('does not flood the screen', () => {
    const text = readFileSync(join(EXAMPLES, 'kasumi', 'town.yaml'), 'utf8')
    const cells = Object.fromEntries(
      Array.from({ length: 180 }, (_, row) => [`E${row + 2}`, 'きのう']),
    )
    const more = Object.fromEntries(
      Array.from({ length: 60 }, (_, row) => [`C${row + 2}`, '機密性3']),
    )
    const book = withCells(withCells(exported(text), SHEETS.people, cells), SHEETS.assets, more)
    const plan = planned(book, {}, text)
    expect(faults(plan)).toHaveLength(201)
    expect(plan.ok ? '' : plan.problems.at(-1)?.message).toContain('40件')
  })

  it('numbers that read as they are seen may stand for texts and ports', () => {
    expect(textOf(planned(flows({ F2: { v: 8443 }, J2: { v: 12 } })))).toMatch(
      /ports: \[8443\][^]*number: "12"/u,
    )
    expect(textOf(planned(flows({ F2: '４４３、８０００～８０１０' })))).toBe(TOWN)
  })
})

describe('a sheet that is not as it should be', () => {
  const sheet = (number: number, change: (text: string) => string): Uint8Array =>
    rewritten(exported(), (name, text) =>
      name === `xl/worksheets/sheet${number}.xml` ? change(text) : text,
    )

  it.each<[string, Uint8Array, readonly string[]]>([
    [
      'merged cells',
      sheet(1, (text) =>
        text
          .replace(
            '<autoFilter',
            '<mergeCells count="1"><mergeCell ref="B3:B4"/></mergeCells><autoFilter',
          )
          .replace(/(<autoFilter[^>]*>)/u, ''),
      ),
      ['B3:B4 REG-MERGED'],
    ],
    [
      'a column that nobody knows',
      assets({ H1: '備考' }),
      ['H1 REG-HEADER-UNKNOWN', '1行 REG-HEADER-MISSING'],
    ],
    [
      'a column twice',
      assets({ H1: '置き場所' }),
      ['H1 REG-HEADER-TWICE', '1行 REG-HEADER-MISSING'],
    ],
    [
      'a column without a title',
      assets({ H1: '' }),
      ['H2 REG-HEADER-BLANK', '1行 REG-HEADER-MISSING'],
    ],
    [
      'hidden',
      rewritten(exported(), (name, text) =>
        name === 'xl/workbook.xml'
          ? text.replace('name="職員"', 'name="職員" state="veryHidden"')
          : text,
      ),
      ['「職員」 REG-SHEET-HIDDEN'],
    ],
    [
      'two sheets that look alike',
      rewritten(exported(), (name, text) =>
        name === 'xl/workbook.xml' ? text.replaceAll('説明', '職員　') : text,
      ),
      ['「職員」 REG-SHEET-TWICE'],
    ],
    [
      'no sheet of ours',
      writeWorkbook({
        title: '',
        made: '',
        sheets: [{ name: 'Sheet1', columns: titles('名前'), rows: [] }],
      }),
      [' REG-NO-SHEET'],
    ],
  ])('%s', (_, book, expected) => expect(faults(planned(book))).toEqual(expected))

  it('columns may stand in any order', () => {
    const swapped = sheet(4, (text) =>
      text.replaceAll(
        /<c r="B(\d+)"(.*?)<c r="C\1"(.*?)(?=<c r="D)/gsu,
        '<c r="B$1"$3<c r="C$1"$2',
      ),
    )
    expect(rebuilt(swapped).sheets[3]?.rows.get(0)?.get(1)).toMatchObject({ text: '課' })
    expect(sentences(planned(swapped))).toEqual([])
  })

  it('other sheets are named and not read', () => {
    const other = rewritten(exported(), (name, text) =>
      name === 'xl/workbook.xml' ? text.replaceAll('説明', 'メモ') : text,
    )
    const plan = planned(other)
    expect(plan.ok && plan.notices).toEqual(['シート「メモ」は台帳ではないため、読んでいません。'])
  })
})

describe('whatever stands in the cells', () => {
  const pieces = [
    '葛\u{E0102}',
    '𠮷',
    '髙',
    '﨑',
    ' ',
    '　',
    '# ',
    ': ',
    '{',
    '}',
    '[',
    "'",
    '"',
    '&a',
    '*a',
    '!!x',
    '- ',
    '~',
    'null',
    'yes',
    '2026-04-01',
    '012',
    '=1+1',
    '\\',
    '%',
    '|',
    '>',
    ',',
    '、',
    '\u{1F469}\u200D\u{1F4BB}',
  ]
  const names = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 })

  it('the plan is a town with exactly that name, and refused only when it is empty', () => {
    fc.assert(
      fc.property(names, fc.constantFrom('B2', 'B5'), (parts, cell) => {
        const name = parts.join('')
        const plan = planned(assets(cell === 'B5' ? { ...NEW_ASSET, B5: name } : { B2: name }))
        if (!plan.ok) {
          expect(name.trim()).toBe('')
          return
        }
        const index = cell === 'B5' ? 3 : 0
        expect(plan.read.town.assets[index]?.name).toBe(name.trim())
        expect(sentences(planned(exported(plan.text), {}, plan.text))).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})
