import type { Context } from '../../family.ts'
import { writeZip } from '../../zip/write.ts'
import type { PlainBook } from './plain/book.ts'
import { readPlainBook } from './plain/book.ts'
import { element, textElement } from './plain/markup.ts'
import { sheetMarkup } from './plain/sheet.ts'
import type { RichText } from './plain/strings.ts'

/**
 * A book of Excel 97 to 2003 that holds nothing but cells, as a workbook of today, without the converter: values, formulas, formats, widths,
 * merged cells, panes, pages. Undefined for a book with anything else, or with anything that is not understood. The package is input
 * for the rebuild like any other.
 * @param stream a decrypted Workbook stream
 */
export function convertPlainBook(stream: Uint8Array, context: Context): Uint8Array | undefined {
  const book = readPlainBook(stream)
  const sheets = book && sheetParts(book, context)
  if (!sheets) return undefined
  const parts: Record<string, string> = {
    '[Content_Types].xml': typesOf(sheets.length),
    '_rels/.rels': relationships([`${OFFICE}/officeDocument`, 'xl/workbook.xml']),
    'xl/workbook.xml': workbookOf(book),
    'xl/_rels/workbook.xml.rels': relationships(
      ...sheets.map(
        (_, index) => [`${OFFICE}/worksheet`, `worksheets/sheet${index + 1}.xml`] as const,
      ),
      [`${OFFICE}/styles`, 'styles.xml'],
      [`${OFFICE}/sharedStrings`, 'sharedStrings.xml'],
    ),
    'xl/styles.xml': book.looks.markup(),
    'xl/sharedStrings.xml': stringsOf(book),
  }
  sheets.forEach((sheet, index) => (parts[`xl/worksheets/sheet${index + 1}.xml`] = sheet))
  return writeZip(
    Object.entries(parts).map(([name, text]) => ({ name, bytes: Buffer.from(HEAD + text) })),
  )
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.'

function sheetParts(book: PlainBook, context: Context): string[] | undefined {
  const cells = {
    looks: book.looks,
    around: book.around,
    stringCount: book.strings.length,
    spend: (length: number) => context.spend(length),
  }
  const parts: string[] = []
  for (const [index, sheet] of book.sheets.entries()) {
    const part = sheetMarkup(sheet, index === book.active, cells)
    if (part === undefined) return undefined
    parts.push(part)
  }
  return parts
}

function typesOf(sheetCount: number): string {
  const override = (part: string, type: string) =>
    element('Override', { PartName: part, ContentType: `${SHEET_TYPE}${type}+xml` })
  return element(
    'Types',
    { xmlns: `${PACKAGE}/content-types` },
    element('Default', {
      Extension: 'rels',
      ContentType: 'application/vnd.openxmlformats-package.relationships+xml',
    }) +
      override('/xl/workbook.xml', 'sheet.main') +
      override('/xl/styles.xml', 'styles') +
      override('/xl/sharedStrings.xml', 'sharedStrings') +
      Array.from({ length: sheetCount }, (_, index) =>
        override(`/xl/worksheets/sheet${index + 1}.xml`, 'worksheet'),
      ).join(''),
  )
}

function relationships(...rows: readonly (readonly [type: string, target: string])[]): string {
  const items = rows.map(([type, target], index) =>
    element('Relationship', { Id: `rId${index + 1}`, Type: type, Target: target }),
  )
  return element('Relationships', { xmlns: `${PACKAGE}/relationships` }, items.join(''))
}

const STATES = ['visible', 'hidden', 'veryHidden']

function workbookOf(book: PlainBook): string {
  const sheets = book.sheets.map(({ name, hidden }, index) =>
    element('sheet', {
      name,
      sheetId: index + 1,
      ...(hidden > 0 ? { state: STATES[hidden] ?? 'hidden' } : {}),
      'r:id': `rId${index + 1}`,
    }),
  )
  return element(
    'workbook',
    { xmlns: MAIN, 'xmlns:r': OFFICE },
    book.properties +
      element('bookViews', {}, element('workbookView', { activeTab: book.active })) +
      element('sheets', {}, sheets.join('')) +
      book.names,
  )
}

function stringsOf(book: PlainBook): string {
  const items = book.strings.map((string) => element('si', {}, stringContent(string, book)))
  return element(
    'sst',
    { xmlns: MAIN, count: items.length, uniqueCount: items.length },
    items.join(''),
  )
}

/** Parts of a text in fonts of their own; what stands before the first change is in the cell's font. */
function stringContent({ text, runs }: RichText, { looks }: PlainBook): string {
  const cuts = runs.filter(({ at }, index) => at < text.length && at > (runs[index - 1]?.at ?? -1))
  if (cuts.length === 0) return textElement(text)
  const lead = text.slice(0, cuts[0]!.at)
  const pieces = cuts.map(({ at, font }, index) => {
    const piece = text.slice(at, cuts[index + 1]?.at ?? text.length)
    return element('r', {}, looks.runProperties(font) + textElement(piece))
  })
  return (lead === '' ? '' : element('r', {}, textElement(lead))) + pieces.join('')
}
