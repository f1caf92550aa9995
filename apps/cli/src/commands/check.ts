import { writeFile } from 'node:fs/promises'
import { EDITIONS } from '@sekisho/core'
import type { Finding } from '@sekisho/core'
import { FORMATS, renderFindings } from '@sekisho/report'
import type { Format } from '@sekisho/report'
import { checkTown } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown } from '../town-file.ts'
import { readDate, readEdition } from '../values.ts'
import { VERSION } from '../version.ts'

export const check: Command = {
  name: 'check',
  about: 'まちの宣言を、ガイドラインの条項ごとに確かめます',
  usage: ['sekisho check [town.yaml] [--format text|json|sarif|junit] [--edition 版] [--at 日付]'],
  flags: {
    format: { type: 'string', value: FORMATS.join('|'), default: 'text', about: '出し方' },
    json: { type: 'boolean', about: '--format json と同じです' },
    edition: {
      type: 'string',
      value: EDITIONS.join('|'),
      about: 'この版のガイドラインで確かめます。指定がなければ宣言の版です',
    },
    at: {
      type: 'string',
      value: 'YYYY-MM-DD',
      about: 'この日の時点で確かめます。指定がなければ今日です',
    },
    out: { type: 'string', value: 'FILE', about: 'ファイルへ書きます' },
  },
  async run(args, terminal) {
    const file = args.positionals[0] ?? 'town.yaml'
    const format = readFormat(args)
    const wanted = args.text('edition')
    const edition = wanted === undefined ? undefined : readEdition(wanted)
    const at = readDate(args)
    const town = await openTown(file)
    if (!town.ok) return show(town.findings, 'refuse', {}, { file, format, args, terminal })
    const result = checkTown(town.read, {
      file,
      ...(at === undefined ? {} : { at }),
      ...(edition === undefined ? {} : { edition }),
    })
    const about = {
      town: town.read.town.name,
      model: town.read.town.model,
      edition: edition ?? town.read.town.edition,
    }
    return show(result.findings, result.findings.length === 0 ? 'pass' : 'refuse', about, {
      file,
      format,
      args,
      terminal,
    })
  },
}

interface Showing {
  readonly file: string
  readonly format: Format
  readonly args: Arguments
  readonly terminal: Terminal
}

async function show(
  findings: readonly Finding[],
  result: 'pass' | 'refuse',
  about: Record<string, string>,
  { file, format, args, terminal }: Showing,
): Promise<ExitCode> {
  const out = args.text('out')
  const rendered = renderFindings(format, findings, {
    file,
    version: VERSION,
    result,
    about,
    colour: terminal.colour && out === undefined,
  })
  if (out === undefined) terminal.out(rendered)
  else await writeFile(out, rendered)
  return findings.length === 0 ? EXIT.done : EXIT.findings
}

function readFormat(args: Arguments): Format {
  const wanted = args.on('json') ? 'json' : args.text('format')
  const format = FORMATS.find((known) => known === wanted)
  if (format === undefined) throw new UsageError(`--format は ${FORMATS.join('・')} のどれかです。`)
  return format
}
