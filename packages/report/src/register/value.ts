import type { EditValue } from '@sekisho/town'
import words from '../../words/registers.json' with { type: 'json' }
import type { Cell } from '../excel/workbook.ts'
import { choicesOf } from './registers.ts'
import type { Field, Named } from './registers.ts'
import type { Names } from './names.ts'

/** An entry of a list as town.yaml writes it. */
export type Entry = Readonly<Record<string, unknown>>

/** A scalar of town.yaml as text. */
export const scalarText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

/** What an entry holds at `ismap.checked`. */
export function valueAt(entry: Entry | undefined, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null
          ? (value as Record<string, unknown>)[key]
          : undefined,
      entry,
    )
}

/** The cell that shows a value of town.yaml. What is not written there is an empty cell. */
export function cellOf(value: unknown, field: Field, names: Readonly<Record<Named, Names>>): Cell {
  if (value === undefined) return undefined
  switch (field.kind) {
    case 'day':
      return { date: scalarText(value) }
    case 'yes-no':
      return value === true ? words.yes : words.no
    case 'choice':
      return choicesOf(field).get(scalarText(value)) ?? scalarText(value)
    case 'choices':
      return listText(value, (one) => choicesOf(field).get(one) ?? one)
    case 'ports':
      return value === 'any' ? words.any : listText(value, (one) => one)
    case 'reference':
      return names[field.names!].label(scalarText(value))
    case 'references':
      return listText(value, (one) => listable(names[field.names!], one))
    case 'id':
    case 'text':
    case 'count':
      return scalarText(value)
  }
}

/** What stands between the values of one cell. `・` is one too, but not where a name or a choice has it. */
export const LIST_MARKS = /[、,，;；]/u

// In a list, a name with such a mark would read as two.
function listable(names: Names, reference: string): string {
  const label = names.label(reference)
  return LIST_MARKS.test(label) ? reference : label
}

function listText(value: unknown, say: (one: string) => string): string {
  const list = (value as readonly unknown[]).map((one) => say(String(one)))
  return list.length === 0 ? words.none : list.join(words.listMark)
}

/** A value for a sentence. */
export const cellWords = (cell: Cell): string =>
  cell === undefined ? words.changes.blank : typeof cell === 'string' ? cell : cell.date

/** The entry without what a group lacks: a value that is not written has no key. */
export function entryOf(values: ReadonlyMap<string, EditValue>): EditValue {
  const entry: Record<string, EditValue> = {}
  for (const [path, value] of values) {
    const [key, inner] = path.split('.') as [string, string?]
    if (inner === undefined) entry[key] = value
    else entry[key] = { ...(entry[key] as Record<string, EditValue> | undefined), [inner]: value }
  }
  return entry
}
