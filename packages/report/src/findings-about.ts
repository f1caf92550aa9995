import { loadGuideline } from '@sekisho/guideline'
import type { FindingsAbout } from './excel/findings.ts'

/** What a workbook of findings says of the check. Nothing is known of a declaration that could not be read. */
export function findingsAbout(
  { edition, ...about }: Partial<Record<'town' | 'model' | 'edition', string>>,
  date: string,
  rules: string | undefined,
): FindingsAbout {
  const name = loadGuideline().editions.find((one) => one.id === edition)?.name
  return {
    ...about,
    date,
    ...(edition === undefined ? {} : { edition: `${edition}（${name ?? ''}）` }),
    ...(rules === undefined ? {} : { rules }),
  }
}
