import { shown } from '@sekisho/town'
import words from '../../words/registers.json' with { type: 'json' }
import { eraText } from '../era.ts'
import type { Names } from './names.ts'
import { sameValue } from './edits.ts'
import type { Place } from './problem.ts'
import { fieldWords, sheetName } from './registers.ts'
import type { Field, Named, RegisterKey } from './registers.ts'
import { cellPlace } from './rows.ts'
import type { RegisterSheet } from './rows.ts'
import { cellOf, cellWords, scalarText, valueAt } from './value.ts'
import type { Entry } from './value.ts'
import type { Wish } from './wish.ts'

/** One difference that an import makes. */
export interface RegisterChange {
  readonly effect: 'add' | 'change' | 'remove'
  readonly register: RegisterKey
  readonly id: string
  /** Path within the entry, when one value of it changes. */
  readonly field?: string
  /** Where in the workbook; a removal has no place. */
  readonly sheet?: string
  readonly cell?: string
  /** In plain Japanese. */
  readonly sentence: string
}

/** An entry that comes or goes whole. */
export function wholeChange(
  effect: 'add' | 'remove',
  register: RegisterKey,
  id: string,
  name: string,
  place: Place = {},
): RegisterChange {
  const sentence = noticeOf(effect, { register: sheetName(register), name })
  return { effect, register, id, ...place, sentence }
}

/** Each value of an entry that changes, in words. */
export function entryChanges(
  wish: Wish,
  current: Entry,
  names: Readonly<Record<'before' | 'after', Readonly<Record<Named, Names>>>> & {
    readonly sheet: RegisterSheet
  },
): readonly RegisterChange[] {
  const { key, fields } = names.sheet.register
  return fields
    .filter((field) => !sameValue(valueAt(current, field.path), wish.values.get(field.path)))
    .map((field) => ({
      effect: 'change',
      register: key,
      id: wish.id,
      field: field.path,
      ...cellPlace(names.sheet, wish.row.row, field),
      sentence: noticeOf('change', {
        register: sheetName(key),
        name: scalarText(current['name']),
        field: fieldWords(key, field.path)[0],
        before: said(valueAt(current, field.path), field, names.before),
        after: said(wish.values.get(field.path), field, names.after),
      }),
    }))
}

function said(value: unknown, field: Field, names: Readonly<Record<Named, Names>>): string {
  const cell = cellOf(value, field, names)
  return typeof cell === 'object' ? eraText(cell.date) : cellWords(cell)
}

export const leftNotice = (register: RegisterKey, count: number): string =>
  noticeOf('left', { register: sheetName(register), count })

/** Fills a sentence; what comes from a workbook is escaped and cut. */
export const noticeOf = (
  sentence: keyof typeof words.changes,
  values: Readonly<Record<string, string | number>>,
): string =>
  words.changes[sentence].replaceAll(/\{(\w+)\}/gu, (_, name: string) =>
    shown(String(values[name] ?? ''), 200),
  )
