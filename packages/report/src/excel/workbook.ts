import { writeZip } from '@sekisho/disarm'
import { element, OFFICE, part, relationships, textElement } from './markup.ts'
import { columnName } from './reference.ts'
import { sheetPart } from './sheet.ts'
import { stylesPart } from './styles.ts'

/** What stands in a cell: a text exactly as it is, a day, or nothing. There are no formulas, so no value can become one. */
export type Cell = string | { readonly date: string } | undefined

/** A cell of a table that counts: a whole number that a spreadsheet can add up, too. */
export type CountCell = Cell | number

/** A column of a sheet. Its title is the cell in the first row, which stays in sight and is printed on each page. */
export interface Column {
  readonly title: string
  /** Narrowest and widest, in half-width characters; in between the longest line decides. */
  readonly width: readonly [least: number, most: number]
  /** How an empty cell of this column takes what a person types. Default `text`. */
  readonly takes?: 'text' | 'date'
  /** Where the values stand that a person may choose from, e.g. `'選択肢'!$A$2:$A$4`. */
  readonly list?: string
}

export interface Sheet {
  /** At most 31 characters, none of `: \ / ? * [ ]`. */
  readonly name: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly CountCell[])[]
  /** Empty rows under the last one that are laid out to be filled in. */
  readonly spare?: number
}

export interface Workbook {
  /** Printed at the head of each page. */
  readonly title: string
  /** Printed at the foot of each page. */
  readonly made: string
  readonly sheets: readonly Sheet[]
}

/**
 * Writes an Excel workbook (ECMA-376, Transitional) in exactly the form of docs/design/disarm-grammar.md: what a gate of ours would make of
 * it is the same bytes, and `sekisho verify-clean` accepts it. No time, no author; the same workbook gives the same bytes.
 *
 * Characters stay as they are, names in IVS among them; those that XML does not know are written as Excel writes them (`_x0001_`).
 */
export function writeWorkbook(book: Workbook): Uint8Array {
  const count = book.sheets.length
  const sheets = book.sheets.map((sheet, index): [string, string] => [
    `xl/worksheets/sheet${index + 1}.xml`,
    sheetPart(sheet, book, index === 0),
  ])
  const parts: readonly (readonly [name: string, text: string])[] = [
    ['[Content_Types].xml', contentTypes(count)],
    ['_rels/.rels', relationships([['officeDocument', '/xl/workbook.xml']])],
    ['xl/workbook.xml', workbookPart(book)],
    ['xl/_rels/workbook.xml.rels', relationships(targets(count))],
    ['xl/styles.xml', stylesPart()],
    ...sheets,
  ]
  return writeZip(parts.map(([name, text]) => ({ name, bytes: part(text) })))
}

const targets = (count: number): [type: string, target: string][] => [
  ['styles', '/xl/styles.xml'],
  ...Array.from({ length: count }, (_, index): [string, string] => [
    'worksheet',
    `/xl/worksheets/sheet${index + 1}.xml`,
  ]),
]

const SHEET_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.'

function contentTypes(count: number): string {
  const override = (name: string, type: string): string =>
    element('Override', { PartName: name, ContentType: `${SHEET_TYPE}${type}+xml` })
  const sheets = Array.from({ length: count }, (_, index) =>
    override(`/xl/worksheets/sheet${index + 1}.xml`, 'worksheet'),
  )
  return element(
    'Types',
    { xmlns: 'http://schemas.openxmlformats.org/package/2006/content-types' },
    element('Default', {
      Extension: 'rels',
      ContentType: 'application/vnd.openxmlformats-package.relationships+xml',
    }) +
      element('Default', { Extension: 'xml', ContentType: 'application/xml' }) +
      override('/xl/workbook.xml', 'sheet.main') +
      override('/xl/styles.xml', 'styles') +
      sheets.join(''),
  )
}

function workbookPart({ sheets }: Workbook): string {
  const list = sheets.map(({ name }, index) =>
    element('sheet', { name, sheetId: index + 1, 'r:id': `rId${index + 2}` }),
  )
  return element(
    'workbook',
    { xmlns: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main', 'xmlns:r': OFFICE },
    element('bookViews', {}, element('workbookView', { activeTab: 0 })) +
      element('sheets', {}, list.join('')) +
      element('definedNames', {}, sheets.map(printedHeader).join('')),
  )
}

/** The first row again on each printed page. */
function printedHeader({ name }: Sheet, index: number): string {
  return element(
    'definedName',
    { name: '_xlnm.Print_Titles', localSheetId: index },
    textElement(`${quoted(name)}!$1:$1`),
  )
}

/** A sheet name as formulas write it. */
const quoted = (name: string): string => `'${name.replaceAll("'", "''")}'`

/** Cells of one column as a list of choices: `'選択肢'!$B$2:$B$9`. */
export function listReference(sheet: string, column: number, count: number): string {
  const letters = columnName(column)
  return `${quoted(sheet)}!$${letters}$2:$${letters}$${count + 1}`
}
