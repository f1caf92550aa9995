import { writeFile } from 'node:fs/promises'
import { EDITIONS } from '@sekisho/core'
import type { Finding } from '@sekisho/core'
import { findingsPdf, FORMATS, renderFindings } from '@sekisho/report'
import type { Format } from '@sekisho/report'
import { checkTown } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { FONT_FLAG, pdfSubject, readPdfWish, refuseFont, writePdf } from '../pdf-file.ts'
import { openTown } from '../town-file.ts'
import { readDate, readEdition } from '../values.ts'
import { VERSION } from '../version.ts'

export const check: Command = {
  name: 'check',
  about: 'まちの宣言を、ガイドラインの条項ごとに確かめます',
  usage: [
    'sekisho check [town.yaml] [--format text|json|sarif|junit|pdf] [--edition 版] [--at 日付]',
  ],
  flags: {
    format: {
      type: 'string',
      value: [...FORMATS, 'pdf'].join('|'),
      default: 'text',
      about: '出し方',
    },
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
    out: { type: 'string', value: 'FILE', about: 'ファイルへ書きます。PDF のときは必ず指定します' },
    font: FONT_FLAG,
  },
  async run(args, terminal) {
    const file = args.positionals[0] ?? 'town.yaml'
    const format = readFormat(args)
    const wanted = args.text('edition')
    const edition = wanted === undefined ? undefined : readEdition(wanted)
    const at = readDate(args)
    const pdf = format === 'pdf' ? readPdfWish(args) : undefined
    if (pdf === undefined) refuseFont(args)
    const town = await openTown(file)
    // A declaration that cannot be read says nothing to put on paper: its problems go to the terminal, and no PDF is made.
    if (!town.ok) {
      const shown =
        format === 'pdf' ? ({ format: 'text' } as const) : { format, out: args.text('out') }
      return show(town.findings, 'refuse', {}, { file, terminal, ...shown })
    }
    const result = checkTown(town.read, {
      file,
      ...(at === undefined ? {} : { at }),
      ...(edition === undefined ? {} : { edition }),
    })
    if (format === 'pdf') {
      const subject = pdfSubject(file, town, { at, edition })
      await writePdf(pdf!, (font) => findingsPdf(result.findings, subject, font))
      return result.findings.length === 0 ? EXIT.done : EXIT.findings
    }
    const about = {
      town: town.read.town.name,
      model: town.read.town.model,
      edition: edition ?? town.read.town.edition,
    }
    return show(result.findings, result.findings.length === 0 ? 'pass' : 'refuse', about, {
      file,
      format,
      out: args.text('out'),
      terminal,
    })
  },
}

interface Showing {
  readonly file: string
  readonly format: Format
  readonly out?: string | undefined
  readonly terminal: Terminal
}

async function show(
  findings: readonly Finding[],
  result: 'pass' | 'refuse',
  about: Record<string, string>,
  { file, format, out, terminal }: Showing,
): Promise<ExitCode> {
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

function readFormat(args: Arguments): Format | 'pdf' {
  const wanted = args.on('json') ? 'json' : args.text('format')
  const formats = [...FORMATS, 'pdf'] as const
  const format = formats.find((known) => known === wanted)
  if (format === undefined) throw new UsageError(`--format は ${formats.join('・')} のどれかです。`)
  return format
}
