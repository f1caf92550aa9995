import { visible } from '@sekisho/report'
import { runTownTests } from '@sekisho/town'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'

export const test: Command = {
  name: 'test',
  about: '宣言に書いた、まち自身の試験（届く・届かない）を走らせます',
  usage: ['sekisho test [town.yaml] [--json]'],
  flags: { json: { type: 'boolean', about: 'JSON で出します' } },
  async run(args, terminal) {
    const file = args.positionals[0] ?? 'town.yaml'
    const opened = await openTown(file)
    if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
    const results = runTownTests(opened.read.town)
    const red = results.filter((result) => !result.green)
    if (args.on('json'))
      terminal.out(
        `${JSON.stringify({ sekisho: '1', kind: 'TownTests', file, tests: results }, undefined, 2)}\n`,
      )
    else {
      for (const result of results)
        terminal.out(
          `${result.green ? '○' : '×'} ${visible(result.test.name)}\n    ${visible(result.reason)}\n`,
        )
      const none = '試験がありません。town.yaml の tests に書けます。\n'
      terminal.out(
        results.length === 0
          ? none
          : `${results.length}件のうち${red.length}件が、宣言と違います。\n`,
      )
    }
    return red.length === 0 ? EXIT.done : EXIT.findings
  },
}
