import type { Context } from '../family.ts'
import { refuse } from '../family.ts'
import type { XmlElement, XmlNode, XmlToken } from '../xml/read.ts'
import { MAX_TREE, XmlReader } from '../xml/read.ts'
import { XML_HEADER, closeTag, openTag, writeNodes } from '../xml/write.ts'
import type { Content } from '../zip/deflate.ts'
import { Deflater } from '../zip/deflate.ts'
import { acceptChange } from './changes.ts'
import { REQUIRED } from './dangers.ts'
import { losesColumns } from './excel.ts'
import { FastLane } from './fast-lane.ts'
import { FieldStory } from './fields.ts'
import { filterElement, filterShell } from './filter.ts'
import { chooseBranch } from './markup.ts'
import { IGNORABLE, MARKUP, NAMESPACES, SHEET, WORD } from './namespaces.ts'
import type { Scope } from './scope.ts'
import { isElement, setAttribute } from './scope.ts'
import { toTransitional, transitionalName } from './strict.ts'
import { TABLES, tagJudge } from './tag-judge.ts'
import { knownElement, tablePrefix } from './vocabulary.ts'

/**
 * Rewrites one XML part: reads, filters, writes in the canonical form. Sheets are streamed row by row and letters paragraph
 * by paragraph, so that a million cells do not become a tree of a million objects; paragraphs that a field spans wait for
 * its end. What is plain passes without becoming a tree at all (`FastLane`). Other parts are one tree.
 *
 * Refuses `OX-CT` when the root is not `root`.
 */
export function rewritePart(
  chunks: Iterable<Uint8Array>,
  root: string,
  scope: Scope,
  context: Context,
  strict = false,
): Content {
  const reader = new XmlReader(chunks, transitionalName)
  const rewriter = new Rewriter(root, scope, reader)
  for (let count = 1; ; count++) {
    if ((count & 0xfff) === 0) context.checkTime()
    // Values of a Strict part are spelled anew one by one.
    if (!strict) rewriter.passPlain()
    const token = reader.next()
    if (!token) return rewriter.finish()
    if (strict && token.kind === 'open') toTransitional(token.element)
    rewriter.take(token)
  }
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

/** Tables are streamed, too, but written only when they hold something. A field cannot leave the cell in which it begins. */
/** Tables in tables in tables … that are streamed; deeper ones are collected. */
const MAX_STREAMED = 26

interface Container {
  readonly shell: XmlElement
  readonly key: string
  opened: boolean
}

class Rewriter {
  readonly #root: string
  readonly #scope: Scope
  readonly #reader: XmlReader
  readonly #prefixes = new UsedPrefixes()
  readonly #out = new Deflater()
  readonly #lane: FastLane
  /** Streamed elements that are open, outermost first. */
  readonly #containers: Container[] = []
  /** Elements of the tree that is being collected. */
  readonly #tree: XmlElement[] = []
  #treeSize = 0
  /** Word only: reads fields over paragraphs. */
  #story: FieldStory | undefined
  /** Finished trees that an open field still spans. */
  readonly #waiting: XmlNode[] = []
  #rootElement: XmlElement | undefined
  #empty = true

  constructor(root: string, scope: Scope, reader: XmlReader) {
    this.#root = root
    this.#scope = scope
    this.#reader = reader
    const judge = tagJudge(reader, scope, this.#prefixes, () => this.#openPending())
    this.#lane = new FastLane(reader, judge, this.#out)
  }

  /** Lets plain children of a streamed element through. */
  passPlain(): void {
    const container = this.#containers[this.#containers.length - 1]
    const between = this.#tree.length === 0 && this.#waiting.length === 0 && this.#reader.between
    if (!container || !between || this.#containers.length !== this.#reader.depth) return
    if (this.#story && !this.#story.settled) return
    if (losesColumns(this.#scope)) return
    this.#lane.run(container.key === 'x:sheetData' && this.#reader.resolves('', SHEET))
  }

  take(token: XmlToken): void {
    if (token.kind === 'instruction') this.#scope.drop('OX-DTD')
    else if (token.kind === 'open') this.#open(token.element, token.depth)
    else if (token.kind === 'text') this.#tree[this.#tree.length - 1]?.children.push(token.text)
    else this.#close()
  }

  finish(): Content {
    const root = this.#rootElement ?? refuse('OX-CT')
    const closing = closeTag(root, this.#prefixes)
    this.#declareIgnorable(root)
    // Names of the root count as used, so ask for them before the list of namespaces is taken.
    openTag(root, this.#prefixes)
    const head = XML_HEADER + openTag(root, this.#prefixes, this.#prefixes.used())
    if (this.#empty) return this.#out.end(`${head}/>`)
    this.#out.text(closing)
    return this.#out.end(`${head}>`)
  }

  #open(element: XmlElement, depth: number): void {
    if (depth === 0) this.#checkRoot(element)
    const key = `${tablePrefix(element.uri) ?? '?'}:${element.local}`
    if (this.#streams(key, depth)) this.#openContainer(element, key)
    else {
      if (++this.#treeSize > MAX_TREE) refuse('OX-XMLDEPTH')
      this.#tree[this.#tree.length - 1]?.children.push(element)
      this.#tree.push(element)
    }
  }

  #streams(key: string, depth: number): boolean {
    if (this.#tree.length > 0 || this.#containers.length !== depth) return false
    if (STREAMED.has(key)) return true
    if (!TABLES.has(key) || this.#containers.length >= MAX_STREAMED) return false
    // A field that spans the table must see it whole, and so must he who looks for deleted rows.
    if (this.#scope.profile.changes === 'accept') return false
    return this.#waiting.length === 0 && this.#story?.settled === true
  }

  #openContainer(element: XmlElement, key: string): void {
    const shell = filterShell(element, key, this.#scope) ?? refuse('OX-CT')
    const first = this.#containers.length === 0
    this.#containers.push({ shell, key, opened: first })
    if (first) this.#rootElement = shell
    else if (STREAMED.has(key)) this.#openPending()
  }

  /** Writes the start tags that were waiting for content. */
  #openPending(): void {
    this.#empty = false
    for (const container of this.#containers) {
      if (container.opened) continue
      container.opened = true
      this.#out.text(`${openTag(container.shell, this.#prefixes)}>`)
    }
  }

  #close(): void {
    const element = this.#tree.pop()
    if (!element) this.#closeContainer()
    else if (this.#tree.length === 0) {
      this.#treeSize = 0
      if (this.#containers.length > 0) this.#emit(writeNodes(this.#take(element), this.#prefixes))
      else this.#closeRoot([...this.#take(element), ...this.#takeRest()])
    }
  }

  #closeContainer(): void {
    this.#emit(writeNodes(this.#takeRest(), this.#prefixes))
    const container = this.#containers.pop()
    if (!container || this.#containers.length === 0) return
    if (container.opened) this.#emit(closeTag(container.shell, this.#prefixes))
    else if (!REQUIRED.has(container.key))
      this.#emit(`${openTag(container.shell, this.#prefixes)}/>`)
  }

  #closeRoot(nodes: readonly XmlNode[]): void {
    const [root, ...more] = nodes.filter(isElement)
    if (!root || more.length > 0) refuse('OX-CT')
    this.#emit(writeNodes([...root.children, ...this.#scope.appendix()], this.#prefixes))
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
    if (knownElement(element.uri, element.local) !== this.#root) refuse('OX-CT')
    if (element.uri === WORD) this.#story = new FieldStory(this.#scope)
  }

  #emit(text: string): void {
    if (text === '') return
    this.#openPending()
    this.#out.text(text)
  }

  #declareIgnorable(root: XmlElement): void {
    const prefixes = [...this.#prefixes.used()].map(([, prefix]) => prefix)
    const ignorable = prefixes.filter((prefix) => IGNORABLE.has(prefix))
    if (ignorable.length > 0) setAttribute(root, 'Ignorable', ignorable.join(' '), MARKUP)
  }
}

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
  if (scope.profile.changes === 'accept') {
    const [first, ...more] = acceptChange(node, scope)
    if (first !== node)
      return [first, ...more].flatMap((one) => (one === undefined ? [] : resolved(one, scope)))
  }
  resolveBranches(node, scope)
  return [node]
}

function prune(element: XmlElement, removed: ReadonlySet<XmlElement>): void {
  element.children = element.children.filter((child) => !isElement(child) || !removed.has(child))
  for (const child of element.children) if (isElement(child)) prune(child, removed)
}
