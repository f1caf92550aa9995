import { createReadStream } from 'node:fs'
import { collectDestinations, destinationsText, noon } from '@sekisho/network'
import type { Collector } from '@sekisho/network'
import type { Arguments, Terminal } from '../command.ts'
import { openCompared } from '../compared-town.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { jsonText } from '../json-text.ts'

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
  for (const file of files) await readLines(file, collector)
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

/** Characters of an unfinished line that are kept: a file without line ends must not fill the memory. */
const LONGEST_REST = 64 * 1024

async function readLines(file: string, collector: Collector): Promise<void> {
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    const lines = (rest + String(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) collector.line(line)
    // What is cut off here is too long to be read anyway, and is counted as such.
    if (rest.length > LONGEST_REST) rest = rest.slice(0, LONGEST_REST)
  }
  if (rest !== '') collector.line(rest)
}
