import { action, destination } from './pdf-action.ts'
import { fontResources, formXObject, resources } from './pdf-graphics.ts'
import { optionalContent } from './pdf-layer.ts'
import {
  anyBoolean,
  anyInteger,
  anyName,
  anyNumber,
  anyText,
  byKind,
  checkEntries,
  choose,
  dict,
  entriesOf,
  indirect,
  integer,
  later,
  list,
  map,
  nameOf,
  numbers,
  oneOf,
  page,
  reject,
  shared,
} from './pdf-rule.ts'
import type { Keys, Rule } from './pdf-rule.ts'
import { demand } from './rejection.ts'

const MAX_STRUCT_PARENT = 100_000_000
const colour = list(anyNumber, 0, 4)
const points = list(anyNumber, 0, 100_000)
const ending = byKind({ name: anyName, array: list(anyName, 2, 2) })
const dashes = numbers(0, 32)

/** Normal appearance only: other pictures can say something else than the page does. One, or one for each state. */
const appearance = dict({ N: byKind({ reference: formXObject, dict: map(formXObject) }) }, 'N')

const border: Rule = (value, site) => {
  if (value.kind !== 'array' || value.items.length < 3 || value.items.length > 4) reject(site)
  value.items.forEach((item, index) => (index < 3 ? anyNumber : dashes)(item, site))
}

/** ISO 32000-1, table 164. */
const COMMON: Keys = {
  Type: oneOf('Annot'),
  Subtype: anyName,
  Rect: numbers(4),
  Contents: anyText,
  F: integer(0, 1023),
  AP: appearance,
  AS: anyName,
  Border: border,
  BS: dict({ W: anyNumber, S: oneOf('S D B I U'), D: dashes }),
  BE: dict({ S: oneOf('S C'), I: anyNumber }),
  C: colour,
  CA: anyNumber,
  StructParent: integer(0, MAX_STRUCT_PARENT),
  OC: optionalContent,
  P: page,
}
const MARKUP: Keys = {
  ...COMMON,
  Popup: later(() => popup),
  IC: colour,
  RD: numbers(4),
  IT: anyName,
}
const LINE: Keys = {
  ...MARKUP,
  L: numbers(4),
  LE: ending,
  LL: anyNumber,
  LLE: anyNumber,
  LLO: anyNumber,
  Cap: anyBoolean,
}
const SHAPE: Keys = { ...MARKUP, Vertices: points, LE: ending }
const TEXT_MARKUP: Keys = { ...MARKUP, QuadPoints: points }

const option = byKind({ string: anyText, array: list(anyText, 2, 2) })
const fieldValue = byKind({ name: anyName, string: anyText, array: list(anyText, 0, 10_000) })

/** Bit 21 of `Ff` makes the value the path of a file to send. */
const FILE_SELECT = 1 << 20
const flags: Rule = (value, site) => {
  integer(0, 0x7fffffff)(value, site)
  if (value.kind === 'number' && (value.value & FILE_SELECT) !== 0) reject(site)
}

/** Tables 220, 222, 229–231. No signature field: its bytes would be signed by nobody any more. */
const FIELD: Keys = {
  FT: oneOf('Btn Tx Ch'),
  T: anyText,
  TU: anyText,
  Ff: flags,
  V: fieldValue,
  DV: fieldValue,
  DA: anyText,
  DR: shared(fontResources),
  Q: integer(0, 2),
  MaxLen: integer(0, 1_000_000),
  Opt: list(option, 0, 100_000),
  TI: anyInteger,
  I: list(anyInteger, 0, 10_000),
  Parent: later(() => field),
}
const fieldNode = indirect(
  dict({
    ...FIELD,
    Kids: list(
      later(() => field),
      0,
      100_000,
    ),
  }),
)

/** The allow-list of annotation types with their keys, tables 170–187. */
const TYPES: Readonly<Record<string, Keys>> = {
  Link: {
    ...COMMON,
    A: action,
    Dest: destination,
    H: oneOf('N I O P'),
    QuadPoints: points,
  },
  Text: { ...MARKUP, Open: anyBoolean, Name: anyName },
  FreeText: { ...MARKUP, DA: anyText, Q: integer(0, 2), CL: numbers(4, 6), LE: anyName },
  Line: LINE,
  Square: MARKUP,
  Circle: MARKUP,
  Polygon: SHAPE,
  PolyLine: SHAPE,
  Highlight: TEXT_MARKUP,
  Underline: TEXT_MARKUP,
  Squiggly: TEXT_MARKUP,
  StrikeOut: TEXT_MARKUP,
  Stamp: { ...MARKUP, Name: anyName },
  Caret: { ...MARKUP, Sy: oneOf('P None') },
  Ink: { ...MARKUP, InkList: list(points, 0, 10_000) },
  Popup: { ...COMMON, Open: anyBoolean, Parent: later(() => annotation) },
  Widget: {
    ...COMMON,
    ...FIELD,
    H: oneOf('N I O P T'),
    A: action,
    MK: dict({ R: anyInteger, BC: colour, BG: colour, CA: anyText, TP: integer(0, 6) }),
  },
}

const annotationDictionary: Rule = (value, site) => {
  if (value.kind !== 'dict') reject(site)
  const subtype = nameOf(value.entries.get('Subtype')) ?? ''
  const keys = Object.hasOwn(TYPES, subtype) ? TYPES[subtype] : undefined
  demand(keys !== undefined, 'VERIFY-PDF-ANNOT', site.where)
  checkEntries(value.entries, { keys, required: 'Type Subtype Rect' }, site)
}

/** One annotation, always an object of its own. */
export const annotation: Rule = indirect(annotationDictionary)

const popup: Rule = choose((value, site) =>
  nameOf(entriesOf(value, site).get('Subtype')) === 'Popup' ? annotation : undefined,
)

/** A field, or the widget it is merged with. */
const field: Rule = choose((value, site) =>
  nameOf(entriesOf(value, site).get('Subtype')) === 'Widget' ? annotation : fieldNode,
)

/** The interactive form (table 218) without `XFA`, `CO` and `SigFlags`. */
export const interactiveForm = indirect(
  dict(
    {
      Fields: list(field, 1, 100_000),
      NeedAppearances: anyBoolean,
      DR: shared(resources),
      DA: anyText,
      Q: integer(0, 2),
    },
    'Fields',
  ),
)
