import type { XmlAttribute, XmlElement, XmlNode } from '../xml/read.ts'
import { XML_NAMESPACE } from '../xml/read.ts'
import { isKnownAttribute } from './attributes.ts'
import { DANGERS, REQUIRED, TRACE_ATTRIBUTES, TRACE_ELEMENTS } from './dangers.ts'
import { chartHandlers } from './chart.ts'
import { drawingHandlers } from './drawing.ts'
import { excelHandlers } from './excel.ts'
import { chooseBranch, extensionHandlers } from './markup.ts'
import { MARKUP, RELATIONSHIPS, TRACES, VML } from './namespaces.ts'
import { powerpointHandlers } from './powerpoint.ts'
import type { Handler, Scope } from './scope.ts'
import { isElement } from './scope.ts'
import { knownElement, tablePrefix } from './vocabulary.ts'
import { filterVmlAttributes } from './vml.ts'
import { wordHandlers } from './word.ts'

/**
 * Filters an element with all it holds. What comes back is only what the tables allow; everything else has been reported
 * to the scope. Usually one node, none when it was dropped, several when it was unwrapped.
 */
export function filterElement(element: XmlElement, scope: Scope): readonly XmlNode[] {
  if (element.uri === MARKUP) return filterBranch(element, scope)
  const key = `${tablePrefix(element.uri) ?? '?'}:${element.local}`
  const handled = handlerOf(key)?.(element, scope)
  if (handled) return handled
  if (knownElement(element.uri, element.local) === undefined)
    return dropUnknown(element, key, scope)
  const shell = filterShell(element, key, scope)
  if (!shell) return []
  shell.children = filterNodes(element.children, scope)
  return isComplete(shell, key) ? [shell] : []
}

export function filterNodes(nodes: readonly XmlNode[], scope: Scope): XmlNode[] {
  const kept: XmlNode[] = []
  for (const node of nodes) {
    if (isElement(node)) kept.push(...filterElement(node, scope))
    else kept.push(node)
  }
  return kept
}

/** The element without children, its attributes filtered; `undefined` when what it points to is not written. */
export function filterShell(
  element: XmlElement,
  key: string,
  scope: Scope,
): XmlElement | undefined {
  const source = element.uri === VML ? filterVmlAttributes(element, scope) : element.attributes
  const attributes: XmlAttribute[] = []
  for (const attribute of source) {
    if (attribute.uri === RELATIONSHIPS) {
      const id = followLink(key, attribute, scope)
      if (id === undefined) return undefined
      attributes.push({ ...attribute, value: id })
    } else if (mayWrite(attribute, element, scope)) {
      attributes.push({ ...attribute, value: harmlessValue(attribute, scope) })
    }
  }
  return { uri: element.uri, local: element.local, attributes, children: [] }
}

const HANDLERS: ReadonlyMap<string, Handler> = new Map([
  ...extensionHandlers,
  ...drawingHandlers,
  ...chartHandlers,
  ...powerpointHandlers,
  ...excelHandlers,
  ...wordHandlers,
])

/** What looks at elements of this key before the general rules do. */
export function handlerOf(key: string): Handler | undefined {
  return HANDLERS.get(key)
}

function filterBranch(element: XmlElement, scope: Scope): readonly XmlNode[] {
  if (element.local !== 'AlternateContent') return []
  return filterNodes(chooseBranch(element, scope), scope)
}

function dropUnknown(element: XmlElement, key: string, scope: Scope): readonly XmlNode[] {
  if (TRACES.has(element.uri) || TRACE_ELEMENTS.has(key)) {
    scope.drop('OX-META')
    return []
  }
  const danger = DANGERS.get(key)
  if (danger?.rule !== '') scope.drop(danger?.rule ?? unknownRule(scope))
  return danger?.unwrap ? filterNodes(element.children, scope) : []
}

function unknownRule(scope: Scope): string {
  return scope.kind === 'settings' ? 'W-SETTINGS' : 'OX-MC'
}

/** Relationship kinds that an element's `r:` attribute may name. An element that is not here may name none. */
const LINKS: Readonly<Record<string, readonly string[]>> = {
  'w:headerReference': ['header'],
  'w:footerReference': ['footer'],
  'v:imagedata': ['image'],
  'v:fill': ['image'],
  'c:chart': ['chart'],
  'c:userShapes': ['chartUserShapes'],
  'x:sheet': ['worksheet', 'chartsheet'],
  'x:drawing': ['drawing'],
  'x:picture': ['image'],
  'x:tablePart': ['table'],
  'x:pivotCache': ['pivotCacheDefinition'],
  'x:pivotCacheDefinition': ['pivotCacheRecords'],
  'p:sldId': ['slide'],
  'p:sldMasterId': ['slideMaster'],
  'p:notesMasterId': ['notesMaster'],
  'p:handoutMasterId': ['handoutMaster'],
  'p:sldLayoutId': ['slideLayout'],
}

function followLink(key: string, attribute: XmlAttribute, scope: Scope): string | undefined {
  const kinds = LINKS[key]
  if (kinds) return scope.follow(attribute.value, kinds)
  scope.drop('OX-CT')
  return undefined
}

function mayWrite(attribute: XmlAttribute, element: XmlElement, scope: Scope): boolean {
  const { uri, local } = attribute
  if (uri === XML_NAMESPACE) return local === 'space' || local === 'lang'
  if (uri === MARKUP) return false
  // By its code name a VBA project knows a sheet.
  if (uri === '' && local === 'codeName' && scope.keepsMacros && CODE_NAME.test(attribute.value))
    return true
  if (TRACES.has(uri) || TRACE_ATTRIBUTES.test(local)) {
    scope.drop('OX-META')
    return false
  }
  if (!KNOWN_NAME.test(local)) {
    scope.drop('OX-MC')
    return false
  }
  if (EVENT_ATTRIBUTE.test(local)) {
    if (attribute.value !== '') scope.drop('X-MACROATTR')
    return false
  }
  if (SOURCE_ATTRIBUTES.has(local)) {
    scope.drop('OX-EXTREL')
    return false
  }
  // VML has been judged by its own table.
  if (element.uri === VML) return true
  const prefix = uri === '' ? '' : tablePrefix(uri)
  const owner = tablePrefix(element.uri) ?? ''
  if (prefix !== undefined && isKnownAttribute(owner, prefix, local)) return true
  scope.drop('OX-MC')
  return false
}

const CODE_NAME = /^[\p{L}_][\p{L}\p{N}_]{0,63}$/u
/** Every attribute of the standards is ASCII. */
const KNOWN_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/

/** Attributes that name a macro to run on an event. `on` alone is a plain switch of VML. */
const EVENT_ATTRIBUTE = /^(?:on[A-Za-z]{3,}|macro|fmlaMacro|FmlaMacro)$/

/** Attributes that name something outside, or something that no allowed element has. */
const SOURCE_ATTRIBUTES: ReadonlySet<string> = new Set(
  `href src template dde autoLoad updateAutomatic oleUpdate linkTarget programId progId schemaLocation
   noNamespaceSchemaLocation hyperlinkBase connectionId xmlMapId`.split(/\s+/),
)

/** A value that makes a program reach out (NTLM hash by UNC path) or act is emptied, wherever it stands. */
const REACHING =
  /^[\s"']*(?:\\\\|\/\/|file:|smb:|[a-z]*script:|data:|ms-[a-z-]+:|search:|mhtml:|vnd\.sun\.star)/i

function harmlessValue(attribute: XmlAttribute, scope: Scope): string {
  if (!REACHING.test(attribute.value)) return attribute.value
  scope.drop('OX-UNC')
  return ''
}

function isComplete(element: XmlElement, key: string): boolean {
  const required = REQUIRED.get(key)
  if (!required) return true
  return element.children.some(
    (child) =>
      isElement(child) &&
      (required.size === 0 || required.has(`${tablePrefix(child.uri) ?? ''}:${child.local}`)),
  )
}
