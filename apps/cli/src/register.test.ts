import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyClean } from '@sekisho/disarm/verify'
import { afterAll, describe, expect, it } from 'vitest'
import {
  exported,
  rewritten,
  SHEETS,
  TOWN,
  withCells,
} from '../../../packages/report/src/register/book.test-support.ts'
import { run } from './run.test-support.ts'
import { replaceTown } from './town-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'sekisho-register-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
/** A folder with a town file, and a workbook beside it. */
function desk(
  book: Uint8Array,
  name = '台帳.xlsx',
): { town: string; book: string; folder: string } {
  const place = join(folder, String(count++))
  mkdirSync(place)
  writeFileSync(join(place, 'town.yaml'), TOWN)
  writeFileSync(join(place, name), book)
  return { town: join(place, 'town.yaml'), book: join(place, name), folder: place }
}

const held = (path: string): string => readFileSync(path, 'utf8')
const renamed = withCells(exported(), SHEETS.people, { B2: '葛\u{E0102}城 由美子' })

describe('register export and template', () => {
  it('write a workbook that our own gate passes, and that changes nothing when it comes back', async () => {
    const { town, folder: place } = desk(exported())
    for (const verb of ['export', 'template']) {
      const out = join(place, `${verb}.xlsx`)
      expect((await run('register', verb, town, '--out', out)).code).toBe(0)
      expect(verifyClean(readFileSync(out), 'xlsx').clean).toBe(true)
      const { code, out: words } = await run('register', 'import', out, town)
      expect([code, words]).toEqual([0, expect.stringContaining('変わることはありません。')])
    }
    expect(held(town)).toBe(TOWN)
  })

  it('need to know where to write', async () => {
    expect((await run('register', 'export', desk(exported()).town)).code).toBe(2)
    expect((await run('register', 'exprot')).code).toBe(2)
    expect((await run('register', 'import')).code).toBe(2)
  })
})

describe('register import', () => {
  it('shows in words what would change, and writes nothing', async () => {
    const { town, book } = desk(renamed)
    const { code, out } = await run('register', 'import', book, town)
    expect(code).toBe(0)
    expect(out).toContain(
      '→ 職員「葛\u{E0102}城 由美」の氏名が「葛\u{E0102}城 由美」から「葛\u{E0102}城 由美子」に変わります。（職員 B2）',
    )
    expect(out).toContain('加わる0件、変わる1件、なくなる0件です。')
    expect(out).toContain('まだ書いていません。')
    expect(held(town)).toBe(TOWN)
    expect((await run('register', 'import', book, town, '--detailed-exitcode')).code).toBe(10)
  })

  it('--apply writes exactly that, through a link, with the rights the file had', async () => {
    const { town, book, folder: place } = desk(renamed)
    const link = join(place, 'link.yaml')
    symlinkSync(town, link)
    chmodSync(town, 0o660)
    const { code, out } = await run('register', 'import', book, link, '--apply')
    expect([code, out]).toEqual([0, expect.stringContaining('宣言に書きました。')])
    expect(held(town)).toBe(TOWN.replace('name: 葛\u{E0102}城 由美', 'name: 葛\u{E0102}城 由美子'))
    expect(statSync(town).mode & 0o777).toBe(0o660)
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect((await run('register', 'import', book, town)).out).toContain('変わることはありません。')
  })

  it('says what opens, and which findings come, before it is written', async () => {
    const { town, book } = desk(
      withCells(exported(), SHEETS.flows, {
        A4: 'ana',
        B4: '抜け道',
        C4: '住民記録',
        D4: 'インターネット接続系',
        F4: '443',
      }),
    )
    const { out } = await run('register', 'import', book, town)
    expect(out).toContain('＋ 通信と特定通信「抜け道」が加わります。（通信と特定通信 A4）')
    expect(out).toMatch(
      /通信の変化:\n {2}.*「住民記録」から「インターネット接続系」へ.*通るようになります/u,
    )
    expect(out).toMatch(/加わる指摘:\n {2}[A-Z]{2}-\d\d /u)
  })

  it('as JSON says the same', async () => {
    const { town, book } = desk(renamed)
    const body = JSON.parse((await run('register', 'import', book, town, '--json')).out)
    expect(body).toMatchObject({ kind: 'RegisterImport', ok: true, applied: false })
    expect(body.changes).toEqual([
      expect.objectContaining({ effect: 'change', id: 's0001', field: 'name', cell: 'B2' }),
    ])
  })

  it('tells everything to mend by sheet and cell, and leaves the file byte for byte as it was', async () => {
    const {
      town,
      book,
      folder: place,
    } = desk(
      withCells(withCells(renamed, SHEETS.people, { E3: 'きのう' }), SHEETS.assets, {
        C2: '機密性3',
      }),
    )
    const { code, out } = await run('register', 'import', book, town, '--apply')
    expect(code).toBe(3)
    expect(out).toContain('× 「情報資産」C2：「機密性3」は別の枠組みの分類です。')
    expect(out).toContain('× 「職員」E3：「きのう」は日付として読めません。')
    expect(out).toContain('直し方　令和8年4月1日 か 2026/4/1 の形で書いてください。（REG-DAY）')
    expect(out).toContain('直すところは2件です。宣言は変えていません。')
    expect(held(town)).toBe(TOWN)
    expect(readdirSync(place)).toHaveLength(2)
    const body = JSON.parse((await run('register', 'import', book, town, '--json')).out)
    expect(body.problems[0]).toMatchObject({
      reason: 'REG-CLASS-SCHEME',
      sheet: '情報資産',
      cell: 'C2',
    })
  })
})

describe('a hostile workbook', () => {
  it('loses its macros, and the person is told', async () => {
    const macros = rewritten(
      renamed,
      (name, text) =>
        name === '[Content_Types].xml'
          ? text
              .replace('spreadsheetml.sheet.main', 'MAIN')
              .replace(
                'application/vnd.openxmlformats-officedocument.MAIN',
                'application/vnd.ms-excel.sheet.macroEnabled.main',
              )
              .replace(
                '</Types>',
                '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
              )
          : name === 'xl/_rels/workbook.xml.rels'
            ? text.replace(
                '</Relationships>',
                '<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="/xl/vbaProject.bin"/></Relationships>',
              )
            : text,
      { 'xl/vbaProject.bin': 'macro' },
    )
    const { town, book } = desk(macros, '台帳.xlsm')
    const { code, out } = await run('register', 'import', book, town)
    expect(code).toBe(0)
    expect(out).toMatch(/お知らせ:\n.*マクロ/u)
    expect(out).toContain('変わる1件')
  })

  it('may not leave the last value of a formula that reaches out', async () => {
    const dde = withCells(exported(), SHEETS.people, {
      B2: { xml: `<f>cmd|'/C calc'!A0</f><v>7</v>` },
    })
    const { town, book } = desk(dde)
    const { code, out } = await run('register', 'import', book, town, '--apply')
    expect(code).toBe(3)
    expect(out).toContain('REG-FORMULA-GONE')
    expect(held(town)).toBe(TOWN)
  })

  it.each([
    ['no workbook', Buffer.from('not a workbook'), 'a.xlsx'],
    ['half a workbook', exported().subarray(0, 4000), 'a.xlsx'],
    ['a text under another name', Buffer.from('識別名,氏名\r\n'), 'a.csv'],
  ])('%s is answered with a cure', async (_, bytes, name) => {
    const { town, book } = desk(bytes, name)
    const { code, out } = await run('register', 'import', book, town, '--apply')
    expect(code).toBe(3)
    expect(out).toMatch(/REG-NOT-(?:CLEAN|XLSX)/u)
    expect(held(town)).toBe(TOWN)
  })

  it('cannot repaint the terminal', async () => {
    const { town, book } = desk(withCells(exported(), SHEETS.assets, { C2: '\u202E機密性' }))
    const { out } = await run('register', 'import', book, town)
    expect(out).not.toContain('\u202E')
  })
})

describe('a town file is replaced whole or not at all', () => {
  it('stays as it is when the new one cannot be written', async () => {
    const { folder: place } = desk(exported())
    // So long a name has no room for the new one beside it.
    const town = join(place, `${'t'.repeat(250)}.yml`)
    writeFileSync(town, TOWN)
    await expect(replaceTown(town, TOWN, 'town: 1\n')).rejects.toThrow('ENAMETOOLONG')
    expect(held(town)).toBe(TOWN)
    expect(readdirSync(place)).toHaveLength(3)
  })

  it('stays as it is when somebody else changed it since', async () => {
    const { town, folder: place } = desk(exported())
    expect(await replaceTown(town, `${TOWN}# 別の人`, 'town: 1\n')).toBe(false)
    expect(held(town)).toBe(TOWN)
    expect(readdirSync(place)).toHaveLength(2)
  })
})
