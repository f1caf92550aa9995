import { refuse } from '../family.ts'
import type { XmlElement } from '../xml/read.ts'
import { subjects } from './style.ts'

/** Elements that painting may visit, with everything that is used again and again. */
const MAX_PAINTED = 2_000_000
/** Steps that counting itself may take. */
const MAX_WORK = 50_000_000
/** References one inside the other. */
const MAX_NESTING = 64

/** A reference from an element, or from all elements that a selector is about. */
export interface References {
  readonly byElement: ReadonlyMap<XmlElement, readonly string[]>
  readonly bySelector: readonly { readonly selector: string; readonly names: readonly string[] }[]
}

/**
 * Counts what painting the picture would visit. Ten elements that each use the one before ten times are ten thousand million: a few
 * lines of SVG keep every reader busy for ever. Refuses SVG-XML beyond the ceilings, and for a reference that leads back to itself.
 */
export function checkReuse(root: XmlElement, references: References): void {
  const graph = new Graph(references)
  graph.walk(root)
  if (graph.cost(ROOT, 0) > MAX_PAINTED) refuse('SVG-XML')
}

const ROOT = ''

interface Node {
  /** Elements inside, itself included. */
  elements: number
  /** How often elements inside refer to each name. */
  readonly uses: Map<string, number>
  cost: number
  visiting: boolean
}

class Graph {
  readonly #nodes = new Map<string, Node>()
  readonly #open: Node[] = []
  readonly #references: References
  #work = 0
  readonly #bySubject: ReadonlyMap<string, readonly string[]>

  constructor(references: References) {
    this.#references = references
    this.#bySubject = subjectTable(references)
  }

  walk(root: XmlElement): void {
    this.#enter(root, ROOT)
  }

  #enter(element: XmlElement, name: string | undefined): void {
    const node = name === undefined ? undefined : this.#node(name)
    if (node) this.#open.push(node)
    const uses = this.#usesOf(element)
    // Counting, too, must not be what the attacker wants.
    this.#work += this.#open.length * (1 + uses.length)
    if (this.#work > MAX_WORK) refuse('SVG-XML')
    for (const open of this.#open) {
      open.elements++
      for (const use of uses) open.uses.set(use, (open.uses.get(use) ?? 0) + 1)
    }
    for (const child of element.children) {
      if (typeof child !== 'string') this.#enter(child, attribute(child, 'id'))
    }
    if (node) this.#open.pop()
  }

  /** Of two elements with one name the first counts for readers; here they count together. */
  #node(name: string): Node {
    const known = this.#nodes.get(name)
    if (known) return known
    const node = { elements: 0, uses: new Map<string, number>(), cost: -1, visiting: false }
    this.#nodes.set(name, node)
    return node
  }

  #usesOf(element: XmlElement): readonly string[] {
    const own = this.#references.byElement.get(element) ?? []
    if (this.#bySubject.size === 0) return own
    const classes = (attribute(element, 'class') ?? '').split(' ').map((name) => `.${name}`)
    const id = attribute(element, 'id')
    const keys = ['*', element.local, ...classes, ...(id === undefined ? [] : [`#${id}`])]
    return [...own, ...keys.flatMap((key) => this.#bySubject.get(key) ?? [])]
  }

  cost(name: string, depth: number): number {
    const node = this.#nodes.get(name)
    if (!node) return 0
    if (node.cost >= 0) return node.cost
    if (node.visiting || depth > MAX_NESTING) refuse('SVG-XML')
    node.visiting = true
    let cost = node.elements
    for (const [used, times] of node.uses) cost += times * this.cost(used, depth + 1)
    node.visiting = false
    node.cost = cost
    return cost
  }
}

function subjectTable({ bySelector }: References): Map<string, readonly string[]> {
  const table = new Map<string, string[]>()
  for (const { selector, names } of bySelector) {
    for (const subject of new Set(subjects(selector))) {
      const all = table.get(subject) ?? []
      for (const name of names) all.push(name)
      table.set(subject, all)
    }
  }
  return table
}

function attribute(element: XmlElement, local: string): string | undefined {
  return element.attributes.find(({ uri, local: name }) => uri === '' && name === local)?.value
}
