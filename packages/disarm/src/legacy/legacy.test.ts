import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanOffice } from '../../verify/office.test-support.ts'
import { verifyClean } from '../../verify/index.ts'
import { readCompoundFile } from '../cfb/index.ts'
import { disarmBytes } from '../engine.ts'
import type { DisarmOptions } from '../engine.ts'
import { Context } from '../family.ts'
import { packageOf } from '../ooxml/synthetic.test-support.ts'
import { writeZip } from '../zip/write.ts'
import { field, specimenDoc } from './specimens/doc.test-support.ts'
import { lockCryptoApi, lockForty, lockXor, uint16, uint32 } from './specimens/lock.test-support.ts'
import { pptRecord, specimenPpt } from './specimens/ppt.test-support.ts'
import {
  biffText,
  definedName,
  externalBook,
  externalName,
  record,
  specimenXls,
} from './specimens/xls.test-support.ts'
import { encodeCp932 } from '../zip/cp932.ts'
import { BIFF } from './xls/records.ts'
import { PPT } from './ppt/records.ts'

const ANSWER = { doc: 'docx', xls: 'xlsx', ppt: 'pptx', xlsb: 'xlsx' } as const
type Old = keyof typeof ANSWER

const bytes = (length = 100): Uint8Array => new Uint8Array(length).fill(65)

/** What the converter is asked about a file; nothing when the file is refused before. */
function asked(file: Uint8Array, type: Old, options: DisarmOptions = {}) {
  return disarmBytes(file, type, options).wanted
}

/** Disarms a file with a converter that gives this answer. */
function disarm(
  file: Uint8Array,
  type: Old,
  options: DisarmOptions = {},
  answer = cleanOffice(ANSWER[type]),
) {
  const tools = new Map(asked(file, type, options).map(({ key }) => [key, answer]))
  return disarmBytes(file, type, { ...options, tools })
}

function rulesOf(file: Uint8Array, type: Old, options: DisarmOptions = {}): Record<string, number> {
  const { report } = disarm(file, type, options)
  expect(report.reason).toBeUndefined()
  const counts: Record<string, number> = {}
  for (const { rule, count } of report.removed) counts[rule] = (counts[rule] ?? 0) + count
  return counts
}

/** A stream of the compound file that the converter gets. */
function shown(file: Uint8Array, type: Old, path: string, options: DisarmOptions = {}): Buffer {
  const [question] = asked(file, type, options)
  const compound = readCompoundFile(question!.bytes, new Context())
  return Buffer.from(compound.readStream(compound.find(path)!, new Context()))
}

function pathsShown(file: Uint8Array, type: Old): string[] {
  const [question] = asked(file, type)
  return readCompoundFile(question!.bytes, new Context()).entries.map(({ path }) => path)
}

const plainXls = specimenXls({ sheets: [{ name: '予定' }] })
const plainDoc = specimenDoc({ pieces: [{ text: '葛󠄂城町 髙橋\r' }] })
const slides = pptRecord(1000, pptRecord(4000, Buffer.from('様式', 'utf16le')), { container: true })
const plainPpt = specimenPpt({ objects: [slides] })
const vba = [
  { path: '_VBA_PROJECT_CUR/VBA/dir', bytes: bytes() },
  { path: '_VBA_PROJECT_CUR/VBA/Module1', bytes: bytes() },
  { path: '_VBA_PROJECT_CUR/PROJECT', bytes: bytes() },
]

describe('an old Office file becomes one of today, with nothing but its own text asked of the converter', () => {
  it.each([
    ['doc', plainDoc],
    ['xls', plainXls],
    ['ppt', plainPpt],
  ] as const)('%s', (type, file) => {
    const { report, output } = disarm(file, type)
    expect(report).toMatchObject({ type, outputType: ANSWER[type] })
    expect(report.removed).toEqual([{ rule: 'OLE-CONVERTED', where: '', count: 1 }])
    expect(verifyClean(output!, ANSWER[type])).toEqual({ clean: true, type: ANSWER[type] })
  })

  it('without a converter it is refused by name, and the question is left for it', () => {
    const { report, wanted } = disarmBytes(plainDoc, 'doc')
    expect(report.reason).toBe('OLE-POLICY')
    expect(wanted.map(({ tool }) => tool)).toEqual(['office:doc'])
  })

  it('the answer is as hostile as the question: its macros go, too', () => {
    const body =
      '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO cmd "/c calc"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    const answer = packageOf({ title: '', name: 'a.docx', body })
    const { report } = disarm(plainDoc, 'doc', {}, answer)
    expect(report.removed.map(({ rule }) => rule)).toContain('W-DDE')
  })

  it.each([
    ['the old file again', plainDoc],
    ['a spreadsheet for a letter', cleanOffice('xlsx')],
    ['nothing', new Uint8Array()],
    ['a picture', Buffer.from('GIF89a')],
  ])('an answer of another kind goes nowhere: %s', (_, answer) => {
    expect(disarm(plainDoc, 'doc', {}, answer).report.reason).toBe('OLE-CONVERT')
  })

  it('an Excel book with a Word document inside is an Excel book', () => {
    const streams = [{ path: 'MBD0001/WordDocument', bytes: bytes() }]
    const file = specimenXls({ sheets: [{ name: 'a' }], streams })
    expect(rulesOf(file, 'xls')).toEqual({ 'OLE-CONVERTED': 1, 'OLE-OBJ': 1 })
  })
})

describe('what runs or reaches out is told, and never shown to the converter', () => {
  it('VBA projects of Word, Excel and Excel 95', () => {
    const macros = [{ path: 'Macros/VBA/ThisDocument', bytes: bytes() }]
    const old = [{ path: '_VBA_PROJECT/dir', bytes: bytes() }]
    const excel = specimenXls({ sheets: [{ name: 'a' }], streams: vba })
    expect(rulesOf(excel, 'xls')).toMatchObject({ 'OLE-VBA': 1 })
    expect(pathsShown(excel, 'xls')).toEqual(['Workbook'])
    expect(rulesOf(specimenXls({ sheets: [{ name: 'a' }], streams: old }), 'xls')).toMatchObject({
      'OLE-VBA': 1,
    })
    const word = specimenDoc({ pieces: [{ text: 'a' }], streams: macros })
    expect(rulesOf(word, 'doc')).toMatchObject({ 'OLE-VBA': 1 })
    expect(pathsShown(word, 'doc').toSorted()).toEqual(['1Table', 'WordDocument'])
  })

  it('the VBA project of a presentation, and macros and programs behind clicks', () => {
    const click = (action: number) =>
      pptRecord(
        PPT.interaction,
        Buffer.concat([Buffer.alloc(8), Buffer.of(action), Buffer.alloc(7)]),
      )
    const stored = pptRecord(PPT.objectStorage, Buffer.from('hidden p-code'))
    const info = pptRecord(PPT.vbaInfo, Buffer.concat([uint32(2), uint32(1), uint32(2)]))
    const file = specimenPpt({ objects: [slides, stored, info, click(1), click(2), click(4)] })
    expect(rulesOf(file, 'ppt')).toMatchObject({ 'OLE-VBA': 1, 'P-ACTION': 2 })
    expect(shown(file, 'ppt', 'PowerPoint Document').includes('hidden')).toBe(false)
  })

  it('Excel 4.0 macro sheets are emptied, whichever of the two places names them', () => {
    const formula = record(BIFF.formula, Buffer.from('EXEC("calc")'))
    for (const lie of [
      { declared: 'macros' },
      { actual: 'macros' },
      { declared: 'macros', actual: 'macros' },
    ] as const) {
      const file = specimenXls({
        sheets: [
          { name: 'm', ...lie, records: [formula] },
          { name: '表', records: [record(BIFF.formula, Buffer.from('SUM'))] },
        ],
      })
      expect(rulesOf(file, 'xls')).toMatchObject({ 'OLE-XLM': 1 })
      const book = shown(file, 'xls', 'Workbook')
      expect(book.includes('EXEC')).toBe(false)
      expect(book.includes('SUM')).toBe(true)
    }
  })

  it('names that run when a book is opened', () => {
    const globals = [definedName({ builtIn: 1 }), definedName('auto_open_now'), definedName('予定')]
    expect(rulesOf(specimenXls({ sheets: [{ name: 'a' }], globals }), 'xls')).toMatchObject({
      'OLE-XLM': 2,
    })
  })

  it('a book of macro sheets only has nothing to give', () => {
    const file = specimenXls({ sheets: [{ name: 'm', declared: 'macros', actual: 'macros' }] })
    expect(disarmBytes(file, 'xls').report.reason).toBe('OLE-XLM')
  })

  it('DDE, links to objects and to other books', () => {
    const globals = [
      externalBook('cmd\u0003/c calc.exe'),
      externalName(0),
      externalBook('Word.Document.8\u0003C:\\a.doc'),
      externalName(0x10),
      externalBook('\u0001\u0002dir\u0003book.xls'),
    ]
    const file = specimenXls({ sheets: [{ name: 'a' }], globals })
    expect(rulesOf(file, 'xls')).toMatchObject({ 'W-DDE': 1, 'OLE-LINK': 1, 'X-EXTLINK': 1 })
  })

  it('queries to databases and the web, and macros of buttons', () => {
    const button = record(
      BIFF.object,
      uint16(0x15),
      uint16(0),
      uint16(4),
      uint16(8),
      Buffer.alloc(8),
    )
    const records = [
      record(BIFF.databaseQuery, bytes(10)),
      record(BIFF.continuation, Buffer.from('secret')),
      button,
    ]
    const file = specimenXls({ sheets: [{ name: 'a', records }] })
    expect(rulesOf(file, 'xls')).toMatchObject({ 'X-CONN': 1, 'X-MACROATTR': 1 })
    expect(shown(file, 'xls', 'Workbook').includes('secret')).toBe(false)
  })

  it('embedded files, equations, links, controls', () => {
    const ole = Buffer.concat([uint32(0x02000001), uint32(1)])
    const streams = [
      { path: 'ObjectPool/_1/\u0001Ole10Native', bytes: bytes() },
      { path: 'ObjectPool/_2/Equation Native', bytes: bytes() },
      { path: 'ObjectPool/_3/\u0001Ole', bytes: ole },
    ]
    const word = specimenDoc({ pieces: [{ text: 'a' }], streams })
    expect(rulesOf(word, 'doc')).toMatchObject({ 'OLE-OBJ': 2, 'OLE-LINK': 1 })
    const show = specimenPpt({
      objects: [
        pptRecord(PPT.embeddedObject, bytes(4)),
        pptRecord(PPT.linkedObject, bytes(4)),
        pptRecord(PPT.control, bytes(4)),
      ],
    })
    expect(rulesOf(show, 'ppt')).toMatchObject({ 'OLE-OBJ': 1, 'OLE-LINK': 1, 'OX-ACTIVEX': 1 })
  })

  it('fields of Word that start programs or fetch files, in wide and narrow pieces and inside of each other', () => {
    const pieces = [
      { text: field(' DDEAUTO c:\\\\windows\\\\cmd.exe "/c calc"'), narrow: true },
      { text: field(` QUOTE ${field('DDE a b')}`) },
      {
        text: `${field(' INCLUDEPICTURE "http://x/"')}${field(' PAGE ')}${field(' HYPERLINK "https://a.jp"')}`,
      },
    ]
    expect(rulesOf(specimenDoc({ pieces }), 'doc')).toMatchObject({ 'W-DDE': 2, 'OLE-FIELD': 1 })
  })

  it('a template that lies on another machine', () => {
    const file = specimenDoc({ pieces: [{ text: 'a' }], template: '\\\\evil\\share\\x.dot' })
    expect(rulesOf(file, 'doc')).toMatchObject({ 'OLE-LINK': 1 })
  })

  it('authors and histories', () => {
    const streams = [
      { path: '\u0005SummaryInformation', bytes: bytes() },
      { path: '\u0005DocumentSummaryInformation', bytes: bytes() },
    ]
    const file = specimenXls({ sheets: [{ name: 'a' }], streams })
    expect(rulesOf(file, 'xls')).toEqual({ 'OLE-CONVERTED': 1, 'OLE-META': 2 })
    expect(pathsShown(file, 'xls')).toEqual(['Workbook'])
  })

  it('a binary workbook: macros, objects, links, by its parts and records', () => {
    const part = (type: number, data: Uint8Array) =>
      Buffer.concat([
        Buffer.of((type & 0x7f) | (type > 127 ? 0x80 : 0)),
        ...(type > 127 ? [Buffer.of(type >> 7)] : []),
        Buffer.of(data.length),
        data,
      ])
    const name = Buffer.concat([Buffer.alloc(9), uint32(9), Buffer.from('Auto_Open', 'utf16le')])
    const types =
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    const rels =
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.bin"/></Relationships>'
    const file = writeZip(
      Object.entries({
        '[Content_Types].xml': Buffer.from(types),
        '_rels/.rels': Buffer.from(rels),
        'xl/workbook.bin': part(39, name),
        'xl/worksheets/sheet1.bin': bytes(),
        'xl/macrosheets/sheet1.bin': bytes(),
        'xl/vbaProject.bin': bytes(),
        'xl/embeddings/oleObject1.bin': bytes(),
        'xl/externalLinks/externalLink1.bin': part(360, Buffer.from([1, 0])),
      }).map(([path, content]) => ({ name: path, bytes: content })),
    )
    expect(rulesOf(file, 'xlsb')).toEqual({
      'OX-VBA': 1,
      'OX-XLM': 2,
      'OX-OLE': 1,
      'W-DDE': 1,
      'OX-XLSB': 1,
    })
    expect(Buffer.from(asked(file, 'xlsb')[0]!.bytes).includes('vbaProject')).toBe(false)
  })
})

describe('passwords of old Office files', () => {
  const SECRET = 'ひみつ1'
  const locks = [
    ['RC4 with 40 bits', lockForty],
    ['RC4 CryptoAPI with 128 bits', (password: string) => lockCryptoApi(password)],
    ['RC4 CryptoAPI with 40 bits', (password: string) => lockCryptoApi(password, 40)],
  ] as const

  it.each(locks)('Excel, %s', (_, lock) => {
    const file = specimenXls({
      sheets: [{ name: '予定表' }],
      globals: [record(0x18f, bytes(3000))],
      lock: lock(SECRET),
    })
    const plain = specimenXls({
      sheets: [{ name: '予定表' }],
      globals: [record(0x18f, bytes(3000))],
    })
    expect(shown(file, 'xls', 'Workbook', { password: SECRET })).toEqual(
      shown(plain, 'xls', 'Workbook'),
    )
    expect(rulesOf(file, 'xls', { password: SECRET })).toEqual({
      'OLE-CONVERTED': 1,
      'OLE-CRYPT': 1,
    })
    expect(disarmBytes(file, 'xls', { password: 'x' }).report.reason).toBe('PASSWORD-WRONG')
    expect(disarmBytes(file, 'xls').report.reason).toBe('ENCRYPTED')
  })

  it.each(locks)('Word, %s', (_, lock) => {
    const pieces = [{ text: `${'葛城'.repeat(600)}${field('DDE a b')}` }]
    const file = specimenDoc({ pieces, lock: lock(SECRET) })
    const text = shown(file, 'doc', 'WordDocument', { password: SECRET }).subarray(0x400)
    expect(text.toString('utf16le')).toBe(pieces[0]!.text)
    expect(shown(file, 'doc', 'WordDocument', { password: SECRET }).readUInt16LE(10) & 0x8100).toBe(
      0,
    )
    expect(rulesOf(file, 'doc', { password: SECRET })).toEqual({
      'OLE-CONVERTED': 1,
      'OLE-CRYPT': 1,
      'W-DDE': 1,
    })
    expect(disarmBytes(file, 'doc', { password: 'x' }).report.reason).toBe('PASSWORD-WRONG')
    expect(disarmBytes(file, 'doc').report.reason).toBe('ENCRYPTED')
  })

  it.each(locks.slice(1))('PowerPoint, %s', (_, lock) => {
    const picture = { bytes: bytes(500) }
    const control = pptRecord(PPT.control, bytes(4))
    const file = specimenPpt({
      objects: [slides, control],
      pictures: [picture, picture],
      lock: lock(SECRET),
    })
    const plain = specimenPpt({ objects: [slides, control], pictures: [picture, picture] })
    expect(shown(file, 'ppt', 'PowerPoint Document', { password: SECRET }).subarray(0, 32)).toEqual(
      shown(plain, 'ppt', 'PowerPoint Document').subarray(0, 32),
    )
    expect(shown(file, 'ppt', 'Pictures', { password: SECRET })).toEqual(
      shown(plain, 'ppt', 'Pictures'),
    )
    expect(rulesOf(file, 'ppt', { password: SECRET })).toMatchObject({
      'OLE-CRYPT': 1,
      'OX-ACTIVEX': 1,
    })
    expect(disarmBytes(file, 'ppt', { password: 'x' }).report.reason).toBe('PASSWORD-WRONG')
    expect(disarmBytes(file, 'ppt').report.reason).toBe('ENCRYPTED')
  })

  it('XOR of Excel and Word, also with a password typed in Japanese', () => {
    for (const password of ['himitsu', 'ヒミツ']) {
      const lock = lockXor(encodeCp932(password)!)
      const book = specimenXls({ sheets: [{ name: '予定' }], lock })
      expect(shown(book, 'xls', 'Workbook', { password })).toEqual(
        shown(plainXls, 'xls', 'Workbook'),
      )
      const letter = specimenDoc({ pieces: [{ text: '予定' }], lock })
      expect(
        shown(letter, 'doc', 'WordDocument', { password }).subarray(0x400).toString('utf16le'),
      ).toBe('予定')
      expect(disarmBytes(book, 'xls', { password: 'x' }).report.reason).toBe('PASSWORD-WRONG')
    }
  })

  it('the password that Excel knows hides nothing', () => {
    const globals = [definedName({ builtIn: 1 })]
    for (const options of [{}, { password: 'another' }]) {
      const file = specimenXls({
        sheets: [{ name: 'a' }],
        globals,
        lock: lockForty('VelvetSweatshop'),
      })
      expect(rulesOf(file, 'xls', options)).toMatchObject({ 'OLE-XLM': 1, 'OLE-CRYPT': 1 })
    }
  })
})

describe('an old Office file of random damage', () => {
  const files = [
    [
      'doc',
      specimenDoc({
        pieces: [{ text: field('DDE a') }, { text: 'b', narrow: true }],
        lock: lockForty('VelvetSweatshop'),
      }),
    ],
    [
      'doc',
      specimenDoc({
        pieces: [{ text: field('DDE a') }, { text: 'b', narrow: true }],
        template: '\\\\a\\b',
      }),
    ],
    [
      'xls',
      specimenXls({
        sheets: [{ name: 'm', declared: 'macros' }, { name: 'a' }],
        globals: [externalBook('a\u0003b'), definedName('x'), record(BIFF.object, biffText('abc'))],
        streams: vba,
      }),
    ],
    ['xls', specimenXls({ sheets: [{ name: 'a' }], lock: lockCryptoApi('VelvetSweatshop') })],
    [
      'ppt',
      specimenPpt({
        objects: [slides, pptRecord(PPT.objectStorage, bytes(9))],
        pictures: [{ bytes: bytes(9) }],
        lock: lockCryptoApi('VelvetSweatshop'),
      }),
    ],
  ] as const

  it('is written or refused with a reason, and never crashes', () => {
    const hits = fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 2, 127, 254, 255)), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(fc.constantFrom(...files), hits, (chosen, list) => {
        const [type, file] = chosen
        const damaged = Uint8Array.from(file)
        for (const [at, value] of list) damaged[at % damaged.length] = value
        const { report } = disarm(damaged, type)
        expect(report.reason).not.toBe('ENG-CRASH')
        expect(report.reason).not.toBe('LIMIT-MEMORY')
      }),
      { numRuns: 250 },
    )
  })
})
