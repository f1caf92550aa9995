import { refuse } from '../family.ts'
import {
  HEADINGS,
  IMPLIED_END,
  SCOPE_BARRIER,
  SPECIAL,
  TABLE_PARTS,
  TABLE_STRUCTURE,
} from './elements.ts'
import { FormattingList, furthestBlock } from './formatting.ts'
import { cloneOf, detach, insertNode } from './tree.ts'
import type { Element, Node } from './tree.ts'

/** Browsers stop at 512; a page for people has some 30. */
export const MAX_DEPTH = 160

/** The stack of open elements (§13.2.4.2) with what can be done to it. Names are those of the page (`source`). */
export class OpenElements {
  readonly root: Element
  readonly formatting = new FormattingList()
  /** Text and elements that may not stand directly in a table go before it. */
  foster = false
  /** Elements beyond the depth, which hold nothing: what follows them stands beside them. */
  overflowed = 0
  readonly #stack: Element[]
  readonly #maxNodes: number
  #nodes = 0

  constructor(root: Element, maxNodes: number) {
    this.root = root
    this.#stack = [root]
    this.#maxNodes = maxNodes
  }

  get current(): Element {
    return this.#stack.at(-1)!
  }

  has(source: string): boolean {
    return this.#stack.some((item) => item.source === source)
  }

  above(item: Element): readonly Element[] {
    return this.#stack.slice(this.#stack.indexOf(item) + 1)
  }

  insert(item: Element, isVoid: boolean): Element {
    if (++this.#nodes > this.#maxNodes) refuse('H-SIZE')
    this.#put(item)
    if (isVoid) return item
    const room = item.source === 'table' ? MAX_DEPTH - 4 : MAX_DEPTH
    // A table that was let in gets its rows, or its mode and its stack would part.
    if (TABLE_STRUCTURE.has(item.source) || this.#stack.length < room) this.#stack.push(item)
    else this.overflowed++
    return item
  }

  text(data: string): void {
    if (++this.#nodes > this.#maxNodes) refuse('H-SIZE')
    this.#put(data)
  }

  #put(node: Node, target = this.current): void {
    if (!this.foster || !TABLE_PARTS.has(target.source)) return insertNode(target, node)
    const at = this.#stack.findLastIndex(({ source }) => source === 'table')
    const table = this.#stack[at]
    if (!table) return insertNode(this.root, node)
    if (table.parent) insertNode(table.parent, node, table)
    else insertNode(this.#stack[at - 1] ?? this.root, node)
  }

  pop(): void {
    if (this.#stack.length > 1) this.#stack.pop()
  }

  popTo(item: Element): void {
    const at = this.#stack.indexOf(item)
    if (at > 0) this.#stack.length = at
  }

  popThrough(source: string): void {
    const at = this.#stack.findLastIndex((item) => item.source === source)
    if (at > 0) this.#stack.length = at
  }

  /** Pops down to one of these, which stays. */
  clearTo(sources: readonly string[]): void {
    while (this.#stack.length > 1 && !sources.includes(this.current.source)) this.#stack.pop()
  }

  takeOut(item: Element): void {
    const at = this.#stack.indexOf(item)
    if (at > 0) this.#stack.splice(at, 1)
  }

  inScope(source: string, extra: readonly string[] = []): boolean {
    for (let at = this.#stack.length - 1; at > 0; at--) {
      const item = this.#stack[at]!
      if (item.source === source) return true
      if (SCOPE_BARRIER.has(item.source) || extra.includes(item.source)) return false
    }
    return false
  }

  inTableScope(sources: readonly string[]): boolean {
    for (let at = this.#stack.length - 1; at > 0; at--) {
      const { source } = this.#stack[at]!
      if (sources.includes(source)) return true
      if (source === 'table' || source === 'template') return false
    }
    return false
  }

  /** What the innermost element that has one says. */
  modeOf<T>(modes: Readonly<Record<string, T>>): T | undefined {
    for (let at = this.#stack.length - 1; at > 0; at--) {
      const { source } = this.#stack[at]!
      if (Object.hasOwn(modes, source)) return modes[source]
    }
    return undefined
  }

  impliedEnd(except = ''): void {
    while (IMPLIED_END.has(this.current.source) && this.current.source !== except) this.pop()
  }

  closeParagraph(): void {
    if (!this.inScope('p')) return
    this.impliedEnd('p')
    this.popThrough('p')
  }

  /** Stricter than the standard: a heading never holds a heading, so that what is written reads one way only. */
  closeHeading(): void {
    for (let at = this.#stack.length - 1; at > 0; at--) {
      const { source } = this.#stack[at]!
      if (SCOPE_BARRIER.has(source)) return
      if (!HEADINGS.has(source)) continue
      this.#stack.length = at
      return
    }
  }

  /** `<li>` closes an open `li` unless a list or another block stands between. */
  closeItem(sources: readonly string[]): void {
    for (let at = this.#stack.length - 1; at > 0; at--) {
      const { source } = this.#stack[at]!
      if (sources.includes(source)) {
        this.#stack.length = at
        return
      }
      if (SPECIAL.has(source) && source !== 'address' && source !== 'div' && source !== 'p') return
    }
  }

  endBlock(source: string): void {
    const extra = source === 'li' ? ['ol', 'ul', 'menu', 'dir'] : []
    if (!this.inScope(source, extra)) return
    this.impliedEnd(source)
    this.popThrough(source)
  }

  /** A form is taken out from between the others (§13.2.6.4.7). */
  endForm(): void {
    const form = this.#stack.findLast(({ source }) => source === 'form')
    if (!form || !this.inScope('form')) return
    this.impliedEnd()
    this.takeOut(form)
  }

  endOther(source: string): void {
    for (let at = this.#stack.length - 1; at > 0; at--) {
      const item = this.#stack[at]!
      if (item.source === source) {
        this.impliedEnd(source)
        this.#stack.length = Math.min(at, this.#stack.length)
        return
      }
      if (SPECIAL.has(item.source)) return
    }
  }

  reconstruct(): void {
    for (const item of this.formatting.closed(this.#stack)) {
      const copy = cloneOf(item)
      this.formatting.replace(item, copy)
      this.insert(copy, false)
    }
  }

  /** One round of the adoption agency algorithm (§13.2.6.4.7), for `<b>1<p>2</b>3</p>`. */
  adopt(source: string): 'again' | 'done' | 'other' {
    const { formatting } = this
    const { current } = this
    if (current.source === source && !formatting.has(current)) {
      this.pop()
      return 'done'
    }
    const item = formatting.find(source)
    if (!item) return 'other'
    const index = this.#stack.indexOf(item)
    if (index < 0) {
      formatting.remove(item)
      return 'done'
    }
    if (!this.inScope(source)) return 'done'
    const block = furthestBlock(this.#stack, index)
    if (block) {
      this.#move(item, index, block)
      return 'again'
    }
    this.#stack.length = index
    formatting.remove(item)
    return 'done'
  }

  #move(item: Element, index: number, block: Element): void {
    const { formatting } = this
    const ancestor = this.#stack[index - 1] ?? this.root
    let bookmark = formatting.indexOf(item)
    let last = block
    let inner = 0
    for (let at = this.#stack.indexOf(block) - 1; at > index; at--) {
      const node = this.#stack[at]!
      if (++inner > 3 && formatting.has(node)) {
        if (formatting.indexOf(node) < bookmark) bookmark--
        formatting.remove(node)
      }
      if (!formatting.has(node)) {
        this.#stack.splice(at, 1)
        continue
      }
      const copy = cloneOf(node)
      formatting.replace(node, copy)
      this.#stack[at] = copy
      if (last === block) bookmark = formatting.indexOf(copy) + 1
      detach(last)
      insertNode(copy, last)
      last = copy
    }
    detach(last)
    const { foster } = this
    this.foster = true
    this.#put(last, ancestor)
    this.foster = foster
    this.#wrap(item, block, bookmark)
  }

  #wrap(item: Element, block: Element, bookmark: number): void {
    const { formatting } = this
    const copy = cloneOf(item)
    copy.children = block.children
    for (const child of copy.children) if (typeof child !== 'string') child.parent = copy
    block.children = []
    insertNode(block, copy)
    if (++this.#nodes > this.#maxNodes) refuse('H-SIZE')
    const place = formatting.indexOf(item) < bookmark ? bookmark - 1 : bookmark
    formatting.remove(item)
    formatting.insert(place, copy)
    this.takeOut(item)
    this.#stack.splice(this.#stack.indexOf(block) + 1, 0, copy)
  }
}
