import { stat, writeFile } from 'node:fs/promises'
import { EDITIONS } from '@sekisho/core'
import type { Model } from '@sekisho/core'
import { assess as assessTown, findingsOf, hasFindings } from '@sekisho/assess'
import type { AssessOptions } from '@sekisho/assess'
import {
  ASSESSMENT_PARTS,
  assessmentJson,
  assessmentPdf,
  assessmentWorkbook,
  renderFindings,
} from '@sekisho/report'
import type { AssessmentPart, PartData } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { needOut, readFormat, refuseOut } from '../out-file.ts'
import { FONT_FLAG, refuseFont, writePdf } from '../pdf-file.ts'
import { reportSubject } from '../report-subject.ts'
import { openTown } from '../town-file.ts'
import type { TownFile } from '../town-file.ts'
import { readDate, readEdition, readModel } from '../values.ts'
import { VERSION } from '../version.ts'
import { assessFolder, NAMES_FLAG } from './assess-folder.ts'
import { readParts } from './assess-parts.ts'
import { partText, summaryText } from './assess-text.ts'

const FORMATS = ['text', 'json', 'excel', 'pdf', 'sarif'] as const
type Format = (typeof FORMATS)[number]

export const assess: Command = {
  name: 'assess',
  about: '対策の表のどこまでできているか、次に何をするかを出します',
  usage: [
    'sekisho assess [town.yaml] [--at 日付] [--edition 版] [--to モデル] [--part 部分] [--json]',
    'sekisho assess [town.yaml] --format excel --out FILE.xlsx [--at 日付] [--edition 版] [--to モデル]',
    'sekisho assess [town.yaml] --format pdf --out FILE.pdf [--at 日付] [--edition 版] [--font FONT]',
    'sekisho assess [town.yaml] --format sarif [--out FILE] [--at 日付] [--edition 版]',
    'sekisho assess フォルダ [--at 日付] [--edition 版] [--json]',
    'sekisho assess フォルダ --format excel|svg --out FILE [--at 日付] [--edition 版] [--names]',
  ],
  flags: {
    at: {
      type: 'string',
      value: 'YYYY-MM-DD',
      about: 'この日の時点で見ます。指定がなければ今日です',
    },
    edition: {
      type: 'string',
      value: EDITIONS.join('|'),
      about: 'この版のガイドラインで見ます。指定がなければ宣言の版です',
    },
    to: {
      type: 'string',
      value: 'α|α′|β|β′',
      about: 'このモデルへ移ると何が変わるかを見ます。a・a-prime・b・b-prime とも書けます',
    },
    part: {
      type: 'string',
      value: ASSESSMENT_PARTS.join('|'),
      about: 'この部分だけを、すべて出します',
    },
    json: {
      type: 'boolean',
      about: 'JSON で出します。フォルダのときは、1団体が1行です',
    },
    format: {
      type: 'string',
      value: [...FORMATS, 'svg'].join('|'),
      default: 'text',
      about: '出し方。excel・pdf・svg には --out が要ります。svg はフォルダの要約です',
    },
    out: {
      type: 'string',
      value: 'FILE',
      about: 'ファイルへ書きます。excel・pdf・svg・sarif のときです',
    },
    names: NAMES_FLAG,
    font: FONT_FLAG,
  },
  async run(args, terminal) {
    const file = args.positionals[0] ?? 'town.yaml'
    const options = readOptions(args)
    if ((await stat(file)).isDirectory()) return assessFolder(file, options, args, terminal)
    if (args.on('names')) throw new UsageError('--names は、フォルダのときに使えます。')
    return assessFile(file, options, readWanted(args), terminal)
  },
}

interface Wanted {
  readonly format: Format
  readonly part: AssessmentPart | undefined
  readonly to: Model | undefined
  readonly out: string | undefined
  readonly font: string | undefined
}

function readWanted(args: Arguments): Wanted {
  const format = readFormat(args, FORMATS)
  const part = readPart(args)
  const to = readTo(args, part)
  if (format !== 'pdf') refuseFont(args)
  if (format === 'text' || format === 'json') refuseOut(args, ['excel', 'pdf', 'sarif'])
  else refuseChoice(format, part, to)
  const out = format === 'excel' || format === 'pdf' ? needOut(args, format) : args.text('out')
  return { format, part, to, out, font: args.text('font') }
}

function refuseChoice(
  format: Format,
  part: AssessmentPart | undefined,
  to: Model | undefined,
): void {
  if (part !== undefined) throw new UsageError(`--part は、--format ${format} では使えません。`)
  if (to !== undefined && format !== 'excel')
    throw new UsageError(`--to は、--format ${format} では使えません。`)
}

async function assessFile(
  file: string,
  options: AssessOptions,
  wanted: Wanted,
  terminal: Terminal,
): Promise<ExitCode> {
  const town = await openTown(file)
  if (!town.ok) {
    const subject = { file, version: VERSION, result: 'refuse' } as const
    const format = wanted.format === 'json' ? 'json' : 'text'
    terminal.out(renderFindings(format, town.findings, subject))
    return EXIT.findings
  }
  const data = readParts(town.read, assessTown(town.read, options), wanted.to)
  await show(file, town, data, wanted, terminal)
  return hasFindings(data.gap) ? EXIT.findings : EXIT.done
}

async function show(
  file: string,
  town: Extract<TownFile, { ok: true }>,
  data: PartData,
  { format, part, out, font }: Wanted,
  terminal: Terminal,
): Promise<void> {
  const subject = reportSubject(file, town, data.assessment)
  switch (format) {
    case 'text':
      return terminal.out(part === undefined ? summaryText(file, data) : partText(part, data))
    case 'json':
      return terminal.out(assessmentJson(file, data, part))
    case 'excel':
      return writeFile(out!, assessmentWorkbook(data, subject))
    case 'pdf':
      return writePdf({ out: out!, font }, (opened) => assessmentPdf(data.gap, subject, opened))
    case 'sarif': {
      const log = assessmentSarif(file, data)
      return out === undefined ? terminal.out(log) : writeFile(out, log)
    }
  }
}

/** What is unmet as findings: the same rules and fingerprints as those of `sekisho check`. */
function assessmentSarif(file: string, { gap }: PartData): string {
  const result = hasFindings(gap) ? 'refuse' : 'pass'
  return renderFindings('sarif', findingsOf(gap), { file, version: VERSION, result })
}

function readOptions(args: Arguments): AssessOptions {
  const at = readDate(args)
  const wanted = args.text('edition')
  return {
    ...(at !== undefined && { at }),
    ...(wanted !== undefined && { edition: readEdition(wanted) }),
  }
}

function readPart(args: Arguments): AssessmentPart | undefined {
  const wanted = args.text('part')
  if (wanted === undefined) return undefined
  const part = ASSESSMENT_PARTS.find((known) => known === wanted)
  if (part === undefined)
    throw new UsageError(`--part は ${ASSESSMENT_PARTS.join('・')} のどれかです。`)
  return part
}

function readTo(args: Arguments, part: AssessmentPart | undefined): Model | undefined {
  const wanted = args.text('to')
  if (wanted === undefined && part === 'delta')
    throw new UsageError('--part delta には、移る先のモデルを --to で書いてください。')
  return wanted === undefined ? undefined : readModel(wanted)
}
