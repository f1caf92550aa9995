import { anyInteger, anyName, anyNumber, anyText, copyForm, listOf, numbers } from './shape.ts'
import type { Form } from './shape.ts'
import type { Dictionary } from './objects.ts'
import type { Walk } from './walk.ts'

/** Marked-content properties, ISO 32000-1, 14.6.2 and 14.8: what search, copy and screen readers use. */
const PROPERTIES: Form = {
  keys: {
    Type: anyName,
    Subtype: anyName,
    MCID: anyInteger,
    Lang: anyText,
    Alt: anyText,
    ActualText: anyText,
    E: anyText,
    BBox: numbers(4),
    Attached: listOf(anyName, { most: 4 }),
    Placement: anyName,
    WritingMode: anyName,
    O: anyName,
    StartIndent: anyNumber,
    TextIndent: anyNumber,
  },
}

/** The allowed part of a property list; it may be empty. */
export function propertyList(value: Dictionary, walk: Walk): Dictionary {
  return copyForm(value, PROPERTIES, walk) ?? { kind: 'dictionary', entries: new Map() }
}
