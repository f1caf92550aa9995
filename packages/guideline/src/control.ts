/**
 * The table of controls: how each is checked and how long a paper about it stands. What it demands is in the rules.
 */
import { SekishoError } from '@sekisho/core'
import type { IsoDate } from '@sekisho/core'

/** From configuration, from logs, from a register, by a dated document, by a person's word. */
export const CONTROL_CHECKS = ['cfg', 'log', 'reg', 'doc', 'hum'] as const
export type ControlCheck = (typeof CONTROL_CHECKS)[number]

/** One row of the table of controls. */
export interface ControlInfo {
  /** Id of its rule, e.g. `AP-01`. */
  readonly id: string
  readonly checks: readonly ControlCheck[]
  /** Chapter of the policy's example sentences it belongs to, 1 組織体制 to 9 評価・見直し. */
  readonly chapter: number
  /** Number of the example sentence below its chapter, where a published passage of the guideline names it; absent where only the chapter is known. */
  readonly example?: string
  /** Months for which a paper about it stands. */
  readonly months: number
  /** True when a publication states this interval; otherwise the number is ours. */
  readonly monthsVerified: boolean
  /** True when a paper alone does not show it: a configuration, a log or a register does. */
  readonly beyondPaper: boolean
  /** The day from which it is asked for, when a law or notice brought it. The guideline's own go by edition. */
  readonly since?: IsoDate
  /** True when its paper must not be older than the edition of the guideline. */
  readonly afterEdition?: boolean
}

/**
 * Reads the table.
 *
 * @throws SekishoError CONFIG_INVALID when it is damaged: a control with a mistyped interval must not stand for ever.
 */
export function readControls(file: string, text: string): ControlInfo[] {
  const rows = JSON.parse(text) as ControlInfo[]
  if (!Array.isArray(rows) || rows.length === 0)
    throw new SekishoError('CONFIG_INVALID', `${file}: no controls`)
  for (const row of rows)
    if (!isWhole(row))
      throw new SekishoError('CONFIG_INVALID', `${file}: ${String(row?.id)} is damaged`)
  const ids = rows.map(({ id }) => id)
  if (new Set(ids).size < ids.length)
    throw new SekishoError('CONFIG_INVALID', `${file}: a control stands twice`)
  return rows
}

const KEYS = new Set([
  'id',
  'checks',
  'chapter',
  'example',
  'months',
  'monthsVerified',
  'beyondPaper',
  'since',
  'afterEdition',
])

function isWhole(row: ControlInfo): boolean {
  return (
    Object.keys(row).every((key) => KEYS.has(key)) &&
    /^[A-Z]{2}-\d{2}$/u.test(row.id) &&
    row.checks.length > 0 &&
    row.checks.every((check) => CONTROL_CHECKS.includes(check)) &&
    isBetween(row.chapter, 1, 9) &&
    (row.example === undefined || row.example.startsWith(`${row.chapter}.`)) &&
    isBetween(row.months, 1, 120) &&
    typeof row.monthsVerified === 'boolean' &&
    typeof row.beyondPaper === 'boolean' &&
    (row.since === undefined || /^\d{4}-\d{2}-\d{2}$/u.test(row.since)) &&
    (row.afterEdition === undefined || typeof row.afterEdition === 'boolean')
  )
}

const isBetween = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && least <= value && value <= most
