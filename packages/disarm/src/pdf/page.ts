import { refuse } from '../family.ts'
import { annotations } from './annotation.ts'
import { rewriteContent } from './content.ts'
import { packContent, transparencyGroup } from './graphics.ts'
import { growing } from './growing.ts'
import { droppedNames } from './layer.ts'
import { SyntaxFault } from './lexer.ts'
import { dictionary, isDictionary, isList, isReference, isStream, list } from './objects.ts'
import type { Slot, Value } from './objects.ts'
import type { SourcePage } from './page-tree.ts'
import { streamBytes } from './raster.ts'
import { resources } from './resources.ts'
import { anyNumber, copyForm, integer, oneOf, shared } from './shape.ts'
import type { Form } from './shape.ts'
import type { Shape, Walk } from './walk.ts'

/** Longest side in points, Annex C. */
const MAX_SIDE = 14_400
/** US letter: what readers take when a page has no box. */
const DEFAULT_BOX = [0, 0, 612, 792]
const MAX_CONTENT_PARTS = 100_000

/** Table 30. Without `AA`, `Thumb`, `B`, `Dur`, `Trans`, `PieceInfo`, `Metadata`, `AF` and print-production keys. */
const PAGE: Form = {
  fixed: { Type: 'Page' },
  keys: {
    Resources: (value, walk) =>
      isDictionary(walk.resolve(value)) ? shared(resources)(value, walk) : undefined,
    MediaBox: (value, walk) => rectangle(value, walk),
    CropBox: (value, walk) => rectangle(value, walk),
    BleedBox: (value, walk) => rectangle(value, walk),
    TrimBox: (value, walk) => rectangle(value, walk),
    ArtBox: (value, walk) => rectangle(value, walk),
    Rotate: (value, walk) => rotation(value, walk),
    UserUnit: anyNumber,
    Contents: (value, walk) => contents(value, walk),
    Group: transparencyGroup,
    Annots: (value, walk) => annotations(value, walk),
    Tabs: oneOf('R', 'C', 'S'),
    StructParents: integer(0, 100_000_000),
  },
}

/** Fills the slots of all pages; `parent` is the one node of the new page tree. */
export function copyPages(sources: readonly SourcePage[], parent: Slot, walk: Walk): void {
  for (const [i, source] of sources.entries()) {
    walk.place = `page ${i + 1}`
    const link = walk.fresh(() => copyPage(source, parent, walk))
    walk.pageList.push(link.slot)
    if (source.number === undefined || walk.pages.has(source.number)) continue
    walk.pages.set(source.number, link.slot)
    walk.places.set(source.number, walk.place)
  }
}

function copyPage(source: SourcePage, parent: Slot, walk: Walk): Value | undefined {
  const hidden = droppedNames(source.dictionary.entries.get('Resources'), walk)
  const copy = copyForm(source.dictionary, pageWithout(hidden), walk)
  if (!copy) return undefined
  const [type, ...rest] = copy.entries
  // Defaults stand where the form has them: a file that is rebuilt twice is the same file.
  const entries = new Map<string, Value>([
    ...(type ? [type] : []),
    ['Resources', dictionary({})],
    ['MediaBox', list(DEFAULT_BOX)],
    ...rest,
    ['Parent', { kind: 'link', slot: parent }],
  ])
  return { kind: 'dictionary', entries }
}

/** Corners in order; refuses what would make a renderer allocate a wall. */
function rectangle(value: Value | undefined, walk: Walk): Value | undefined {
  const found = walk.resolve(value)
  if (!isList(found) || found.items.length < 4) return undefined
  const corners = found.items.slice(0, 4).map((item) => anyNumber(item, walk))
  const [x1, y1, x2, y2] = corners
  if (![x1, y1, x2, y2].every((each) => typeof each === 'number')) return undefined
  const [left, right] = [Math.min(x1 as number, x2 as number), Math.max(x1 as number, x2 as number)]
  const [low, high] = [Math.min(y1 as number, y2 as number), Math.max(y1 as number, y2 as number)]
  if (right - left > MAX_SIDE || high - low > MAX_SIDE) refuse('PDF-LIMIT')
  return right > left && high > low ? list([left, low, right, high]) : undefined
}

function rotation(value: Value | undefined, walk: Walk): Value | undefined {
  const found = walk.resolve(value)
  if (typeof found !== 'number' || found % 90 !== 0) return undefined
  return ((found % 360) + 360) % 360
}

/** All parts of the page as one stream; a part ends where a token ends (7.8.2). */
const contents: Shape = contentsWithout(new Set())

/** The same for a page on which content by these names is not wanted. The names belong to the page, so its stream is its own. */
function pageWithout(hidden: ReadonlySet<string>): Form {
  if (hidden.size === 0) return PAGE
  return { ...PAGE, keys: { ...PAGE.keys, Contents: contentsWithout(hidden) } }
}

function contentsWithout(hidden: ReadonlySet<string>): Shape {
  const joined: Shape = (value, walk) => join(value, hidden, walk)
  return (value, walk) => {
    refuseLost(value, walk)
    return isReference(value) ? walk.link(value, joined) : walk.fresh(() => joined(value, walk))
  }
}

/** In a file that was cut, content that is not there was there once: a blank page would lie. */
function refuseLost(part: Value | undefined, walk: Walk): void {
  const isLost = isReference(part) && walk.resolve(part) === null
  if (isLost && walk.file.table.cut === true) refuse('PDF-XREF')
}

function join(value: Value | undefined, hidden: ReadonlySet<string>, walk: Walk): Value {
  const found = walk.resolve(value)
  const parts = isList(found) ? found.items : [found]
  if (parts.length > MAX_CONTENT_PARTS) refuse('PDF-LIMIT')
  const { raw, entries } = packContent(rewriteContent(bytesOf(parts, walk), walk, hidden), walk)
  return { kind: 'stream', dictionary: dictionary(entries), raw }
}

function bytesOf(parts: readonly Value[], walk: Walk): Uint8Array {
  const all = growing(walk.context)
  for (const part of parts) {
    refuseLost(part, walk)
    all.append(partBytes(part, walk))
    all.push(10)
  }
  return all.done()
}

function partBytes(part: Value, walk: Walk): Uint8Array {
  try {
    const bytes = streamBytes(part, walk)
    if (bytes) return bytes
  } catch (fault) {
    if (!(fault instanceof SyntaxFault)) throw fault
  }
  // A page that would silently come out blank is worse than none.
  if (isStream(walk.resolve(part))) refuse('PDF-FILTER')
  return new Uint8Array()
}
