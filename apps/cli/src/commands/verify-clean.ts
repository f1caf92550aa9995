import { readFile } from 'node:fs/promises'
import { verifyClean as verify } from '@sekisho/disarm/verify'
import { extname } from 'node:path'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'

export const verifyClean: Command = {
  name: 'verify-clean',
  about: '組み直したファイルに動くものが残っていないことを、別のプログラムで確かめます',
  usage: ['sekisho verify-clean FILE… [--json]'],
  flags: { json: { type: 'boolean', about: '1ファイル1行の JSON で出します' } },
  async run(args, terminal) {
    if (args.positionals.length === 0)
      throw new UsageError('確かめるファイルを1つ以上書いてください。')
    let refused = false
    for (const file of args.positionals) {
      const verdict = verify(await readFile(file), extname(file).slice(1) || undefined)
      refused ||= !verdict.clean
      if (args.on('json')) terminal.out(`${JSON.stringify({ file, ...verdict })}\n`)
      else if (verdict.clean)
        terminal.out(`○ ${visible(file)}（${verdict.type}）: 動くものは残っていません。\n`)
      else terminal.out(`× ${visible(file)}: ${verdict.reason}（${visible(verdict.where)}）\n`)
    }
    if (refused && !args.on('json'))
      terminal.err(
        '「×」は、Sekisho が組み直した形ではないファイルです。sekisho disarm で組み直してください。\n',
      )
    return refused ? EXIT.refused : EXIT.done
  },
}
