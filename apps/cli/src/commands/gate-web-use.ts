/** `sekisho gate web use`: what went through, by service, section, person, hour, and what was stopped. */
import { bytesText } from '@sekisho/core'
import { watchTables } from '@sekisho/gates/web'
import type { RangeTotals, WatchTable } from '@sekisho/gates/web'
import { csvText, visible } from '@sekisho/report'
import { daysAfter } from '@sekisho/town'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { jsonText } from '../json-text.ts'
import { readFormat } from '../out-file.ts'
import { dayFlag, openWebDesk } from './gate-web-desk.ts'

const FORMATS = ['text', 'json', 'csv'] as const
/** Rows of each table on a terminal. */
const SHOWN = 10
/** Days looked at when nobody says since when. */
const DAYS = 28

export async function webUse(
  [file = 'town.yaml']: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const format = readFormat(args, FORMATS)
  const desk = await openWebDesk(file, args, terminal)
  if (typeof desk === 'number') return desk
  const to = dayFlag(args, 'to', desk.watch.today)
  const from = dayFlag(args, 'from', daysAfter(to, 1 - DAYS))
  const filter = {
    service: args.text('service') ?? '',
    department: args.text('department') ?? '',
    person: args.text('person') ?? '',
  }
  const { totals, broken } = await desk.watch.totals(from, to, filter)
  const { cloudReasonText } = await import('@sekisho/server')
  const tables = watchTables(totals, desk.town, cloudReasonText)
  if (format === 'json') {
    const body = { sekisho: '1', kind: 'CloudUse', from, to, filter, ...totals, broken }
    terminal.out(jsonText(body))
  } else if (format === 'csv') terminal.out(csvText(csvRows(tables)))
  else terminal.out(`${textOf(from, to, totals, tables).join('\n')}\n`)
  if (broken)
    terminal.err(
      `記録が、${broken.file} の ${broken.line}行で前の行とつながりません。それより後は数えていません。\n`,
    )
  return broken ? EXIT.findings : EXIT.done
}

/** One file for all tables: the first column says which. */
function csvRows(tables: readonly WatchTable[]): readonly (readonly string[])[] {
  return tables.flatMap(({ title, columns, rows }) => [
    [title, ...columns],
    ...rows.map((row) => [title, ...row]),
  ])
}

function textOf(
  from: string,
  to: string,
  { all, lines, beyond }: RangeTotals,
  tables: readonly WatchTable[],
): readonly string[] {
  if (lines === 0)
    return [
      `${from} から ${to} までの記録がありません。--data のフォルダと期間を確かめてください。`,
    ]
  const head = `${from} から ${to}　つないだ ${all.opened}件　止めた ${all.refused}件　送った ${bytesText(all.up)}　受け取った ${bytesText(all.down)}`
  const shown = tables.filter(({ key }) => key !== 'hours' && key !== 'days')
  return [
    head,
    ...shown.flatMap(({ title, columns, rows }) => [
      '',
      `${title}（${columns.join('　')}）`,
      ...rows.slice(0, SHOWN).map((row) => `  ${row.map(visible).join('　')}`),
      ...(rows.length > SHOWN ? [`  ほか ${rows.length - SHOWN}行は --format csv で出せます`] : []),
    ]),
    ...(beyond > 0 ? ['', `数えきれず、行き先の表に入らない通信が ${beyond}件あります。`] : []),
  ]
}
