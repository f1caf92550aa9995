import { writeFile } from 'node:fs/promises'
import { exportRegisters, registerTemplate, visible } from '@sekisho/report'
import { todayInJapan } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { exportDecisions } from './register-decisions.ts'
import { outOf, readableTown } from './register-files.ts'
import { importRegisters } from './register-import.ts'

const VERBS = ['export', 'template', 'import', 'decisions'] as const

export const register: Command = {
  name: 'register',
  about: '台帳（情報資産、通信、契約、媒体、事案など）を Excel で書き出し、取り込みます',
  usage: [
    'sekisho register export [town.yaml] --out FILE.xlsx',
    'sekisho register template [town.yaml] --out FILE.xlsx',
    'sekisho register import FILE.xlsx [town.yaml] [--remove] [--apply]',
    'sekisho register decisions 証跡のDIR [town.yaml] --out FILE.xlsx [--key 鍵]',
  ],
  flags: {
    out: { type: 'string', value: 'FILE', about: '書き出す先（import のほか）' },
    key: {
      type: 'string',
      value: 'KEY',
      about: '証跡の検証鍵。なければフォルダの中の鍵を使い、そう断ります（decisions）',
    },
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
    if (verb === 'decisions') return exportDecisions(files, args, terminal)
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
