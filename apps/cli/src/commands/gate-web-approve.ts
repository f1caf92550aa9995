/** `sekisho gate web approve`: another person lets exactly one file be sent to one service, before it is sent. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { APPROVAL_DAYS } from '@sekisho/gates/web'
import { nearest } from '@sekisho/core'
import { visible } from '@sekisho/report'
import { todayInJapan } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown, showProblems } from '../town-file.ts'
import { readKey, webGateOf } from './cloud-lists.ts'

const DIGEST = /^[0-9a-f]{64}$/u

export async function approveWebFile(
  [file, townFile = 'town.yaml', ...rest]: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (file === undefined || rest.length > 0)
    throw new UsageError('承認するファイルと、町の定義のファイルを書いてください。')
  const opened = await openTown(townFile)
  if (!opened.ok) return showProblems(townFile, opened.findings, args, terminal)
  const { town } = opened.read
  const gate = webGateOf(town, args.text('gate'))
  const service = oneOf(
    args.text('service') ?? '',
    gate.services.map((one) => one.service),
    '--service で、送り先のサービスを',
  )
  const sender = oneOf(
    args.text('for') ?? '',
    town.people.map(({ id }) => id),
    '--for で、送る職員の識別名を',
  )
  const key = await readKey(args)
  const known = DIGEST.test(file)
  const sha256 = known ? file : await digestOf(file)
  const { approveFile } = await import('@sekisho/server')
  const at = new Date()
  const approval = await approveFile(
    args.text('data') ?? 'cloud-data',
    { sha256, service, sender, ...(!known && { name: basename(file) }) },
    { key, at },
    { signers: gate.signers, people: town.people, today: todayInJapan(at) },
  )
  if (!approval) {
    terminal.out(
      '× この鍵では承認できません。\n    直し方　送る人のほかの承認者かCISOの鍵を使ってください。鍵は、町の定義の signers に要ります（X11-SEND-APPROVAL）\n',
    )
    return EXIT.findings
  }
  if (args.on('json'))
    terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'CloudFileApproval', ...approval })}\n`)
  else
    terminal.out(
      `承認しました。${visible(sender)} は、このファイルだけを「${visible(service)}」へ${APPROVAL_DAYS}日の間送れます。\nSHA-256　${sha256}\n`,
    )
  return EXIT.done
}

/** @throws UsageError when it is none of them */
function oneOf(value: string, known: readonly string[], ask: string): string {
  if (known.includes(value)) return value
  const near = nearest(value, known)
  throw new UsageError(
    near === undefined || value === ''
      ? `${ask}書いてください。`
      : `「${visible(value)}」は町の定義にありません。もしかして ${visible(near)} ですか。`,
  )
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
