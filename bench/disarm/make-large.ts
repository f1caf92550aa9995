/**
 * Writes large Office files that look like those of an office: a letter of many paragraphs and tables, a book of numbers, words, dates
 * and formulas.
 *
 *   node bench/disarm/make-large.ts docx 10 FILE     about 10 MB, packed
 *   node bench/disarm/make-large.ts xlsx 100 FILE
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { constants, crc32, deflateRawSync } from 'node:zlib'

const [kind = 'xlsx', megabytes = '10', file = 'large.xlsx'] = process.argv.slice(2)
const wanted = Number(megabytes) * 1_000_000

/** A small generator of numbers, so that every run writes the same file (Numerical Recipes' LCG). */
let seed = 20_260_401
const random = (below: number): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((seed / 0x1_0000_0000) * below)
}
const pick = (words: readonly string[]): string => words[random(words.length)]!

const WORDS = (
  '葛󠄂城市 髙橋 﨑田 𠮷野 令和八年度 補正予算 住民基本台帳 国民健康保険 介護保険料 固定資産税 水道使用料 学校給食費 道路占用許可 起案 決裁 供覧 ' +
  '申請書 届出 交付決定 実績報告 委託契約 随意契約 入札公告 仕様書 別紙 様式第一号 記載要領 添付書類 期限 までに 提出 してください について 及び 並びに 又は 若しくは ' +
  'により に基づき 総務課 税務課 福祉課 教育委員会 会計年度任用職員 備考 なし 済 確認中'
).split(' ')
/** Words that no list has, for text is not as easily packed as a list of words. */
const kanji = (): string =>
  String.fromCodePoint(...Array.from({ length: 1 + random(4) }, () => 0x4e00 + random(3000)))
const sentence = (): string =>
  Array.from({ length: 4 + random(14) }, () => (random(5) < 3 ? pick(WORDS) : kanji())).join('')

/** A zip written member by member, each member deflated in pieces. */
class Zip {
  readonly #out: number
  readonly #central: Buffer[] = []
  #offset = 0
  constructor(path: string) {
    this.#out = openSync(path, 'w')
  }
  get size(): number {
    return this.#offset
  }
  add(name: string, pieces: Iterable<string>): void {
    const packed: Buffer[] = []
    let [crc, size] = [0, 0]
    for (const piece of pieces) {
      const bytes = Buffer.from(piece)
      crc = crc32(bytes, crc)
      size += bytes.length
      packed.push(deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }))
    }
    packed.push(deflateRawSync(Buffer.alloc(0)))
    const data = Buffer.concat(packed)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(8, 4)
    shared.writeUInt16LE(0x21, 8)
    shared.writeUInt32LE(crc, 10)
    shared.writeUInt32LE(data.length, 14)
    shared.writeUInt32LE(size, 18)
    shared.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(this.#offset, 10)
    this.#central.push(
      Buffer.concat([
        Buffer.from('PK\u0001\u0002\u0014\0', 'latin1'),
        shared,
        place,
        Buffer.from(name),
      ]),
    )
    this.#write(
      Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), shared, Buffer.from(name), data]),
    )
  }
  end(): void {
    const [start, count] = [this.#offset, this.#central.length]
    const directory = Buffer.concat(this.#central)
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(count, 8)
    end.writeUInt16LE(count, 10)
    end.writeUInt32LE(directory.length, 12)
    end.writeUInt32LE(start, 16)
    this.#write(directory)
    this.#write(end)
    closeSync(this.#out)
  }
  #write(bytes: Buffer): void {
    writeSync(this.#out, bytes)
    this.#offset += bytes.length
  }
}

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

function* letter(): Generator<string> {
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

const zip = new Zip(file)
if (kind === 'docx') {
  zip.add('[Content_Types].xml', [types([['word/document.xml', 'wordprocessingml.document.main']])])
  zip.add('_rels/.rels', [rels([['officeDocument', 'word/document.xml']])])
  zip.add('word/document.xml', letter())
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
    (_, index) => `<sheet name="明細${index + 1}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
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
zip.end()
