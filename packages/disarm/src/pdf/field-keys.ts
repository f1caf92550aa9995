import { font } from './font.ts'
import { SyntaxFault } from './lexer.ts'
import { isStream, text } from './objects.ts'
import { streamBytes } from './raster.ts'
import {
  anyInteger,
  anyName,
  anyText,
  either,
  form,
  integer,
  later,
  listOf,
  mapOf,
  MAX_TEXT,
  oneOf,
  shared,
} from './shape.ts'
import type { Shape } from './walk.ts'

/** `Ff` bit 21 of a text field: its value is the path of a file to send. */
const FILE_SELECT = 1 << 20
const MAX_FLAGS = 0x7fffffff

/** A long text may be a stream; it is written as a string. */
const textValue: Shape = (value, walk) => {
  const found = walk.resolve(value)
  if (!isStream(found)) return anyText(found, walk)
  try {
    const bytes = streamBytes(found, walk)
    return bytes && bytes.length <= MAX_TEXT ? text(bytes) : undefined
  } catch (fault) {
    if (fault instanceof SyntaxFault) return undefined
    throw fault
  }
}

const fieldValue = either(anyName, textValue, listOf(anyText, { most: 10_000 }))

const flags: Shape = (value, walk) => {
  const found = integer(0, MAX_FLAGS)(value, walk)
  return typeof found === 'number' ? found & ~FILE_SELECT : undefined
}

const option = either(anyText, listOf(anyText, { least: 2, most: 2 }))

/** The fonts that `DA` names. Offices' own exports give each field its own, and readers that draw check marks anew look there. */
const fonts = shared(form({ keys: { Font: shared(mapOf(later(() => font))) } }))

/** ISO 32000-1, tables 220, 222, 229–231. Without `AA`, `RV`, `DS`, `TM`, `Lock`, `SV`, `PMD`. */
export const FIELD_KEYS = {
  FT: oneOf('Btn', 'Tx', 'Ch'),
  T: anyText,
  TU: anyText,
  Ff: flags,
  V: fieldValue,
  DV: fieldValue,
  DA: anyText,
  DR: fonts,
  Q: integer(0, 2),
  MaxLen: integer(0, 1_000_000),
  Opt: listOf(option, { most: 100_000, strict: false }),
  TI: anyInteger,
  I: listOf(anyInteger, { most: 10_000 }),
} satisfies Record<string, Shape>
