import { SPECIAL } from './elements.ts'
import type { Element } from './tree.ts'

const MARKER = Symbol('marker')
type Entry = Element | typeof MARKER

/** Hostile pages open a new kind of bold in every paragraph; each would be opened again in all that follow. */
const MAX_ENTRIES = 48

/** The list of active formatting elements (§13.2.4.3): what is bold goes on being bold in the next paragraph. */
export class FormattingList {
  readonly #entries: Entry[] = []

  mark(): void {
    this.#entries.push(MARKER)
  }

  clearToMarker(): void {
    while (this.#entries.length > 0 && this.#entries.pop() !== MARKER);
  }

  /** At most three alike (the “Noah's Ark clause”). */
  push(item: Element): void {
    const alike: number[] = []
    for (let at = this.#entries.length - 1; at >= 0; at--) {
      const entry = this.#entries[at]!
      if (entry === MARKER) break
      if (isAlike(entry, item)) alike.push(at)
    }
    if (alike.length >= 3) this.#entries.splice(alike.at(-1)!, 1)
    if (this.#entries.length >= MAX_ENTRIES) this.#entries.shift()
    this.#entries.push(item)
  }

  /** The last one of this name behind the last marker. */
  find(source: string): Element | undefined {
    for (let at = this.#entries.length - 1; at >= 0; at--) {
      const entry = this.#entries[at]!
      if (entry === MARKER) return undefined
      if (entry.source === source) return entry
    }
    return undefined
  }

  indexOf(item: Element): number {
    return this.#entries.indexOf(item)
  }

  has(item: Element): boolean {
    return this.#entries.includes(item)
  }

  remove(item: Element): void {
    const at = this.#entries.indexOf(item)
    if (at >= 0) this.#entries.splice(at, 1)
  }

  replace(item: Element, by: Element): void {
    const at = this.#entries.indexOf(item)
    if (at >= 0) this.#entries[at] = by
  }

  insert(at: number, item: Element): void {
    this.#entries.splice(Math.max(0, Math.min(at, this.#entries.length)), 0, item)
  }

  /** Those behind the last one that is open or a marker: they are to be opened again, in this order. */
  closed(open: readonly Element[]): readonly Element[] {
    let at = this.#entries.length
    while (at > 0) {
      const entry = this.#entries[at - 1]!
      if (entry === MARKER || open.includes(entry)) break
      at--
    }
    return this.#entries.slice(at) as Element[]
  }
}

function isAlike(a: Element, b: Element): boolean {
  if (a.source !== b.source || a.attributes.size !== b.attributes.size) return false
  return [...a.attributes].every(([name, value]) => b.attributes.get(name) === value)
}

/** First special element above `index` on the stack: what keeps a formatting element from simply closing. */
export function furthestBlock(stack: readonly Element[], index: number): Element | undefined {
  return stack.slice(index + 1).find(({ source }) => SPECIAL.has(source))
}
