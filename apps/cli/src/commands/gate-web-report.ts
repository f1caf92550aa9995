/** `sekisho gate web report`: what a gate that only watches would have stopped, and what to declare for each. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { IsoDate, Town, WebGate } from '@sekisho/core'
import { WATCH_DAYS, WouldRefuse, declarationFor, rehearsalWords } from '@sekisho/gates/web'
import type { WouldRefuseRow } from '@sekisho/gates/web'
import { loadGuideline } from '@sekisho/guideline'
import { csvText, visible } from '@sekisho/report'
import { daysAfter, todayInJapan } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { jsonText } from '../json-text.ts'
import { readFormat } from '../out-file.ts'
import { openTown, showProblems } from '../town-file.ts'
import { webGateOf } from './cloud-lists.ts'

const FORMATS = ['text', 'json', 'csv'] as const
const LONGEST_DAYS = 400

export async function webReport(
  [file = 'town.yaml']: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const days = Number(args.text('days'))
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_DAYS)
    throw new UsageError(`--days は 1 から ${LONGEST_DAYS} までの日数です。`)
  const format = readFormat(args, FORMATS)
  const opened = await openTown(file)
  if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
  const { town } = opened.read
  const gate = webGateOf(town, args.text('gate'))
  const { REQUESTS, readRequests, watchedOf } = await import('@sekisho/server')
  const folder = join(args.text('data') ?? 'cloud-data', REQUESTS)
  if (!existsSync(folder)) {
    terminal.err(`${visible(folder)} に、クラウドの関所の記録がありません。\n`)
    return EXIT.failed
  }
  const today = todayInJapan(new Date())
  const from = daysAfter(today, 1 - days)
  const would = new WouldRefuse(new Date(`${from}T00:00:00+09:00`).toISOString())
  const read = await readRequests(folder, (entry) => would.add(entry), `${from}.jsonl`)
  const watched = await watchedOf(folder)
  const mode = watched.mode ?? gate.mode
  const seen: Seen = { town, gate, today, from, days, watched: watched.days, mode, would }
  const broken = read.broken !== undefined
  if (format === 'csv') terminal.out(csvOf(seen))
  else if (format === 'json') terminal.out(jsonText(jsonOf(seen, broken)))
  else terminal.out(`${textOf(seen, broken).join('\n')}\n`)
  return broken || would.rows().length > 0 ? EXIT.findings : EXIT.done
}

interface Seen {
  readonly town: Town
  readonly gate: WebGate
  readonly today: IsoDate
  readonly from: IsoDate
  readonly days: number
  /** Days that the gate has watched in all. */
  readonly watched: number
  /** As it runs, or ran last. */
  readonly mode: string
  readonly would: WouldRefuse
}

const declared = (row: WouldRefuseRow, { town, gate, today }: Seen) =>
  declarationFor(row, town, gate, today)

function jsonOf(seen: Seen, broken: boolean): object {
  const { from, days, watched, would, mode } = seen
  const destinations = would.rows().map((row) => ({ ...row, declaration: declared(row, seen) }))
  const ready = watched >= WATCH_DAYS
  const { unlisted } = would
  const watch = { watched, needed: WATCH_DAYS, ready, mode }
  return {
    sekisho: '1',
    kind: 'CloudRehearsal',
    from,
    days,
    ...watch,
    broken,
    unlisted,
    destinations,
  }
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

function csvOf(seen: Seen): string {
  const rows = seen.would.rows().map((row) => {
    const declaration = declared(row, seen)
      .map(({ where, text }) => `${where}\n${text}`)
      .join('\n')
    return COLUMNS.map((column) => {
      const value = column === 'declaration' ? declaration : row[column]
      return typeof value === 'object' ? value.join(' ') : String(value)
    })
  })
  return csvText([COLUMNS.map((column) => rehearsalWords.columns[column]), ...rows])
}

function textOf(seen: Seen, broken: boolean): readonly string[] {
  const { would, from, days, watched, mode } = seen
  const rows = would.rows()
  const w = rehearsalWords
  const ready = { days: watched, needed: WATCH_DAYS }
  return [
    rows.length === 0 ? w.nothing : filled(w.heading, { count: rows.length, from, days }),
    ...rows.flatMap((row, index) => ['', ...rowText(row, index, seen)]),
    '',
    ...(would.unlisted === 0 ? [] : [filled(w.unlisted, { count: would.unlisted })]),
    ...(broken ? [`× ${w.broken}`] : []),
    mode === 'enforce' ? w.enforced : filled(watched >= WATCH_DAYS ? w.ready : w.notReady, ready),
  ]
}

function rowText(row: WouldRefuseRow, index: number, seen: Seen): readonly string[] {
  const { target, count, people, departments, reason, since } = row
  const w = rehearsalWords
  const names = departments.map(
    (id) => seen.town.departments.find((one) => one.id === id)?.name ?? id,
  )
  const parts = declared(row, seen)
  const values = {
    target: visible(target),
    count,
    people: people.length,
    departments: names.length === 0 ? w.nobody : visible(names.join('・')),
    since: todayInJapan(new Date(since)),
  }
  const { message, cure } = saidOf(reason)
  return [
    `${index + 1}. ${filled(w.line, values)}`,
    `   ${visible(reason)}　${message}`,
    `   ${parts.length === 0 ? filled(w.noDeclaration, { cure }) : w.passes}`,
    ...parts.flatMap(({ where, text }) => [
      `   ${visible(where)}`,
      ...text.split('\n').map((line) => `     ${visible(line)}`),
    ]),
  ]
}

/** A gate that only watches lets nobody through whom it does not know: of this rule it passes over the other part. */
const PARTS: Readonly<Record<string, string>> = { 'X11-PERSON': 'X11-PERSON/not-allowed' }

/** What the rule says; a record keeps its id without the part. */
function saidOf(reason: string): { readonly message: string; readonly cure: string } {
  const { rules } = loadGuideline().sentences.ja
  const first = [...rules.keys()].find((one) => one === reason || one.startsWith(`${reason}/`))
  const { message = '', cure = '' } = rules.get(PARTS[reason] ?? first ?? '') ?? {}
  return { message, cure }
}

const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/gu, (_, name: string) => String(values[name] ?? ''))
