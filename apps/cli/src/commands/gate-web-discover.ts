/** `sekisho gate web discover`: ways out that nobody declared, from the gate's record and the logs of firewalls and proxies. */
import { bytesText } from '@sekisho/core'
import { discoveryTable, discoveryWords, personName, timeInJapan } from '@sekisho/gates/web'
import type { Discovered, Discovery } from '@sekisho/gates/web'
import { csvText, visible } from '@sekisho/report'
import { daysAfter } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { jsonText } from '../json-text.ts'
import { readLines } from '../log-lines.ts'
import { readFormat } from '../out-file.ts'
import { dayFlag, openWebDesk } from './gate-web-desk.ts'
import type { WebDesk } from './gate-web-desk.ts'

const FORMATS = ['text', 'json', 'csv'] as const
const SHOWN = 20
const DAYS = 28

export async function webDiscover(
  files: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const format = readFormat(args, FORMATS)
  if (files.length > 0 && !args.on('log'))
    throw new UsageError('記録のファイルは、--log のあとに並べてください。')
  if (files.length === 0 && args.on('log'))
    throw new UsageError('--log のあとに、記録のファイルを並べてください。')
  const desk = await openWebDesk(args.text('town') ?? 'town.yaml', args, terminal)
  if (typeof desk === 'number') return desk
  const to = dayFlag(args, 'to', desk.watch.today)
  const from = dayFlag(args, 'from', daysAfter(to, 1 - DAYS))
  const found = await desk.watch.discover(from, to, async (line) => {
    for (const file of files) await readLines(file, line)
  })
  const table = discoveryTable(found.rows, desk.town)
  if (format === 'json')
    terminal.out(jsonText({ sekisho: '1', kind: 'CloudDiscovery', from, to, files, ...found }))
  else if (format === 'csv') terminal.out(csvText([table.columns, ...table.rows]))
  else terminal.out(`${textOf(found, desk).join('\n')}\n`)
  if (files.length > 0 && found.lines === found.unread) {
    terminal.err('通信の記録として読める行がありません。ファイルの種類を確かめてください。\n')
    return EXIT.failed
  }
  return found.rows.some(({ kind }) => kind !== 'asked') ? EXIT.findings : EXIT.done
}

function textOf(
  { rows, lines, unread, passedOver, beyond }: Discovery,
  desk: WebDesk,
): readonly string[] {
  const kinds = Map.groupBy(rows, ({ kind }) => kind)
  const { gate, declared, inside, elsewhere } = passedOver
  return [
    ...(rows.length === 0 ? ['○ 申告のない外への通信は、見つかりませんでした。'] : []),
    ...[...kinds].flatMap(([kind, all]) => {
      const { short, cure } = discoveryWords(kind)
      return [
        `${short}　${all.length}か所`,
        ...all.slice(0, SHOWN).map((row) => lineOf(row, desk)),
        ...(all.length > SHOWN
          ? [`  ほか ${all.length - SHOWN}か所は --format csv で出せます`]
          : []),
        `  すること　${cure}`,
        '',
      ]
    }),
    ...(lines > 0
      ? [
          `記録 ${lines}行　読めない行 ${unread}　関所の通信 ${gate}　申告のある通信 ${declared}　町の中 ${inside}　ほかの領域 ${elsewhere}`,
        ]
      : []),
    ...(beyond > 0 ? [`数えきれず、表に入らない通信が ${beyond}件あります。`] : []),
  ]
}

function lineOf(row: Discovered, { town }: WebDesk): string {
  const { target, port, count, up, down, first, last, sources, people } = row
  const who = people.map((id) => personName(id, town)).join('、')
  const from = sources.length > 0 ? `　端末 ${sources.slice(0, 3).join('、')}` : ''
  return visible(
    `  ${target}${port === '' ? '' : `:${port}`}　${count}件　送り ${bytesText(up)}　受け ${bytesText(down)}　${timeInJapan(first)}〜${timeInJapan(last)}${from}${who === '' ? '' : `　${who}`}`,
  )
}
