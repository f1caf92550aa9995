import { annotation } from './pdf-annotation.ts'
import {
  anyBoolean,
  anyInteger,
  anyName,
  anyNumber,
  anyText,
  byKind,
  choose,
  dict,
  entriesOf,
  indirect,
  integer,
  later,
  list,
  map,
  nameOf,
  oneOf,
  page,
  reject,
  shared,
} from './pdf-rule.ts'
import type { Keys, Rule } from './pdf-rule.ts'

const simple = byKind({ number: anyNumber, name: anyName, string: anyText, boolean: anyBoolean })
const attribute = byKind({
  number: anyNumber,
  name: anyName,
  string: anyText,
  boolean: anyBoolean,
  array: list(simple, 0, 10_000),
})
const ATTRIBUTES =
  'Placement WritingMode BackgroundColor BorderColor BorderStyle BorderThickness Padding Color SpaceBefore SpaceAfter StartIndent ' +
  'EndIndent TextIndent TextAlign BBox Width Height BlockAlign InlineAlign TBorderStyle TPadding BaselineShift LineHeight ' +
  'TextDecorationColor TextDecorationThickness TextDecorationType RubyAlign RubyPosition GlyphOrientationVertical ColumnCount ' +
  'ColumnGap ColumnWidths ListNumbering RowSpan ColSpan Headers Scope Summary Role checked Checked Desc'

/** Standard attributes, ISO 32000-1, 14.8.5: no foreign owner. */
const attributes = dict(
  {
    ...Object.fromEntries(ATTRIBUTES.split(' ').map((key) => [key, attribute])),
    O: oneOf('Layout List PrintField Table Artifact'),
  },
  'O',
)
const sharedAttributes = shared(attributes)
const attributeList = byKind({
  dict: attributes,
  reference: sharedAttributes,
  array: list(
    byKind({ dict: attributes, reference: sharedAttributes, number: anyInteger }),
    0,
    1000,
  ),
})

const MARKED = dict({ Type: oneOf('MCR'), Pg: page, MCID: anyInteger }, 'Type MCID')
const OBJECT = dict({ Type: oneOf('OBJR'), Pg: page, Obj: annotation }, 'Type Obj')

const kid: Rule = choose((value) => {
  if (value.kind === 'number') return anyInteger
  if (value.kind === 'reference') return element
  return value.kind === 'dict' && nameOf(value.entries.get('Type')) === 'OBJR' ? OBJECT : MARKED
})
const kids = choose((value) => (value.kind === 'array' ? manyKids : kid))
const manyKids = list(kid)

/** Table 323. */
const ELEMENT: Keys = {
  Type: oneOf('StructElem'),
  S: anyName,
  P: later(() => parent),
  Pg: page,
  K: kids,
  A: attributeList,
  C: byKind({ name: anyName, array: list(byKind({ name: anyName, number: anyInteger }), 0, 1000) }),
  R: anyInteger,
  T: anyText,
  Lang: anyText,
  Alt: anyText,
  E: anyText,
  ActualText: anyText,
}
const element: Rule = indirect(dict(ELEMENT, 'Type S'))

const parent: Rule = choose((value, site) =>
  nameOf(entriesOf(value, site).get('Type')) === 'StructTreeRoot' ? structure : element,
)

const owner = byKind({ reference: element, null: () => undefined })
const owners = byKind({ reference: element, array: list(owner) })

/** Pairs of a number and what it leads to. */
export function numberPairs(rule: Rule): Rule {
  return (value, site) => {
    if (value.kind !== 'array' || value.items.length % 2 !== 0) reject(site)
    value.items.forEach((item, index) => (index % 2 === 0 ? anyInteger : rule)(item, site))
  }
}

const classes = byKind({
  dict: attributes,
  reference: sharedAttributes,
  array: list(sharedAttributes, 0, 100),
})

/** The tags that screen readers use. */
export const structure: Rule = indirect(
  dict(
    {
      Type: oneOf('StructTreeRoot'),
      K: kids,
      ParentTree: dict({ Nums: numberPairs(owners) }, 'Nums'),
      ParentTreeNextKey: integer(0, 100_000_000),
      RoleMap: map(anyName),
      ClassMap: map(classes),
    },
    'Type',
  ),
)
