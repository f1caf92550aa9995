/**
 * `sekisho decide --due`: recorded decisions that come back by a date in their facts.
 */
import { COMES_BACK_DAYS, decisionsDue, replacedBy } from '@sekisho/assess'
import type { DecidedRow, DueDecision } from '@sekisho/assess'
import { openLogReader } from '@sekisho/evidence'
import { visible } from '@sekisho/report'
import { todayInJapan } from '@sekisho/town'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'

/** Lists the decisions of a folder of evidence whose date has passed or is near. */
export async function dueIn(
  folder: string,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const rows: DecidedRow[] = []
  const reader = await openLogReader({ dir: folder })
  for await (const { entry } of reader.entries(0)) if (entry.kind === 'decided') rows.push(entry)
  const at = todayInJapan(new Date())
  const due = decisionsDue(rows, replacedBy(rows), at)
  terminal.out(
    args.on('json')
      ? `${JSON.stringify({ sekisho: '1', kind: 'DueDecisions', at, days: COMES_BACK_DAYS, rows: due })}\n`
      : renderDue(due, rows.length),
  )
  return due.length === 0 ? EXIT.done : EXIT.findings
}

function renderDue(due: readonly DueDecision[], decided: number): string {
  const lines = due.map(
    ({ date, overdue, number, title, subject, label }) =>
      `${date}  ${overdue ? '過ぎています' : 'もうすぐです'}  ${number.padEnd(6)}  ${title}「${visible(subject)}」　${label}\n`,
  )
  return `${lines.join('')}判断${decided}件のうち、日を過ぎたか、${COMES_BACK_DAYS}日以内に来るものは${due.length}件です。\n`
}
