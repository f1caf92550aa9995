import { action, destination } from './pdf-action.ts'
import { annotation, interactiveForm } from './pdf-annotation.ts'
import { contentBody } from './pdf-content.ts'
import { resources, transparencyGroup } from './pdf-graphics.ts'
import { layers } from './pdf-layer.ts'
import {
  anyBoolean,
  anyInteger,
  anyNumber,
  anyText,
  checkEntries,
  choose,
  dict,
  entriesOf,
  indirect,
  integer,
  later,
  list,
  nameOf,
  numbers,
  oneOf,
  reject,
  resolve,
  shared,
  stream,
} from './pdf-rule.ts'
import type { Rule, Site } from './pdf-rule.ts'
import { numberPairs, structure } from './pdf-structure.ts'
import type { Value } from './pdf-value.ts'
import { demand } from './rejection.ts'

/** Longest side in points (ISO 32000-1, Annex C): a larger one makes a renderer allocate a wall. */
const MAX_SIDE = 14_400
const MAX_TITLE = 2048

const item: Rule = indirect(
  dict(
    {
      Title: anyText,
      Dest: destination,
      A: action,
      C: numbers(3),
      F: integer(0, 3),
      Parent: choose((value, site) =>
        nameOf(entriesOf(value, site).get('Type')) === 'Outlines' ? outline : item,
      ),
      Prev: later(() => item),
      Next: later(() => item),
      First: later(() => item),
      Last: later(() => item),
      Count: anyInteger,
    },
    'Title Parent',
  ),
)
/** Bookmarks, table 152. */
const outline: Rule = indirect(
  dict(
    { Type: oneOf('Outlines'), First: item, Last: item, Count: integer(1, 1_000_000) },
    'Type First Last Count',
  ),
)

const label = dict({ S: oneOf('D R r A a'), P: anyText, St: integer(1, 1_000_000_000) })

/** Table 28. No name tree, no action on opening, no attachment, no signature, no metadata. */
const catalogKeys = {
  Type: oneOf('Catalog'),
  Pages: later(() => pageTree),
  PageLabels: dict({ Nums: numberPairs(label) }, 'Nums'),
  ViewerPreferences: dict({ Direction: oneOf('L2R R2L'), DisplayDocTitle: anyBoolean }),
  PageLayout: oneOf('SinglePage OneColumn TwoColumnLeft TwoColumnRight TwoPageLeft TwoPageRight'),
  PageMode: oneOf('UseNone UseOutlines UseThumbs UseOC'),
  Outlines: outline,
  OpenAction: destination,
  AcroForm: interactiveForm,
  StructTreeRoot: structure,
  MarkInfo: dict({ Marked: anyBoolean }),
  Lang: anyText,
  OCProperties: layers,
}
export const catalog: Rule = indirect(dict(catalogKeys, 'Type Pages'))

export const information: Rule = indirect((value, site) => {
  dict({ Title: anyText }, 'Title')(value, site)
  const title = entriesOf(value, site).get('Title')
  demand(
    title?.kind === 'string' && title.value.length <= MAX_TITLE,
    'VERIFY-PDF-VALUE',
    site.where,
  )
})

const content = stream({ keys: {} }, contentBody)

const box: Rule = (value, site) => {
  numbers(4)(value, site)
  const [left, low, right, high] = corners(value)
  const sane =
    left! < right! && low! < high! && right! - left! <= MAX_SIDE && high! - low! <= MAX_SIDE
  demand(sane, 'VERIFY-PDF-VALUE', site.where)
}

function corners(value: Value): readonly number[] {
  const items = value.kind === 'array' ? value.items : []
  return items.map((each) => (each.kind === 'number' ? each.value : Number.NaN))
}

const rotation: Rule = (value, site) => {
  if (value.kind !== 'number' || ![0, 90, 180, 270].includes(value.value)) reject(site)
}

/** Table 30. */
const leaf = indirect(
  dict(
    {
      Type: oneOf('Page'),
      Resources: shared(resources),
      MediaBox: box,
      CropBox: box,
      BleedBox: box,
      TrimBox: box,
      ArtBox: box,
      Rotate: rotation,
      UserUnit: anyNumber,
      Contents: content,
      Group: transparencyGroup,
      Annots: list(annotation, 0, 100_000),
      Tabs: oneOf('R C S'),
      StructParents: integer(0, 100_000_000),
      Parent: later(() => pageTree),
    },
    'Type Resources MediaBox Parent',
  ),
)

/** One node; every page is its direct kid. */
const pageTree: Rule = indirect((value, site) => {
  if (value.kind !== 'dict') reject(site)
  const keys = { Type: oneOf('Pages'), Count: anyInteger, Kids: list(leaf, 1) }
  checkEntries(value.entries, { keys, required: 'Type Count Kids' }, site)
  const [count, kids] = [value.entries.get('Count'), value.entries.get('Kids')]
  const fits =
    count?.kind === 'number' && kids?.kind === 'array' && count.value === kids.items.length
  demand(fits, 'VERIFY-PDF-VALUE', site.where)
})

/** Numbers of the pages, in order. They are checked when they are visited. */
export function pageNumbers(root: number, site: Pick<Site, 'file'>): readonly number[] {
  const start: Value = { kind: 'reference', number: root }
  const entries = (value: Value | undefined) => entriesOf(value, site as Site)
  const kids = resolve(entries(entries(start).get('Pages')).get('Kids'), site as Site)
  if (kids?.kind !== 'array') return []
  return kids.items.flatMap((kid) => (kid.kind === 'reference' ? [kid.number] : []))
}
