import { readFile } from 'node:fs/promises'
import type { Finding, Town } from '@sekisho/core'
import {
  declare,
  differenceFindings,
  leftOutFindings,
  loadNftables,
  noon,
  notSupportedFindings,
  prove as proveFilter,
  readNftables,
  readVendor,
  unreadFindings,
  unsaidSentences,
  vendorOf,
  withheldFor,
  writeNftables,
} from '@sekisho/network'
import type { Declared, Filter, Vendor, Withheld } from '@sekisho/network'
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
        '確かめる文です。nftables の文か「nft -j list ruleset」の出力、FortiGate の「show」か Cisco ASA の「show running-config」の出力です。指定がなければ、宣言から作る文を確かめます',
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
    const text =
      ruleset === undefined ? writeNftables(declared) : (await readFile(ruleset)).toString('utf8')
    const vendor = ruleset === undefined ? undefined : vendorOf(text)
    const filter = vendor
      ? vendorFilter(vendor, declared, text, terminal)
      : await nftablesFilter(declared, text, terminal)
    if (!filter) return EXIT.failed
    const withheld = vendor ? withheldFor(vendor, declared) : { declared, notSupported: [] }
    const left = [
      ...leftOutFindings(town, declared.leftOut),
      ...(vendor ? notSupportedFindings(town, vendor, withheld.notSupported) : []),
    ]
    return answer(town, withheld, filter, { file: ruleset ?? file, format, left }, terminal)
  },
}

function readFormat(args: Arguments): (typeof FORMATS)[number] {
  const wanted = args.on('json') ? 'json' : args.text('format')
  const format = FORMATS.find((known) => known === wanted)
  if (format === undefined) throw new UsageError(`--format は ${FORMATS.join('・')} のどれかです。`)
  return format
}

/** @returns `undefined` when texts of this maker are not read, and it has been said */
function vendorFilter(
  vendor: Vendor,
  { at }: Declared,
  text: string,
  terminal: Terminal,
): Filter | undefined {
  const filter = readVendor(vendor, text, { at: noon(at) })
  if (!filter) {
    terminal.err(
      'この装置の文は、まだ読み取れません。読み取れるのは nftables・FortiGate・Cisco ASA の文です。\n',
    )
  }
  return filter
}

/** @returns `undefined` when there is nothing to prove, and it has been said why */
async function nftablesFilter(
  declared: Declared,
  text: string,
  terminal: Terminal,
): Promise<Filter | undefined> {
  const options = { at: noon(declared.at) }
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
  { declared, notSupported }: Withheld,
  filter: Filter,
  how: {
    readonly file: string
    readonly format: (typeof FORMATS)[number]
    readonly left: readonly Finding[]
  },
  terminal: Terminal,
): ExitCode {
  const proof = proveFilter(declared, filter)
  const { left } = how
  const show = (findings: readonly Finding[], result: 'pass' | 'refuse'): void =>
    terminal.out(renderFindings(how.format, findings, { file: how.file, version: VERSION, result }))
  switch (proof.kind) {
    case 'equal':
      show(left, 'pass')
      terminal.err(
        `宣言した通信${notSupported.length === 0 ? '' : 'のうち、この装置の文で書ける'} ${declared.permits.length}本だけが通ります（${declared.at} の時点）。\n`,
      )
      tellUnsaid(filter, terminal)
      return EXIT.done
    case 'unreadable':
      show(unreadFindings(proof.unread), 'refuse')
      terminal.err('文を終わりまで読み取れないので、何も確かめていません。\n')
      return EXIT.failed
    case 'different':
      show(
        [...differenceFindings(town, declared, filter, proof.differences, notSupported), ...left],
        'refuse',
      )
      if (!proof.complete)
        terminal.err('ほかにも違いがあります。直してから、もう一度確かめてください。\n')
      tellUnsaid(filter, terminal)
      return EXIT.findings
  }
}

function tellUnsaid(filter: Filter, terminal: Terminal): void {
  for (const sentence of unsaidSentences(filter)) terminal.err(`${sentence}\n`)
}
