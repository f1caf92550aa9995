/** `sekisho gate web status`: what is cut, whether the record holds, and what was stopped most. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Cut, ReadRequests } from '@sekisho/server'
import { visible } from '@sekisho/report'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'

const SHOWN = 10

export async function webStatus(
  _: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const data = args.text('data') ?? 'cloud-data'
  const { REQUESTS, readCuts, readRequests } = await import('@sekisho/server')
  const folder = join(data, REQUESTS)
  if (!existsSync(folder)) {
    terminal.out(
      `${visible(data)} に、クラウドの関所の記録がありません。\n関所がまだ動いていないか、--data のフォルダが違います。\n`,
    )
    return EXIT.done
  }
  const cuts = await readCuts(data)
  const record = await readRequests(folder)
  if (args.on('json'))
    terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'CloudGateStatus', cuts, ...record })}\n`)
  else terminal.out(`${textOf(cuts, record).join('\n')}\n`)
  return record.broken ? EXIT.findings : EXIT.done
}

function textOf(cuts: readonly Cut[], { lines, broken, reasons }: ReadRequests): readonly string[] {
  const stopped = cuts.map(
    ({ service, by, at }) =>
      `止めているもの　${visible(service)}${at === '' ? '' : `　${visible(at)}`}${by === '' ? '' : `　${visible(by)}`}`,
  )
  return [
    ...(stopped.length === 0 ? ['止めているもの　ありません'] : stopped),
    broken
      ? `× 記録　${broken.file} の ${broken.line}行で、前の行とのつながりが切れています。書き換えられたか、抜かれています。`
      : `○ 記録　${lines}行、つながっています。`,
    ...reasons
      .slice(0, SHOWN)
      .map(({ reason, count }) => `  ${String(count).padStart(6)}件　${visible(reason)}`),
  ]
}
