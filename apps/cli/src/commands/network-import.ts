import {
  against,
  behindPlugs,
  noon,
  permittedBy,
  presentJson,
  presentText,
  serviceOf,
  unknownPlugs,
  unsaidSentences,
  untie,
} from '@sekisho/network'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { openCompared } from '../compared-town.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { readRuleset } from '../ruleset-file.ts'
import { jsonText } from '../json-text.ts'
import { tellMatrix } from './network-matrix.ts'

export type ImportFormat = 'text' | 'json' | 'csv'

/** Tells what the present firewall permits, and with a town where it is apart from the declaration. */
export async function importNetwork(
  files: readonly string[],
  format: ImportFormat,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const opened = await openCompared(args, terminal)
  if (!opened.ok) return opened.exit
  const { at, town, declared } = opened.compared
  const reading = await readRuleset(files, noon(at))
  if (!reading.ok) {
    terminal.err(`${reading.says}\n`)
    return EXIT.failed
  }
  for (const notice of reading.notices) terminal.err(`${notice}\n`)
  const filter = untie(reading.filter)
  const wanted = args.text('matrix')
  if (wanted !== undefined) {
    const service = serviceOf(wanted)
    if (!service)
      throw new UsageError('--matrix には tcp/443・udp/53・icmp のように書いてください。')
    const behind = declared && behindPlugs(declared)
    const asked = { files, at, service, ...(behind && { behind }) }
    return tellMatrix(filter, asked, format, terminal)
  }
  if (format === 'csv') throw new UsageError('--format csv は、--matrix といっしょに使います。')
  const comparison = town && declared && against(town, declared, filter)
  const unknown = declared && unknownPlugs(declared, filter)
  if (unknown !== undefined) terminal.err(`${visible(unknown)}\n`)
  for (const sentence of comparison ? unsaidSentences(filter) : []) terminal.err(`${sentence}\n`)
  const present = {
    filter,
    permitted: permittedBy(filter),
    ...(comparison && { against: comparison }),
  }
  if (format === 'json') {
    const body = { sekisho: '1', kind: 'NetworkImport', files, at, ...presentJson(present) }
    terminal.out(jsonText(body))
  } else {
    // Lines of the foreign text are shown as they are: nothing of it may reach the screen as a control.
    terminal.out(presentText(present).split('\n').map(visible).join('\n'))
  }
  for (const sentence of unsaidSentences(filter)) terminal.err(`${sentence}\n`)
  if (filter.unread.length > 0) return EXIT.failed
  const apart = comparison && [comparison.extra, comparison.missing, comparison.unsure].flat()
  return apart && apart.length > 0 ? EXIT.findings : EXIT.done
}
