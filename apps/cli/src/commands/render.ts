import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding, Town } from '@sekisho/core'
import {
  declare,
  leftOutFindings,
  notSupportedFindings,
  vendorLimits,
  VENDORS,
  writeForwarding,
  writeIptables,
  writeNeighbours,
  writeNftables,
  writeSettings,
  writeVendor,
  writeWatch,
} from '@sekisho/network'
import type { Declared, Vendor } from '@sekisho/network'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { readDate } from '../values.ts'

/** What is written for one kind of firewall, and what is told with it. */
interface Rendered {
  readonly files: Readonly<Record<string, string>>
  /** What the rules take for granted of the kernel; written into a folder, not to the screen. */
  readonly beside?: Readonly<Record<string, string>>
  /** Declared flows that this kind cannot hold. */
  readonly notSupported: readonly Finding[]
  /** What whoever loads the text should know. */
  readonly limits: readonly string[]
}

/** Kinds of firewalls that are written for. */
const TARGETS: Readonly<Record<string, (town: Town, declared: Declared) => Rendered>> = {
  nftables: (town, declared) => ({
    files: { 'sekisho.nft': writeNftables(declared) },
    beside: {
      ...besideRules(town, declared, 'nftables.service'),
      'sekisho-drift.service': writeWatch('nftables.service'),
    },
    notSupported: [],
    limits: [],
  }),
  iptables: (town, declared) => {
    const { v4, v6 } = writeIptables(declared)
    return {
      files: { 'sekisho.rules.v4': v4, 'sekisho.rules.v6': v6 },
      beside: besideRules(town, declared, 'netfilter-persistent.service'),
      notSupported: [],
      limits: notOpened(v4 + v6),
    }
  },
  ...Object.fromEntries(
    VENDORS.map((vendor) => [
      vendor,
      (town: Town, declared: Declared) => vendorText(vendor, town, declared),
    ]),
  ),
}

const besideRules = (
  town: Town,
  declared: Declared,
  unit: string,
): Readonly<Record<string, string>> => ({
  '90-sekisho.conf': writeSettings(),
  'sekisho-forwarding.service': writeForwarding(unit),
  'sekisho.neigh': writeNeighbours(town, declared),
})

/** What this dialect cannot say is not opened: whoever loads the text must know it. */
function notOpened(text: string): readonly string[] {
  const flows = text.matchAll(/^\W*NOT_SUPPORTED\s+(\S+)/gmu)
  return [...new Set([...flows].map(([, flow]) => flow!))].map(
    (flow) => `通信「${visible(flow)}」は、この書き方では正しく書けないので、開けません。`,
  )
}

function vendorText(vendor: Vendor, town: Town, declared: Declared): Rendered {
  const { files, notSupported } = writeVendor(vendor, declared)
  return {
    files,
    notSupported: notSupportedFindings(town, vendor, notSupported),
    limits: vendorLimits(vendor),
  }
}

export const render: Command = {
  name: 'render',
  about: '宣言から、ファイアウォールの文を作ります',
  usage: [
    `sekisho render --target ${Object.keys(TARGETS).join('|')} --out DIR [--town town.yaml] [--at 日付]`,
  ],
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
        '書き先のフォルダ。Linux には、規則の文のほかに、カーネルの設定、固定する機器の一覧、systemd のユニットも書きます。指定がなければ、規則の文だけを画面に出します',
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
    const { town } = opened.read
    const { files, beside = {}, notSupported, limits } = write(town, declared)
    const told = [...leftOutFindings(town, declared.leftOut), ...notSupported].map(
      ({ message, cure }) => `${message}${cure.sentence}\n`,
    )
    const notes = [...told, ...limits.map((limit) => `${limit}\n`)]
    const out = args.text('out')
    if (out === undefined) for (const text of Object.values(files)) terminal.out(text)
    else
      await writeFiles(out, { ...withNotes(files, declared, notes, limits), ...beside }, terminal)
    for (const note of notes) terminal.err(note)
    return EXIT.done
  },
}

/** A text for a machine of another maker is ASCII; what is not open in it, and why, stands beside it for people. */
function withNotes(
  files: Readonly<Record<string, string>>,
  { digest, at }: Declared,
  notes: readonly string[],
  limits: readonly string[],
): Readonly<Record<string, string>> {
  if (limits.length === 0) return files
  const head = `まちの定義 ${digest}　${at} の時点\n\n`
  return { ...files, 'NOT_SUPPORTED.txt': `${head}${notes.join('')}` }
}

async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(folder, name), text)
    terminal.out(`${visible(join(folder, name))}\n`)
  }
}
