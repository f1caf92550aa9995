import type { XmlElement, XmlNode } from '../xml/read.ts'
import { MARKUP } from './namespaces.ts'
import type { Handler, Scope } from './scope.ts'
import { attributeOf, isElement } from './scope.ts'

/**
 * Markup compatibility (ECMA-376 part 3) as one truth: of an `mc:AlternateContent` exactly one branch is written,
 * unwrapped. A `Choice` wins only when it needs nothing but shapes that we write; otherwise the `Fallback`, which is what the
 * author's program drew for everybody else. Hiding a control in the branch that the checker does not read is thereby void.
 */
export function chooseBranch(element: XmlElement, scope: Scope): readonly XmlNode[] {
  const branches = element.children.filter(isElement).filter(({ uri }) => uri === MARKUP)
  const choice = branches.find(
    (branch) => branch.local === 'Choice' && isUnderstood(attributeOf(branch, 'Requires') ?? ''),
  )
  const fallback = branches.find((branch) => branch.local === 'Fallback')
  // A place as a share of the page, or as a length: every program reads the length.
  const chosen =
    fallback && choice?.children.some(isRelativePlace) ? fallback : (choice ?? fallback)
  scope.drop('OX-MC')
  return chosen?.children ?? []
}

function isRelativePlace(node: XmlNode): boolean {
  if (!isElement(node)) return false
  // Word wraps the position as a whole, other writers what stands in it.
  const inner = /^position[HV]$/.test(node.local) ? node.children : [node]
  return inner.some((one) => isElement(one) && /^pctPos[HV]Offset$/.test(one.local))
}

/**
 * `Requires` holds prefixes of the input. They are the author's choice, but every program writes these; a file that
 * binds them to something else merely gets elements that the vocabulary does not know.
 */
const UNDERSTOOD: ReadonlySet<string> = new Set(['wps', 'wpg', 'wpc', 'wp14', 'w14'])

function isUnderstood(requires: string): boolean {
  const prefixes = requires.trim().split(/\s+/)
  return prefixes.every((prefix) => UNDERSTOOD.has(prefix))
}

/** Extensions by URI ([MS-XLSX] 2.2, [MS-ODRAWXML]); everything else in an `extLst` goes. */
const EXTENSIONS: ReadonlySet<string> = new Set([
  // Conditional formatting, its link in a rule, data validation, sparklines.
  '{78C0D931-6437-407d-A8EE-F0AAD7539E65}',
  '{B025F937-C7B1-47D3-B67F-A62EFF666E3E}',
  '{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}',
  '{05C60535-1F16-4fd2-B693-F4F36F0B64E0}',
  // The drawn form of a SmartArt diagram.
  'http://schemas.microsoft.com/office/drawing/2008/diagram',
])

const extension: Handler = (element, scope) => {
  const uri = attributeOf(element, 'uri')
  // In drawings `ext` is also a size; only an extension has a URI.
  if (uri === undefined) return undefined
  if (!EXTENSIONS.has(uri)) {
    scope.drop('OX-MC')
    return []
  }
  const shell = scope.shell(element, 'x:ext')
  if (!shell) return []
  shell.children = scope.filter(element.children).filter(isElement)
  return shell.children.length > 0 ? [shell] : []
}

const extensionList: Handler = (element, scope) => {
  const children = scope.filter(element.children).filter(isElement)
  return children.length > 0 ? [{ ...element, attributes: [], children }] : []
}

export const extensionHandlers: ReadonlyMap<string, Handler> = new Map(
  ['x', 'a', 'p', 'c', 'dgm', 'wps', 'wpg', 'wpc', 'xdr'].flatMap((prefix) => [
    [`${prefix}:ext`, extension] as const,
    [`${prefix}:extLst`, extensionList] as const,
  ]),
)
