import type { XmlElement, XmlNode } from '../xml/read.ts'

/** What a filter may ask about the part it is in. One scope per part. */
export interface Scope {
  /** Kind of this part, e.g. `slide`. */
  readonly kind: string
  readonly book: Book
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
  /** New id of an external hyperlink that the URL policy allows. */
  hyperlink(id: string): string | undefined
  /** New id of a grey picture that stands where a picture cannot be written. */
  placeholder(): string
  /** New id of a picture that was written here from parsed data, e.g. the shapes of cell comments. */
  commentShapes(): string | undefined
}

/** What the formulas of one workbook may name. Empty for Word and PowerPoint, whose charts name a book that is gone. */
export interface Book {
  /** Lower-case names of the sheets that are written. */
  readonly sheets: ReadonlySet<string>
  /** Lower-case defined names that are not written: what uses them keeps its value, not its formula. */
  readonly lostNames: ReadonlySet<string>
  /** Old sheet index → new one; `undefined` when the sheet is gone. */
  sheetIndex(old: number): number | undefined
}

/**
 * Looks at one element before the general rules do. Returns the nodes to write instead (already filtered), or
 * `undefined` to let the general rules go on with the (possibly changed) element.
 */
export type Handler = (element: XmlElement, scope: Scope) => readonly XmlNode[] | undefined

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
