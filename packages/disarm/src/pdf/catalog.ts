import { destination, leaves } from './destination.ts'
import { interactiveForm } from './form-field.ts'
import { layers } from './layer.ts'
import { dictionary, isDictionary, isName, list } from './objects.ts'
import type { Dictionary, Slot, Value } from './objects.ts'
import { outline } from './outline.ts'
import { anyBoolean, anyText, copyForm, form, indirect, integer, oneOf } from './shape.ts'
import type { Form } from './shape.ts'
import { structure } from './structure.ts'
import type { Shape, Walk } from './walk.ts'

const label = form({
  keys: { S: oneOf('D', 'R', 'r', 'A', 'a'), P: anyText, St: integer(1, 1_000_000_000) },
})

const pageLabels: Shape = (value, walk) => {
  const items: Value[] = []
  for (const [key, target] of leaves(value, 'Nums', walk)) {
    const copy = label(target, walk)
    if (typeof key === 'number' && copy !== undefined) items.push(Math.trunc(key), copy)
  }
  return items.length > 0 ? dictionary({ Nums: list(items) }) : undefined
}

/** A place to open at. An action is read only when it goes to a place in this document, and is written as that place. */
const openingPlace: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (!isDictionary(found)) return destination(value, walk)
  const goesTo = isName(walk.resolve(found.entries.get('S')), 'GoTo')
  return goesTo ? destination(found.entries.get('D'), walk) : undefined
}

/**
 * ISO 32000-1, table 28. Without `Names`, `Dests` (resolved in place), `AA`, `URI`, `Metadata`, `PieceInfo`, `OutputIntents`, `Threads`,
 * `SpiderInfo`, `Perms`, `Legal`, `Requirements`, `Collection`, `AF`, `DSS`, `Extensions`, `NeedsRendering`.
 */
const CATALOG: Form = {
  fixed: { Type: 'Catalog' },
  keys: {
    PageLabels: pageLabels,
    ViewerPreferences: form({
      keys: { Direction: oneOf('L2R', 'R2L'), DisplayDocTitle: anyBoolean },
    }),
    PageLayout: oneOf(
      'SinglePage',
      'OneColumn',
      'TwoColumnLeft',
      'TwoColumnRight',
      'TwoPageLeft',
      'TwoPageRight',
    ),
    PageMode: oneOf('UseNone', 'UseOutlines', 'UseThumbs', 'UseOC'),
    Outlines: outline,
    OpenAction: openingPlace,
    AcroForm: indirect(interactiveForm),
    StructTreeRoot: structure,
    MarkInfo: form({ keys: { Marked: anyBoolean } }),
    Lang: anyText,
    OCProperties: layers,
  },
}

/** The catalog with the new page tree. */
export function copyCatalog(source: Dictionary, pages: Slot, walk: Walk): Dictionary {
  walk.place = 'catalog'
  const copy = copyForm(source, CATALOG, walk)
  const entries = new Map<string, Value>([
    ['Type', { kind: 'name', value: 'Catalog' }],
    ['Pages', { kind: 'link', slot: pages }],
  ])
  for (const [key, value] of copy?.entries ?? []) entries.set(key, value)
  return { kind: 'dictionary', entries }
}
