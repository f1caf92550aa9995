import type { Profile } from '../profile.ts'
import type { XmlElement, XmlNode } from '../xml/read.ts'
import type { Relationship } from './package.ts'

/** What a filter may ask about the part it is in. One scope per part. */
export interface Scope {
  /** Kind of this part, e.g. `slide`. */
  readonly kind: string
  readonly book: Book
  readonly keepsMacros: boolean
  /** What the town wants done with the harmless but unwanted. */
  readonly profile: Profile
  /** The general rules, for a handler that filters what an element holds. */
  filter(nodes: readonly XmlNode[]): XmlNode[]
  /** The element without children, attributes filtered; `undefined` when what it points to is not written. */
  shell(element: XmlElement, key: string): XmlElement | undefined
  /** Reports something that is not written. */
  drop(rule: string, count?: number): void
  /** Reports something that is written but worth knowing. */
  keep(rule: string, count?: number): void
  /** New id of an internal relationship of one of `kinds`; `undefined` when the target is not written. */
  follow(id: string, kinds: readonly string[]): string | undefined
  /** New id by which the part that shows this diagram names its drawn form; `undefined` when that is not written. */
  drawnForm(id: string): string | undefined
  /** New id of an external hyperlink that the URL policy allows. */
  hyperlink(id: string): string | undefined
  /** Leaves out what a relationship leads to, with a reason of its own. */
  forget(id: string, rule: string): void
  /** New id of a grey picture that stands where a picture cannot be written. */
  placeholder(): string
  /** New id of the comment boxes and form controls of a sheet, drawn anew. */
  sheetShapes(): string | undefined
  /** New id of a drawing that shows the previews of embedded objects; `undefined` when the sheet has a drawing, or no preview. */
  sheetPictures(): string | undefined
  /** New id of the pictures in the headers of a sheet, placed anew. */
  headerShapes(): string | undefined
  /** New id of a picture that another part of the input names; the grey one when it cannot be written. */
  picture(relationship: Relationship | undefined): string
  /** New id of the picture that a VML shape of this part showed. */
  legacyPicture(shape: string): string | undefined
  /** What a drawing shows besides its own shapes. */
  appendix(): readonly XmlElement[]
}

/** What the formulas of one workbook may name. Empty for Word and PowerPoint, whose charts name a book that is gone. */
export interface Book {
  /** Lower-case names of the sheets that are written. */
  readonly sheets: ReadonlySet<string>
  /** Lower-case defined names that are not written: what uses them keeps its value, not its formula. */
  readonly lostNames: ReadonlySet<string>
  /** Dates are counted from 1904-01-01. */
  readonly from1904: boolean
  /** Hidden sheets are not written. */
  readonly losesHidden: boolean
  /** Old sheet index → new one; `undefined` when the sheet is gone. */
  sheetIndex(old: number): number | undefined
}

/**
 * Looks at one element before the general rules do. Returns the nodes to write instead (already filtered), or
 * `undefined` to let the general rules go on with the (possibly changed) element.
 */
export type Handler = (element: XmlElement, scope: Scope) => readonly XmlNode[] | undefined

/** A new element with attributes without namespace. */
export function elementOf(
  uri: string,
  local: string,
  attributes: Readonly<Record<string, string>> = {},
  children: XmlNode[] = [],
): XmlElement {
  const rows = Object.entries(attributes).map(([name, value]) => ({ uri: '', local: name, value }))
  return { uri, local, attributes: rows, children }
}

export function attributeOf(element: XmlElement, local: string, uri = ''): string | undefined {
  return element.attributes.find((one) => one.local === local && one.uri === uri)?.value
}

export function removeAttribute(element: XmlElement, local: string, uri = ''): boolean {
  const before = element.attributes.length
  element.attributes = element.attributes.filter((one) => one.local !== local || one.uri !== uri)
  return element.attributes.length < before
}

export function setAttribute(element: XmlElement, local: string, value: string, uri = ''): void {
  const found = element.attributes.find((one) => one.local === local && one.uri === uri)
  if (found) found.value = value
  else element.attributes.push({ uri, local, value })
}

export function isElement(node: XmlNode): node is XmlElement {
  return typeof node !== 'string'
}

/** All text below an element. */
export function textOf(element: XmlElement): string {
  let text = ''
  for (const child of element.children) text += isElement(child) ? textOf(child) : child
  return text
}
