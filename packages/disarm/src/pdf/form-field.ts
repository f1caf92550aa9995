import { annotation } from './annotation.ts'
import { FIELD_KEYS } from './field-keys.ts'
import { compactList, isDictionary, isList, isName } from './objects.ts'
import type { Dictionary, Value } from './objects.ts'
import { resources } from './resources.ts'
import { anyBoolean, anyText, copyForm, indirect, integer, later, shared } from './shape.ts'
import type { Form } from './shape.ts'
import type { Shape, Walk } from './walk.ts'

const MAX_FIELDS = 100_000
const MAX_ANCESTORS = 32

const FIELD: Form = {
  keys: {
    ...FIELD_KEYS,
    Parent: (value, walk) => (isDictionary(walk.resolve(value)) ? field(value, walk) : undefined),
    Kids: (value, walk) => fields(value, walk),
  },
}

/** A field, or the widget it is merged with; signature fields are not written. */
export const field: Shape = (value, walk) =>
  isName(walk.resolve(walk.entries(value).get('Subtype')), 'Widget')
    ? annotation(value, walk)
    : fieldNode(value, walk)

const fieldNode: Shape = indirect((value, walk) => {
  const found = walk.resolve(value)
  if (!isDictionary(found) || fieldType(found, walk) === 'Sig') return undefined
  return copyForm(found, FIELD, walk)
})

const fields: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (!isList(found) || found.items.length > MAX_FIELDS) return undefined
  const kept: Value[] = []
  for (const item of found.items) {
    const own = walk.resolve(item)
    const copy = isDictionary(own) && fieldType(own, walk) !== 'Sig' ? field(item, walk) : undefined
    if (copy !== undefined) kept.push(copy)
  }
  return compactList(kept)
}

/** The field type, looked up through the parents; undefined for a plain group. */
export function fieldType(own: Dictionary, walk: Walk): string | undefined {
  let current: Value = own
  for (let i = 0; i < MAX_ANCESTORS && isDictionary(current); i += 1) {
    const type = walk.resolve(current.entries.get('FT'))
    if (isName(type)) return type.value
    current = walk.resolve(current.entries.get('Parent'))
  }
  return undefined
}

const FORM: Form = {
  keys: {
    Fields: fields,
    NeedAppearances: anyBoolean,
    DR: shared(later(() => resources)),
    DA: anyText,
    Q: integer(0, 2),
  },
  required: ['Fields'],
}

/** The interactive form (table 218) without `XFA`, `CO` and `SigFlags`. */
export const interactiveForm: Shape = (value, walk) => {
  const found = walk.resolve(value)
  const copy = isDictionary(found) ? copyForm(found, FORM, walk) : undefined
  const own = copy?.entries.get('Fields')
  return own !== undefined && isList(own) && own.items.length > 0 ? copy : undefined
}
