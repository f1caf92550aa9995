import { cellText, element, textElement } from './markup.ts'
import { cellName, columnName } from './reference.ts'
import { serialOf } from './serial.ts'
import { STYLE } from './styles.ts'
import { widthOf } from './width.ts'
import type { CountCell, Column, Sheet, Workbook } from './workbook.ts'

/** The worksheet part: header in sight, A4 landscape, as wide as one page, filter, lists of choices. */
export function sheetPart(sheet: Sheet, book: Workbook, shownFirst: boolean): string {
  const last = sheet.rows.length + (sheet.spare ?? 0)
  const area = `A1:${cellName(sheet.columns.length - 1, last)}`
  const widths = widthsOf(sheet)
  return element(
    'worksheet',
    { xmlns: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main' },
    element('sheetPr', {}, element('pageSetUpPr', { fitToPage: 1 })) +
      element('dimension', { ref: area }) +
      view(shownFirst) +
      element('sheetFormatPr', { defaultRowHeight: LINE }) +
      columnWidths(widths) +
      `<sheetData>${rows(sheet, last, widths)}</sheetData>` +
      element('autoFilter', { ref: area }) +
      validations(sheet.columns, last) +
      PAGE +
      headAndFoot(sheet, book),
  )
}

// The header row does not scroll away.
function view(shownFirst: boolean): string {
  const pane = { ySplit: 1, topLeftCell: 'A2', activePane: 'bottomLeft', state: 'frozen' }
  return element(
    'sheetViews',
    {},
    element(
      'sheetView',
      { ...(shownFirst ? { tabSelected: 1 } : {}), workbookViewId: 0 },
      element('pane', pane) +
        element('selection', { pane: 'bottomLeft', activeCell: 'A2', sqref: 'A2' }),
    ),
  )
}

/** A4 (9), landscape, one page wide and as many high as it takes. */
const PAGE =
  element('pageMargins', {
    left: '0.4',
    right: '0.4',
    top: '0.7',
    bottom: '0.6',
    header: '0.3',
    footer: '0.3',
  }) + element('pageSetup', { paperSize: 9, fitToHeight: 0, orientation: 'landscape' })

// In heads and feet `&` begins a code (ECMA-376 part 1 §18.3.1.39).
const plain = (text: string): string => shortened(text).replaceAll('&', '&&')

/** UTF-16 units of a title in a head or foot: Excel calls a workbook damaged when one has more than 255 with its codes and doubled `&`. */
const MAX_TITLE = 90
const GRAPHEMES = new Intl.Segmenter('ja')

function shortened(text: string): string {
  if (text.length <= MAX_TITLE) return text
  let kept = ''
  for (const { segment } of GRAPHEMES.segment(text.slice(0, MAX_TITLE + 1))) {
    if (kept.length + segment.length >= MAX_TITLE) break
    kept += segment
  }
  return `${kept}…`
}

function headAndFoot(sheet: Sheet, book: Workbook): string {
  return element(
    'headerFooter',
    {},
    element('oddHeader', {}, textElement(`&L${plain(book.title)}&R${plain(sheet.name)}`)) +
      element('oddFooter', {}, textElement(`&L${plain(book.made)}&R&P / &N`)),
  )
}

/** A filter button stands over the end of a title. */
const BUTTON = 3
/** Lines in a cell need a little air. */
const AIR = 1.5

function widthsOf({ columns, rows: all }: Sheet): readonly number[] {
  return columns.map(({ title, width: [least, most] }, index) => {
    const longest = all.reduce(
      (width, cells) => Math.max(width, widthOf(shown(cells[index]))),
      widthOf(title) + BUTTON,
    )
    return Math.min(Math.max(longest + AIR, least), most)
  })
}

function columnWidths(widths: readonly number[]): string {
  const items = widths.map((width, index) =>
    element('col', { min: index + 1, max: index + 1, width, customWidth: 1 }),
  )
  return element('cols', {}, items.join(''))
}

function shown(cell: CountCell): string {
  if (typeof cell === 'number') return cell.toLocaleString('en')
  return typeof cell === 'object' ? '令和88年88月88日' : (cell ?? '')
}

function rows(sheet: Sheet, last: number, widths: readonly number[]): string {
  const header = sheet.columns.map(({ title }) => title)
  const lines = [row(header, 0, widths, () => STYLE.header)]
  for (let index = 0; index < last; index++)
    lines.push(
      row(filled(sheet, index), index + 1, widths, (column) => styleOf(sheet.columns[column])),
    )
  return lines.join('')
}

const filled = ({ columns, rows: all }: Sheet, index: number): readonly CountCell[] =>
  columns.map((_, column) => all[index]?.[column])

const styleOf = (column: Column | undefined): number =>
  column?.takes === 'date' ? STYLE.date : STYLE.text

function row(
  cells: readonly CountCell[],
  index: number,
  widths: readonly number[],
  style: (column: number) => number,
): string {
  const items = cells.map((cell, column) => one(cell, cellName(column, index), style(column)))
  const lines = cells.reduce<number>(
    (most, cell, column) => Math.max(most, linesOf(shown(cell), widths[column]! - AIR)),
    1,
  )
  // Programs differ in whether they find the height by themselves; a print must not cut a sentence.
  const height = { ht: Math.min(lines * LINE, MAX_HEIGHT), customHeight: 1 }
  return element('row', { r: index + 1, ...height }, items.join(''))
}

/** Points of one line. */
const LINE = 18.75
/** Points of the highest row there can be. */
const MAX_HEIGHT = 409.5

const linesOf = (text: string, width: number): number =>
  text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / width)), 0)

function one(cell: CountCell, r: string, s: number): string {
  if (cell === undefined || cell === '') return element('c', { r, s })
  if (typeof cell === 'string')
    // A text in the cell itself, never a formula, whatever it begins with.
    return element('c', { r, s, t: 'inlineStr' }, element('is', {}, cellText(cell)))
  if (typeof cell === 'number')
    return element('c', { r, s: STYLE.number }, element('v', {}, String(cell)))
  const serial = serialOf(cell.date)
  return serial === undefined
    ? element('c', { r, s: STYLE.text, t: 'inlineStr' }, element('is', {}, cellText(cell.date)))
    : element('c', { r, s: STYLE.date }, element('v', {}, String(serial)))
}

/** Rows below the list in which a choice is still offered. */
const ROWS_TO_COME = 500

function validations(columns: readonly Column[], last: number): string {
  const items = columns.flatMap(({ list }, index) => {
    if (list === undefined) return []
    const letters = columnName(index)
    const sqref = `${letters}2:${letters}${last + 1 + ROWS_TO_COME}`
    return [
      element(
        'dataValidation',
        { type: 'list', allowBlank: 1, showInputMessage: 1, showErrorMessage: 1, sqref },
        element('formula1', {}, textElement(list)),
      ),
    ]
  })
  return items.length === 0
    ? ''
    : element('dataValidations', { count: items.length }, items.join(''))
}
