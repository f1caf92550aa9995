import { refuse } from '../family.ts'
import type { Special } from './element.ts'
import { attributeOf } from './element.ts'
import type { Frame } from './filter.ts'
import { formSpecials } from './form.ts'
import { hiddenSpecials } from './hidden.ts'
import { linkTarget } from './links.ts'
import { pictureSpecials } from './picture-elements.ts'
import { isSetting, isSettingMap, isSettingSet } from './settings.ts'

const ROOTS: ReadonlySet<string> = new Set(['office:document', 'office:document-content'])
const BODY = 'office:body'

/** One body in one root: a second one elsewhere is read by some programs and not by others. */
const root: Special = (element, filter, key) => {
  const parent = filter.parent
  if (!parent) {
    filter.mimetype = attributeOf(element, 'office', 'mimetype') ?? ''
    filter.version = attributeOf(element, 'office', 'version') ?? ''
    return filter.keep(element)
  }
  const nested = key === 'office:document' && parent.key === 'draw:object'
  return nested ? filter.keep(element) : filter.drop('ODF-PKG')
}

const body: Special = (element, filter) => {
  const parent = filter.parent
  if (!parent || !ROOTS.has(parent.key) || parent.filled) return filter.drop('ODF-PKG')
  parent.filled = true
  return filter.keep(element)
}

const bodyKind: Special = (element, filter) => {
  const parent = filter.parent
  if (parent?.key !== BODY || parent.filled) return filter.drop('ODF-PKG')
  parent.filled = true
  if (filter.depth === 2) filter.body = element.local
  return filter.keep(element)
}

const hyperlink: Special = (element, filter) => {
  const href = attributeOf(element, 'xlink', 'href')
  if (href === undefined) return { do: 'unwrap' }
  const target = linkTarget(href, filter.around.rules.links)
  if ('href' in target) return { do: 'keep', attributes: filter.attributes(element, target.href) }
  filter.report(target.rule)
  return { do: 'unwrap' }
}

const imageMapArea: Special = (element, filter, key) => {
  const decision = hyperlink(element, filter, key)
  return decision?.do === 'unwrap' ? { do: 'drop' } : decision
}

/** `..` says that a chart's numbers come from the document around it. */
const chart: Special = (element, filter) => {
  const href = attributeOf(element, 'xlink', 'href')
  const around = href === '..' || href === '.' ? href : undefined
  return { do: 'keep', attributes: filter.attributes(element, around) }
}

const macroContainer: Special = () => ({ do: 'drop-content', rule: 'ODF-MACRO' })
const eventContainer: Special = () => ({ do: 'drop-content', rule: 'ODF-EVENT' })

const meta: Special = (element, filter) => {
  const keeps =
    filter.around.profile.title === 'keep' && ROOTS_OF_META.has(filter.parent?.key ?? '')
  return keeps ? filter.keep(element) : { do: 'drop-content', rule: 'ODF-META' }
}
const ROOTS_OF_META: ReadonlySet<string> = new Set(['office:document', 'office:document-meta'])

const title: Special = (element, filter) => {
  if (filter.parent?.key !== 'office:meta') return filter.drop('ODF-META')
  return {
    do: 'collect',
    attributes: filter.attributes(element),
    done: (text) => {
      if (text.trim() === '') return undefined
      filter.note('OX-META')
      filter.hasTitle = true
      return text
    },
  }
}

/** Who wrote a comment or a change, and when. */
const author: Special = (_element, filter) => {
  const parent = filter.parent?.key
  return parent !== undefined && SIGNED.has(parent) ? undefined : filter.drop('ODF-META')
}

/** The second is how LibreOffice writes a comment on a slide. */
const COMMENTS: ReadonlySet<string> = new Set(['office:annotation', 'officeooo:annotation'])
const SIGNED: ReadonlySet<string> = new Set([...COMMENTS, 'office:change-info'])

const annotation: Special = (_element, filter, key) => {
  if (filter.around.profile.comments === 'remove') return filter.drop('ODF-REV')
  if (COMMENTS.has(key)) filter.note('ODF-REV')
  return undefined
}

const notes: Special = (_element, filter) =>
  filter.around.profile.comments === 'remove' ? { do: 'drop-content', rule: 'P-NOTES' } : undefined

const tracked: Special = (_element, filter) =>
  filter.around.profile.changes === 'accept' ? { do: 'drop-content', rule: 'ODF-REV' } : undefined

const change: Special = (_element, filter, key) => {
  if (filter.around.profile.changes === 'accept') return filter.drop('ODF-REV')
  if (key === 'text:change' || key === 'text:change-start') filter.note('ODF-REV')
  return undefined
}

const tableChange: Special = (_element, filter) => {
  if (filter.parent?.key === 'table:tracked-changes') filter.note('ODF-REV')
  return undefined
}

/** The cache of another document, named by its address. */
const table: Special = (element, filter, key) => {
  const name = attributeOf(element, 'table', 'name') ?? ''
  return name.includes('#') && /:\/\/|file:/i.test(name)
    ? filter.drop('ODF-LINK')
    : hiddenSpecials.get(key)?.(element, filter, key)
}

/** An element that means nothing without the value that was not harmless: a name for nothing, a rule that never applies. */
function needing(prefix: string, local: string): Special {
  return (element, filter) => {
    const decision = filter.keep(element)
    const had = attributeOf(element, prefix, local) !== undefined
    const has = decision.do === 'keep' && decision.attributes.some((one) => one.local === local)
    return had && !has ? { do: 'drop' } : decision
  }
}

/** Cells that one element stands for, filled: more are a bomb, no table. */
const MAX_FILLED = 4_194_304

const cell: Special = (element, filter) => {
  const row = filter.parent
  const repeat = (name: string): number =>
    Math.max(1, Number.parseInt(attributeOf(element, 'table', name) ?? '1', 10) || 1)
  if (attributeOf(element, 'office', 'value-type') !== undefined) {
    if (repeat('number-columns-repeated') * (row?.repeat ?? 1) > MAX_FILLED) refuse('LIMIT-SIZE')
  }
  if (!row?.blank) return undefined
  const plain = element.attributes.filter(({ local }) => /^(?:style-name|number-)/.test(local))
  const attributes = filter.attributes({ ...element, attributes: plain })
  return { do: 'collect', attributes, done: () => '' }
}

const settingSet: Special = (element, filter) => {
  const known = isSettingSet(attributeOf(element, 'config', 'name') ?? '')
  const placed = filter.parent?.key === 'office:settings'
  return known && placed ? filter.keep(element) : filter.drop('ODF-META')
}

const settingMap: Special = (element, filter) => {
  const known = isSettingMap(attributeOf(element, 'config', 'name') ?? '')
  return known ? filter.keep(element) : filter.drop('ODF-META')
}

const setting: Special = (element, filter) => {
  const name = attributeOf(element, 'config', 'name') ?? ''
  const type = attributeOf(element, 'config', 'type') ?? ''
  return {
    do: 'collect',
    attributes: filter.attributes(element),
    done: (text) => {
      if (isSetting(name, type, text)) return text
      filter.report('ODF-META')
      return undefined
    },
  }
}

/** Fields that Word knows and Writer has not: only those that a person fills in. */
const FIELDS =
  /^(?:vnd\.oasis\.opendocument|ecma\.office-open-xml)\.field\.FORM(?:TEXT|CHECKBOX|DROPDOWN|DATE)$/
const FIELD_PARAMETERS =
  /^(?:Checkbox_(?:Checked|Symbol)|Dropdown_(?:ListEntry|Selected)|DropDown_.{1,20}|MaxLength|Name|Type|DateField_.{1,30}|vnd\.oasis\.opendocument\.field\.date\..{1,30})$/

const fieldMark: Special = (element, filter, key) => {
  const known = FIELDS.test(attributeOf(element, 'field', 'type') ?? '')
  if (key === 'field:fieldmark-start') filter.marks.push(known)
  return known ? filter.keep(element) : filter.drop('ODF-LINK')
}

const fieldEnd: Special = (element, filter, key) => {
  const known = key === 'field:fieldmark-end' ? filter.marks.pop() : filter.marks.at(-1)
  return known ? filter.keep(element) : { do: 'drop' }
}

const fieldParameter: Special = (element, filter) =>
  FIELD_PARAMETERS.test(attributeOf(element, 'field', 'name') ?? '')
    ? undefined
    : filter.drop('ODF-PKG')

const row: Special = (element, filter, key) => {
  const repeat = Number.parseInt(attributeOf(element, 'table', 'number-rows-repeated') ?? '1', 10)
  const frame: Partial<Frame> = { repeat: repeat > 1 ? repeat : 1 }
  const hidden = hiddenSpecials.get(key)?.(element, filter, key)
  if (hidden?.do === 'keep') return { ...hidden, frame: { ...hidden.frame, ...frame } }
  return filter.keep(element, frame)
}

/** The elements that are looked at, by `prefix:local`. */
export const SPECIALS: ReadonlyMap<string, Special> = new Map<string, Special>([
  ...hiddenSpecials,
  ...formSpecials,
  ...pictureSpecials,
  ...each('office:document office:document-content office:document-styles', root),
  ...each('office:document-settings office:document-meta', root),
  [BODY, body],
  ...each(
    'office:text office:spreadsheet office:presentation office:drawing office:chart',
    bodyKind,
  ),
  ...each('text:a draw:a', hyperlink),
  ...each('draw:area-circle draw:area-polygon draw:area-rectangle', imageMapArea),
  ['chart:chart', chart],
  ['office:scripts', macroContainer],
  ['office:event-listeners', eventContainer],
  ['office:meta', meta],
  ['dc:title', title],
  ...each('dc:creator dc:date meta:creator-initials meta:date-string', author),
  ['loext:sender-initials', author],
  ...each('office:annotation office:annotation-end officeooo:annotation', annotation),
  ['presentation:notes', notes],
  ...each('text:tracked-changes table:tracked-changes', tracked),
  ...each('text:change text:change-start text:change-end', change),
  ...each('table:cell-content-change table:insertion table:deletion table:movement', tableChange),
  ['table:table', table],
  ['table:table-row', row],
  ...each('table:table-cell table:covered-table-cell', cell),
  ['table:named-expression', needing('table', 'expression')],
  ['table:named-range', needing('table', 'cell-range-address')],
  ['style:map', needing('style', 'condition')],
  ['calcext:condition', needing('calcext', 'value')],
  ['config:config-item-set', settingSet],
  ...each('config:config-item-map-named config:config-item-map-indexed', settingMap),
  ['config:config-item', setting],
  ...each('field:fieldmark field:fieldmark-start', fieldMark),
  ...each('field:fieldmark-separator field:fieldmark-end', fieldEnd),
  ['field:param', fieldParameter],
])

function each(keys: string, special: Special): [string, Special][] {
  return keys.split(' ').map((key) => [key, special])
}
