/** A node of a page: an element, or text. */
export type Node = Element | string

/** An element while the tree is built: it can be moved. */
export interface Element {
  /** As it is written. */
  readonly name: string
  /** As the page calls it: `form`, where `div` is written. Nesting rules go by this. */
  readonly source: string
  readonly attributes: Map<string, string>
  children: Node[]
  parent: Element | undefined
  /** Not in the output, with all it holds. */
  readonly dropped: boolean
}

export interface Page {
  readonly body: Element
  readonly lang: string
  readonly title: string
  /** Texts of the style sheets, in order. */
  readonly sheets: readonly string[]
}

export function element(
  name: string,
  attributes: ReadonlyMap<string, string> = new Map(),
  source = name,
  dropped = false,
): Element {
  return { name, source, attributes: new Map(attributes), children: [], parent: undefined, dropped }
}

/** A copy without children. */
export function cloneOf(item: Element): Element {
  return element(item.name, item.attributes, item.source, item.dropped)
}

/** Puts a node at the end, or before a child. Text joins text. */
export function insertNode(parent: Element, node: Node, before?: Element): void {
  if (typeof node !== 'string') node.parent = parent
  const { children } = parent
  const at = before ? children.lastIndexOf(before) : children.length
  const neighbour = children[at - 1]
  if (typeof node === 'string' && typeof neighbour === 'string') children[at - 1] = neighbour + node
  else if (at === children.length) children.push(node)
  else children.splice(at, 0, node)
}

export function detach(item: Element): void {
  const { parent } = item
  if (!parent) return
  const at = parent.children.lastIndexOf(item)
  if (at >= 0) parent.children.splice(at, 1)
  item.parent = undefined
}
