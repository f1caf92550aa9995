/** What a gate that only watches would have stopped, with what to declare for each: the same on the terminal and on the page. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { IsoDate, Town, WebGate } from '@sekisho/core'
import {
  WATCH_DAYS,
  WouldRefuse,
  declarationFor,
  rehearsalWords,
  tunnelWords,
} from '@sekisho/gates/web'
import type { DeclarationPart, WouldRefuseRow } from '@sekisho/gates/web'
import { loadGuideline } from '@sekisho/guideline'
import { daysAfter } from '@sekisho/town'
import { readRequests } from './read-requests.ts'
import type { ReadRequests } from './read-requests.ts'
import { REQUESTS } from './serve-cloud.ts'
import { watchedOf } from './watched.ts'

/** Days that can be looked back. */
export const LONGEST_REHEARSAL = 400

export interface RehearsedRow extends WouldRefuseRow {
  /** What the rule says, and what would make it pass when no declaration does. */
  readonly message: string
  readonly cure: string
  readonly declaration: readonly DeclarationPart[]
}

export interface Rehearsal {
  readonly from: IsoDate
  /** Days looked at. */
  readonly days: number
  /** Whether the gate has a record at all. */
  readonly recorded: boolean
  /** Days that the gate has watched in all, and must have before it may begin to stop. */
  readonly watched: number
  readonly needed: number
  readonly ready: boolean
  /** As it runs, or ran last. */
  readonly mode: string
  readonly broken?: NonNullable<ReadRequests['broken']>
  /** Requests whose destination is not in a row of its own. */
  readonly unlisted: number
  /** Most often asked for first. */
  readonly rows: readonly RehearsedRow[]
}

export interface RehearsalOptions {
  /** Data folder of the gate. */
  readonly dataDir: string
  readonly town: Town
  readonly gate: WebGate
  readonly today: IsoDate
  readonly days: number
}

export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  const { dataDir, gate, town, today, days } = options
  const folder = join(dataDir, REQUESTS)
  const recorded = existsSync(folder)
  const from = daysAfter(today, 1 - days)
  const would = new WouldRefuse(new Date(`${from}T00:00:00+09:00`).toISOString())
  const { broken } = recorded
    ? await readRequests(folder, (entry) => would.add(entry), `${from}.jsonl`)
    : {}
  const { days: watched, mode = gate.mode } = await watchedOf(folder)
  return {
    from,
    days,
    recorded,
    watched,
    needed: WATCH_DAYS,
    ready: watched >= WATCH_DAYS,
    mode,
    ...(broken && { broken }),
    unlisted: would.unlisted,
    rows: would.rows().map((row) => ({
      ...row,
      ...saidOf(row.reason),
      declaration: declarationFor(row, town, gate, today),
    })),
  }
}

/** Whether the gate may begin to stop, in a sentence. */
export function readySentence({ mode, ready, watched, needed }: Rehearsal): string {
  if (mode === 'enforce') return rehearsalWords.enforced
  const sentence = ready ? rehearsalWords.ready : rehearsalWords.notReady
  return sentence
    .replace('{days}', String(watched))
    .replace('{needed}', String(needed))
    .replace('{left}', String(needed - watched))
}

const COLUMNS = [
  'reason',
  'target',
  'service',
  'count',
  'people',
  'departments',
  'since',
  'last',
  'addresses',
  'declaration',
] as const

/** As a table of texts, to be saved: every column that there is, with ids and not names, for whoever reckons with it. */
export function rehearsalTable({ rows }: Pick<Rehearsal, 'rows'>): {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
} {
  return {
    columns: COLUMNS.map((column) => rehearsalWords.columns[column]),
    rows: rows.map((row) => {
      const declaration = row.declaration.map(({ where, text }) => `${where}\n${text}`)
      return COLUMNS.map((column) => {
        if (column === 'declaration') return declaration.join('\n')
        const value = row[column]
        return typeof value === 'object' ? value.join(' ') : String(value)
      })
    }),
  }
}

/** A gate that only watches lets nobody through whom it does not know: of this rule it passes over the other part. */
const PARTS: Readonly<Record<string, string>> = { 'X11-PERSON': 'X11-PERSON/not-allowed' }

/** What the rule says, or the gate of its own; a record keeps the id without the part. */
function saidOf(reason: string): { readonly message: string; readonly cure: string } {
  const { rules } = loadGuideline().sentences.ja
  const first = [...rules.keys()].find((one) => one === reason || one.startsWith(`${reason}/`))
  const found = rules.get(PARTS[reason] ?? first ?? '')
  if (found) return { message: found.message, cure: found.cure ?? '' }
  const { why, cure } = tunnelWords(reason)
  return { message: why, cure }
}
