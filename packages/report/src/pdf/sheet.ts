/**
 * A4 sheets: headings, paragraphs and tables from top to bottom, tagged for a screen reader. The only place that draws.
 */
import type { Font } from 'fontkit'
import type PDFDocument from 'pdfkit'
import type { StructureContent, StructureElement } from 'pdfkit'
import { Measure } from './letters.ts'
import { xmpOf } from './xmp.ts'

/** Points: 1/72 inch. A4 is 210 × 297 mm, margins are 20 mm. */
const MM = 72 / 25.4
const MARGIN = 20 * MM
const TOP = MARGIN
const BOTTOM = 297 * MM - MARGIN
export const BODY_WIDTH = 210 * MM - 2 * MARGIN
const BODY = 10.5
const SMALL = 8.5
const LEADING = 1.5
const PAD = 3
/** From the top of a line to the foot of its letters, in parts of the size. */
const BASELINE = 1.1
/** Rows of one table in the tags. An array of PDF 1.4 has 8,191 places (Appendix C), and a high row takes several. */
const MOST_ROWS = 1_000
const BLACK = '#000000'
const LINE = '#555555'
const SHADE = '#e8e8e8'

const TOOL = 'Sekisho'

export interface Column {
  readonly head: string
  /** Part of the width of the body; all parts of a table make 1. */
  readonly part: number
}
export interface SheetOptions {
  readonly title: string
  /** Day of making, as the moment that begins it in Japan. */
  readonly made: Date
  /** What the file's id is made of, beside title and day. */
  readonly subject: string
}

export class Sheet {
  readonly #doc: PDFDocument
  readonly #measure: Measure
  readonly #done: Promise<Uint8Array>
  readonly #root: StructureElement
  #section: StructureElement
  #y = TOP

  static async open(font: Font, options: SheetOptions): Promise<Sheet> {
    const { default: Document } = await import('pdfkit')
    const doc = new Document({
      size: 'A4',
      margin: 0,
      // PDF/A-1 is PDF 1.4 (ISO 19005-1): what an archive can open in decades.
      pdfVersion: '1.4',
      subset: 'PDF/A-1b',
      tagged: true,
      lang: 'ja-JP',
      displayTitle: true,
      bufferPages: true,
      autoFirstPage: false,
      font: null,
      info: {
        Title: options.title,
        Subject: options.subject,
        Creator: TOOL,
        Producer: TOOL,
        CreationDate: options.made,
        ModDate: options.made,
      },
    })
    const { title, subject, made } = options
    doc.metadata = xmpOf({ title, subject, made, tool: TOOL })
    return new Sheet(doc, font)
  }

  private constructor(doc: PDFDocument, font: Font) {
    this.#doc = doc
    this.#measure = new Measure(font)
    this.#done = new Promise((resolve, reject) => {
      const parts: Uint8Array[] = []
      doc.on('data', (bytes) => void parts.push(bytes))
      doc.on('end', () => resolve(Buffer.concat(parts)))
      doc.on('error', reject)
    })
    this.#root = doc.struct('Document')
    doc.addStructure(this.#root)
    this.#section = this.#root
    doc.addPage()
    doc.font(font)
  }

  /** What is left of this page, in points. */
  get left(): number {
    return BOTTOM - this.#y
  }

  /** A new chapter, on a new page except when nothing stands on this one. */
  chapter(heading: string): void {
    if (this.#y > TOP) this.#newPage()
    this.#openSection()
    this.#write('H1', heading, 16)
    this.space(6)
  }

  heading(text: string): void {
    this.#write('H2', text, 12)
    this.space(2)
  }

  /** The name of the document, on the cover. */
  cover(text: string): void {
    this.#openSection()
    this.#y = TOP + 60 * MM
    this.#write('H1', text, 24)
    this.space(24)
  }

  paragraph(text: string, size = BODY): void {
    this.#write('P', text, size)
  }

  /** Height the paragraph would take, in points. */
  heightOf(text: string, size = BODY): number {
    return this.#measure.lines(text, size, BODY_WIDTH).length * size * LEADING
  }

  space(points: number): void {
    this.#y += points
  }

  /** A table whose head stands again on every page. A row is cut only when it is higher than a page. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[], size = SMALL): void {
    let table = this.#openTable()
    const head = this.#rowLines(
      columns,
      columns.map((column) => column.head),
      size,
    )
    this.#keep(2 * this.#rowHeight(head, size))
    this.#row(columns, head, size, { table, type: 'TH' })
    for (const [index, row] of rows.entries()) {
      if (index > 0 && index % MOST_ROWS === 0) {
        table.end()
        table = this.#openTable()
      }
      for (const lines of this.#pieces(this.#rowLines(columns, row, size), head, size)) {
        if (this.#rowHeight(lines, size) > this.left) {
          this.#newPage()
          // A repeated head says nothing new to a reader of the tags.
          this.#row(columns, head, size, { type: 'TH' })
        }
        this.#row(columns, lines, size, { table, type: 'TD' })
      }
    }
    table.end()
    this.space(8)
  }

  /** Writes the heads and feet of all pages and closes the document. */
  async close(head: string, foot: (page: number, pages: number) => string): Promise<Uint8Array> {
    const { count } = this.#doc.bufferedPageRange()
    for (let page = 0; page < count; page += 1) {
      this.#doc.switchToPage(page)
      this.#artifact('Pagination', () => {
        this.#line(this.#measure.lines(head, SMALL, BODY_WIDTH)[0]!, MARGIN, 10 * MM, SMALL)
        this.#line(foot(page + 1, count), MARGIN, BOTTOM + 6 * MM, SMALL)
      })
    }
    this.#root.end()
    this.#doc.end()
    return this.#done
  }

  #openSection(): void {
    this.#section = this.#doc.struct('Sect')
    this.#root.add(this.#section)
  }

  #openTable(): StructureElement {
    const table = this.#doc.struct('Table')
    this.#section.add(table)
    return table
  }

  #newPage(): void {
    this.#doc.addPage()
    this.#y = TOP
  }

  #keep(height: number): void {
    if (height > this.left && this.#y > TOP) this.#newPage()
  }

  #write(type: string, text: string, size: number): void {
    const contents: StructureContent[] = []
    for (const line of this.#measure.lines(text, size, BODY_WIDTH)) {
      this.#keep(size * LEADING)
      const content = this.#doc.markStructureContent(type)
      this.#line(line, MARGIN, this.#y, size)
      this.#doc.endMarkedContent()
      contents.push(content)
      this.#y += size * LEADING
    }
    this.#section.add(this.#doc.struct(type, {}, contents))
  }

  #rowLines(columns: readonly Column[], cells: readonly string[], size: number): RowLines {
    return columns.map(({ part }, index) =>
      (cells[index] ?? '')
        .split('\n')
        .flatMap((text) => this.#measure.lines(text, size, part * BODY_WIDTH - 2 * PAD)),
    )
  }

  #rowHeight(lines: RowLines, size: number): number {
    return Math.max(...lines.map(({ length }) => length)) * size * LEADING + 2 * PAD
  }

  /** The row, or its parts when it is higher than a page below the head. */
  #pieces(lines: RowLines, head: RowLines, size: number): readonly RowLines[] {
    const room = BOTTOM - TOP - this.#rowHeight(head, size) - 2 * PAD
    const most = Math.floor(room / (size * LEADING))
    const longest = Math.max(...lines.map(({ length }) => length))
    return Array.from({ length: Math.ceil(longest / most) }, (_, piece) =>
      lines.map((cell) => cell.slice(piece * most, (piece + 1) * most)),
    )
  }

  #row(
    columns: readonly Column[],
    lines: RowLines,
    size: number,
    { table, type }: { readonly table?: StructureElement; readonly type: 'TH' | 'TD' },
  ): void {
    const height = this.#rowHeight(lines, size)
    this.#frame(columns, height, type === 'TH')
    const row = table === undefined ? undefined : this.#doc.struct('TR')
    if (row !== undefined) table!.add(row)
    let x = MARGIN
    columns.forEach(({ part }, index) => {
      const cell = (): void =>
        lines[index]!.forEach((line, at) =>
          this.#line(line, x + PAD, this.#y + PAD + at * size * LEADING, size),
        )
      if (row === undefined) this.#artifact('Pagination', cell)
      else this.#cell(row, type, cell)
      x += part * BODY_WIDTH
    })
    row?.end()
    this.#y += height
  }

  #cell(row: StructureElement, type: 'TH' | 'TD', draw: () => void): void {
    const content = this.#doc.markStructureContent(type)
    draw()
    this.#doc.endMarkedContent()
    row.add(this.#doc.struct(type, type === 'TH' ? { scope: 'Column' } : {}, [content]))
  }

  #frame(columns: readonly Column[], height: number, shaded: boolean): void {
    this.#artifact('Layout', () => {
      if (shaded) this.#doc.rect(MARGIN, this.#y, BODY_WIDTH, height).fill(SHADE)
      this.#doc.lineWidth(0.5).rect(MARGIN, this.#y, BODY_WIDTH, height).stroke(LINE)
      let x = MARGIN
      for (const { part } of columns.slice(0, -1)) {
        x += part * BODY_WIDTH
        this.#doc
          .moveTo(x, this.#y)
          .lineTo(x, this.#y + height)
          .stroke(LINE)
      }
    })
  }

  #artifact(type: 'Pagination' | 'Layout', draw: () => void): void {
    this.#doc.markContent('Artifact', { type })
    draw()
    this.#doc.endMarkedContent()
  }

  /** One line of text. Where glyphs alone would be read as other characters, the characters stand beside them. */
  #line(text: string, x: number, y: number, size: number): void {
    if (text === '') return
    const spelled = !this.#measure.readsBack(text)
    if (spelled) this.#doc.markContent('Span', { actual: text })
    this.#doc
      .fillColor(BLACK)
      .fontSize(size)
      .text(text, x, y + size * BASELINE, { lineBreak: false, baseline: 'alphabetic' })
    if (spelled) this.#doc.endMarkedContent()
  }
}

/** Lines of each cell. */
type RowLines = readonly (readonly string[])[]
