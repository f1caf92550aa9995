import { action } from './action.ts'
import { destination } from './destination.ts'
import { isDictionary, isReference, name } from './objects.ts'
import type { Dictionary, Slot, Value } from './objects.ts'
import { anyText, copyForm, integer, numbers } from './shape.ts'
import type { Form } from './shape.ts'
import type { Shape, Walk } from './walk.ts'

const MAX_ITEMS = 100_000
const MAX_DEPTH = 64

/** Table 153. The links between items are written by us. */
const ITEM: Form = {
  keys: {
    Title: anyText,
    Dest: destination,
    A: action,
    C: numbers(3),
    F: integer(0, 3),
  },
  required: ['Title'],
}

interface Item {
  readonly slot: Slot
  readonly copy: Dictionary
  readonly open: boolean
  readonly children: Item[]
}

interface Level {
  readonly first: Value | undefined
  readonly into: Item[]
  readonly depth: number
}

/** The bookmarks: read with each item at most once, written as a tree of our own. */
export const outline: Shape = (value, walk) => {
  const items = walk.at('outline', () => readItems(walk.entries(value).get('First'), walk))
  if (items.length === 0) return undefined
  const root: Slot = { value: undefined }
  const entries = new Map<string, Value>([['Type', name('Outlines')]])
  addChildren(entries, items)
  entries.set('Count', visible(items))
  root.value = { kind: 'dictionary', entries }
  writeItems(items, root)
  return { kind: 'link', slot: root }
}

function readItems(first: Value | undefined, walk: Walk): Item[] {
  const top: Item[] = []
  const seen = new Set<number>()
  const waiting: Level[] = [{ first, into: top, depth: 0 }]
  for (let level = waiting.pop(); level; level = waiting.pop()) {
    let at = level.first
    while (isReference(at) && !seen.has(at.number) && seen.size < MAX_ITEMS) {
      seen.add(at.number)
      const source = walk.resolve(at)
      if (!isDictionary(source)) break
      const item = readItem(source, walk)
      const into = item ? item.children : level.into
      if (item) level.into.push(item)
      if (level.depth < MAX_DEPTH) {
        waiting.push({ first: source.entries.get('First'), into, depth: level.depth + 1 })
      }
      at = source.entries.get('Next')
    }
  }
  return top
}

function readItem(source: Dictionary, walk: Walk): Item | undefined {
  const copy = copyForm(source, ITEM, walk)
  const count = walk.resolve(source.entries.get('Count'))
  const open = typeof count === 'number' && count > 0
  return copy && { slot: { value: undefined }, copy, open, children: [] }
}

/** Bottom-up without recursion is not needed: depth is bounded above. */
function visible(items: readonly Item[]): number {
  let count = 0
  for (const item of items) count += 1 + (item.open ? visible(item.children) : 0)
  return count
}

function addChildren(entries: Map<string, Value>, items: readonly Item[]): void {
  const first = items[0]
  const last = items.at(-1)
  if (!first || !last) return
  entries.set('First', { kind: 'link', slot: first.slot })
  entries.set('Last', { kind: 'link', slot: last.slot })
}

function writeItems(items: readonly Item[], parent: Slot): void {
  for (const [i, item] of items.entries()) {
    const entries = new Map(item.copy.entries)
    const before = items[i - 1]
    const after = items[i + 1]
    entries.set('Parent', { kind: 'link', slot: parent })
    if (before) entries.set('Prev', { kind: 'link', slot: before.slot })
    if (after) entries.set('Next', { kind: 'link', slot: after.slot })
    addChildren(entries, item.children)
    if (item.children.length > 0)
      entries.set('Count', item.open ? visible(item.children) : -visible(item.children))
    item.slot.value = { kind: 'dictionary', entries }
    writeItems(item.children, item.slot)
  }
}
