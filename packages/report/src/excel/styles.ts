import { element } from './markup.ts'

/** Cell formats by their place in the styles part. */
export const STYLE = { header: 1, text: 2, date: 3, number: 4 } as const

/** Era and year as officials write them: 令和8年11月25日. `[$-411]` is the Japanese locale (MS-LCID). */
const ERA_FORMAT = '[$-411]ggge"年"m"月"d"日"'
/** Number format of text: what is typed into such a cell stays as it is typed. */
const TEXT_FORMAT = 49
/** `#,##0` (ECMA-376 part 1 §18.8.30). */
const COUNT_FORMAT = 3
/** The first number that is free for formats of one's own. */
const OWN_FORMAT = 164

/** Fonts, fills, lines and formats: plain, header, text, day, number. Readable in black and white. */
export function stylesPart(): string {
  return element(
    'styleSheet',
    { xmlns: 'http://schemas.openxmlformats.org/spreadsheetml/2006/main' },
    list('numFmts', [element('numFmt', { numFmtId: OWN_FORMAT, formatCode: ERA_FORMAT })]) +
      list('fonts', [font(''), font(element('b', {}))]) +
      list('fills', [
        fill(element('patternFill', { patternType: 'none' })),
        fill(element('patternFill', { patternType: 'gray125' })),
        fill(
          element(
            'patternFill',
            { patternType: 'solid' },
            element('fgColor', { rgb: 'FFE8F1FE' }) + element('bgColor', { indexed: 64 }),
          ),
        ),
      ]) +
      list('borders', [border(''), border('thin')]) +
      list('cellStyleXfs', [element('xf', { numFmtId: 0, fontId: 0, fillId: 0, borderId: 0 })]) +
      list('cellXfs', [
        element('xf', { numFmtId: 0, fontId: 0, fillId: 0, borderId: 0, xfId: 0 }),
        format(TEXT_FORMAT, 1, 2, 'center'),
        format(TEXT_FORMAT, 0, 0, 'top'),
        format(OWN_FORMAT, 0, 0, 'top'),
        format(COUNT_FORMAT, 0, 0, 'top'),
      ]) +
      list('cellStyles', [element('cellStyle', { name: 'Normal', xfId: 0, builtinId: 0 })]),
  )
}

const list = (name: string, items: readonly string[]): string =>
  element(name, { count: items.length }, items.join(''))

const font = (weight: string): string =>
  element(
    'font',
    {},
    weight +
      element('sz', { val: 11 }) +
      element('name', { val: '游ゴシック' }) +
      element('charset', { val: 128 }),
  )

const fill = (pattern: string): string => element('fill', {}, pattern)

function border(style: string): string {
  const sides = ['left', 'right', 'top', 'bottom'].map((side) =>
    style === '' ? element(side, {}) : element(side, { style }, element('color', { auto: 1 })),
  )
  return element('border', {}, sides.join('') + element('diagonal', {}))
}

function format(numFmtId: number, fontId: number, fillId: number, vertical: string): string {
  return element(
    'xf',
    {
      numFmtId,
      fontId,
      fillId,
      borderId: 1,
      xfId: 0,
      applyNumberFormat: 1,
      applyFont: 1,
      applyFill: 1,
      applyBorder: 1,
      applyAlignment: 1,
    },
    element('alignment', { vertical, wrapText: 1 }),
  )
}
