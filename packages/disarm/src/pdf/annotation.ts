import { refuse } from '../family.ts'
import { action } from './action.ts'
import { destination } from './destination.ts'
import { FIELD_KEYS } from './field-keys.ts'
import { field, fieldType } from './form-field.ts'
import { formXObject } from './graphics.ts'
import { isDropped, optionalContent } from './layer.ts'
import { compactList, isDictionary, isList, isName, isStream } from './objects.ts'
import type { Dictionary, Value } from './objects.ts'
import {
  anyBoolean,
  anyInteger,
  anyName,
  anyNumber,
  anyText,
  copyForm,
  either,
  form,
  indirect,
  integer,
  listOf,
  mapOf,
  numbers,
  oneOf,
} from './shape.ts'
import type { Shape, Walk } from './walk.ts'

const MAX_ANNOTATIONS = 100_000

const color = listOf(anyNumber, { most: 4 })
const points = listOf(anyNumber, { most: 100_000 })
const endings = either(anyName, listOf(anyName, { least: 2, most: 2 }))

/** Normal appearance only: rollover and down pictures can say something else than the page does. */
const appearance = form({
  keys: {
    N: (value, walk) =>
      isStream(walk.resolve(value)) ? formXObject(value, walk) : states(value, walk),
  },
  required: ['N'],
})
const states = mapOf(
  (value, walk) => (isStream(walk.resolve(value)) ? formXObject(value, walk) : undefined),
  1024,
)

const borderStyle = form({
  keys: { W: anyNumber, S: oneOf('S', 'D', 'B', 'I', 'U'), D: numbers(0, 32) },
})
const borderEffect = form({ keys: { S: oneOf('S', 'C'), I: anyNumber } })

const border: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (!isList(found) || found.items.length < 3 || found.items.length > 4) return undefined
  const parts = found.items.map((item, i) => (i < 3 ? anyNumber : numbers(0, 32))(item, walk))
  return parts.includes(undefined) ? undefined : { kind: 'list', items: parts as Value[] }
}

/** Keys that all annotations may have (ISO 32000-1, table 164). Without `NM`, `M`, `AA`, `AF`, `RC`. */
const COMMON = {
  Rect: numbers(4),
  Contents: anyText,
  F: integer(0, 1023),
  AP: appearance,
  AS: anyName,
  Border: border,
  BS: borderStyle,
  BE: borderEffect,
  C: color,
  CA: anyNumber,
  StructParent: integer(0, 100_000_000),
  OC: optionalContent,
  P: ((value, walk) => pageOf(value, walk)) as Shape,
}

const MARKUP = {
  ...COMMON,
  Popup: ((value, walk) => other(value, 'Popup', walk)) as Shape,
  IC: color,
  RD: numbers(4),
  IT: anyName,
}

const LINES = {
  ...MARKUP,
  L: numbers(4),
  LE: endings,
  LL: anyNumber,
  LLE: anyNumber,
  LLO: anyNumber,
  Cap: anyBoolean,
}
const SHAPES = { ...MARKUP, Vertices: points, LE: endings }
const TEXT_MARKUP = { ...MARKUP, QuadPoints: points }

const WIDGET = {
  ...COMMON,
  ...FIELD_KEYS,
  H: oneOf('N', 'I', 'O', 'P', 'T'),
  A: action,
  MK: form({
    keys: {
      R: anyInteger,
      BC: color,
      BG: color,
      CA: anyText,
      TP: integer(0, 6),
    },
  }),
  Parent: ((value, walk) =>
    isDictionary(walk.resolve(value)) ? field(value, walk) : undefined) as Shape,
}

/** The allow-list of annotation types with their keys, tables 170–187. */
const TYPES: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  Link: {
    ...COMMON,
    A: action,
    Dest: destination,
    H: oneOf('N', 'I', 'O', 'P'),
    QuadPoints: points,
  },
  Text: { ...MARKUP, Open: anyBoolean, Name: anyName },
  FreeText: { ...MARKUP, DA: anyText, Q: integer(0, 2), CL: numbers(4, 6), LE: anyName },
  Line: LINES,
  Square: MARKUP,
  Circle: MARKUP,
  Polygon: SHAPES,
  PolyLine: SHAPES,
  Highlight: TEXT_MARKUP,
  Underline: TEXT_MARKUP,
  Squiggly: TEXT_MARKUP,
  StrikeOut: TEXT_MARKUP,
  Stamp: { ...MARKUP, Name: anyName },
  Caret: { ...MARKUP, Sy: oneOf('P', 'None') },
  Ink: { ...MARKUP, InkList: listOf(points, { most: 10_000, strict: false }) },
  Popup: {
    ...COMMON,
    Open: anyBoolean,
    Parent: (value, walk) => other(value, undefined, walk),
  },
  Widget: WIDGET,
}

/**
 * What people write about a document. A stamp is the document's own (a seal), and so is text that was typed onto it as onto paper
 * (`FreeTextTypeWriter`).
 */
const COMMENTS: ReadonlySet<string> = new Set(
  'Text FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Caret Ink Popup'.split(
    ' ',
  ),
)

function isComment(found: Dictionary, subtype: string, walk: Walk): boolean {
  if (!COMMENTS.has(subtype)) return false
  const intent = walk.resolve(found.entries.get('IT'))
  return !(isName(intent) && intent.value.toLowerCase() === 'freetexttypewriter')
}

export function isAllowedAnnotation(subtype: string): boolean {
  return Object.hasOwn(TYPES, subtype)
}

/** The annotations of a page, each an object of its own. */
export const annotations: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (!isList(found)) return undefined
  if (found.items.length > MAX_ANNOTATIONS) refuse('PDF-LIMIT')
  const kept: Value[] = []
  for (const item of found.items) {
    const copy = annotation(item, walk)
    if (copy !== undefined) kept.push(copy)
  }
  return kept.length > 0 ? compactList(kept) : undefined
}

/** One annotation of the allow-list; a signature field becomes a stamp that keeps its looks. */
export const annotation: Shape = indirect((value, walk) => {
  const found = walk.resolve(value)
  if (!isDictionary(found)) return undefined
  const subtype = walk.resolve(found.entries.get('Subtype'))
  if (!isName(subtype) || !isAllowedAnnotation(subtype.value)) return undefined
  if (walk.context.profile.comments === 'remove' && isComment(found, subtype.value, walk)) {
    walk.removed('PDF-ANNOT')
    return undefined
  }
  if (isDropped(found.entries.get('OC'), walk)) return undefined
  if (subtype.value === 'Widget' && fieldType(found, walk) === 'Sig') return stamp(found, walk)
  return copyType(found, subtype.value, walk)
})

function copyType(found: Dictionary, type: string, walk: Walk): Dictionary | undefined {
  const keys = TYPES[type] as Readonly<Record<string, Shape>>
  return copyForm(
    found,
    { fixed: { Type: 'Annot', Subtype: type }, keys, required: ['Rect'] },
    walk,
  )
}

function stamp(found: Dictionary, walk: Walk): Dictionary | undefined {
  const looks = [...found.entries].filter(([key]) => Object.hasOwn(COMMON, key))
  const copy = copyType({ kind: 'dictionary', entries: new Map(looks) }, 'Stamp', walk)
  return copy?.entries.has('AP') ? copy : undefined
}

/** The popup of a note, the note of a popup. */
function other(value: Value | undefined, type: string | undefined, walk: Walk): Value | undefined {
  const subtype = walk.resolve(walk.entries(value).get('Subtype'))
  const fits = isName(subtype) && isAllowedAnnotation(subtype.value)
  return fits && (type === undefined || subtype.value === type)
    ? annotation(value, walk)
    : undefined
}

function pageOf(value: Value | undefined, walk: Walk): Value | undefined {
  if (typeof value !== 'object' || value === null || value.kind !== 'reference') return undefined
  const slot = walk.pages.get(value.number)
  return slot && { kind: 'link', slot }
}
