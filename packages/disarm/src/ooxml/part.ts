import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import type { XmlElement, XmlNode, XmlToken } from '../xml/read.ts'
import { readXml } from '../xml/read.ts'
import { XML_HEADER, closeTag, openTag, writeNodes } from '../xml/write.ts'
import { FieldStory } from './fields.ts'
import { filterElement, filterShell } from './filter.ts'
import { chooseBranch } from './markup.ts'
import { IGNORABLE, MARKUP, NAMESPACES, STRICT_PREFIX, WORD } from './namespaces.ts'
import type { Scope } from './scope.ts'
import { isElement, setAttribute } from './scope.ts'
import { knownElement, tablePrefix } from './vocabulary.ts'

/**
 * Rewrites one XML part: reads, filters, writes in the canonical form. Sheets are streamed row by row and letters paragraph
 * by paragraph, so that a million cells do not become a tree of a million objects; paragraphs that a field spans wait for
 * its end. Other parts are one tree.
 *
 * Refuses `OX-CT` when the root is not `root`.
 */
export function rewritePart(
  bytes: Uint8Array,
  root: string,
  scope: Scope,
  context: Context,
): Uint8Array {
  const rewriter = new Rewriter(root, scope)
  let count = 0
  for (const token of readXml(bytes)) {
    if ((++count & 0xfff) === 0) context.checkTime()
    rewriter.take(token)
  }
  return new TextEncoder().encode(rewriter.finish())
}

/** Elements whose children are written one by one instead of being collected first. */
const STREAMED: ReadonlySet<string> = new Set([
  'x:worksheet',
  'x:sheetData',
  'x:sst',
  'x:pivotCacheRecords',
  'w:document',
  'w:body',
])

class Rewriter {
  readonly #root: string
  readonly #scope: Scope
  readonly #prefixes = new UsedPrefixes()
  /** Streamed elements that are open, outermost first. */
  readonly #containers: XmlElement[] = []
  /** Elements of the tree that is being collected. */
  readonly #tree: XmlElement[] = []
  /** Word only: reads fields over paragraphs. */
  #story: FieldStory | undefined
  /** Finished trees that an open field still spans. */
  readonly #waiting: XmlNode[] = []
  #rootElement: XmlElement | undefined
  #body = ''
  #pieces: string[] = []

  constructor(root: string, scope: Scope) {
    this.#root = root
    this.#scope = scope
  }

  take(token: XmlToken): void {
    if (token.kind === 'instruction') this.#scope.drop('OX-DTD')
    else if (token.kind === 'open') this.#open(token.element, token.depth)
    else if (token.kind === 'text') this.#tree[this.#tree.length - 1]?.children.push(token.text)
    else this.#close()
  }

  finish(): string {
    const root = this.#rootElement ?? refuse('OX-CT')
    const body = this.#pieces.join('') + this.#body
    const closing = closeTag(root, this.#prefixes)
    this.#declareIgnorable(root)
    // Names of the root count as used, so ask for them before the list of namespaces is taken.
    openTag(root, this.#prefixes)
    const tag = openTag(root, this.#prefixes, this.#prefixes.used())
    return body === '' ? `${XML_HEADER}${tag}/>` : `${XML_HEADER}${tag}>${body}${closing}`
  }

  #open(element: XmlElement, depth: number): void {
    if (depth === 0) this.#checkRoot(element)
    const key = `${tablePrefix(element.uri) ?? '?'}:${element.local}`
    const inStream = this.#tree.length === 0 && this.#containers.length === depth
    if (inStream && STREAMED.has(key)) this.#openContainer(element, key)
    else {
      this.#tree[this.#tree.length - 1]?.children.push(element)
      this.#tree.push(element)
    }
  }

  #openContainer(element: XmlElement, key: string): void {
    const shell = filterShell(element, key, this.#scope) ?? refuse('OX-CT')
    this.#containers.push(shell)
    if (this.#containers.length === 1) this.#rootElement = shell
    else this.#emit(`${openTag(shell, this.#prefixes)}>`)
  }

  #close(): void {
    const element = this.#tree.pop()
    if (!element) this.#closeContainer()
    else if (this.#tree.length === 0) {
      if (this.#containers.length > 0) this.#emit(writeNodes(this.#take(element), this.#prefixes))
      else this.#closeRoot([...this.#take(element), ...this.#takeRest()])
    }
  }

  #closeContainer(): void {
    this.#emit(writeNodes(this.#takeRest(), this.#prefixes))
    const container = this.#containers.pop()
    if (container && this.#containers.length > 0) this.#emit(closeTag(container, this.#prefixes))
  }

  #closeRoot(nodes: readonly XmlNode[]): void {
    const [root, ...more] = nodes.filter(isElement)
    if (!root || more.length > 0) refuse('OX-CT')
    this.#emit(writeNodes(root.children, this.#prefixes))
    this.#rootElement = { ...root, children: [] }
  }

  /** Filters a collected tree; in a Word part only when no field is open any more, together with what waited. */
  #take(element: XmlElement): readonly XmlNode[] {
    if (!this.#story) return filterElement(element, this.#scope)
    for (const node of resolved(element, this.#scope)) {
      this.#waiting.push(node)
      if (isElement(node)) this.#story.read(node)
    }
    return this.#story.settled ? this.#filterWaiting() : []
  }

  #takeRest(): readonly XmlNode[] {
    this.#story?.end()
    return this.#filterWaiting()
  }

  #filterWaiting(): readonly XmlNode[] {
    const removed = this.#story?.removed
    const nodes = this.#waiting.splice(0).filter((node) => !isElement(node) || !removed?.has(node))
    if (removed && removed.size > 0)
      for (const node of nodes) if (isElement(node)) prune(node, removed)
    return nodes.flatMap((node) => (isElement(node) ? filterElement(node, this.#scope) : [node]))
  }

  #checkRoot(element: XmlElement): void {
    if (element.uri.startsWith(STRICT_PREFIX)) refuse('OX-STRICT')
    if (knownElement(element.uri, element.local) !== this.#root) refuse('OX-CT')
    if (element.uri === WORD) this.#story = new FieldStory(this.#scope)
  }

  /** One long string of small appends stays cheap in pieces. */
  #emit(text: string): void {
    this.#body += text
    if (this.#body.length < PIECE) return
    this.#pieces.push(this.#body)
    this.#body = ''
  }

  #declareIgnorable(root: XmlElement): void {
    const prefixes = [...this.#prefixes.used()].map(([, prefix]) => prefix)
    const ignorable = prefixes.filter((prefix) => IGNORABLE.has(prefix))
    if (ignorable.length > 0) setAttribute(root, 'Ignorable', ignorable.join(' '), MARKUP)
  }
}

const PIECE = 1 << 20

/** Remembers which namespaces were written, to declare exactly those on the root. */
class UsedPrefixes {
  readonly #used = new Set<string>()

  #last = ''

  get(uri: string): string | undefined {
    if (uri !== this.#last) this.#used.add(uri)
    this.#last = uri
    return NAMESPACES.get(uri)
  }

  *used(): Generator<readonly [string, string]> {
    for (const [uri, prefix] of NAMESPACES) if (this.#used.has(uri)) yield [uri, prefix]
  }
}

/** Before fields are read: of two branches only one exists. */
function resolveBranches(element: XmlElement, scope: Scope): void {
  const children: XmlNode[] = []
  for (const child of element.children) children.push(...resolved(child, scope))
  element.children = children
}

function resolved(node: XmlNode, scope: Scope): readonly XmlNode[] {
  if (!isElement(node)) return [node]
  if (node.uri === MARKUP) {
    if (node.local !== 'AlternateContent') return []
    return chooseBranch(node, scope).flatMap((child) => resolved(child, scope))
  }
  resolveBranches(node, scope)
  return [node]
}

function prune(element: XmlElement, removed: ReadonlySet<XmlElement>): void {
  element.children = element.children.filter((child) => !isElement(child) || !removed.has(child))
  for (const child of element.children) if (isElement(child)) prune(child, removed)
}
