/** `sekisho gate web report`: what a gate that only watches would have stopped, and what to declare for each. */
import { join } from 'node:path'
import type { Town } from '@sekisho/core'
import { rehearsalWords } from '@sekisho/gates/web'
import { csvText, visible } from '@sekisho/report'
import type { Rehearsal, RehearsedRow } from '@sekisho/server'
import { todayInJapan } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { jsonText } from '../json-text.ts'
import { readFormat } from '../out-file.ts'
import { openTown, showProblems } from '../town-file.ts'
import { webGateOf } from './cloud-lists.ts'

const FORMATS = ['text', 'json', 'csv'] as const

export async function webReport(
  [file = 'town.yaml']: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const { LONGEST_REHEARSAL, REQUESTS, readySentence, rehearsalTable, rehearse } =
    await import('@sekisho/server')
  const days = Number(args.text('days'))
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_REHEARSAL)
    throw new UsageError(`--days は 1 から ${LONGEST_REHEARSAL} までの日数です。`)
  const format = readFormat(args, FORMATS)
  const opened = await openTown(file)
  if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
  const { town } = opened.read
  const gate = webGateOf(town, args.text('gate'))
  const dataDir = args.text('data') ?? 'cloud-data'
  const today = todayInJapan(new Date())
  const seen = await rehearse({ dataDir, town, gate, today, days })
  if (!seen.recorded) {
    terminal.err(`${visible(join(dataDir, REQUESTS))} に、クラウドの関所の記録がありません。\n`)
    return EXIT.failed
  }
  if (format === 'csv') {
    const { columns, rows } = rehearsalTable(seen)
    terminal.out(csvText([columns, ...rows]))
  } else if (format === 'json') terminal.out(jsonText(jsonOf(seen)))
  else terminal.out(`${[...textOf(seen, town), readyLine(seen, readySentence(seen))].join('\n')}\n`)
  return seen.broken || seen.rows.length > 0 ? EXIT.findings : EXIT.done
}

function jsonOf(seen: Rehearsal): object {
  const { from, days, watched, needed, ready, mode, broken, unlisted, rows } = seen
  return {
    sekisho: '1',
    kind: 'CloudRehearsal',
    from,
    days,
    watched,
    needed,
    ready,
    mode,
    broken: broken !== undefined,
    unlisted,
    destinations: rows,
  }
}

/** The mark says it where nobody reads to the end. */
const readyLine = ({ mode, ready }: Rehearsal, sentence: string): string =>
  mode === 'enforce' ? sentence : `${ready ? '○' : '×'} ${sentence}`

function textOf(seen: Rehearsal, town: Town): readonly string[] {
  const { rows, from, days, unlisted, broken } = seen
  const w = rehearsalWords
  return [
    rows.length === 0 ? w.nothing : filled(w.heading, { count: rows.length, from, days }),
    ...rows.flatMap((row, index) => ['', ...rowText(row, index, town)]),
    '',
    ...(unlisted === 0 ? [] : [filled(w.unlisted, { count: unlisted })]),
    ...(broken ? [`× ${w.broken}`] : []),
  ]
}

function rowText(row: RehearsedRow, index: number, town: Town): readonly string[] {
  const { target, count, people, departments, reason, since, message, cure, declaration } = row
  const w = rehearsalWords
  const names = departments.map((id) => town.departments.find((one) => one.id === id)?.name ?? id)
  const values = {
    target: visible(target),
    count,
    people: people.length,
    departments: names.length === 0 ? w.nobody : visible(names.join('・')),
    since: todayInJapan(new Date(since)),
  }
  return [
    `${index + 1}. ${filled(w.line, values)}`,
    `   ${visible(reason)}　${message}`,
    `   ${declaration.length === 0 ? filled(w.noDeclaration, { cure }) : w.passes}`,
    ...declaration.flatMap(({ where, text }) => [
      `   ${visible(where)}`,
      ...text.split('\n').map((line) => `     ${visible(line)}`),
    ]),
  ]
}

const filled = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/gu, (_, name: string) => String(values[name] ?? ''))
