import { isDictionary, isList, isName, isReference, isText, latin1, list, name } from './objects.ts'
import type { List, Value } from './objects.ts'
import { anyNumber } from './shape.ts'
import type { Shape, Walk } from './walk.ts'

/** Kinds of view and how many numbers each has (ISO 32000-1, table 151). */
const VIEWS: ReadonlyMap<string, number> = new Map([
  ['XYZ', 3],
  ['Fit', 0],
  ['FitH', 1],
  ['FitV', 1],
  ['FitR', 4],
  ['FitB', 0],
  ['FitBH', 1],
  ['FitBV', 1],
])

const MAX_NAMES = 200_000
const MAX_TREE_DEPTH = 32

/**
 * A place in this document as an array `[page /XYZ …]`. Names are looked up and replaced by what they name, so the output has no name tree. A
 * page that is not in the output gives nothing.
 */
export const destination: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (isList(found)) return explicit(found, walk)
  const named = isName(found) ? found.value : isText(found) ? latin1(found.bytes) : undefined
  if (named === undefined) return undefined
  const target = walk.resolve(walk.named(readNames).get(named))
  const array = isDictionary(target) ? walk.resolve(target.entries.get('D')) : target
  return isList(array) ? explicit(array, walk) : undefined
}

function explicit(array: List, walk: Walk): Value | undefined {
  const slot = pageSlot(array.items[0], walk)
  const view = walk.resolve(array.items[1])
  const kind = isName(view) && VIEWS.has(view.value) ? view.value : 'Fit'
  if (!slot) return undefined
  const count = VIEWS.get(kind) as number
  const numbers: Value[] = []
  for (let i = 0; i < count; i += 1) numbers.push(anyNumber(array.items[2 + i], walk) ?? null)
  return list([{ kind: 'link', slot }, name(kind), ...numbers])
}

/** By reference; some producers write the page's index instead. */
function pageSlot(value: Value | undefined, walk: Walk) {
  if (isReference(value)) return walk.pages.get(value.number)
  return typeof value === 'number' ? walk.pageList[value] : undefined
}

/** The old dictionary of the catalog and the name tree (7.7.4, 12.3.2.3), flattened. */
function readNames(walk: Walk): Map<string, Value> {
  const names = new Map<string, Value>()
  const catalog = walk.entries(walk.file.trailer.entries.get('Root'))
  for (const [key, value] of walk.entries(catalog.get('Dests'))) names.set(key, value)
  const tree = walk.entries(catalog.get('Names')).get('Dests')
  for (const [key, value] of leaves(tree, 'Names', walk)) {
    if (isText(key)) names.set(latin1(key.bytes), value)
  }
  return names
}

interface Branch {
  readonly value: Value
  readonly depth: number
}

/** The pairs of a name or number tree, in order, without recursion; each node once. */
export function leaves(
  root: Value | undefined,
  key: 'Names' | 'Nums',
  walk: Walk,
): [Value, Value][] {
  const pairs: [Value, Value][] = []
  const seen = new Set<number>()
  const waiting: Branch[] = [{ value: root ?? null, depth: 0 }]
  for (let branch = waiting.pop(); branch; branch = waiting.pop()) {
    if (isReference(branch.value) && seen.has(branch.value.number)) continue
    if (isReference(branch.value)) seen.add(branch.value.number)
    const entries = walk.entries(branch.value)
    takePairs(pairs, walk.resolve(entries.get(key)), walk)
    const kids = walk.resolve(entries.get('Kids'))
    if (!isList(kids) || branch.depth > MAX_TREE_DEPTH) continue
    for (const kid of kids.items.toReversed()) waiting.push({ value: kid, depth: branch.depth + 1 })
    if (pairs.length > MAX_NAMES || waiting.length > MAX_NAMES) break
  }
  return pairs
}

function takePairs(pairs: [Value, Value][], value: Value, walk: Walk): void {
  if (!isList(value)) return
  for (let i = 0; i + 1 < value.items.length; i += 2) {
    pairs.push([walk.resolve(value.items[i]), value.items[i + 1] as Value])
  }
}
