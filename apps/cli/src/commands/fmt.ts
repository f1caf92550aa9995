import { readFile, rename, writeFile } from 'node:fs/promises'
import { formatTown } from '@sekisho/town'
import { renderFindings, visible } from '@sekisho/report'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { openTown } from '../town-file.ts'
import { VERSION } from '../version.ts'

export const fmt: Command = {
  name: 'fmt',
  about: 'まちの宣言を、決まった書き方に整えます（注釈と順番は残ります）',
  usage: ['sekisho fmt [town.yaml] [--check|--diff]'],
  flags: {
    check: { type: 'boolean', about: '書き換えずに、整っているかだけを確かめます' },
    diff: { type: 'boolean', about: '書き換えずに、変わる行を示します' },
  },
  async run(args, terminal) {
    const file = args.positionals[0] ?? 'town.yaml'
    const before = await readFile(file, 'utf8')
    const formatted = formatTown(before)
    if (!formatted.ok) {
      const opened = await openTown(file)
      const findings = opened.ok ? [] : opened.findings
      terminal.err(renderFindings('text', findings, { file, version: VERSION, result: 'refuse' }))
      return EXIT.findings
    }
    if (!formatted.changed) {
      terminal.out(`${visible(file)} は整っています。\n`)
      return EXIT.done
    }
    if (args.on('diff')) terminal.out(lines(before, formatted.text))
    if (args.on('check') || args.on('diff')) {
      if (args.on('check'))
        terminal.out(`${visible(file)} は整っていません。sekisho fmt で整います。\n`)
      return EXIT.findings
    }
    // Written beside and renamed, so that a cut in the middle leaves the old file whole.
    await writeFile(`${file}.new`, formatted.text)
    await rename(`${file}.new`, file)
    terminal.out(`${visible(file)} を整えました。\n`)
    return EXIT.done
  },
}

/** Lines that go and lines that come, between the common head and the common tail. */
function lines(before: string, after: string): string {
  const old = before.split('\n')
  const fresh = after.split('\n')
  let head = 0
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++
  let tail = 0
  while (
    tail < old.length - head &&
    tail < fresh.length - head &&
    old.at(-1 - tail) === fresh.at(-1 - tail)
  )
    tail++
  return [
    `@@ ${head + 1}行目から`,
    ...old.slice(head, old.length - tail).map((line) => `- ${visible(line)}`),
    ...fresh.slice(head, fresh.length - tail).map((line) => `+ ${visible(line)}`),
    '',
  ].join('\n')
}
