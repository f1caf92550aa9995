import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  declare,
  leftOutFindings,
  writeNeighbours,
  writeNftables,
  writeSettings,
} from '@sekisho/network'
import type { Declared } from '@sekisho/network'
import type { Town } from '@sekisho/core'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { readDate } from '../values.ts'

/** Dialects that are written, each with its files; the first is the rules, and the others what the rules take for granted. */
const TARGETS: Readonly<
  Record<string, (declared: Declared, town: Town) => Readonly<Record<string, string>>>
> = {
  nftables: (declared, town) => ({
    'sekisho.nft': writeNftables(declared),
    '90-sekisho.conf': writeSettings(),
    'sekisho.neigh': writeNeighbours(town, declared),
  }),
}

export const render: Command = {
  name: 'render',
  about: '宣言から、ファイアウォールの文を作ります',
  usage: ['sekisho render --target nftables --out DIR [--town town.yaml] [--at 日付]'],
  flags: {
    town: { type: 'string', value: 'FILE', default: 'town.yaml', about: 'まちの宣言' },
    target: {
      type: 'string',
      value: Object.keys(TARGETS).join('|'),
      default: 'nftables',
      about: 'どのファイアウォールの文か',
    },
    out: {
      type: 'string',
      value: 'DIR',
      about:
        '書き先のフォルダ。規則の文と、カーネルの設定、固定する機器の一覧を書きます。指定がなければ、規則の文だけを画面に出します',
    },
    at: {
      type: 'string',
      value: 'YYYY-MM-DD',
      about: 'この日に通るものを書きます。指定がなければ今日です',
    },
    json: { type: 'boolean', about: '宣言の書き方に直すところがあるとき、JSON で出します' },
  },
  async run(args, terminal) {
    const target = args.text('target') ?? ''
    const write = Object.hasOwn(TARGETS, target) ? TARGETS[target] : undefined
    if (!write) {
      throw new UsageError(`--target は ${Object.keys(TARGETS).join('・')} のどれかです。`)
    }
    const at = readDate(args)
    const file = args.text('town') ?? 'town.yaml'
    const opened = await openTown(file)
    if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
    const declared = declare(opened.read.town, at === undefined ? {} : { at })
    const files = Object.entries(write(declared, opened.read.town))
    const out = args.text('out')
    if (out === undefined) terminal.out(files[0]![1])
    else {
      await mkdir(out, { recursive: true })
      for (const [name, text] of files) {
        await writeFile(join(out, name), text)
        terminal.out(`${visible(join(out, name))}\n`)
      }
    }
    for (const { message, cure } of leftOutFindings(opened.read.town, declared.leftOut)) {
      terminal.err(`${message}${cure.sentence}\n`)
    }
    return EXIT.done
  },
}
