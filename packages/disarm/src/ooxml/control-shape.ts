import type { XmlElement } from '../xml/read.ts'
import { escapeText, escapeValue } from '../xml/write.ts'
import { judgeFormula } from './formula.ts'
import type { LegacyShape } from './legacy.ts'
import { anchorOf } from './legacy.ts'
import { EXCEL_VML } from './namespaces.ts'
import type { Scope } from './scope.ts'
import { attributeOf, isElement, textOf } from './scope.ts'

/** Form controls: they hold a value or a choice and do nothing. What Excel calls `Edit` or `Dialog` only lives in dialog sheets. */
export const CONTROL_KINDS: ReadonlySet<string> = new Set(
  'Button Checkbox Radio Drop List Spin Scroll Label GBox'.split(' '),
)

/**
 * A form control drawn anew: its place, its caption, its state and the cell it is linked to. A macro that it would start goes,
 * and so does a link to a cell of another book.
 *
 * @returns what gives the shape its number; `undefined` when the control has no place
 */
export function controlShape(
  shape: LegacyShape,
  scope: Pick<Scope, 'book' | 'drop'>,
): ((id: string) => string) | undefined {
  const anchor = shape.data ? anchorOf(shape.data) : undefined
  if (!shape.data || anchor === undefined) {
    scope.drop('OX-VML')
    return undefined
  }
  const data = clientData(shape.data, scope)
  const hidden = /(?:^|;)\s*visibility\s*:\s*hidden/i.test(
    attributeOf(shape.element, 'style') ?? '',
  )
  const filled = isOff(attributeOf(shape.element, 'filled')) ? ' filled="f"' : ''
  const box = shape.element.children.filter(isElement).find(({ local }) => local === 'textbox')
  const button = shape.kind === 'Button' ? ' o:button="t"' : ''
  return (id) =>
    `<v:shape id="${id}" type="#_x0000_t201" style="position:absolute${hidden ? ';visibility:hidden' : ''}"${button}${filled}` +
    ` fillcolor="${shape.kind === 'Button' ? 'buttonFace [67]' : 'window [65]'}" stroked="f" strokecolor="windowText [64]"` +
    ` o:insetmode="auto"><v:path shadowok="t" strokeok="t" fillok="t"/><o:lock v:ext="edit" rotation="t"/>` +
    `${box ? caption(box) : ''}<x:ClientData ObjectType="${shape.kind}"><x:SizeWithCells/><x:Anchor>${anchor}</x:Anchor>` +
    `${data}</x:ClientData></v:shape>`
}

function isOff(value: string | undefined): boolean {
  return value === 'f' || value === 'false' || value === '0'
}

/** What `x:ClientData` may say, in the order it is written: a switch, one of a few words, a number, or a place of this book. */
const FIELDS: readonly (readonly [name: string, value: 'switch' | 'place' | RegExp])[] = [
  ['PrintObject', /^(?:True|False)$/],
  ['AutoFill', /^(?:True|False)$/],
  ['AutoLine', /^(?:True|False)$/],
  ['TextHAlign', /^(?:Left|Center|Right|Justify|Distributed)$/],
  ['TextVAlign', /^(?:Top|Center|Bottom|Justify|Distributed)$/],
  ['LockText', /^(?:True|False)$/],
  ['Checked', /^[0-2]$/],
  ['FmlaLink', 'place'],
  ['FmlaRange', 'place'],
  ['Val', /^-?[0-9]{1,6}$/],
  ['Min', /^-?[0-9]{1,6}$/],
  ['Max', /^-?[0-9]{1,6}$/],
  ['Inc', /^-?[0-9]{1,6}$/],
  ['Page', /^-?[0-9]{1,6}$/],
  ['Horiz', 'switch'],
  ['Dx', /^[0-9]{1,4}$/],
  ['Sel', /^[0-9]{1,6}$/],
  ['SelType', /^(?:Single|Multi|Extend)$/],
  ['LCT', /^Normal$/],
  ['DropStyle', /^(?:Combo|ComboEdit|Simple)$/],
  ['DropLines', /^[0-9]{1,4}$/],
  ['NoThreeD', 'switch'],
  ['NoThreeD2', 'switch'],
  ['FirstButton', 'switch'],
]

function clientData(data: XmlElement, scope: Pick<Scope, 'book' | 'drop'>): string {
  const given = new Map(
    data.children
      .filter(isElement)
      .filter(({ uri }) => uri === EXCEL_VML)
      .map((child) => [child.local, textOf(child).trim()] as const),
  )
  if (given.get('FmlaMacro')) scope.drop('X-MACROATTR')
  return FIELDS.map(([name, form]) => {
    const value = given.get(name)
    if (value === undefined) return ''
    if (form === 'switch') return value === '' || value === 'True' ? `<x:${name}/>` : ''
    if (form === 'place') return placeField(name, value, scope)
    return form.test(value) ? `<x:${name}>${value}</x:${name}>` : ''
  }).join('')
}

/** Characters of a linked place. */
const MAX_PLACE = 1024

function placeField(name: string, place: string, scope: Pick<Scope, 'book' | 'drop'>): string {
  const fault = place.length > MAX_PLACE ? 'X-FORMULA' : judgeFormula(place, scope.book)
  if (fault) scope.drop(fault)
  return fault || place === '' ? '' : `<x:${name}>${escapeText(place)}</x:${name}>`
}

/** The caption: one alignment, and runs of text with a font, a size in twentieths of a point and a colour. */
function caption(box: XmlElement): string {
  const runs: string[] = []
  collectRuns(box, undefined, runs)
  const division = box.children.filter(isElement).find(({ local }) => local === 'div')
  const style = division ? (attributeOf(division, 'style') ?? '') : ''
  const side = /text-align\s*:\s*(left|center|right)/i.exec(style)?.[1]?.toLowerCase() ?? 'left'
  const content = runs.join('')
  const end = content === '' ? '/>' : `>${content}</div>`
  return `<v:textbox style="mso-direction-alt:auto" o:singleclick="f"><div style="text-align:${side}"${end}</v:textbox>`
}

interface Font {
  readonly face: string
  readonly size: string
  readonly color: string
}

const DEFAULT_FONT: Font = { face: 'Arial', size: '160', color: 'auto' }

function collectRuns(element: XmlElement, font: Font | undefined, runs: string[]): void {
  for (const child of element.children) {
    if (typeof child === 'string') pushRun(child, font, runs)
    else if (child.local === 'br') runs.push('<br/>')
    else collectRuns(child, child.local === 'font' ? fontOf(child, font) : font, runs)
  }
}

/** White space that only lays the markup out is none of the caption. */
function pushRun(text: string, font: Font | undefined, runs: string[]): void {
  const words = text.replace(/[\t\r\n]+ */g, ' ').replace(/[\u007F-\u009F]/g, '')
  if (font === undefined && words.trim() === '') return
  const { face, size, color } = font ?? DEFAULT_FONT
  const attributes = `face="${escapeValue(face)}" size="${size}" color="${color}"`
  for (const piece of words.match(PIECE) ?? [])
    runs.push(`<font ${attributes}>${escapeText(piece)}</font>`)
}

const PIECE = /[^]{1,4096}/gu
const FACE = /^[^\\/:;"'<>&(){}\u0000-\u001F]{1,64}$/

function fontOf(element: XmlElement, outer: Font = DEFAULT_FONT): Font {
  const of = (local: string, form: RegExp, other: string) => {
    const value = attributeOf(element, local) ?? ''
    return form.test(value) ? value : other
  }
  return {
    face: of('face', FACE, outer.face),
    size: of('size', /^[1-9][0-9]{0,4}$/, outer.size),
    color: of('color', /^(?:auto|#[0-9A-Fa-f]{6})$/, outer.color),
  }
}
