import { cleanStyle } from './style.ts'

/** An attribute's value in its one spelling, or `undefined` when it cannot stay. */
type Spelling = (raw: string) => string | undefined

interface Attribute {
  readonly elements: ReadonlySet<string> | 'all'
  readonly spell: Spelling
}

const oneOf =
  (words: string): Spelling =>
  (raw) => {
    const word = raw.trim().toLowerCase()
    return words.split(' ').includes(word) ? word : undefined
  }

const flag: Spelling = () => ''

const whole =
  (least: number, most: number): Spelling =>
  (raw) => {
    const digits = /^\s*([+-]?\d{1,9})\s*$/.exec(raw)?.[1]
    const value = Number(digits)
    return digits !== undefined && value >= least && value <= most ? String(value) : undefined
  }

/** `120`, `50%`; browsers also take `120px` and `33.3%`. */
const extent: Spelling = (raw) => {
  const found = /^\s*(\d{1,5})(?:\.\d{0,8})?\s*(?:px)?(%?)\s*$/i.exec(raw)
  return found ? `${Number(found[1])}${found[2]}` : undefined
}

const colour: Spelling = (raw) => {
  const text = raw.trim().toLowerCase()
  if (/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/.test(text) || /^[a-z]{3,20}$/.test(text)) return text
  return /^[0-9a-f]{6}$/.test(text) ? `#${text}` : undefined
}

const fontSize: Spelling = (raw) => {
  const text = raw.trim()
  return /^[+-]?[1-7]$/.test(text) ? text : undefined
}

const fontFace: Spelling = (raw) => {
  const names = raw.split(',').map((name) =>
    name
      .trim()
      .replace(/^['"@]+|['"]+$/g, '')
      .trim(),
  )
  const fine = names.every((name) => /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._\u30FB-]{0,59}$/u.test(name))
  return fine && names.length <= 20 ? names.join(',') : undefined
}

const classes: Spelling = (raw) => {
  const names = raw
    .split(/[\t\n\f\r ]+/)
    .filter((name) => /^[A-Za-z_-][A-Za-z0-9_-]{0,63}$/.test(name))
  return names.length > 0 ? [...new Set(names)].slice(0, 20).join(' ') : undefined
}

/** What a link inside of the page can lead to. */
const anchor: Spelling = (raw) =>
  /^[^\s"'<>&`\p{C}]{1,200}$/u.test(raw.trim()) ? raw.trim() : undefined

export const language: Spelling = (raw) => {
  const text = raw.trim()
  return /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,4}$/.test(text) ? text : undefined
}

const text: Spelling = (raw) => {
  const clean = raw.replace(/[\t\n\f\r ]+/g, ' ').trim()
  return clean === '' ? undefined : clean.slice(0, 2_000).toWellFormed().trim()
}

const style: Spelling = (raw) => cleanStyle(raw).text || undefined

const FLOW = 'p div h1 h2 h3 h4 h5 h6 hr table caption img tr td th thead tbody tfoot col colgroup'

/** Attributes that may be written, besides `href`, `src` and `alt`, which have rules of their own. The verifier holds this list, too. */
const TABLE: readonly (readonly [names: string, elements: string, spell: Spelling])[] = [
  ['class', 'all', classes],
  ['id', 'all', anchor],
  ['name', 'a', anchor],
  ['lang', 'all', language],
  ['dir', 'all', oneOf('ltr rtl')],
  ['title', 'all', text],
  ['style', 'all', style],
  ['align', FLOW, oneOf('left center right justify top middle bottom')],
  ['valign', 'td th tr thead tbody tfoot col colgroup', oneOf('top middle bottom baseline')],
  ['width', 'table td th col colgroup img hr', extent],
  ['height', 'table tr td th img', extent],
  ['bgcolor', 'body table thead tbody tfoot tr td th', colour],
  ['color', 'font hr', colour],
  ['text', 'body', colour],
  ['face', 'font', fontFace],
  ['size', 'font', fontSize],
  ['size', 'hr', whole(0, 100)],
  ['border', 'table img', whole(0, 100)],
  ['cellpadding', 'table', whole(0, 100)],
  ['cellspacing', 'table', whole(0, 100)],
  ['rules', 'table', oneOf('none groups rows cols all')],
  ['frame', 'table', oneOf('void above below hsides lhs rhs vsides box border')],
  ['colspan', 'td th', whole(1, 999)],
  ['rowspan', 'td th', whole(1, 999)],
  ['span', 'col colgroup', whole(1, 999)],
  ['scope', 'td th', oneOf('row col rowgroup colgroup')],
  ['nowrap', 'td th', flag],
  ['noshade', 'hr', flag],
  ['reversed', 'ol', flag],
  ['open', 'details', flag],
  ['start', 'ol', whole(-99_999, 99_999)],
  ['value', 'li', whole(-99_999, 99_999)],
  ['clear', 'br', oneOf('left right all none')],
]

const LIST_TYPES: Spelling = (raw) => {
  const word = raw.trim()
  if (/^[1aAiI]$/.test(word)) return word
  return oneOf('disc circle square')(word)
}

const ATTRIBUTES: ReadonlyMap<string, readonly Attribute[]> = byName([
  ...TABLE,
  ['type', 'ol ul li', LIST_TYPES],
])

function byName(
  rows: readonly (readonly [string, string, Spelling])[],
): ReadonlyMap<string, readonly Attribute[]> {
  const table = new Map<string, Attribute[]>()
  for (const [name, elements, spell] of rows) {
    const row: Attribute = {
      elements: elements === 'all' ? 'all' : new Set(elements.split(' ')),
      spell,
    }
    table.set(name, [...(table.get(name) ?? []), row])
  }
  return table
}

/** The value as it may be written on this element, or `undefined`. */
export function attributeValue(element: string, name: string, raw: string): string | undefined {
  const row = ATTRIBUTES.get(name)?.find(
    ({ elements }) => elements === 'all' || elements.has(element),
  )
  return row?.spell(raw)
}

/** Attributes that load something as soon as the page is shown, or tell someone of a click. */
const LOADING: ReadonlySet<string> = new Set(
  'background srcset imagesrcset poster ping lowsrc dynsrc longdesc usemap data code codebase archive classid manifest src href'.split(
    ' ',
  ),
)
const SENDING: ReadonlySet<string> = new Set(['action', 'formaction', 'srcdoc', 'download'])

/** Under which rule an attribute that may not stay is reported. */
export function attributeRule(name: string): string {
  if (name.startsWith('on')) return 'H-SCRIPT'
  if (LOADING.has(name)) return 'H-REMOTE'
  return SENDING.has(name) ? 'H-EMBED' : 'H-STYLE'
}
