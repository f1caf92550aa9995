import { deflateRawSync } from 'node:zlib'
import { random, sentence } from './words.ts'
import type { Zip } from './zip.ts'

const HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const OPENXML = 'application/vnd.openxmlformats-officedocument'
const MICROSOFT = 'http://schemas.microsoft.com/office'

function rels(rows: readonly (readonly [type: string, target: string])[]): string {
  const list = rows.map(
    ([type, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`,
  )
  return `${HEADER}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join('')}</Relationships>`
}

function types(overrides: readonly (readonly [part: string, type: string])[]): string {
  const list = overrides.map(
    ([part, type]) => `<Override PartName="/${part}" ContentType="${OPENXML}.${type}+xml"/>`,
  )
  return (
    `${HEADER}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"` +
    ` ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${list.join('')}</Types>`
  )
}

/** Text as Word writes it: session ids on every paragraph, fonts on every run, now and then a table. */
function paragraph(): string {
  const [a, b] = [0, 0].map(() => `00${(0xa00000 + random(300) * 977).toString(16).toUpperCase()}`)
  const run = (): string =>
    `<w:r w:rsidRPr="${b}"><w:rPr><w:rFonts w:ascii="ＭＳ 明朝" w:eastAsia="ＭＳ 明朝" w:hAnsi="ＭＳ 明朝" w:hint="eastAsia"/>` +
    `${random(4) === 0 ? '<w:b/>' : ''}<w:sz w:val="21"/></w:rPr><w:t${random(5) === 0 ? ' xml:space="preserve"' : ''}>${sentence()}</w:t></w:r>`
  return (
    `<w:p w:rsidR="${a}" w:rsidRDefault="${b}" w:rsidP="${a}"><w:pPr><w:spacing w:line="360" w:lineRule="auto"/><w:ind w:firstLineChars="100" w:firstLine="210"/>` +
    `<w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr></w:pPr>${Array.from({ length: 1 + random(4) }, run).join('')}</w:p>`
  )
}

function wordTable(): string {
  const cell = (): string =>
    `<w:tc><w:tcPr><w:tcW w:w="2265" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>${paragraph()}</w:tc>`
  const row = (): string =>
    `<w:tr><w:trPr><w:trHeight w:val="360"/></w:trPr>${Array.from({ length: 4 }, cell).join('')}</w:tr>`
  const grid = '<w:gridCol w:w="2265"/>'.repeat(4)
  return `<w:tbl><w:tblPr><w:tblStyle w:val="a3"/><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>${grid}</w:tblGrid>${Array.from({ length: 5 + random(20) }, row).join('')}</w:tbl>`
}

function* letter(wanted: number): Generator<string> {
  yield (
    `${HEADER}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="${OFFICE}"` +
      ` xmlns:w14="${MICROSOFT}/word/2010/wordml"><w:body>`
  )
  let written = 0
  while (written < wanted) {
    const piece = Array.from({ length: 200 }, () =>
      random(25) === 0 ? wordTable() : paragraph(),
    ).join('')
    written += deflateRawSync(piece).length
    yield piece
  }
  yield '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>'
}

const STRINGS = 20_000

function* strings(): Generator<string> {
  yield `${HEADER}<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="${STRINGS}" uniqueCount="${STRINGS}">`
  for (let index = 0; index < STRINGS; index += 1000) {
    const items = Array.from(
      { length: 1000 },
      () => `<si><t>${sentence()}</t><phoneticPr fontId="1"/></si>`,
    )
    yield items.join('')
  }
  yield '</sst>'
}

const COLUMNS = 'ABCDEFGHIJKLMNOP'

function sheetRow(number: number): string {
  const cells = [...COLUMNS].map((column, index) => {
    const at = `r="${column}${number}"`
    if (index < 5) return `<c ${at} s="${1 + random(6)}" t="s"><v>${random(STRINGS)}</v></c>`
    if (index === 14)
      return `<c ${at} s="3"><f>SUM(F${number}:N${number})*1.1</f><v>${random(10_000_000)}</v></c>`
    if (index === 15)
      return `<c ${at} s="4" t="str"><f>IF(O${number}&gt;1000,"要確認","")</f><v>要確認</v></c>`
    return `<c ${at} s="${2 + random(3)}"><v>${random(3) === 0 ? random(1_000_000) / 100 : random(100_000)}</v></c>`
  })
  return `<row r="${number}" spans="1:16" x14ac:dyDescent="0.4">${cells.join('')}</row>`
}

function* sheet(share: number): Generator<string> {
  yield (
    `${HEADER}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"` +
      ` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" xmlns:x14ac="${MICROSOFT}/spreadsheetml/2009/9/ac">` +
      '<sheetFormatPr defaultRowHeight="18.75" x14ac:dyDescent="0.4"/><sheetData>'
  )
  let written = 0
  for (let number = 1; written < share; number += 500) {
    const piece = Array.from({ length: 500 }, (_, index) => sheetRow(number + index)).join('')
    written += deflateRawSync(piece).length
    yield piece
  }
  yield '</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/></worksheet>'
}

/** A letter of many paragraphs and tables, or a book of numbers, words and formulas. */
export function writeOffice(zip: Zip, kind: 'docx' | 'xlsx', wanted: number): void {
  if (kind === 'docx') {
    zip.add('[Content_Types].xml', [
      types([['word/document.xml', 'wordprocessingml.document.main']]),
    ])
    zip.add('_rels/.rels', [rels([['officeDocument', 'word/document.xml']])])
    zip.add('word/document.xml', letter(wanted))
  } else {
    const sheets = Math.max(1, Math.ceil(wanted / 25_000_000))
    const names = Array.from({ length: sheets }, (_, index) => `worksheets/sheet${index + 1}.xml`)
    zip.add('[Content_Types].xml', [
      types([
        ['xl/workbook.xml', 'spreadsheetml.sheet.main'],
        ...names.map((name) => [`xl/${name}`, 'spreadsheetml.worksheet'] as const),
        ['xl/sharedStrings.xml', 'spreadsheetml.sharedStrings'],
      ]),
    ])
    zip.add('_rels/.rels', [rels([['officeDocument', 'xl/workbook.xml']])])
    const list = names.map(
      (_, index) =>
        `<sheet name="明細${index + 1}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
    )
    zip.add('xl/workbook.xml', [
      `${HEADER}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheets>${list.join('')}</sheets></workbook>`,
    ])
    zip.add('xl/_rels/workbook.xml.rels', [
      rels([
        ...names.map((name) => ['worksheet', name] as const),
        ['sharedStrings', 'sharedStrings.xml'],
      ]),
    ])
    zip.add('xl/sharedStrings.xml', strings())
    for (const name of names) zip.add(`xl/${name}`, sheet((wanted - 1_000_000) / sheets))
  }
}
