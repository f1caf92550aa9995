import type { XmlElement } from '../xml/read.ts'
import { PROPERTY_CHANGES } from './changes.ts'
import { judgeInstruction } from './fields.ts'
import { OFFICE, RELATIONSHIPS, WORD } from './namespaces.ts'
import type { Handler } from './scope.ts'
import { attributeOf, isElement, removeAttribute, setAttribute } from './scope.ts'

/** WordprocessingML (ECMA-376 part 1 §17). Bracketed fields are settled before, by `settleFields`. */

const simpleField: Handler = (element, scope) => {
  const judged = judgeInstruction(attributeOf(element, 'instr', WORD) ?? '', scope.profile.links)
  if ('fault' in judged) {
    scope.drop(judged.fault)
    return scope.filter(element.children)
  }
  setAttribute(element, 'instr', judged.write, WORD)
  return undefined
}

/** Attributes of `w:hyperlink` that only place or explain. `tgtFrame` and `docLocation` choose where another file opens. */
const LINK_ATTRIBUTES: ReadonlySet<string> = new Set(['anchor', 'history', 'tooltip'])

const hyperlink: Handler = (element, scope) => {
  const old = attributeOf(element, 'id', RELATIONSHIPS)
  const id = old === undefined ? undefined : scope.hyperlink(old)
  const anchor = attributeOf(element, 'anchor', WORD)
  const children = scope.filter(element.children)
  if (id === undefined && anchor === undefined) return children
  const attributes = element.attributes.filter(
    ({ uri, local }) => uri === WORD && LINK_ATTRIBUTES.has(local),
  )
  if (id !== undefined) attributes.push({ uri: RELATIONSHIPS, local: 'id', value: id })
  return [{ ...element, attributes, children }]
}

/** An embedded object becomes the picture it showed. */
const embeddedObject: Handler = (element, scope) => {
  for (const child of element.children) {
    if (!isElement(child) || child.uri !== OFFICE || child.local !== 'OLEObject') continue
    scope.drop(attributeOf(child, 'Type') === 'Link' ? 'OX-OLELINK' : 'OX-OLE')
    element.children = element.children.filter((one) => one !== child)
  }
  const children = scope.filter(element.children)
  if (!children.some(isElement)) return []
  return [{ uri: WORD, local: 'pict', attributes: [], children }]
}

const revision: Handler = (_element, scope) => {
  scope.keep('OX-REV')
  return undefined
}

const hiddenText: Handler = (element, scope) => {
  if (scope.kind !== 'styles' && isOn(element)) scope.keep('OX-HIDDEN')
  return undefined
}

/** ECMA-376 part 1 §22.9.2.7. */
function isOn(element: XmlElement): boolean {
  return !/^(?:0|false|off)$/.test(attributeOf(element, 'val', WORD) ?? '1')
}

/** A run of hidden text goes when the town wants it so. */
const run: Handler = (element, scope) => {
  if (scope.profile.hidden === 'keep') return undefined
  const properties = element.children.filter(isElement).find(({ local }) => local === 'rPr')
  const hidden = properties?.children.filter(isElement).some(isHiding) ?? false
  if (!hidden) return undefined
  scope.drop('OX-HIDDEN')
  return []
}

function isHiding(element: XmlElement): boolean {
  return element.uri === WORD && HIDING.has(element.local) && isOn(element)
}

const HIDING: ReadonlySet<string> = new Set(['vanish', 'specVanish'])

/** Tables, rows and cells hold elements only; text between them is the layout of the markup. */
const tablePart: Handler = (element) => {
  element.children = element.children.filter(isElement)
  return undefined
}

/** Where a comment stands; without its comment it is nothing. */
const commentMark: Handler = (_element, scope) =>
  scope.profile.comments === 'remove' ? [] : undefined

const protection: Handler = (_element, scope) => {
  scope.keep('OX-PROT')
  return undefined
}

/** `w:paperSrc` names printer trays by number: kept. A font entry may not carry the font itself. */
const font: Handler = (element, scope) => {
  element.children = element.children.filter((child) => {
    const embedded = isElement(child) && child.local.startsWith('embed')
    if (embedded) scope.drop('OX-FONT')
    return !embedded
  })
  return undefined
}

/** The background colour; a picture behind it would come through VML and is filtered there. */
const background: Handler = (element) => {
  removeAttribute(element, 'id', RELATIONSHIPS)
  return undefined
}

export const wordHandlers: ReadonlyMap<string, Handler> = new Map([
  ['w:fldSimple', simpleField],
  ['w:hyperlink', hyperlink],
  ['w:object', embeddedObject],
  ['w:ins', revision],
  ['w:del', revision],
  ['w:moveFrom', revision],
  ['w:moveTo', revision],
  ['w:comment', revision],
  ...PROPERTY_CHANGES.map((local) => [`w:${local}`, revision] as const),
  ['w:r', run],
  ['w:tbl', tablePart],
  ['w:tr', tablePart],
  ['w:tc', tablePart],
  ['w:commentRangeStart', commentMark],
  ['w:commentRangeEnd', commentMark],
  ['w:commentReference', commentMark],
  ['w:vanish', hiddenText],
  ['w:specVanish', hiddenText],
  ['w:documentProtection', protection],
  ['w:writeProtection', protection],
  ['w:font', font],
  ['w:background', background],
])
