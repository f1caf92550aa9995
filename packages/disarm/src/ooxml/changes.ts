import type { XmlElement, XmlNode } from '../xml/read.ts'
import { WORD } from './namespaces.ts'
import type { Scope } from './scope.ts'
import { isElement } from './scope.ts'

/** Elements that hold what properties were before a change. */
export const PROPERTY_CHANGES: readonly string[] =
  'rPrChange pPrChange sectPrChange tblPrChange tblGridChange tblPrExChange trPrChange tcPrChange numberingChange'.split(
    ' ',
  )

const INSERTED: ReadonlySet<string> = new Set(['ins', 'moveTo'])
const DELETED: ReadonlySet<string> = new Set(['del', 'moveFrom'])
/** Marks without content of their own. */
const MARKS: ReadonlySet<string> = new Set([
  ...PROPERTY_CHANGES,
  ...'moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd cellIns cellMerge'.split(
    ' ',
  ),
])

/**
 * Accepts the tracked changes of a Word part (ECMA-376 part 1 §17.13.5) before anything else looks at it: inserted and moved text
 * stays without its mark, deleted text goes, a deleted row or cell goes whole. Fields are read afterwards, so that a bracket in
 * deleted text opens nothing.
 */
export function acceptChange(element: XmlElement, scope: Scope): readonly XmlNode[] {
  if (element.uri !== WORD) return [element]
  const { local } = element
  if (isDeletedPiece(element) || DELETED.has(local) || MARKS.has(local)) {
    scope.drop('OX-REV')
    return []
  }
  if (!INSERTED.has(local)) return [element]
  scope.drop('OX-REV')
  return element.children
}

/** Where the mark of a deletion stands in the properties of a row or a cell. */
const PIECES: ReadonlyMap<string, readonly [properties: string, mark: string]> = new Map([
  ['tr', ['trPr', 'del']],
  ['tc', ['tcPr', 'cellDel']],
])

function isDeletedPiece(element: XmlElement): boolean {
  const [properties, mark] = PIECES.get(element.local) ?? []
  if (mark === undefined) return false
  return element.children
    .filter(isElement)
    .filter(({ local }) => local === properties)
    .some(({ children }) => children.some((child) => isElement(child) && child.local === mark))
}
