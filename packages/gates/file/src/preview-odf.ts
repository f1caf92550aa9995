import words from '../words/ja.json' with { type: 'json' }
import type { Preview, PreviewSheet } from './preview.ts'
import {
  PREVIEW_COLUMNS_MAX,
  PREVIEW_PARAGRAPHS_MAX,
  PREVIEW_ROWS_MAX,
  shorten,
} from './preview-text.ts'
import { walkXml } from './xml-walk.ts'
import type { XmlVisitor } from './xml-walk.ts'
import { readZip } from './zip-reader.ts'

/** Largest part that is read for a preview, bytes. */
const PART_MAX = 32 * 1024 * 1024
const SHEETS_MAX = 5
/** Spaces that one `text:s` may stand for. */
const SPACES_MAX = 80
/** What a reader does not see on the page: remarks, deleted words, speaker notes, form data. */
const UNSEEN = new Set([
  'office:annotation',
  'office:forms',
  'presentation:notes',
  'svg:desc',
  'svg:title',
  'text:tracked-changes',
])

/** Paragraphs of a text, a drawing or slides; rows of a table. Packages (`odt`) and flat files (`fodt`). */
export function previewOdf(bytes: Uint8Array, type: string): Preview | undefined {
  const xml = contentOf(bytes, type)
  if (xml === undefined) return undefined
  return /^(?:f?ods|ots)$/u.test(type)
    ? { kind: 'table', sheets: readTables(xml) }
    : readParagraphs(xml)
}

function contentOf(bytes: Uint8Array, type: string): string | undefined {
  const part = type.startsWith('f') ? bytes : readZip(bytes)?.read('content.xml', PART_MAX)
  return part && part.length <= PART_MAX ? new TextDecoder().decode(part) : undefined
}

/** Passes on what stands in the body and is seen. */
function walkBody(xml: string, visitor: Required<XmlVisitor>, stop: () => boolean): void {
  let inBody = false
  let unseen = 0
  walkXml(
    xml,
    {
      open(name, attribute, empty) {
        if (UNSEEN.has(name)) unseen += 1
        else if (name === 'office:body') inBody = true
        else if (inBody && unseen === 0) visitor.open(name, attribute, empty)
      },
      close(name) {
        if (UNSEEN.has(name)) unseen -= 1
        else if (inBody && unseen === 0) visitor.close(name)
      },
      text(text) {
        if (inBody && unseen === 0) visitor.text(text)
      },
    },
    stop,
  )
}

/** What an element inside of a paragraph stands for. */
function spaceOf(name: string, attribute: (name: string) => string | undefined): string {
  if (name === 'text:tab') return '\t'
  if (name === 'text:line-break') return '\n'
  if (name !== 'text:s') return ''
  return ' '.repeat(Math.min(Math.max(Number(attribute('text:c') ?? 1) || 1, 1), SPACES_MAX))
}

function isParagraph(name: string): boolean {
  return name === 'text:p' || name === 'text:h'
}

function readParagraphs(xml: string): Preview {
  const paragraphs: string[] = []
  // A frame inside of a paragraph has paragraphs of its own.
  const open: string[] = []
  let slides = 0
  const full = (): boolean => paragraphs.length >= PREVIEW_PARAGRAPHS_MAX
  const add = (piece: string): void => {
    if (open.length > 0) open.push((open.pop() ?? '') + piece)
  }
  walkBody(
    xml,
    {
      open(name, attribute) {
        if (name === 'draw:page') paragraphs.push(`${words.slide} ${(slides += 1)}`)
        else if (isParagraph(name)) open.push('')
        else add(spaceOf(name, attribute))
      },
      close(name) {
        const line = isParagraph(name) ? (open.pop() ?? '') : ''
        if (line.trim() !== '') paragraphs.push(shorten(line))
      },
      text: add,
    },
    full,
  )
  return { kind: 'text', paragraphs, more: full() }
}

/** The rows of one sheet as far as they are shown; empty ones only between others. */
class Sheet {
  readonly name: string
  readonly rows: string[][] = []
  #row: string[] = []
  #empty = 0

  constructor(name: string) {
    this.name = name
  }

  get full(): boolean {
    return this.rows.length > PREVIEW_ROWS_MAX
  }

  addCells(text: string, times: number): void {
    for (let left = times; left > 0 && this.#row.length < PREVIEW_COLUMNS_MAX; left -= 1)
      this.#row.push(shorten(text))
  }

  endRow(times: number): void {
    const row = this.#row
    this.#row = []
    while (row.at(-1) === '') row.pop()
    if (row.length === 0) this.#empty += times
    else {
      for (; this.#empty > 0 && !this.full; this.#empty -= 1) this.rows.push([])
      this.#empty = 0
      for (let left = times; left > 0 && !this.full; left -= 1) this.rows.push(row)
    }
  }

  shown(): PreviewSheet {
    return { name: this.name, rows: this.rows.slice(0, PREVIEW_ROWS_MAX), more: this.full }
  }
}

function readTables(xml: string): readonly PreviewSheet[] {
  const sheets: Sheet[] = []
  let depth = 0
  let rowTimes = 1
  let cellTimes = 1
  let cell: string[] = []
  const counted = (value: string | undefined): number => Math.max(Number(value ?? 1) || 1, 1)
  const current = (): Sheet | undefined => (depth === 1 ? sheets.at(-1) : undefined)
  walkBody(
    xml,
    {
      open(name, attribute) {
        if (name === 'table:table') {
          depth += 1
          if (depth === 1) sheets.push(new Sheet(attribute('table:name') ?? ''))
        } else if (name === 'table:table-row')
          rowTimes = counted(attribute('table:number-rows-repeated'))
        else if (isCell(name)) {
          cellTimes = counted(attribute('table:number-columns-repeated'))
          cell = []
        } else if (isParagraph(name)) cell.push('')
        else if (cell.length > 0) cell.push((cell.pop() ?? '') + spaceOf(name, attribute))
      },
      close(name) {
        if (name === 'table:table') depth -= 1
        else if (isCell(name)) {
          current()?.addCells(cell.join('\n'), cellTimes)
          cell = []
        } else if (name === 'table:table-row') current()?.endRow(rowTimes)
      },
      text(text) {
        if (cell.length > 0) cell.push((cell.pop() ?? '') + text)
      },
    },
    () => sheets.length > SHEETS_MAX,
  )
  return sheets.slice(0, SHEETS_MAX).map((sheet) => sheet.shown())
}

function isCell(name: string): boolean {
  return name === 'table:table-cell' || name === 'table:covered-table-cell'
}
