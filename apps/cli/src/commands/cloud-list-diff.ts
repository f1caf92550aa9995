import { listDigest } from '@sekisho/gates/web'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { showProblems } from '../town-file.ts'
import { diffText, json } from './cloud-list-text.ts'
import { onHand, openDesk } from './cloud-lists.ts'

/** What the snapshot that waits would change against the one in use. */
export async function diffList(
  [list, townFile = 'town.yaml', ...rest]: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (list === undefined || rest.length > 0)
    throw new UsageError('一覧の識別名と、宣言のファイルを書いてください。')
  const desk = await openDesk(townFile, args)
  if ('findings' in desk) return showProblems(townFile, desk.findings, args, terminal)
  const { used, waiting } = await onHand(desk, list)
  if (waiting === undefined) {
    terminal.err('承認を待っている一覧はありません。\n')
    return EXIT.done
  }
  if (args.on('json')) terminal.out(json(used, waiting.list, desk))
  else
    terminal.out(
      `${diffText(used, waiting.list, desk)}\nダイジェスト ${listDigest(waiting.list)}\n`,
    )
  return EXIT.done
}
