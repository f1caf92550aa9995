/** `sekisho gate web show`: one request by the number that somebody reads out on the telephone. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { jsonText } from '../json-text.ts'

type Entry = Readonly<Record<string, unknown>>

const KINDS: Readonly<Record<string, string>> = {
  opened: '通しました',
  refused: '外へ出しませんでした',
  ended: '終わりました',
}

export async function showWeb(
  [number = '']: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (!/^W-[0-9A-F]{1,12}-[0-9]{1,15}$/u.test(number))
    throw new UsageError('受付番号（例 W-D61BC2-2）を書いてください。')
  const { REQUESTS, readRequests } = await import('@sekisho/server')
  const folder = join(args.text('data') ?? 'cloud-data', REQUESTS)
  const found: Entry[] = []
  if (existsSync(folder))
    await readRequests(folder, (entry) => {
      if (entry['number'] === number) found.push(entry)
    })
  if (args.on('json'))
    terminal.out(jsonText({ sekisho: '1', kind: 'CloudRequest', number, entries: found }))
  else if (found.length > 0) terminal.out(`${found.flatMap(linesOf).join('\n')}\n`)
  else terminal.out(`${number} は、${visible(folder)} の記録にありません。\n`)
  return found.length > 0 ? EXIT.done : EXIT.findings
}

/** Names were chosen by a terminal, and are shown as letters only. */
function linesOf(entry: Entry): readonly string[] {
  const word = (name: string): string => {
    const value = entry[name]
    return typeof value === 'string' || typeof value === 'number' ? visible(String(value)) : ''
  }
  const rows = [
    ['行き先', word('target')],
    ['職員', word('client')],
    ['課', word('department')],
    ['端末', word('from')],
    ['サービス', word('service')],
    ['決まり', word('reason')],
    ['送った量', entry['kind'] === 'ended' ? `${word('up')}バイト` : ''],
  ]
  return [
    `${word('at')}　${KINDS[word('kind')] ?? word('kind')}`,
    ...rows.flatMap(([name = '', value = '']) => (value === '' ? [] : [`  ${name}　${value}`])),
  ]
}
