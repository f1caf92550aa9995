/** What went through, as tables of texts: the same on the terminal, in a spreadsheet and in Excel. */
import type { Total, NamedTotal, RangeTotals } from './range-totals.ts'
import { departmentName, personName, serviceName } from './alert-words.ts'
import type { NamedTown } from './alert-words.ts'
import { timeInJapan } from './japan-clock.ts'
import words from '../../words/watch.json' with { type: 'json' }

export const WATCH_TABLES = [
  'services',
  'departments',
  'people',
  'hours',
  'days',
  'reasons',
  'destinations',
] as const
export type WatchTableKey = (typeof WATCH_TABLES)[number]

export interface WatchTable {
  readonly key: WatchTableKey
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** @param reasonText the sentence of a reason id */
export function watchTables(
  totals: RangeTotals,
  town: NamedTown,
  reasonText: (reason: string) => string,
): readonly WatchTable[] {
  return WATCH_TABLES.map((key) => {
    const { title, columns } = words.tables[key]
    return { key, title, columns, rows: rowsOf(key, totals, town, reasonText) }
  })
}

/** How the key of a row is called. */
export function watchedName(key: WatchTableKey, id: string, town: NamedTown): string {
  if (key === 'services') return serviceName(id, town)
  if (id === '') return words.nobody
  if (key === 'departments') return departmentName(id, town)
  if (key === 'people') return personName(id, town)
  return key === 'hours' ? `${Number(id)}${words.hour}` : id
}

function rowsOf(
  key: WatchTableKey,
  totals: RangeTotals,
  town: NamedTown,
  reasonText: (reason: string) => string,
): WatchTable['rows'] {
  if (key === 'reasons')
    return totals.reasons.map(({ reason, count, askers, first, last, target }) => [
      reason,
      reasonText(reason),
      String(count),
      String(askers),
      timeInJapan(first),
      timeInJapan(last),
      target,
    ])
  if (key === 'destinations')
    return totals.destinations.map((row) => [
      row.target,
      serviceName(row.service, town),
      ...amounts(row),
      String(row.watched),
      row.people.map((id) => personName(id, town)).join('、'),
      timeInJapan(row.first),
      timeInJapan(row.last),
    ])
  return totals[key].map((row: NamedTotal) => [
    watchedName(key, row.key, town),
    ...(key === 'people' ? [row.key] : []),
    ...amounts(row),
  ])
}

const amounts = ({ opened, refused, up, down }: Total): readonly string[] =>
  [opened, refused, up, down].map(String)
