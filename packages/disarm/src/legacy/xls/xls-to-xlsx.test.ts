import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { verifyClean } from '../../../verify/index.ts'
import { disarmBytes } from '../../engine.ts'
import { Context } from '../../family.ts'
import { readEntry, readZip } from '../../zip/read.ts'
import { lockForty, uint16, uint32 } from '../specimens/lock.test-support.ts'
import {
  biffText,
  definedName,
  externalBook,
  record,
  specimenXls,
  workbookStream,
} from '../specimens/xls.test-support.ts'
import { formulaText } from './plain/formula.ts'
import { readSharedStrings } from './plain/strings.ts'
import { BIFF } from './records.ts'
import { convertPlainBook } from './xls-to-xlsx.ts'

const cell = (row: number, column: number, style = 0): Buffer =>
  Buffer.concat([uint16(row), uint16(column), uint16(style)])
const double = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}
const number = (row: number, column: number, value: number): Buffer =>
  record(0x203, cell(row, column), double(value))
const formula = (row: number, column: number, tokens: Uint8Array, result = double(3)): Buffer =>
  record(BIFF.formula, cell(row, column), result, Buffer.alloc(6), uint16(tokens.length), tokens)
const sharedText = (row: number, column: number, index: number): Buffer =>
  record(0xfd, cell(row, column), uint32(index))
const strings = (...texts: readonly string[]): Buffer =>
  record(
    0xfc,
    uint32(texts.length),
    uint32(texts.length),
    ...texts.flatMap((text) => [uint16(text.length), biffText(text)]),
  )

const around = { sheet: () => "'表'!", name: () => '合計', addIn: () => 'EDATE' }
const REF = (row: number, column: number): number[] => [0x44, row, 0, column, 0xc0]

/** A book of one plain sheet. */
function book(records: readonly Buffer[], globals: readonly Buffer[] = []) {
  return specimenXls({ sheets: [{ name: '予定', plain: true, records }], globals })
}

function partsOf(output: Uint8Array): Map<string, string> {
  const context = new Context()
  const zip = readZip(output, context)
  return new Map(
    zip.entries.map((entry) => [
      entry.name,
      Buffer.from(readEntry(zip, entry, context)).toString(),
    ]),
  )
}

function sheetOf(file: Uint8Array): string {
  const { output, report } = disarmBytes(file, 'xls')
  expect(report).toMatchObject({ outputType: 'xlsx' })
  expect(verifyClean(output!, 'xlsx')).toEqual({ clean: true, type: 'xlsx' })
  return partsOf(output!).get('xl/worksheets/sheet1.xml')!
}

describe('an old Excel book of nothing but cells needs no converter', () => {
  it('numbers, texts, truth values, errors, blanks', () => {
    const records = [
      number(0, 0, 1.5),
      record(0x27e, cell(0, 1), uint32((12_345 << 2) | 3)),
      sharedText(0, 2, 1),
      record(0x205, cell(0, 3), Buffer.of(1, 0)),
      record(0x205, cell(0, 4), Buffer.of(0x2a, 1)),
      record(0x204, cell(0, 5), uint16(2), biffText('様式')),
      record(
        0xbd,
        uint16(1),
        uint16(0),
        uint16(0),
        uint32(0x3ff00000),
        uint16(0),
        uint32(6),
        uint16(1),
      ),
    ]
    const { output } = disarmBytes(book(records, [strings('x', '葛\u{E0102}城 𠮷田 髙橋')]), 'xls')
    const parts = partsOf(output!)
    const sheet = parts.get('xl/worksheets/sheet1.xml')!
    for (const one of [
      '<v>1.5</v>',
      '<v>123.45</v>',
      't="b"><v>1</v>',
      't="e"><v>#N/A</v>',
      '様式',
      '<c r="A2" s="0"><v>1</v>',
    ]) {
      expect(sheet).toContain(one)
    }
    expect(parts.get('xl/sharedStrings.xml')).toContain('葛\u{E0102}城 𠮷田 髙橋')
    expect(parts.get('xl/workbook.xml')).toContain('name="予定"')
  })

  it('formulas with their last values, shared ones at each of their cells', () => {
    const sum = Uint8Array.of(0x25, 0, 0, 1, 0, 0, 0xc0, 0, 0xc0, 0x19, 0x10, 0, 0)
    const origin = Uint8Array.of(0x01, 2, 0, 1, 0)
    const shared = Uint8Array.of(0x4c, 0xff, 0xff, 0, 0xc0, 0x1e, 2, 0, 0x05)
    const text = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0xff, 0xff])])
    const sheet = sheetOf(
      book([
        formula(1, 0, sum),
        formula(2, 1, origin),
        record(0x4bc, uint16(2), uint16(3), Buffer.of(1, 1, 0, 2), uint16(shared.length), shared),
        formula(3, 1, origin),
        formula(4, 0, Uint8Array.of(0x17, 1, 0, 0x61), text),
        record(0x207, uint16(1), biffText('あ')),
      ]),
    )
    expect(sheet).toContain('<f>SUM(A1:A2)</f><v>3</v>')
    expect(sheet).toContain('<c r="B3" s="0"><f>B2*2</f>')
    expect(sheet).toContain('<c r="B4" s="0"><f>B3*2</f>')
    expect(sheet).toContain('t="str"><f>"a"</f><v>あ</v>')
  })

  it('widths, heights, merged cells, frozen panes, paper', () => {
    const setup = Buffer.alloc(34)
    setup.writeUInt16LE(9, 0)
    setup.writeUInt16LE(80, 2)
    const sheet = sheetOf(
      book([
        record(0x7d, uint16(0), uint16(1), uint16(2560), uint16(0), uint16(0), uint16(0)),
        record(0x208, uint16(0), uint16(0), uint16(1), uint16(600), uint32(0), uint32(0x40)),
        number(0, 0, 1),
        record(0x23e, uint16(0x00be), Buffer.alloc(16)),
        record(0x41, uint16(1), uint16(2), uint16(2), uint16(1), uint16(0)),
        record(0xe5, uint16(1), uint16(0), uint16(1), uint16(0), uint16(2)),
        record(0xa1, setup),
      ]),
    )
    expect(sheet).toContain('min="1" max="2" width="10"')
    expect(sheet).toContain('ht="30"')
    expect(sheet).toContain('<mergeCell ref="A1:C2"/>')
    expect(sheet).toContain('xSplit="1" ySplit="2" topLeftCell="B3"')
    expect(sheet).toContain('paperSize="9" scale="80"')
  })

  it('a sheet that was never near a printer is on A4, not on the paper of another country', () => {
    const setup = Buffer.alloc(34)
    setup.writeUInt16LE(1, 0)
    setup.writeUInt16LE(4, 10)
    expect(sheetOf(book([record(0xa1, setup)]))).toContain('<pageSetup paperSize="9" fit')
  })

  it('rules for what may be typed, with Japanese input modes', () => {
    const none = Buffer.from([1, 0, 0, 0])
    const words = Buffer.from([0x17, 3, 1, ...Buffer.from('可\0否', 'utf16le')])
    const rule = (flags: number, tokens: Uint8Array, prompt: Buffer) =>
      record(
        0x1be,
        uint32(flags),
        none,
        none,
        prompt,
        none,
        uint16(tokens.length),
        uint16(0),
        tokens,
        uint16(0),
        uint16(0),
        uint16(1),
        uint16(1),
        uint16(4),
        uint16(2),
        uint16(2),
      )
    const sheet = sheetOf(
      book([
        record(0x1b2, Buffer.alloc(18)),
        rule(0xc1183, words, Buffer.concat([uint16(2), biffText('選択')])),
        rule(0xc0502, Uint8Array.of(0x2c, 0, 0, 0xff, 0xc0), none),
      ]),
    )
    expect(sheet).toContain('type="list"')
    expect(sheet).toContain('imeMode="hiragana"')
    expect(sheet).toContain('prompt="選択"')
    expect(sheet).toContain('sqref="C2:C5"')
    expect(sheet).toContain('<formula1>"可,否"</formula1>')
    expect(sheet).toContain('<formula1>B2</formula1>')
  })

  it('fonts, number formats, fills and borders', () => {
    const name = biffText('ＭＳ Ｐゴシック')
    const font = record(
      0x31,
      uint16(220),
      uint16(2),
      uint16(10),
      uint16(700),
      Buffer.of(0, 0, 1, 0, 128, 0, 8),
      name,
    )
    const look = Buffer.from([
      0, 0, 164, 0, 1, 0, 0x0a, 0, 0, 0, 0x11, 0x11, 8, 8, 8, 4, 0, 4, 0x0d, 0x20,
    ])
    const globals = [
      font,
      record(0x41e, uint16(164), uint16(3), biffText('0.0')),
      record(0xe0, look),
    ]
    const { output } = disarmBytes(book([number(0, 0, 1)], globals), 'xls')
    const styles = partsOf(output!).get('xl/styles.xml')!
    for (const one of [
      '<b/>',
      '<i/>',
      'rgb="FFFF0000"',
      'val="ＭＳ Ｐゴシック"',
      'formatCode="0.0"',
      'patternType="solid"',
      '<left style="thin">',
      'horizontal="center"',
      'wrapText="1"',
    ]) {
      expect(styles).toContain(one)
    }
  })

  it('also when it was locked, had macros beside it, or names that run', () => {
    const sheets = [{ name: 'a', plain: true, records: [number(0, 0, 1)] }]
    const file = specimenXls({
      sheets: [...sheets, { name: 'm', declared: 'macros', actual: 'macros' }],
      globals: [definedName({ builtIn: 1 })],
      lock: lockForty('p'),
      streams: [{ path: '_VBA_PROJECT_CUR/VBA/dir', bytes: new Uint8Array(9) }],
    })
    const { report } = disarmBytes(file, 'xls', { password: 'p' })
    expect(report.outputType).toBe('xlsx')
    expect(report.removed.map(({ rule }) => rule)).toEqual([
      'OLE-CONVERTED',
      'OLE-CRYPT',
      'OLE-VBA',
      'OLE-XLM',
      'OLE-XLM',
    ])
  })
})

describe('a book with more than cells waits for the converter', () => {
  const plain = { name: 'a', plain: true }
  it.each([
    ['a text box', specimenXls({ sheets: [{ name: 'a' }] })],
    ['a chart', book([record(BIFF.begin, uint16(0x600), uint16(0x20)), record(BIFF.eof)])],
    ['a rule for formatting', book([record(0x1b0)])],
    ['a link', book([record(0x1b8)])],
    [
      'a reference to another book',
      specimenXls({ sheets: [plain], globals: [externalBook('\u0001a.xls')] }),
    ],
    ['a function that nobody knows', book([formula(0, 0, Uint8Array.of(0x21, 110, 0))])],
    ['a formula that is cut off', book([formula(0, 0, Uint8Array.of(0x24, 1))])],
    ['a text that is not there', book([sharedText(0, 0, 5)])],
    ['a computation in circles', book([record(0x11, uint16(1))])],
    ['an older form', specimenXls({ sheets: [plain], globals: [record(0x99)] })],
  ])('%s', (_, file) => {
    expect(disarmBytes(file, 'xls').report.reason).toBe('OLE-POLICY')
  })
})

describe('a small book cannot become a large one', () => {
  it('by a long formula that many cells share', () => {
    const part = [0x17, 250, 0, ...Buffer.alloc(250, 0x61)]
    const long = Uint8Array.from([
      ...part,
      ...Array.from({ length: 25 }, () => [...part, 0x08]).flat(),
    ])
    const origin = Uint8Array.of(0x01, 0, 0, 0, 0)
    const records = Array.from({ length: 4000 }, (_, row) => formula(row, 0, origin))
    const shared = record(0x4bc, Buffer.alloc(8), uint16(long.length), long)
    const stream = workbookStream({
      sheets: [{ name: 'a', plain: true, records: [records[0]!, shared, ...records.slice(1)] }],
    })
    expect(stream.length).toBeLessThan(200_000)
    expect(convertPlainBook(stream, new Context())).toBeUndefined()
  })
})

describe('formulas are written as they are understood', () => {
  it.each<[string, readonly number[]]>([
    ['A1+B2', [...REF(0, 0), ...REF(1, 1), 0x03]],
    ['-(A1%)', [...REF(0, 0), 0x14, 0x15, 0x13]],
    [
      'IF(A1>=2,"y","n")',
      [...REF(0, 0), 0x1e, 2, 0, 0x0c, 0x17, 1, 0, 0x79, 0x17, 1, 0, 0x6e, 0x42, 3, 1, 0],
    ],
    ['ROUND(1.5,0)', [0x1f, ...double(1.5), 0x1e, 0, 0, 0x21, 27, 0]],
    ["'表'!$A$1", [0x3a, 0, 0, 0, 0, 0, 0]],
    ['合計', [0x23, 1, 0, 0, 0]],
    ['EDATE(A1,1)', [0x39, 0, 0, 1, 0, 0, 0, ...REF(0, 0), 0x1e, 1, 0, 0x42, 3, 255, 0]],
    ['$A:$B', [0x25, 0, 0, 0xff, 0xff, 0, 0x80, 1, 0x80]],
    ['1:3', [0x25, 0, 0, 2, 0, 0, 0xc0, 255, 0xc0]],
    ['VLOOKUP(A1,,TRUE)', [...REF(0, 0), 0x16, 0x1d, 1, 0x42, 3, 102, 0]],
  ])('%s', (text, tokens) => {
    expect(formulaText(Uint8Array.from(tokens), around)).toBe(text)
  })

  it('what starts a program, leaves operands over or wants more than there are, is not written', () => {
    for (const tokens of [
      [0x42, 1, 110, 0],
      [0x42, 0, 150, 0],
      [...REF(0, 0), ...REF(0, 0)],
      [0x03],
      [0x15],
      [],
      [0x20],
    ]) {
      expect(formulaText(Uint8Array.from(tokens), around)).toBeUndefined()
    }
  })
})

describe('shared strings', () => {
  it('go on in the next record, each time with a width of their own', () => {
    const first = Buffer.concat([
      uint32(2),
      uint32(2),
      uint16(4),
      Buffer.of(1),
      Buffer.from('予定', 'utf16le'),
    ])
    const second = Buffer.concat([Buffer.of(0), Buffer.from('ab'), uint16(1), Buffer.of(0, 0x63)])
    expect(readSharedStrings([first, second])?.map(({ text }) => text)).toEqual(['予定ab', 'c'])
  })

  it('with fonts of their parts and readings, which are passed over', () => {
    const data = Buffer.concat([
      uint32(1),
      uint32(1),
      uint16(2),
      Buffer.of(0x0d),
      uint16(1),
      uint32(3),
      Buffer.from('予定', 'utf16le'),
      uint16(1),
      uint16(5),
      Buffer.from('yom'),
    ])
    expect(readSharedStrings([data])).toEqual([{ text: '予定', runs: [{ at: 1, font: 5 }] }])
  })

  it('that promise more than they hold are not read', () => {
    for (const data of [
      [0xff, 0xff, 0xff, 0xff],
      [2, 0, 0, 0, 9, 0, 0, 0x61],
      [1, 0, 0, 0, 0xff, 0xff, 1, 0x61],
    ]) {
      expect(readSharedStrings([Buffer.concat([uint32(1), Buffer.from(data)])])).toBeUndefined()
    }
  })
})

describe('a book of random damage', () => {
  it('is converted or not, and never crashes; what comes out is clean', () => {
    const tokens = Uint8Array.of(...REF(0, 0), 0x1e, 2, 0, 0x05)
    const stream = workbookStream({
      sheets: [
        {
          name: 'a',
          plain: true,
          records: [
            number(0, 0, 1),
            sharedText(0, 1, 0),
            formula(1, 0, tokens),
            record(0xe5, uint16(1), uint16(0), uint16(1), uint16(0), uint16(2)),
          ],
        },
      ],
      globals: [strings('予定', 'b')],
    })
    const hits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(hits, (list) => {
        const damaged = Uint8Array.from(stream)
        for (const [at, value] of list) damaged[at % damaged.length] = value
        const converted = convertPlainBook(damaged, new Context())
        if (!converted) return
        const { report, output } = disarmBytes(converted, 'xlsx')
        expect(report.reason).not.toBe('ENG-CRASH')
        if (output) expect(verifyClean(output, 'xlsx').clean).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})
