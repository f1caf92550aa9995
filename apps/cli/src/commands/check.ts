import { writeFile } from 'node:fs/promises'
import { EDITIONS } from '@sekisho/core'
import type { Finding } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import {
  FORMATS,
  findingsAbout,
  findingsPdf,
  findingsWorkbook,
  renderFindings,
} from '@sekisho/report'
import type { Format } from '@sekisho/report'
import { checkTown, todayInJapan } from '@sekisho/town'
import type { Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { needOut, readFormat } from '../out-file.ts'
import { FONT_FLAG, refuseFont, writePdf } from '../pdf-file.ts'
import { reportSubject } from '../report-subject.ts'
import { openTown } from '../town-file.ts'
import { readDate, readEdition } from '../values.ts'
import { VERSION } from '../version.ts'

/** Texts, and the one form that is no text. */
const ALL_FORMATS = [...FORMATS, 'excel', 'pdf'] as const
type AnyFormat = Format | 'excel' | 'pdf'

const ABOUT_FORMATS =
  "出し方。excel と pdf には --out が要ります。csv では、式に見える値の頭に ' を付けます"

export const check: Command = {
  name: 'check',
  about: 'まちの宣言を、ガイドラインの条項ごとに確かめます',
  usage: [
    'sekisho check [town.yaml] [--format text|json|sarif|junit|csv] [--edition 版] [--at 日付]',
    'sekisho check [town.yaml] --format excel --out FILE.xlsx',
    'sekisho check [town.yaml] --format pdf --out FILE.pdf [--font FONT]',
  ],
  flags: {
    format: { type: 'string', value: ALL_FORMATS.join('|'), default: 'text', about: ABOUT_FORMATS },
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
    font: FONT_FLAG,
  },
  async run(args, terminal) {
    const file = args.positionals[0] ?? 'town.yaml'
    const format = readFormat(args, ALL_FORMATS)
    if (format === 'excel') needOut(args, format)
    const wanted = args.text('edition')
    const edition = wanted === undefined ? undefined : readEdition(wanted)
    const at = readDate(args)
    const pdf =
      format === 'pdf' ? { out: needOut(args, format), font: args.text('font') } : undefined
    if (pdf === undefined) refuseFont(args)
    const town = await openTown(file)
    const date = at ?? todayInJapan(new Date())
    // A declaration that cannot be read says nothing to put on paper: its problems go to the terminal, and no PDF is made.
    const shown =
      format === 'pdf' ? ({ format: 'text' } as const) : { format, out: args.text('out') }
    const showing = { file, terminal, date, ...shown }
    if (!town.ok) return show(town.findings, 'refuse', {}, showing)
    const judge = createJudge()
    const result = checkTown(town.read, {
      file,
      judge,
      ...(at === undefined ? {} : { at }),
      ...(edition === undefined ? {} : { edition }),
    })
    if (pdf !== undefined) {
      const subject = reportSubject(file, town, { at, edition })
      await writePdf(pdf, (font) => findingsPdf(result.findings, subject, font))
      return result.findings.length === 0 ? EXIT.done : EXIT.findings
    }
    const about = {
      town: town.read.town.name,
      model: town.read.town.model,
      edition: edition ?? town.read.town.edition,
    }
    return show(result.findings, result.findings.length === 0 ? 'pass' : 'refuse', about, {
      ...showing,
      rules: judge.digest,
    })
  },
}

interface Showing {
  readonly file: string
  readonly format: Exclude<AnyFormat, 'pdf'>
  readonly out?: string | undefined
  /** Day of the check. */
  readonly date: string
  /** Digest of the rules that were asked, when any were. */
  readonly rules?: string
  readonly terminal: Terminal
}

async function show(
  findings: readonly Finding[],
  result: 'pass' | 'refuse',
  about: Partial<Record<'town' | 'model' | 'edition', string>>,
  showing: Showing,
): Promise<ExitCode> {
  const { file, format, out, terminal } = showing
  const subject = {
    file,
    version: VERSION,
    result,
    about,
    colour: terminal.colour && out === undefined,
  }
  const rendered =
    format === 'excel'
      ? findingsWorkbook(findings, subject, findingsAbout(about, showing.date, showing.rules))
      : renderFindings(format, findings, subject)
  if (out !== undefined) await writeFile(out, rendered)
  else if (typeof rendered === 'string') terminal.out(rendered)
  return findings.length === 0 ? EXIT.done : EXIT.findings
}
