import { writeFile } from 'node:fs/promises'
import { exportRegisters, registerTemplate, renderFindings, visible } from '@sekisho/report'
import { todayInJapan } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown } from '../town-file.ts'
import type { GoodTown } from '../town-file.ts'
import { VERSION } from '../version.ts'
import { importRegisters } from './register-import.ts'

const VERBS = ['export', 'template', 'import'] as const

export const register: Command = {
  name: 'register',
  about: '台帳（情報資産、クラウド、通信、職員）を Excel で書き出し、取り込みます',
  usage: [
    'sekisho register export [town.yaml] --out FILE.xlsx',
    'sekisho register template [town.yaml] --out FILE.xlsx',
    'sekisho register import FILE.xlsx [town.yaml] [--remove] [--apply]',
  ],
  flags: {
    out: { type: 'string', value: 'FILE', about: '書き出す先（export と template）' },
    remove: { type: 'boolean', about: 'シートにない行を、宣言からも消します（import）' },
    apply: {
      type: 'boolean',
      about: '宣言に書きます。付けなければ、変わることを見るだけです（import）',
    },
    json: { type: 'boolean', about: 'JSON で出します（import）' },
    'detailed-exitcode': {
      type: 'boolean',
      about: '変わることがあれば終了コード 10 で終わります（import）',
    },
  },
  words: VERBS,
  async run(args, terminal) {
    const [verb, ...files] = args.positionals
    if (verb === 'export') return exportTo(files, args, terminal)
    if (verb === 'template') return templateTo(files, args, terminal)
    if (verb === 'import') return importRegisters(files, args, terminal)
    throw new UsageError(`${VERBS.join('・')} のどれかを書いてください。`)
  },
}

async function exportTo(
  [file = 'town.yaml', ...rest]: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const out = outOf(args, rest)
  const town = await readableTown(file, terminal)
  if (town === undefined) return EXIT.findings
  await writeFile(out, exportRegisters(town, todayInJapan(new Date())))
  terminal.err(`台帳を ${visible(out)} に書き出しました。\n`)
  return EXIT.done
}

async function templateTo(
  [file, ...rest]: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const out = outOf(args, rest)
  const town = file === undefined ? undefined : await readableTown(file, terminal)
  if (file !== undefined && town === undefined) return EXIT.findings
  await writeFile(out, registerTemplate(todayInJapan(new Date()), town))
  terminal.err(`空の台帳を ${visible(out)} に書き出しました。\n`)
  return EXIT.done
}

function outOf(args: Arguments, rest: readonly string[]): string {
  const out = args.text('out')
  if (out === undefined) throw new UsageError('--out FILE.xlsx で、書き出す先を決めてください。')
  if (rest.length > 0) throw new UsageError('ファイルの名前が多すぎます。')
  return out
}

async function readableTown(file: string, terminal: Terminal): Promise<GoodTown | undefined> {
  const town = await openTown(file)
  if (town.ok) return town.read
  terminal.err(renderFindings('text', town.findings, { file, version: VERSION, result: 'refuse' }))
  return undefined
}
