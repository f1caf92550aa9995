import { stat } from 'node:fs/promises'
import { EDITIONS } from '@sekisho/core'
import type { Model } from '@sekisho/core'
import { assess as assessTown, calendarOf, deltaOf, hasFindings } from '@sekisho/assess'
import { riskOf, selfCheckOf } from '@sekisho/assess'
import type { Assessment, AssessOptions } from '@sekisho/assess'
import { assessmentPdf, renderFindings } from '@sekisho/report'
import type { TownReading } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { FONT_FLAG, pdfSubject, readPdfWish, refuseFont, writePdf } from '../pdf-file.ts'
import type { PdfWish } from '../pdf-file.ts'
import { openTown } from '../town-file.ts'
import { readDate, readEdition, readModel } from '../values.ts'
import { VERSION } from '../version.ts'
import { assessFolder, NAMES_FLAG } from './assess-folder.ts'
import { PARTS, partText, summaryText } from './assess-text.ts'
import type { Part, PartData } from './assess-text.ts'

export const assess: Command = {
  name: 'assess',
  about: '対策の表のどこまでできているか、次に何をするかを出します',
  usage: [
    'sekisho assess [town.yaml] [--at 日付] [--edition 版] [--to モデル] [--part 部分] [--json]',
    'sekisho assess [town.yaml] --format pdf --out FILE [--at 日付] [--edition 版]',
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
    part: { type: 'string', value: PARTS.join('|'), about: 'この部分だけを、すべて出します' },
    json: {
      type: 'boolean',
      about: 'JSON で出します。フォルダのときは、1団体が1行です',
    },
    format: {
      type: 'string',
      value: 'text|json|pdf|excel|svg',
      default: 'text',
      about: '出し方。pdf は1つの団体、excel と svg はフォルダの要約です',
    },
    out: { type: 'string', value: 'FILE', about: 'PDF や要約の書き先です' },
    names: NAMES_FLAG,
    font: FONT_FLAG,
  },
  async run(args, terminal) {
    const file = args.positionals[0] ?? 'town.yaml'
    const options = readOptions(args)
    if ((await stat(file)).isDirectory()) return assessFolder(file, options, args, terminal)
    if (args.on('names')) throw new UsageError('--names は、フォルダのときに使えます。')
    const part = readPart(args)
    const to = readTo(args, part)
    const format = readFormat(args)
    const pdf = format === 'pdf' ? readPdfWish(args) : undefined
    if (pdf === undefined) refusePdfFlags(args)
    else if (part !== undefined || to !== undefined)
      throw new UsageError('--format pdf は、--part や --to といっしょには使えません。')
    return assessFile(file, options, { part, to, json: format === 'json', pdf }, terminal)
  },
}

interface Wanted {
  readonly part: Part | undefined
  readonly to: Model | undefined
  readonly json: boolean
  readonly pdf: PdfWish | undefined
}

async function assessFile(
  file: string,
  options: AssessOptions,
  { part, to, json, pdf }: Wanted,
  terminal: Terminal,
): Promise<ExitCode> {
  const town = await openTown(file)
  if (!town.ok) {
    const subject = { file, version: VERSION, result: 'refuse' } as const
    terminal.out(renderFindings(json ? 'json' : 'text', town.findings, subject))
    return EXIT.findings
  }
  const assessment = assessTown(town.read, options)
  if (pdf !== undefined) {
    const gap = assessment.models[0]!
    const subject = pdfSubject(file, town, assessment)
    await writePdf(pdf, (font) => assessmentPdf(gap, subject, font))
    return hasFindings(gap) ? EXIT.findings : EXIT.done
  }
  const data = partsOf(town.read, assessment, to)
  if (json) terminal.out(asJson(file, assessment, data, part))
  else if (part === undefined) terminal.out(summaryText(file, data))
  else terminal.out(partText(part, data))
  return hasFindings(data.gap) ? EXIT.findings : EXIT.done
}

function partsOf(read: TownReading, assessment: Assessment, to: Model | undefined): PartData {
  const gap = assessment.models[0]!
  const delta = to === undefined ? undefined : deltaOf(read.town, assessment, to)
  if (to !== undefined && delta === undefined)
    throw new UsageError(
      `${assessment.edition} の版では、${assessment.model} から ${to} へは比べられません。`,
    )
  return {
    assessment,
    gap,
    delta,
    risk: riskOf(read.town, gap, assessment.at),
    calendar: calendarOf(read.town, gap, { at: assessment.at }),
    selfCheck: selfCheckOf(gap, assessment.at),
  }
}

function asJson(
  file: string,
  { name, model, at, edition, models }: Assessment,
  { delta, risk, calendar, selfCheck }: PartData,
  part: Part | undefined,
): string {
  const parts = { gap: models, delta, risk, calendar, 'self-check': selfCheck }
  const body = {
    sekisho: '1',
    kind: 'Assessment',
    file,
    name,
    model,
    at,
    edition,
    ...(part === undefined ? parts : { [part]: parts[part] }),
  }
  return `${JSON.stringify(body, undefined, 2)}\n`
}

function readOptions(args: Arguments): AssessOptions {
  const at = readDate(args)
  const wanted = args.text('edition')
  return {
    ...(at !== undefined && { at }),
    ...(wanted !== undefined && { edition: readEdition(wanted) }),
  }
}

function readFormat(args: Arguments): 'text' | 'json' | 'pdf' {
  const wanted = args.on('json') ? 'json' : args.text('format')
  const format = (['text', 'json', 'pdf'] as const).find((known) => known === wanted)
  if (format === undefined) throw new UsageError('--format は text・json・pdf のどれかです。')
  return format
}

function refusePdfFlags(args: Arguments): void {
  refuseFont(args)
  if (args.text('out') !== undefined)
    throw new UsageError('--out は、--format pdf のときに使えます。')
}

function readPart(args: Arguments): Part | undefined {
  const wanted = args.text('part')
  if (wanted === undefined) return undefined
  const part = PARTS.find((known) => known === wanted)
  if (part === undefined) throw new UsageError(`--part は ${PARTS.join('・')} のどれかです。`)
  return part
}

function readTo(args: Arguments, part: Part | undefined): Model | undefined {
  const wanted = args.text('to')
  if (wanted === undefined && part === 'delta')
    throw new UsageError('--part delta には、移る先のモデルを --to で書いてください。')
  return wanted === undefined ? undefined : readModel(wanted)
}
