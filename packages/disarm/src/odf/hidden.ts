import type { XmlElement } from '../xml/read.ts'
import type { Filter } from './filter.ts'
import type { Special } from './element.ts'
import { attributeOf } from './element.ts'
import { PREFIXES } from './namespaces.ts'
import type { Tokens } from './tokens.ts'

/**
 * What a reader of the page does not see: sheets, slides and words with a hiding style, sections, folded rows and columns. Kept and
 * reported, or removed, as the profile says. Styles stand before what uses them; those that hide are remembered.
 */
function judge(filter: Filter, hidden: boolean): 'no' | 'kept' | 'gone' {
  if (!hidden) return 'no'
  if (filter.around.profile.hidden === 'remove') {
    filter.report('ODF-HIDDEN')
    return 'gone'
  }
  filter.note('ODF-HIDDEN')
  return 'kept'
}

/** Remembers which style is being read, for the properties inside. */
const style: Special = (element, filter) => {
  const family = attributeOf(element, 'style', 'family') ?? ''
  filter.style = `${family} ${attributeOf(element, 'style', 'name') ?? ''}`
  return undefined
}

function hidingProperties(prefix: string, local: string, value: string): Special {
  return (element, filter) => {
    if (attributeOf(element, prefix, local) === value) filter.hide()
    return undefined
  }
}

/** An element that a style hides. */
function styled(family: string, prefix: string): Special {
  return (element, filter) => {
    const name = attributeOf(element, prefix, 'style-name') ?? ''
    const found = judge(filter, filter.hidden.has(`${family} ${name}`))
    return found === 'gone' ? { do: 'drop' } : undefined
  }
}

const section: Special = (element, filter) => {
  const display = attributeOf(element, 'text', 'display')
  if (display === 'condition') filter.note('ODF-HIDDEN')
  return judge(filter, display === 'none') === 'gone' ? { do: 'drop' } : undefined
}

const hiddenText: Special = (_element, filter) =>
  judge(filter, true) === 'gone' ? { do: 'drop' } : undefined

/** Whether it hides depends on the moment; without it the paragraph would show. */
const hiddenParagraph: Special = (_element, filter) => {
  filter.note('ODF-HIDDEN')
  return undefined
}

function isFolded(element: XmlElement): boolean {
  const visibility = attributeOf(element, 'table', 'visibility')
  return visibility === 'collapse' || visibility === 'filter'
}

/** A hidden row stays as a row, because formulas count rows; its cells are emptied. */
const row: Special = (element, filter) => {
  const found = judge(filter, isFolded(element))
  return found === 'gone' ? filter.keep(element, { blank: true }) : undefined
}

/** Columns are only reported: what is in them stands in rows that show. */
const column: Special = (element, filter) => {
  if (isFolded(element)) filter.note('ODF-HIDDEN')
  return undefined
}

export const hiddenSpecials: ReadonlyMap<string, Special> = new Map<string, Special>([
  ['style:style', style],
  ['style:table-properties', hidingProperties('table', 'display', 'false')],
  ['style:text-properties', hidingProperties('text', 'display', 'none')],
  ['style:drawing-page-properties', hidingProperties('presentation', 'visibility', 'hidden')],
  ['table:table', styled('table', 'table')],
  ['draw:page', styled('drawing-page', 'draw')],
  ['text:span', styled('text', 'text')],
  ['text:p', styled('paragraph', 'text')],
  ['text:h', styled('paragraph', 'text')],
  ['text:section', section],
  ['text:hidden-text', hiddenText],
  ['text:hidden-paragraph', hiddenParagraph],
  ['table:table-row', row],
  ['table:table-column', column],
])

/** Lower-case names of the sheets that will be removed, for formulas that stand before them. */
export function hiddenSheets(tokens: Tokens): ReadonlySet<string> {
  const styles = new Set<string>()
  const sheets = new Set<string>()
  let current = ''
  for (let token = tokens.next(); token; token = tokens.next()) {
    if (token.kind !== 'open') continue
    const { element } = token
    const key = `${PREFIXES.get(element.uri) ?? '?'}:${element.local}`
    if (key === 'style:style') current = attributeOf(element, 'style', 'name') ?? ''
    const hidden = attributeOf(element, 'table', 'display') === 'false'
    if (key === 'style:table-properties' && hidden) styles.add(current)
    if (key === 'table:table' && styles.has(attributeOf(element, 'table', 'style-name') ?? ''))
      sheets.add((attributeOf(element, 'table', 'name') ?? '').toLowerCase())
  }
  return sheets
}
