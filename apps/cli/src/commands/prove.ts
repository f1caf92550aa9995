import type { Finding, Town } from '@sekisho/core'
import {
  breachFindings,
  declare,
  invariants,
  lastingFindings,
  leftOutFindings,
  noon,
  notSupportedFindings,
  proveLasting,
  unsaidSentences,
  wiringOf,
  withheldFor,
  writeNftables,
} from '@sekisho/network'
import type { Declared, Withheld } from '@sekisho/network'
import { renderFindings } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command, Terminal } from '../command.ts'
import { readFormat } from '../out-file.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { readRuleset, readRulesetText } from '../ruleset-file.ts'
import type { RulesetReading } from '../ruleset-file.ts'
import { openTown, showProblems } from '../town-file.ts'
import { readDate } from '../values.ts'
import { VERSION } from '../version.ts'

const FORMATS = ['text', 'json', 'sarif'] as const

export const prove: Command = {
  name: 'prove',
  about: 'ファイアウォールの文が、宣言した通信だけを通すことを確かめます',
  usage: [
    'sekisho prove [--town town.yaml] [--at 日付]',
    'sekisho prove --ruleset FILE [FILE…] [--town town.yaml] [--at 日付] [--format text|json|sarif]',
  ],
  flags: {
    town: { type: 'string', value: 'FILE', default: 'town.yaml', about: 'まちの宣言' },
    ruleset: {
      type: 'string',
      value: 'FILE',
      about:
        '確かめる文です。nftables の文、「nft -j list ruleset」の出力、iptables-save と ip6tables-save の出力（2つ続けて書きます）、FortiGate の「show」、Cisco（ASA・IOS）の「show running-config」、Palo Alto の set 形式の出力のどれかです。指定がなければ、宣言から作る文を確かめます',
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
    const format = readFormat(args, FORMATS)
    const at = readDate(args)
    const opened = await openTown(file)
    if (!opened.ok) return showProblems(file, opened.findings, args, terminal)
    const { town } = opened.read
    const declared = declare(town, at === undefined ? {} : { at })
    const ruleset = args.text('ruleset')
    // Or the text that is made from the town would be proved, and taken for the one that was named.
    if (ruleset === undefined && args.positionals.length > 0) {
      throw new UsageError('確かめる文は --ruleset で、まちの宣言は --town で指定してください。')
    }
    const files = ruleset === undefined ? [] : [ruleset, ...args.positionals]
    const reading = await readingOf(declared, files, terminal)
    if (!reading) return EXIT.failed
    const { vendor } = reading
    const about = ruleset === undefined ? 'declaration' : 'ruleset'
    const withheld = vendor ? withheldFor(vendor, declared) : { declared, notSupported: [] }
    const left = [
      ...leftOutFindings(town, declared.leftOut, about),
      ...(vendor ? notSupportedFindings(town, vendor, withheld.notSupported) : []),
    ]
    return answer(town, withheld, reading, { file: ruleset ?? file, format, left }, terminal)
  },
}

type Read = RulesetReading & { readonly ok: true }

/** @returns `undefined` when there is nothing to prove, and it has been said why */
export async function readingOf(
  declared: Declared,
  files: readonly string[],
  terminal: Terminal,
): Promise<Read | undefined> {
  const at = noon(declared.at)
  const reading =
    files.length === 0
      ? await readRulesetText(writeNftables(declared), at)
      : await readRuleset(files, at)
  if (!reading.ok) {
    terminal.err(`${reading.says}\n`)
    return undefined
  }
  for (const notice of reading.notices) terminal.err(`${notice}\n`)
  return reading
}

function answer(
  town: Town,
  { declared, notSupported }: Withheld,
  { filter, readAt }: Read,
  how: {
    readonly file: string
    readonly format: (typeof FORMATS)[number]
    readonly left: readonly Finding[]
  },
  terminal: Terminal,
): ExitCode {
  const lasting = proveLasting(declared, filter, readAt)
  const { proof } = lasting
  const { left } = how
  const breaches = breachFindings(town, declared, filter, invariants(wiringOf(town), filter))
  const show = (findings: readonly Finding[], result: 'pass' | 'refuse'): void =>
    terminal.out(renderFindings(how.format, findings, { file: how.file, version: VERSION, result }))
  switch (proof.kind) {
    case 'equal':
      if (breaches.length > 0) {
        show([...breaches, ...left], 'refuse')
        terminal.err('宣言した通信だけが通りますが、守るべき決まりに合わないものがあります。\n')
        return EXIT.findings
      }
      show(left, 'pass')
      terminal.err(
        `宣言した通信${notSupported.length === 0 ? '' : 'のうち、この装置の文で書ける'} ${declared.permits.length}本だけが通ります（${declared.at} の時点）。\n`,
      )
      tellUnsaid(filter, terminal)
      return EXIT.done
    case 'unreadable':
      show(lastingFindings(town, lasting), 'refuse')
      terminal.err('文を終わりまで読み取れないので、何も確かめていません。\n')
      return EXIT.failed
    case 'different':
      show([...breaches, ...lastingFindings(town, lasting, notSupported), ...left], 'refuse')
      if (!proof.complete)
        terminal.err('ほかにも違いがあります。直してから、もう一度確かめてください。\n')
      tellUnsaid(filter, terminal)
      return EXIT.findings
  }
}

function tellUnsaid(filter: Read['filter'], terminal: Terminal): void {
  for (const sentence of unsaidSentences(filter)) terminal.err(`${sentence}\n`)
}
