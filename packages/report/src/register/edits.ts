import type { Edit, EditValue } from '@sekisho/town'
import { groupOf } from './registers.ts'
import type { Register } from './registers.ts'
import { valueAt } from './value.ts'
import type { Entry } from './value.ts'

/** True when two values of town.yaml are the same. Absent equals absent. */
export const sameValue = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/**
 * What to edit at `path` (e.g. `assets[3]`) so that an entry becomes what is wished: only the values that differ, so that comments and keys around them stay.
 * A group comes and goes whole.
 */
export function entryEdits(
  path: string,
  { fields }: Register,
  current: Entry,
  wished: ReadonlyMap<string, EditValue>,
): readonly Edit[] {
  const edits: Edit[] = []
  const done = new Set<string>()
  for (const field of fields) {
    const group = groupOf(field.path)
    const inner = fields.filter((other) => groupOf(other.path) === group)
    const written = group !== undefined && valueAt(current, group) !== undefined
    const stays = inner.some((other) => wished.has(other.path))
    if (group !== undefined && written !== stays) {
      if (!done.has(group)) edits.push(groupEdit(`${path}.${group}`, inner, wished))
      done.add(group)
    } else edits.push(...valueEdit(path, field.path, current, wished))
  }
  return edits
}

function groupEdit(
  path: string,
  fields: Register['fields'],
  wished: ReadonlyMap<string, EditValue>,
): Edit {
  const held = fields.flatMap((field): [string, EditValue][] => {
    const value = wished.get(field.path)
    return value === undefined ? [] : [[field.path.split('.')[1]!, value]]
  })
  return held.length === 0 ? { path, remove: true } : { path, value: Object.fromEntries(held) }
}

function valueEdit(
  path: string,
  field: string,
  current: Entry,
  wished: ReadonlyMap<string, EditValue>,
): readonly Edit[] {
  const now = valueAt(current, field)
  const value = wished.get(field)
  if (sameValue(now, value)) return []
  const at = `${path}.${field}`
  return [value === undefined ? { path: at, remove: true } : { path: at, value }]
}
