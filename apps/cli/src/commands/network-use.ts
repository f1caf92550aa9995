import { declare, standings, useRows, useText } from '@sekisho/network'
import { csvText } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Flag, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { firewallFolder } from '../firewall/folder.ts'
import { readUseFile, useFile } from '../firewall/use-file.ts'
import { jsonText } from '../json-text.ts'
import { readFormat } from '../out-file.ts'
import { openTown, showProblems } from '../town-file.ts'

const FORMATS = ['text', 'json', 'csv'] as const
const LONGEST_DAYS = 3_650

export const USE_USAGE =
  'sekisho network use [--town town.yaml] [--days 90] [--data DIR] [--format text|json|csv]'

export const DAYS_FLAG: Flag = {
  type: 'string',
  value: '90',
  default: '90',
  about: 'この日数のあいだ使われていない通信を挙げます（use）',
}

/** Lists the flows that are open, those first that nobody used. Nothing is wrong with any of them: a person decides. */
export async function use(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const days = Number(args.text('days'))
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_DAYS) {
    throw new UsageError(`--days は 1 から ${LONGEST_DAYS} までの日数です。`)
  }
  if (args.positionals.length > 1) throw new UsageError('use のあとに、ファイルは書けません。')
  const format = readFormat(args, FORMATS)
  const file = args.text('town') ?? 'town.yaml'
  const opened = await openTown(file)
  if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
  const known = await readUseFile(useFile(firewallFolder(args)))
  if (!known) {
    terminal.err(
      '使われ方の記録がありません。ファイアウォールの機械で「sekisho drift」を動かし続けると、10分ごとに記録されます。\n',
    )
    return EXIT.failed
  }
  const now = new Date()
  const all = standings(declare(opened.read.town), known, days, now)
  if (format === 'csv') {
    const { columns, rows } = useRows(all)
    terminal.out(csvText([columns, ...rows]))
  } else if (format === 'json') {
    const flows = all.map(({ flow, ...rest }) => ({ id: flow.id, name: flow.name, ...rest }))
    const { since, seen } = known
    terminal.out(jsonText({ sekisho: '1', kind: 'FlowUseReport', days, since, seen, flows }))
  } else terminal.out(useText(all, days))
  return EXIT.done
}
