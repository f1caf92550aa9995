import { judgeInstruction } from './fields.ts'
import { OFFICE, RELATIONSHIPS, WORD } from './namespaces.ts'
import type { Handler } from './scope.ts'
import { attributeOf, isElement, removeAttribute, setAttribute } from './scope.ts'

/** WordprocessingML (ECMA-376 part 1 §17). Bracketed fields are settled before, by `settleFields`. */

const simpleField: Handler = (element, scope) => {
  const judged = judgeInstruction(attributeOf(element, 'instr', WORD) ?? '')
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
  const value = attributeOf(element, 'val', WORD) ?? '1'
  if (scope.kind !== 'styles' && !/^(?:0|false|off)$/.test(value)) scope.keep('OX-HIDDEN')
  return undefined
}

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
  ['w:vanish', hiddenText],
  ['w:specVanish', hiddenText],
  ['w:documentProtection', protection],
  ['w:writeProtection', protection],
  ['w:font', font],
  ['w:background', background],
])
