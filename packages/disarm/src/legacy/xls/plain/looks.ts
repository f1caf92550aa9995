import { element } from './markup.ts'
import { shortOf, text8 } from './text.ts'

/** Fonts, number formats, cell formats and colours of a book, collected from its records, as the styles part of a workbook. */
export class Looks {
  readonly #fonts: Uint8Array[] = []
  readonly #formats = new Map<number, string>()
  readonly #cells: Uint8Array[] = []
  #palette: readonly string[] = DEFAULT_PALETTE

  addFont(data: Uint8Array): void {
    this.#fonts.push(data)
  }

  addFormat(id: number, code: string): void {
    this.#formats.set(id, code)
  }

  addCell(data: Uint8Array): void {
    this.#cells.push(data)
  }

  /** PALETTE: red, green, blue and a filler for each of the colours from number 8 on. */
  setPalette(data: Uint8Array): void {
    const count = Math.min(DEFAULT_PALETTE.length, data[0] ?? 0)
    this.#palette = DEFAULT_PALETTE.map((known, index) => {
      const rgb = data.subarray(2 + index * 4, 5 + index * 4)
      return index < count && rgb.length === 3
        ? Buffer.from(rgb).toString('hex').toUpperCase()
        : known
    })
  }

  /** Number of a cell format that exists; the first when a cell names another. */
  cellFormat(index: number): number {
    return index < this.#cells.length ? index : 0
  }

  /** Properties of a font as they stand in a part of a text. */
  runProperties(font: number): string {
    const data = this.#font(font)
    return data ? element('rPr', {}, this.#fontContent(data, 'rFont')) : ''
  }

  /** `xl/styles.xml`. */
  markup(): string {
    const fonts = this.#fonts.length > 0 ? this.#fonts : [EMPTY_FONT]
    const cells = this.#cells.length > 0 ? this.#cells : [EMPTY_CELL]
    const fills = new Pool([
      '<fill><patternFill patternType="none"/></fill>',
      '<fill><patternFill patternType="gray125"/></fill>',
    ])
    const borders = new Pool(['<border><left/><right/><top/><bottom/><diagonal/></border>'])
    const formats = cells.map((data) => this.#cellFormat(data, fonts.length, fills, borders))
    const codes = [...this.#formats].map(([id, code]) =>
      element('numFmt', { numFmtId: id, formatCode: code }),
    )
    return element(
      'styleSheet',
      { xmlns: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main' },
      (codes.length > 0 ? element('numFmts', { count: codes.length }, codes.join('')) : '') +
        list(
          'fonts',
          fonts.map((data) => element('font', {}, this.#fontContent(data, 'name'))),
        ) +
        list('fills', fills.all) +
        list('borders', borders.all) +
        list('cellStyleXfs', ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>']) +
        list('cellXfs', formats) +
        list('cellStyles', ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']),
    )
  }

  /** Font 4 does not exist: numbers behind it are one too high ([MS-XLS] 2.5.129). */
  #font(index: number): Uint8Array | undefined {
    return this.#fonts[fontPlace(index)]
  }

  /** In the order that the schema wants for a font; for a run `rFont` stands in front. */
  #fontContent(data: Uint8Array, nameElement: 'name' | 'rFont'): string {
    const flags = shortOf(data, 2)
    const underline = UNDERLINES.get(data[10] ?? 0)
    const height = shortOf(data, 0) / 20
    const script = [undefined, 'superscript', 'subscript'][shortOf(data, 8)]
    const name = text8(data, 14)
    const parts = [
      shortOf(data, 6) >= 600 ? '<b/>' : '',
      (flags & 0x02) !== 0 ? '<i/>' : '',
      (flags & 0x08) !== 0 ? '<strike/>' : '',
      this.#color('color', shortOf(data, 4)),
      height > 0 && height <= 409 ? element('sz', { val: height }) : '',
      underline ? element('u', { val: underline }) : '',
      script ? element('vertAlign', { val: script }) : '',
    ]
    const label = name === '' ? '' : element(nameElement, { val: name })
    const charset = element('charset', { val: data[12] ?? 0 })
    return nameElement === 'rFont'
      ? label + charset + parts.join('')
      : parts.join('') + label + charset
  }

  #cellFormat(data: Uint8Array, fontCount: number, fills: Pool, borders: Pool): string {
    const flags = shortOf(data, 4)
    const font = fontPlace(shortOf(data, 0))
    return element(
      'xf',
      {
        numFmtId: shortOf(data, 2),
        fontId: font < fontCount ? font : 0,
        fillId: fills.place(this.#fill(data)),
        borderId: borders.place(this.#border(data)),
        xfId: 0,
        applyNumberFormat: 1,
        applyFont: 1,
        applyFill: 1,
        applyBorder: 1,
        applyAlignment: 1,
        applyProtection: 1,
      },
      element('alignment', alignmentOf(data)) +
        ((flags & 3) === 1
          ? ''
          : element('protection', { locked: flags & 1, hidden: (flags >> 1) & 1 })),
    )
  }

  #fill(data: Uint8Array): string {
    const pattern = PATTERNS[(data[17] ?? 0) >> 2] ?? 'none'
    if (pattern === 'none') return '<fill><patternFill patternType="none"/></fill>'
    const colors = shortOf(data, 18)
    const content =
      this.#color('fgColor', colors & 0x7f) + this.#color('bgColor', (colors >> 7) & 0x7f)
    return element('fill', {}, element('patternFill', { patternType: pattern }, content))
  }

  #border(data: Uint8Array): string {
    const sides = long(data, 10)
    const more = long(data, 14)
    const side = (name: string, style: number, color: number): string => {
      const kind = BORDERS[style & 15]
      return kind
        ? element(name, { style: kind }, this.#color('color', color & 0x7f))
        : element(name, {})
    }
    return element(
      'border',
      {
        ...((sides >>> 30) & 1 ? { diagonalDown: 1 } : {}),
        ...(sides >>> 31 ? { diagonalUp: 1 } : {}),
      },
      side('left', sides, sides >>> 16) +
        side('right', sides >>> 4, sides >>> 23) +
        side('top', sides >>> 8, more) +
        side('bottom', sides >>> 12, more >>> 7) +
        side('diagonal', more >>> 21, more >>> 14),
    )
  }

  #color(name: string, index: number): string {
    if (index === 64 || index === 65) return element(name, { indexed: index })
    const rgb = index < 8 ? BASIC[index] : this.#palette[index - 8]
    return rgb === undefined ? '' : element(name, { rgb: `FF${rgb}` })
  }
}

/** Pieces of markup by number, each once. */
class Pool {
  readonly all: string[]
  readonly #places: Map<string, number>

  constructor(first: readonly string[]) {
    this.all = [...first]
    this.#places = new Map(first.map((piece, index) => [piece, index]))
  }

  place(piece: string): number {
    const known = this.#places.get(piece) ?? this.all.push(piece) - 1
    this.#places.set(piece, known)
    return known
  }
}

function list(name: string, items: readonly string[]): string {
  return element(name, { count: items.length }, items.join(''))
}

function fontPlace(index: number): number {
  return index > 4 ? index - 1 : index
}

function alignmentOf(data: Uint8Array): Record<string, string | number> {
  const first = data[6] ?? 0
  const rotation = data[7] ?? 0
  const third = data[8] ?? 0
  const horizontal = HORIZONTAL[first & 7]
  const vertical = VERTICAL[(first >> 4) & 7]
  return {
    ...(horizontal ? { horizontal } : {}),
    ...(vertical ? { vertical } : {}),
    ...((rotation > 0 && rotation <= 180) || rotation === 255 ? { textRotation: rotation } : {}),
    ...(first & 8 ? { wrapText: 1 } : {}),
    ...(third & 15 ? { indent: third & 15 } : {}),
    ...(first & 0x80 ? { justifyLastLine: 1 } : {}),
    ...(third & 16 ? { shrinkToFit: 1 } : {}),
    ...(third >> 6 === 1 || third >> 6 === 2 ? { readingOrder: third >> 6 } : {}),
  }
}

const HORIZONTAL = [
  undefined,
  'left',
  'center',
  'right',
  'fill',
  'justify',
  'centerContinuous',
  'distributed',
]
const VERTICAL = ['top', 'center', undefined, 'justify', 'distributed']
const UNDERLINES: ReadonlyMap<number, string> = new Map([
  [0x01, 'single'],
  [0x02, 'double'],
  [0x21, 'singleAccounting'],
  [0x22, 'doubleAccounting'],
])
const BORDERS = [
  undefined,
  ...`thin medium dashed dotted thick double hair mediumDashed dashDot mediumDashDot dashDotDot
      mediumDashDotDot slantDashDot`.split(/\s+/),
]
const PATTERNS =
  `none solid mediumGray darkGray lightGray darkHorizontal darkVertical darkDown darkUp darkGrid darkTrellis
  lightHorizontal lightVertical lightDown lightUp lightGrid lightTrellis gray125 gray0625`.split(
    /\s+/,
  )
/** Colours 0 to 7, and what 8 to 63 are in a book without a palette of its own. */
const BASIC = '000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF'.split(' ')
const DEFAULT_PALETTE =
  `000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF 800000 008000 000080 808000 800080 008080
  C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080
  0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696
  003366 339966 003300 333300 993300 993366 333399 333333`.split(/\s+/)

const EMPTY_FONT = Uint8Array.of(220, 0, 0, 0, 0xff, 0x7f, 0x90, 1, 0, 0, 0, 0, 0, 0, 0, 0)
const EMPTY_CELL = Uint8Array.of(
  0,
  0,
  0,
  0,
  1,
  0,
  0x20,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0xc0,
  0x20,
)

function long(data: Uint8Array, at: number): number {
  return (shortOf(data, at) | (shortOf(data, at + 2) << 16)) >>> 0
}
