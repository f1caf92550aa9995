import { CONTROL_STATES, SummaryCount } from '@sekisho/assess'
import type { BodyResult, ControlState, Summary } from '@sekisho/assess'
import { loadGuideline } from '@sekisho/guideline'
import { disarmHere, partsOf } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { readWorkbook } from '../excel/read.ts'
import type { HeldCell } from '../excel/read.ts'
import { summaryPicture } from './picture.ts'
import { summaryWorkbook } from './workbook.ts'
import { WORDS } from './words.ts'

const DAY = '2026-11-22'
const HOSTILE = '"><script>alert(1)</script>\u202E&#x3c;葛\u{E0102}城町'
const ABOUT = { version: '0.1.0', rules: 'ab'.repeat(32) }
const { controls: CONTROLS } = loadGuideline()

function body(more: Partial<BodyResult> = {}, state?: ControlState): BodyResult {
  const given = (index: number): ControlState =>
    state ?? CONTROL_STATES[index % CONTROL_STATES.length]!
  return {
    file: '13/town.yaml',
    name: '葛\u{E0102}城町',
    code: '131016',
    prefecture: '13',
    disagrees: false,
    model: 'α',
    edition: 'R8.3',
    staff: 184,
    states: CONTROLS.map(({ id }, index) => [id, given(index)] as const),
    chains: { out: 1, ask: 0, in: 2 },
    allMet: false,
    ...more,
  }
}

function summary(bodies: readonly BodyResult[], names = false): Summary {
  const count = new SummaryCount({ at: DAY, names })
  for (const one of bodies) count.add(one)
  count.addUnread({ file: `14/${HOSTILE}.yaml`, reason: 'TOWN-SYNTAX', message: HOSTILE, line: 3 })
  return count.summary()
}
const many = (count: number, more: Partial<BodyResult> = {}): BodyResult[] =>
  Array.from({ length: count }, () => body(more))
const NATION = [...many(6), ...many(7, { prefecture: '47' }), ...many(2, { prefecture: '01' })]

const said = (cell: HeldCell | undefined): string | number | undefined =>
  cell?.kind === 'text' ? cell.text : cell?.kind === 'number' ? cell.value : undefined
function sheets(bytes: Uint8Array): ReadonlyMap<string, (string | number | undefined)[][]> {
  return new Map(
    readWorkbook(bytes)!.sheets.map(({ name, rows }) => [
      name,
      [...rows.values()].map((row) =>
        Array.from({ length: Math.max(...row.keys()) + 1 }, (_, column) => said(row.get(column))),
      ),
    ]),
  )
}
const allText = (bytes: Uint8Array): string =>
  [...partsOf(bytes).values()].map((part) => Buffer.from(part).toString()).join('\n')

describe('the workbook', () => {
  it.each([false, true])('is what our own gate would make of it (by name: %s)', (names) => {
    const hostile = body({ name: HOSTILE, file: `${HOSTILE}.yaml` })
    const bytes = summaryWorkbook(summary([hostile, ...NATION], names), ABOUT)
    expect(verifyClean(bytes, 'xlsx')).toEqual({ clean: true, type: 'xlsx' })
    const { report, output } = disarmHere(bytes, { name: '要約.xlsx' })
    expect(report.removed).toEqual([])
    expect(Buffer.from(output!).equals(bytes)).toBe(true)
  })

  it('has its sheets, frozen heads and pages as the other workbooks', () => {
    const bytes = summaryWorkbook(summary(NATION), ABOUT)
    expect([...sheets(bytes).keys()]).toEqual([
      '要約',
      '都道府県',
      '対策',
      '都道府県の対策',
      '読めなかった宣言',
      '説明',
    ])
    expect(allText(bytes).match(/state="frozen"/gu)).toHaveLength(6)
    expect(allText(bytes).match(/orientation="landscape"/gu)).toHaveLength(6)
    expect(allText(bytes)).toContain('令和8年11月22日')
  })

  it('holds numbers that a spreadsheet adds up, a line for each control, and the whole last', () => {
    const found = sheets(summaryWorkbook(summary(NATION), ABOUT))
    const controls = found.get('対策')!
    expect(controls).toHaveLength(1 + CONTROLS.length)
    for (const row of controls.slice(1)) {
      const states = row.slice(3, 9).map(Number)
      expect(states.reduce((sum, one) => sum + one, 0)).toBe(15)
      expect(row[2]).toBe(15 - states[CONTROL_STATES.indexOf('not-asked')]!)
    }
    const places = found.get('都道府県')!
    expect(places.map((row) => row.slice(0, 4))).toEqual([
      ['番号', '都道府県', '団体', '読めなかった宣言'],
      ['01', '北海道', 2, 0],
      ['13', '東京都', 6, 0],
      ['14', '神奈川県', 0, 1],
      ['47', '沖縄県', 7, 0],
      [undefined, WORDS.places.few, 8, undefined],
      [undefined, WORDS.places.nation, 15, 1],
    ])
  })

  it('says of a small prefecture how many there are and not how they stand', () => {
    const rows = sheets(summaryWorkbook(summary(NATION), ABOUT)).get('都道府県')!
    const standing = (name: string) => rows.find((row) => row[1] === name)!.slice(4)
    expect(new Set(standing('北海道'))).toEqual(new Set(['－']))
    // The next smallest stands with it: one alone could be had from the whole.
    expect(new Set(standing('東京都'))).toEqual(new Set(['－']))
    expect(standing('沖縄県')).not.toContain('－')
  })

  it('names no town and no file unless names are asked for', () => {
    const all = [...NATION, body({ name: 'かくれ町' })]
    const plain = allText(summaryWorkbook(summary(all), ABOUT))
    expect(plain).not.toMatch(/城町|かくれ|yaml&|script|131016|取扱注意/u)
    expect(plain).toContain('TOWN-SYNTAX')
    const named = allText(summaryWorkbook(summary(all, true), ABOUT))
    expect(named).toContain('かくれ町')
    expect(named).toContain('葛\u{E0102}城町')
    // On each page.
    expect(named.match(/<oddHeader>&amp;L取扱注意/gu)).toHaveLength(7)
  })

  it('says so when every declaration could be read, and when too few could', () => {
    const count = new SummaryCount({ at: DAY })
    count.add(body())
    const found = sheets(summaryWorkbook(count.summary(), ABOUT))
    expect(found.get('読めなかった宣言')![1]![0]).toBe(WORDS.noUnread)
    expect(found.get('要約')!.flat()).toContain('団体が5より少ないため、示しません。')
    expect(found.get('対策')).toHaveLength(1)
  })
})

interface Drawn {
  readonly names: ReadonlySet<string>
  readonly attributes: readonly (readonly [name: string, value: string])[]
  readonly text: string
}

/** Reads a picture as a strict XML reader does; throws where it is none. */
function draw(picture: string): Drawn {
  const names = new Set<string>()
  const attributes: [string, string][] = []
  const text: string[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', (tag) => {
    names.add(tag.name)
    attributes.push(...Object.entries(tag.attributes))
  })
  parser.on('text', (one) => void text.push(one))
  parser.write(picture).close()
  return { names, attributes, text: text.join('\n') }
}

describe('the picture', () => {
  it('draws a hostile name as text, and nothing in it acts', () => {
    const harmless = [
      'svg',
      'title',
      'desc',
      'defs',
      'pattern',
      'rect',
      'circle',
      'path',
      'g',
      'text',
    ]
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(HOSTILE), fc.string({ unit: 'binary', minLength: 1, maxLength: 30 })),
        (name) => {
          const { names, attributes } = draw(summaryPicture(summary([body({ name })], true)))
          expect([...names].filter((one) => !harmless.includes(one))).toEqual([])
          expect(attributes.filter(([key]) => /^on|href|style/iu.test(key))).toEqual([])
          const outside = attributes.filter(([, value]) => /url\((?!#sekisho-)/u.test(value))
          expect(outside).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
    const { text } = draw(summaryPicture(summary([body({ name: HOSTILE })], true)))
    expect(text).toContain('<script>alert(1)</script>')
    expect(text).not.toContain('\u202E')
    expect(text).toContain('〔U+202E〕')
  })

  it('names no town unless names are asked for', () => {
    expect(summaryPicture(summary(NATION))).not.toMatch(/城町|取扱注意/u)
    const named = draw(summaryPicture(summary(NATION, true))).text
    expect(named).toContain('葛\u{E0102}城町')
    expect(named).toContain('取扱注意')
  })

  it('has a title, a date, a legend, and every number as a text too', () => {
    const picture = summaryPicture(summary(NATION))
    const { text } = draw(picture)
    expect(text).toContain('令和8年11月22日（2026年11月22日）')
    for (const state of ['実施', '未実施', '期限切れ', 'くい違い', '未確認', '対象外'])
      expect(text).toContain(state)
    expect(text).toContain('沖縄県：7団体、読めなかった宣言0、実施の割合の中央値20％')
    expect(text).toContain('北海道：2団体、読めなかった宣言0、実施の割合の中央値合計に含む')
    expect(text).toContain('神奈川県：0団体、読めなかった宣言1、実施の割合の中央値－')
    expect(text).toContain('青森県：宣言なし')
    expect(picture).toMatch(/<svg[^>]*role="img" aria-labelledby="sekisho-title sekisho-desc"/u)
  })

  it('has a square for each prefecture, none on another', () => {
    const picture = summaryPicture(summary(NATION))
    const squares = [...picture.matchAll(/<rect x="(\d+)" y="(\d+)" width="58" height="58"/gu)]
    expect(squares).toHaveLength(47)
    expect(new Set(squares.map(([, x, y]) => `${x} ${y}`)).size).toBe(47)
  })

  it('of one prefecture is no map: it shows every control', () => {
    const count = new SummaryCount({ at: DAY })
    for (const one of many(6)) count.add(one)
    const { text } = draw(summaryPicture(count.summary()))
    expect(text).toContain('東京都')
    for (const { id } of CONTROLS) expect(text).toContain(id)
    expect(text).not.toContain('青森')
  })

  it('fills each state and each band in another way', () => {
    const fills = (picture: string): ReadonlySet<string> =>
      new Set([...picture.matchAll(/url\(#sekisho-([a-z]+)\)/gu)].map(([, name]) => name!))
    expect(fills(summaryPicture(summary(NATION))).size).toBe(6)
  })

  it('of nothing that could be read says so and draws no bar', () => {
    const { text } = draw(summaryPicture(summary([])))
    expect(text).toContain('宣言を読めた団体0　読めなかった宣言1')
    expect(text).toContain('団体が5より少ないため、示しません。')
  })
})

it('the same summary gives the same bytes', () => {
  expect(summaryPicture(summary(NATION))).toBe(summaryPicture(summary(NATION)))
  const [one, two] = [0, 1].map(() => Buffer.from(summaryWorkbook(summary(NATION), ABOUT)))
  expect(one!.equals(two!)).toBe(true)
})

it('the sentences are short and plain', () => {
  const banned =
    /エラー|不正|違反|拒否|失敗|アップロード|ダウンロード|サニタイズ|タイムアウト|無効|処理中|禁止されて|！|!/u
  const texts = (value: unknown): readonly string[] =>
    typeof value === 'string' ? [value] : Object.values(value as object).flatMap(texts)
  const sentences = texts(WORDS).flatMap((text) => text.split(/(?<=。)/u))
  expect(sentences.filter((one) => one.length > 60 || banned.test(one))).toEqual([])
})
