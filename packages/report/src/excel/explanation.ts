import { bothCalendars } from '../era.ts'
import type { ReportSubject } from '../subject.ts'
import { visible } from '../visible.ts'
import { tableSheet, type SheetWords } from './table.ts'
import type { Sheet } from './workbook.ts'
import { BOOK } from './words.ts'

/** 説明: what was checked, with which rules, and what each column of each sheet means. A print of the workbook stands alone with it. */
export function explanationSheet(
  { town, model, edition, at, made, file, fileDigest, rulesDigest, version }: ReportSubject,
  sheets: readonly SheetWords<string>[],
  more: readonly (readonly [item: string, meaning: string])[] = [],
): Sheet {
  const { about, facts } = BOOK
  const known = [
    [facts.town, visible(town)],
    [facts.model, model],
    [facts.edition, edition],
    [facts.at, bothCalendars(at)],
    [facts.made, bothCalendars(made)],
    [facts.file, visible(file)],
    [facts.digest, fileDigest],
    ...more,
    [facts.rules, rulesDigest],
    [facts.version, version],
    [facts.verified, facts.verifiedHelp],
  ] as const
  return tableSheet(about, { sheet: [16, 20], item: [20, 28], meaning: [40, 80] }, [
    ...known.map(([item, meaning]) => ({ sheet: facts.book, item, meaning })),
    ...sheets.flatMap(({ name, columns }) =>
      Object.values(columns).map(([item, meaning]) => ({ sheet: name, item, meaning })),
    ),
  ])
}
