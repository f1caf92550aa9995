import { annotation, isAllowedAnnotation } from './annotation.ts'
import { leaves } from './destination.ts'
import { compactList, isDictionary, isList, isName, isReference, list } from './objects.ts'
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
  oneOf,
  shared,
} from './shape.ts'
import type { Form } from './shape.ts'
import type { Shape, Walk } from './walk.ts'

const MAX_KIDS = 1_000_000

const simple = either(anyNumber, anyName, anyText, anyBoolean)
const attribute = either(simple, listOf(simple, { most: 10_000 }))

const ATTRIBUTE_KEYS =
  `Placement WritingMode BackgroundColor BorderColor BorderStyle BorderThickness Padding Color SpaceBefore SpaceAfter
   StartIndent EndIndent TextIndent TextAlign BBox Width Height BlockAlign InlineAlign TBorderStyle TPadding
   BaselineShift LineHeight TextDecorationColor TextDecorationThickness TextDecorationType RubyAlign RubyPosition
   GlyphOrientationVertical ColumnCount ColumnGap ColumnWidths ListNumbering RowSpan ColSpan Headers Scope Summary
   Role checked Checked Desc`.split(/\s+/u)

/** Standard attributes, ISO 32000-1, 14.8.5. Foreign owners (HTML, CSS, user properties) are not copied. */
const ATTRIBUTES: Form = {
  keys: {
    O: oneOf('Layout', 'List', 'PrintField', 'Table', 'Artifact'),
    ...Object.fromEntries(ATTRIBUTE_KEYS.map((key) => [key, attribute])),
  },
  required: ['O'],
}
const attributes = form(ATTRIBUTES)
const attributeList: Shape = either(
  shared(attributes),
  listOf(either(shared(attributes), anyInteger), { most: 1000, strict: false }),
)

/** Table 323. Without `AF`, `NS`, `Ref`, `ID`. */
const ELEMENT: Form = {
  fixed: { Type: 'StructElem' },
  keys: {
    S: anyName,
    P: (value, walk) => parent(value, walk),
    Pg: (value, walk) => page(value, walk),
    K: (value, walk) => kids(value, walk),
    A: attributeList,
    C: either(anyName, listOf(either(anyName, anyInteger), { most: 1000, strict: false })),
    R: anyInteger,
    T: anyText,
    Lang: anyText,
    Alt: anyText,
    E: anyText,
    ActualText: anyText,
  },
  required: ['S'],
}

const element: Shape = indirect((value, walk) => {
  const found = walk.resolve(value)
  return isDictionary(found) ? copyForm(found, ELEMENT, walk) : undefined
})

const MARKED: Form = {
  fixed: { Type: 'MCR' },
  keys: { Pg: (value, walk) => page(value, walk), MCID: anyInteger },
  required: ['MCID'],
}

const OBJECT: Form = {
  fixed: { Type: 'OBJR' },
  keys: { Pg: (value, walk) => page(value, walk), Obj: (value, walk) => annotated(value, walk) },
  required: ['Obj'],
}

const MAX_ROLES = 10_000

const ROOT: Form = {
  fixed: { Type: 'StructTreeRoot' },
  keys: {
    K: (value, walk) => kids(value, walk),
    ParentTree: (value, walk) => parentTree(value, walk),
    ParentTreeNextKey: integer(0, 100_000_000),
    RoleMap: mapOf(anyName, MAX_ROLES),
    ClassMap: mapOf(
      either(shared(attributes), listOf(shared(attributes), { most: 100, strict: false })),
      MAX_ROLES,
    ),
  },
}

/** The tags that screen readers use. Always the same shape, so that `P` finds the object again. */
export const structure: Shape = indirect((value, walk) => {
  const found = walk.resolve(value)
  return isDictionary(found) ? walk.at('structure', () => copyForm(found, ROOT, walk)) : undefined
})

function parent(value: Value | undefined, walk: Walk): Value | undefined {
  if (!isReference(value)) return undefined
  const isRoot = isName(walk.resolve(walk.entries(value).get('Type')), 'StructTreeRoot')
  return isRoot ? structure(value, walk) : element(value, walk)
}

function page(value: Value | undefined, walk: Walk): Value | undefined {
  const slot = isReference(value) ? walk.pages.get(value.number) : undefined
  return slot && { kind: 'link', slot }
}

function kids(value: Value | undefined, walk: Walk): Value | undefined {
  const found = walk.resolve(value)
  if (!isList(found)) return kid(value, walk)
  if (found.items.length > MAX_KIDS) return undefined
  const kept = found.items.map((item) => kid(item, walk)).filter((item) => item !== undefined)
  return compactList(kept)
}

function kid(value: Value | undefined, walk: Walk): Value | undefined {
  const found = walk.resolve(value)
  if (typeof found === 'number') return anyInteger(found, walk)
  if (!isDictionary(found)) return undefined
  const type = walk.resolve(found.entries.get('Type'))
  if (isName(type, 'MCR')) return copyForm(found, MARKED, walk)
  return isName(type, 'OBJR') ? copyForm(found, OBJECT, walk) : element(value, walk)
}

function annotated(value: Value | undefined, walk: Walk): Value | undefined {
  const subtype = walk.resolve(walk.entries(value).get('Subtype'))
  return isName(subtype) && isAllowedAnnotation(subtype.value) ? annotation(value, walk) : undefined
}

function parentTree(value: Value | undefined, walk: Walk): Dictionary | undefined {
  const items: Value[] = []
  for (const [key, target] of leaves(value, 'Nums', walk)) {
    const found = walk.resolve(target)
    const copy = isList(found)
      ? list(found.items.map((item) => owner(item, walk)))
      : owner(target, walk)
    if (typeof key === 'number' && copy !== null) items.push(Math.trunc(key), copy)
  }
  return { kind: 'dictionary', entries: new Map([['Nums', list(items)]]) }
}

function owner(value: Value, walk: Walk): Value {
  return isReference(value) && isDictionary(walk.resolve(value))
    ? (element(value, walk) ?? null)
    : null
}
