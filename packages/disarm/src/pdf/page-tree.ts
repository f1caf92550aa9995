import { refuse } from '../family.ts'
import { isDictionary, isList, isName, isReference } from './objects.ts'
import type { Dictionary, Value } from './objects.ts'
import type { PdfFile } from './file.ts'

/** A document with more pages is split by people, not by a gate. */
export const MAX_PAGES = 8000
const MAX_DEPTH = 64
const INHERITED = ['Resources', 'MediaBox', 'CropBox', 'Rotate']

/** A page with its inherited attributes filled in (ISO 32000-1, 7.7.3.4). */
export interface SourcePage {
  /** Object number, undefined for a page written directly into `Kids`. */
  readonly number: number | undefined
  readonly dictionary: Dictionary
}

interface Node {
  readonly value: Value
  readonly inherited: ReadonlyMap<string, Value>
  readonly ancestors: readonly number[]
}

/** All pages in order. Refuses `PDF-LIMIT` for loops, depth and count. */
export function readPages(file: PdfFile, catalog: Dictionary): SourcePage[] {
  const pages: SourcePage[] = []
  const waiting: Node[] = [
    { value: catalog.entries.get('Pages') ?? null, inherited: new Map(), ancestors: [] },
  ]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const dictionary = file.resolve(node.value)
    if (!isDictionary(dictionary)) {
      // In a file that was cut a page has been lost: the rest is not the document that was sent.
      if (file.table.cut === true && isReference(node.value)) refuse('PDF-XREF')
      continue
    }
    const kids = file.resolve(dictionary.entries.get('Kids'))
    const type = file.resolve(dictionary.entries.get('Type'))
    if (isList(kids) && !isName(type, 'Page')) pushKids(waiting, node, dictionary, kids.items)
    else if (!isName(type, 'Pages')) pages.push(sourcePage(node, dictionary))
    if (pages.length > MAX_PAGES) refuse('PDF-LIMIT')
  }
  return pages
}

function pushKids(
  waiting: Node[],
  node: Node,
  dictionary: Dictionary,
  kids: readonly Value[],
): void {
  const own = isReference(node.value) ? [node.value.number] : []
  const ancestors = [...node.ancestors, ...own]
  const loops = own.some((number) => node.ancestors.includes(number))
  if (loops || ancestors.length > MAX_DEPTH || kids.length > 2 * MAX_PAGES) refuse('PDF-LIMIT')
  const inherited = inherit(node, dictionary)
  for (const value of kids.toReversed()) waiting.push({ value, inherited, ancestors })
  if (waiting.length > 4 * MAX_PAGES) refuse('PDF-LIMIT')
}

function inherit(node: Node, dictionary: Dictionary): Map<string, Value> {
  const inherited = new Map(node.inherited)
  for (const key of INHERITED) {
    const value = dictionary.entries.get(key)
    if (value !== undefined) inherited.set(key, value)
  }
  return inherited
}

function sourcePage(node: Node, dictionary: Dictionary): SourcePage {
  const entries = new Map([...node.inherited, ...dictionary.entries])
  const number = isReference(node.value) ? node.value.number : undefined
  return { number, dictionary: { kind: 'dictionary', entries } }
}
