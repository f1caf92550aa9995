import { readFile } from 'node:fs/promises'
import type { Finding, Town } from '@sekisho/core'
import {
  declare,
  differenceFindings,
  leftOutFindings,
  loadNftables,
  noon,
  prove as proveFilter,
  readNftables,
  unreadFindings,
  writeNftables,
} from '@sekisho/network'
import type { Declared, Filter } from '@sekisho/network'
import { renderFindings, visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { readDate } from '../values.ts'
import { VERSION } from '../version.ts'

const FORMATS = ['text', 'json', 'sarif'] as const

export const prove: Command = {
  name: 'prove',
  about: 'ファイアウォールの文が、宣言した通信だけを通すことを確かめます',
  usage: [
    'sekisho prove [--town town.yaml] [--at 日付]',
    'sekisho prove --ruleset FILE [--town town.yaml] [--at 日付] [--format text|json|sarif]',
  ],
  flags: {
    town: { type: 'string', value: 'FILE', default: 'town.yaml', about: 'まちの宣言' },
    ruleset: {
      type: 'string',
      value: 'FILE',
      about:
        '確かめる文です。nftables の文か、「nft -j list ruleset」の出力です。指定がなければ、宣言から作る文を確かめます',
    },
    at: {
      type: 'string',
      value: 'YYYY-MM-DD',
      about: 'この日に通るものを確かめます。指定がなければ今日です',
    },
    format: { type: 'string', value: FORMATS.join('|'), default: 'text', about: '出し方' },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  async run(args, terminal) {
    const file = args.text('town') ?? 'town.yaml'
    const format = readFormat(args)
    const at = readDate(args)
    const opened = await openTown(file)
    if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
    const { town } = opened.read
    const declared = declare(town, at === undefined ? {} : { at })
    const ruleset = args.text('ruleset')
    const filter = await filterOf(declared, ruleset, terminal)
    if (!filter) return EXIT.failed
    return answer(town, declared, filter, { file: ruleset ?? file, format }, terminal)
  },
}

function readFormat(args: Arguments): (typeof FORMATS)[number] {
  const wanted = args.on('json') ? 'json' : args.text('format')
  const format = FORMATS.find((known) => known === wanted)
  if (format === undefined) throw new UsageError(`--format は ${FORMATS.join('・')} のどれかです。`)
  return format
}

/** @returns `undefined` when there is nothing to prove, and it has been said why */
export async function filterOf(
  declared: Declared,
  ruleset: string | undefined,
  terminal: Terminal,
): Promise<Filter | undefined> {
  const options = { at: noon(declared.at) }
  const text =
    ruleset === undefined ? writeNftables(declared) : (await readFile(ruleset)).toString('utf8')
  if (text.trimStart().startsWith('{')) {
    const listing = parsed(text)
    if (listing !== undefined) return readNftables(listing, options)
    terminal.err(
      'この JSON は読めません。「nft -j list ruleset」の出力を、そのまま渡してください。\n',
    )
    return undefined
  }
  const loaded = await loadNftables(text)
  if (loaded.ok) return readNftables(loaded.listing, options)
  terminal.err(
    loaded.reason === 'NET-NO-NFT'
      ? 'nft がないので、文を読み直せません。パッケージ「nftables」を入れてください（apt-get install nftables）。\n'
      : `nft がこの文を受け取りません。文を直してから、もう一度確かめてください。\n${visible(loaded.says)}\n`,
  )
  return undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function answer(
  town: Town,
  declared: Declared,
  filter: Filter,
  how: { readonly file: string; readonly format: (typeof FORMATS)[number] },
  terminal: Terminal,
): ExitCode {
  const proof = proveFilter(declared, filter)
  const left = leftOutFindings(town, declared.leftOut)
  const show = (findings: readonly Finding[], result: 'pass' | 'refuse'): void =>
    terminal.out(renderFindings(how.format, findings, { file: how.file, version: VERSION, result }))
  switch (proof.kind) {
    case 'equal':
      show(left, 'pass')
      terminal.err(
        `宣言した通信 ${declared.permits.length}本だけが通ります（${declared.at} の時点）。\n`,
      )
      return EXIT.done
    case 'unreadable':
      show(unreadFindings(proof.unread), 'refuse')
      terminal.err('文を終わりまで読み取れないので、何も確かめていません。\n')
      return EXIT.failed
    case 'different':
      show([...differenceFindings(town, declared, filter, proof.differences), ...left], 'refuse')
      if (!proof.complete)
        terminal.err('ほかにも違いがあります。直してから、もう一度確かめてください。\n')
      return EXIT.findings
  }
}
