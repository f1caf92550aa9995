/**
 * A workbook from outside, up to what it would change: rebuilt in a box first, and only what was rebuilt is read.
 */
import type { Finding } from '@sekisho/core'
import { isActive, refusalWords, removalSentence } from '@sekisho/disarm'
import type { Pool } from '@sekisho/disarm'
import { checkTown, diffTowns } from '@sekisho/town'
import type { CheckOptions, TownChange, TownReading } from '@sekisho/town'
import { readWorkbook } from '../excel/read.ts'
import type { RegisterChange } from './changes.ts'
import { planImport } from './import.ts'
import type { ImportOptions } from './import.ts'
import { registerProblem } from './problem.ts'
import type { RegisterProblem } from './problem.ts'

/** Bytes of a workbook: registers of 20,000 rows are about 3 MiB. */
export const MAX_WORKBOOK_BYTES = 32 * 1024 * 1024

export type RebuiltWorkbook =
  | { readonly ok: true; readonly output: Uint8Array; readonly notices: readonly string[] }
  | { readonly ok: false; readonly problems: readonly RegisterProblem[] }

/** @param pool its limit of input is `MAX_WORKBOOK_BYTES` or less */
export async function rebuildWorkbook(
  bytes: Uint8Array,
  name: string,
  pool: Pick<Pool, 'disarm'>,
): Promise<RebuiltWorkbook> {
  if (bytes.length > MAX_WORKBOOK_BYTES) return refusedWorkbook('LIMIT-SIZE')
  const { report, output } = await pool.disarm(bytes, { name })
  if (output === undefined) return refusedWorkbook(report.reason ?? 'ENG-CRASH')
  if (report.outputType !== 'xlsx')
    return { ok: false, problems: [registerProblem('REG-NOT-XLSX', {})] }
  const formulas = report.removed.filter(({ rule }) => FORMULA_RULES.has(rule))
  if (formulas.length > 0) return { ok: false, problems: formulas.map(formulaGone) }
  const notices = report.removed
    .filter(({ rule }) => isActive(rule))
    .map(({ rule, count }) => removalSentence(rule, count))
  return { ok: true, output, notices: [...new Set(notices)] }
}

/** Why a workbook was not rebuilt, by the disarmer's own reason. */
export function refusedWorkbook(reason: string): Extract<RebuiltWorkbook, { ok: false }> {
  const scanned = BY_SCANNER.get(reason)
  if (scanned !== undefined) return { ok: false, problems: [registerProblem(scanned, {})] }
  const value = refusalWords(reason).what
  return { ok: false, problems: [registerProblem('REG-NOT-CLEAN', {}, { value })] }
}

/** Saving the workbook anew helps against neither of these. */
const BY_SCANNER: ReadonlyMap<string, 'REG-SCAN-HIT' | 'REG-SCAN-DOWN'> = new Map([
  ['AV-HIT', 'REG-SCAN-HIT'],
  ['AV-DOWN', 'REG-SCAN-DOWN'],
])

/** Formulas that may not stay leave a last value, which nobody typed: it is not taken for one. */
const FORMULA_RULES: ReadonlySet<string> = new Set(['X-FORMULA', 'X-EXTLINK'])

const formulaGone = ({ where, count }: { where: string; count: number }): RegisterProblem =>
  registerProblem('REG-FORMULA-GONE', where === '' ? {} : { sheet: where }, { value: count })

/** What an import would change, or everything that keeps it from being done. */
export type ImportPreview =
  | { readonly ok: false; readonly problems: readonly RegisterProblem[] }
  | {
      readonly ok: true
      /** The whole town file as it would be. */
      readonly text: string
      readonly changes: readonly RegisterChange[]
      /** What opens and what closes by it. */
      readonly crossings: readonly TownChange[]
      readonly appear: readonly Finding[]
      readonly vanish: readonly Finding[]
      readonly notices: readonly string[]
    }

/** Nothing is written. */
export function previewImport(
  rebuilt: RebuiltWorkbook,
  town: { readonly read: TownReading; readonly text: string },
  { judge, ...options }: ImportOptions & { readonly judge: NonNullable<CheckOptions['judge']> },
): ImportPreview {
  if (!rebuilt.ok) return rebuilt
  const book = readWorkbook(rebuilt.output)
  if (book === undefined) return refusedWorkbook('ENG-CRASH')
  const plan = planImport(book, town, options)
  if (!plan.ok) return plan
  const { text, changes } = plan
  const shown = { ok: true as const, text, changes, notices: [...rebuilt.notices, ...plan.notices] }
  if (changes.length === 0) return { ...shown, crossings: [], appear: [], vanish: [] }
  const [old, fresh] = [town.read, plan.read].map((read) => checkTown(read, { judge }).findings)
  return {
    ...shown,
    crossings: diffTowns(town.read.town, plan.read.town).filter(
      ({ effect }) => effect !== 'changes',
    ),
    appear: without(fresh!, old!),
    vanish: without(old!, fresh!),
  }
}

// Lines and indices move with every entry; rule and sentence say what it is about.
function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(others.map(({ rule, message }) => `${rule} ${message}`))
  return findings.filter(({ rule, message }) => !known.has(`${rule} ${message}`))
}
