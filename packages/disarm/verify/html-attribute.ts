import { isStyle } from './html-style.ts'
import { isLanguage, isPlainText } from './html-value.ts'
import { urlAllowed } from './url.ts'

type Check = (value: string) => boolean

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value)
const words = (list: string): Check => {
  const all = new Set(list.split(' '))
  return (value) => all.has(value)
}
const between =
  (least: number, most: number): Check =>
  (value) =>
    /^(?:0|-?[1-9]\d{0,5})$/u.test(value) && Number(value) >= least && Number(value) <= most

const COLOUR = matches(/^(?:#(?:[0-9a-f]{3}|[0-9a-f]{6})|[a-z]{3,20})$/u)
const EXTENT = matches(/^(?:0|[1-9]\d{0,4})%?$/u)
const FACE = /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._\u30FB-]{0,59}$/u
const CLASS = /^[A-Za-z_-][A-Za-z0-9_-]{0,63}$/u
const FLAG: Check = (value) => value === ''
const BOXES = 'table tr td th img'
const ROWS = 'table thead tbody tfoot tr td th'

function isFaces(value: string): boolean {
  const names = value.split(',')
  return names.length <= 20 && names.every((name) => FACE.test(name) && name === name.trim())
}

function isClasses(value: string): boolean {
  const names = value.split(' ')
  return (
    names.length <= 20 &&
    new Set(names).size === names.length &&
    names.every((name) => CLASS.test(name))
  )
}

function isCaption(value: string): boolean {
  const tidy = value === value.trim() && value !== '' && value.length <= 2000
  return tidy && !/[\t\n\f]| {2}/u.test(value) && isPlainText(value)
}

const GLOBAL: ReadonlyMap<string, Check> = new Map<string, Check>([
  ['class', isClasses],
  ['id', matches(/^[^\s"'<>&`\p{C}]{1,200}$/u)],
  ['lang', isLanguage],
  ['dir', words('ltr rtl')],
  ['title', isCaption],
  ['style', isStyle],
])

/** name, elements, check. */
const OWN: readonly (readonly [string, string, Check])[] = [
  ['href', 'a', urlAllowed],
  ['name', 'a', matches(/^[^\s"'<>&`\p{C}]{1,200}$/u)],
  ['alt', 'img', (value) => value === value.trim() && isPlainText(value)],
  [
    'align',
    `p div h1 h2 h3 h4 h5 h6 hr caption img col colgroup ${ROWS}`,
    words('left center right justify top middle bottom'),
  ],
  ['valign', 'td th tr thead tbody tfoot col colgroup', words('top middle bottom baseline')],
  ['width', 'table td th col colgroup img hr', EXTENT],
  ['height', BOXES, EXTENT],
  ['bgcolor', `body ${ROWS}`, COLOUR],
  ['text', 'body', COLOUR],
  ['color', 'font hr', COLOUR],
  ['face', 'font', isFaces],
  ['size', 'font', matches(/^[+-]?[1-7]$/u)],
  ['size', 'hr', between(0, 100)],
  ['border', 'table img', between(0, 100)],
  ['cellpadding', 'table', between(0, 100)],
  ['cellspacing', 'table', between(0, 100)],
  ['rules', 'table', words('none groups rows cols all')],
  ['frame', 'table', words('void above below hsides lhs rhs vsides box border')],
  ['colspan', 'td th', between(1, 999)],
  ['rowspan', 'td th', between(1, 999)],
  ['span', 'col colgroup', between(1, 999)],
  ['scope', 'td th', words('row col rowgroup colgroup')],
  ['nowrap', 'td th', FLAG],
  ['noshade', 'hr', FLAG],
  ['reversed', 'ol', FLAG],
  ['open', 'details', FLAG],
  ['start', 'ol', between(-99_999, 99_999)],
  ['value', 'li', between(-99_999, 99_999)],
  ['clear', 'br', words('left right all none')],
  ['type', 'ol ul li', words('1 a A i I disc circle square')],
]

const BY_ELEMENT: ReadonlyMap<string, Check> = new Map(
  OWN.flatMap(([name, elements, check]) =>
    elements.split(' ').map((element) => [`${element} ${name}`, check] as const),
  ),
)

/** Whether an element may have this attribute with this value. `src` of a picture is judged elsewhere. */
export function isAttribute(element: string, name: string, value: string): boolean {
  const check = GLOBAL.get(name) ?? BY_ELEMENT.get(`${element} ${name}`)
  return check !== undefined && check(value)
}
