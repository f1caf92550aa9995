import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { declare, leftOutFindings, writeIptables, writeNftables } from '@sekisho/network'
import type { Declared } from '@sekisho/network'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { readDate } from '../values.ts'

/** Dialects that are written, each with its files. */
const TARGETS: Readonly<Record<string, (declared: Declared) => Readonly<Record<string, string>>>> =
  {
    nftables: (declared) => ({ 'sekisho.nft': writeNftables(declared) }),
    iptables: (declared) => {
      const { v4, v6 } = writeIptables(declared)
      return { 'sekisho.rules.v4': v4, 'sekisho.rules.v6': v6 }
    },
  }

export const render: Command = {
  name: 'render',
  about: '宣言から、ファイアウォールの文を作ります',
  usage: ['sekisho render --target nftables|iptables --out DIR [--town town.yaml] [--at 日付]'],
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
      about: '書き先のフォルダ。指定がなければ、画面に出します',
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
    const files = Object.entries(write(declared))
    const unsaid = new Set<string>()
    const out = args.text('out')
    if (out === undefined) for (const [, text] of files) terminal.out(text)
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
    // What the dialect cannot say is not opened: whoever loads the text must know it.
    for (const line of files.flatMap(([, text]) => text.split('\n'))) {
      const [, flow] = /^\W*NOT_SUPPORTED\s+(\S+)/u.exec(line) ?? []
      if (flow !== undefined) unsaid.add(flow)
    }
    for (const flow of unsaid) {
      terminal.err(
        `通信「${visible(flow)}」は、この書き方（${target}）では正しく書けないので、開けません。\n`,
      )
    }
    return EXIT.done
  },
}
