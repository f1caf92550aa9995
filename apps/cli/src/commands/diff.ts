import { writeFile } from 'node:fs/promises'
import { EDITIONS } from '@sekisho/core'
import type { Edition, Finding } from '@sekisho/core'
import { editionDiffWorkbook, visible } from '@sekisho/report'
import { diffEditions } from '@sekisho/town'
import type { EditionDiff } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { needOut, readFormat, refuseOut } from '../out-file.ts'
import { reportSubject } from '../report-subject.ts'
import { openTown, showProblems } from '../town-file.ts'
import { readDate, readEdition } from '../values.ts'

const FORMATS = ['text', 'json', 'excel'] as const

export const diff: Command = {
  name: 'diff',
  about: 'ガイドラインの版が変わると、まちへの指摘がどう変わるかを見ます',
  usage: [
    'sekisho diff --edition R7.3..R8.3 [town.yaml] [--at 日付] [--json]',
    'sekisho diff --edition R7.3..R8.3 [town.yaml] [--at 日付] --format excel --out FILE.xlsx',
  ],
  flags: {
    edition: {
      type: 'string',
      value: '版..版',
      about: `くらべる2つの版です。版は ${EDITIONS.join('・')} です`,
    },
    at: {
      type: 'string',
      value: 'YYYY-MM-DD',
      about: 'この日の時点でくらべます。指定がなければ今日です',
    },
    json: { type: 'boolean', about: 'JSON で出します' },
    format: {
      type: 'string',
      value: FORMATS.join('|'),
      default: 'text',
      about: '出し方。excel には --out が要ります',
    },
    out: { type: 'string', value: 'FILE', about: 'ファイルへ書きます。excel のときです' },
    'detailed-exitcode': { type: 'boolean', about: '違いがあれば終了コード 10 で終わります' },
  },
  async run(args, terminal) {
    const file = args.positionals[0] ?? 'town.yaml'
    const [from, to] = readEditions(args)
    const at = readDate(args)
    const format = readFormat(args, FORMATS)
    if (format !== 'excel') refuseOut(args, ['excel'])
    const out = format === 'excel' ? needOut(args, format) : ''
    const town = await openTown(file)
    if (!town.ok) return showProblems(file, town.findings, args, terminal)
    const found = diffEditions(town.read, from, to, at)
    if (format === 'excel') {
      const subject = reportSubject(file, town, { at: found.at, edition: to })
      await writeFile(out, editionDiffWorkbook(found, subject))
    } else terminal.out(format === 'json' ? json(file, found) : text(file, found))
    const same = found.appear.length === 0 && found.vanish.length === 0
    return same || !args.on('detailed-exitcode') ? EXIT.done : EXIT.changes
  },
}

function readEditions(args: Arguments): [Edition, Edition] {
  const wanted = args.text('edition')
  const [from, to, ...rest] = wanted?.split('..') ?? []
  if (from === undefined || to === undefined || rest.length > 0)
    throw new UsageError('--edition は R7.3..R8.3 のように、2つの版を .. でつないでください。')
  return [readEdition(from), readEdition(to)]
}

function json(file: string, found: EditionDiff): string {
  return `${JSON.stringify({ sekisho: '1', kind: 'EditionDiff', file, ...found }, undefined, 2)}\n`
}

function text(file: string, { from, to, at, appear, vanish }: EditionDiff): string {
  const counts = `加わる指摘は${appear.length}件、なくなる指摘は${vanish.length}件です。`
  return [
    ...appear.map((finding) => block('＋', finding)),
    ...vanish.map((finding) => block('－', finding)),
    `${from} → ${to}　${at}　${visible(file)}　${counts}\n`,
  ].join('')
}

function block(mark: string, { rule, verified, message, line, clause, cure }: Finding): string {
  const lines = [
    `${mark} ${rule}${verified ? '' : '※'} ${visible(message)}`,
    `    場所　　${line ?? ''}行`,
    `    根拠　　${clause}`,
    ...(mark === '＋' ? [`    直し方　${visible(cure.sentence)}`] : []),
  ]
  return `${lines.join('\n')}\n\n`
}
