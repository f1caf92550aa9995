import { readFile } from 'node:fs/promises'
import { exportLog, openLogReader } from '@sekisho/evidence'
import { verifyFolder } from '@sekisho/evidence/verify'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'

const VERBS = ['verify', 'prove', 'show', 'export'] as const

export const evidence: Command = {
  name: 'evidence',
  about: '証跡を確かめ、示し、取り出します',
  usage: [
    'sekisho evidence verify DIR [--key 鍵] [--checkpoint FILE] [--json]',
    'sekisho evidence prove DIR INDEX',
    'sekisho evidence show DIR [--from N] [--to N] [--number S-1042] [--json]',
    'sekisho evidence export DIR --out DIR',
  ],
  flags: {
    key: {
      type: 'string',
      value: 'KEY',
      about: '検証鍵（name+hash+key の形）。なければフォルダの中の鍵を使い、そう断ります',
    },
    checkpoint: {
      type: 'string',
      value: 'FILE',
      about: '以前に控えた checkpoint。続きであることも確かめます',
    },
    from: { type: 'string', value: 'N', about: 'この番号から（0 から数えます）' },
    to: { type: 'string', value: 'N', about: 'この番号の手前まで' },
    number: { type: 'string', value: 'S-1042', about: 'この受付番号の記録だけ' },
    out: { type: 'string', short: 'o', value: 'DIR', about: '取り出し先のフォルダ' },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  words: VERBS,
  async run(args, terminal) {
    const verb = VERBS.find((known) => known === args.positionals[0])
    const folder = args.positionals[1]
    if (verb === undefined) throw new UsageError(`${VERBS.join('・')} のどれかを書いてください。`)
    if (folder === undefined) throw new UsageError('証跡のフォルダを書いてください。')
    return ACTIONS[verb](folder, args, terminal)
  },
}

type Action = (folder: string, args: Arguments, terminal: Terminal) => Promise<ExitCode>

const ACTIONS: Readonly<Record<(typeof VERBS)[number], Action>> = {
  verify,
  prove,
  show,
  export: exportTo,
}

async function verify(folder: string, args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const key = args.text('key')
  const older = args.text('checkpoint')
  const verdict = verifyFolder(folder, {
    ...(key === undefined ? {} : { key }),
    ...(older === undefined ? {} : { checkpoint: await readFile(older, 'utf8') }),
  })
  if (args.on('json'))
    terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'EvidenceVerdict', ...verdict })}\n`)
  else if (verdict.ok) {
    terminal.out(
      `○ ${verdict.size}件の証跡は、すべて元のままです。\n  ${visible(verdict.origin)}　根 ${verdict.root}\n`,
    )
    if (key === undefined)
      terminal.out(
        '  鍵はフォルダの中のものを使いました。別に控えた鍵があれば --key で確かめられます。\n',
      )
  } else {
    const first =
      verdict.firstBad === undefined
        ? 'どの記録かは決められません。'
        : `最初に合わない記録: ${verdict.firstBad}番`
    terminal.out(
      `× 証跡が元のままではありません。${first}\n  ${verdict.reason}: ${visible(verdict.message)}（${visible(verdict.where)}）\n`,
    )
  }
  return verdict.ok ? EXIT.done : EXIT.findings
}

async function prove(folder: string, args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const index = whole(args.positionals[2])
  if (index === undefined)
    throw new UsageError('証明する記録の番号を書いてください（0 から数えます）。')
  terminal.out(
    `${JSON.stringify({ sekisho: '1', kind: 'EvidenceProof', ...(await (await openLogReader({ dir: folder })).prove(index)) }, undefined, 2)}\n`,
  )
  return EXIT.done
}

async function show(folder: string, args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const number = args.text('number')
  const from = whole(args.text('from')) ?? 0
  const to = whole(args.text('to'))
  const reader = await openLogReader({ dir: folder })
  for await (const { index, entry } of reader.entries(from, to)) {
    if (number !== undefined && entry.number !== number) continue
    const detail = Object.entries(entry.detail).map(
      ([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : String(value)}`,
    )
    terminal.out(
      args.on('json')
        ? `${JSON.stringify({ index, ...entry })}\n`
        : `${String(index).padStart(6)}  ${entry.at}  ${entry.kind.padEnd(14)} ${(entry.number ?? '').padEnd(8)} ${visible(entry.actor)}  ${visible(detail.join(' '))}\n`,
    )
  }
  return EXIT.done
}

async function exportTo(folder: string, args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const out = args.text('out')
  if (out === undefined) throw new UsageError('--out に、取り出し先のフォルダを書いてください。')
  await exportLog(folder, out)
  terminal.out(
    `${visible(out)} に取り出しました。sekisho evidence verify ${visible(out)} で確かめられます。\n`,
  )
  return EXIT.done
}

function whole(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (!/^\d{1,15}$/u.test(value)) throw new UsageError('番号は 0 以上の整数です。')
  return Number(value)
}
