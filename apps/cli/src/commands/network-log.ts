import { collectDestinations, destinationsText, noon } from '@sekisho/network'
import type { Arguments, Terminal } from '../command.ts'
import { openCompared } from '../compared-town.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { jsonText } from '../json-text.ts'
import { readLines } from '../log-lines.ts'

/** Tells which destinations logs speak of, and with a town which of them are not declared. */
export async function importLogs(
  files: readonly string[],
  format: 'text' | 'json',
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const opened = await openCompared(args, terminal)
  if (!opened.ok) return opened.exit
  const { at, declared } = opened.compared
  const collector = collectDestinations(noon(at), declared)
  for (const file of files) await readLines(file, (line) => collector.line(line))
  const result = collector.result()
  if (format === 'json') {
    const body = { sekisho: '1', kind: 'NetworkLog', files, at, ...result }
    terminal.out(jsonText(body))
  } else terminal.out(destinationsText(result))
  if (result.lines === result.unread) {
    terminal.err(
      '通信の記録として読める行がありません。squid の access.log か、ファイアウォール（nftables・iptables・FortiGate・Palo Alto）の通信の記録を渡してください。\n',
    )
    return EXIT.failed
  }
  const apart = result.destinations.some(({ standing }) => standing === 'undeclared')
  return apart ? EXIT.findings : EXIT.done
}
