import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { createPool } from '@sekisho/disarm'
import { createJudge } from '@sekisho/judge'
import {
  MAX_WORKBOOK_BYTES,
  previewImport,
  rebuildWorkbook,
  refusedWorkbook,
  renderFindings,
  visible,
} from '@sekisho/report'
import type {
  ImportPreview,
  RebuiltWorkbook,
  RegisterChange,
  RegisterProblem,
} from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown, replaceTown } from '../town-file.ts'
import { VERSION } from '../version.ts'

/** Shows what a workbook would change in a town file; writes it only with `--apply`, whole or not at all. */
export async function importRegisters(
  [workbook, file = 'town.yaml', ...rest]: readonly string[],
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  if (workbook === undefined || rest.length > 0)
    throw new UsageError('取り込む Excel のファイルと、宣言のファイルを書いてください。')
  const town = await openTown(file)
  if (!town.ok) {
    const form = args.on('json') ? 'json' : 'text'
    terminal.out(renderFindings(form, town.findings, { file, version: VERSION, result: 'refuse' }))
    return EXIT.findings
  }
  const rebuilt = await rebuiltFrom(workbook)
  const judge = createJudge()
  const preview = previewImport(rebuilt, town, { judge, remove: args.on('remove') })
  if (!preview.ok) return showProblems(preview.problems, { workbook, file, args, terminal })
  const wanted = args.on('apply') && preview.changes.length > 0
  const applied = wanted && (await replaceTown(file, town.text, preview.text))
  const outcome = wanted ? (applied ? 'applied' : 'moved') : 'shown'
  const form = args.on('json') ? json : text
  terminal.out(form(preview, { workbook, file, outcome }))
  if (outcome === 'moved') return EXIT.failed
  const tell = args.on('detailed-exitcode') && preview.changes.length > 0
  return tell ? EXIT.changes : EXIT.done
}

/** The workbook comes from outside: it is rebuilt in a box, and only what was rebuilt and verified is read. */
async function rebuiltFrom(path: string): Promise<RebuiltWorkbook> {
  const { size } = await stat(path)
  if (size > MAX_WORKBOOK_BYTES) return refusedWorkbook('LIMIT-SIZE')
  const bytes = await readFile(path)
  const pool = createPool({ size: 1, limits: { inputBytes: MAX_WORKBOOK_BYTES } })
  try {
    return await rebuildWorkbook(bytes, basename(path), pool)
  } finally {
    await pool.close()
  }
}

interface Asked {
  readonly workbook: string
  readonly file: string
  readonly args: Arguments
  readonly terminal: Terminal
}

function showProblems(
  problems: readonly RegisterProblem[],
  { workbook, file, args, terminal }: Asked,
): ExitCode {
  if (args.on('json')) terminal.out(line({ workbook, file, ok: false, applied: false, problems }))
  else {
    const blocks = problems.map(({ reason, place, message, cure }) =>
      [
        `× ${visible(place)}${place === '' ? '' : '：'}${message}`,
        `    直し方　${cure}（${reason}）`,
        '',
      ].join('\n'),
    )
    terminal.out(
      [
        ...blocks,
        `${visible(workbook)}　直すところは${problems.length}件です。宣言は変えていません。`,
        '',
      ].join('\n'),
    )
  }
  return EXIT.findings
}

type Preview = Extract<ImportPreview, { ok: true }>

interface Outcome {
  readonly workbook: string
  readonly file: string
  /** `moved`: somebody else changed the file meanwhile, so nothing was written. */
  readonly outcome: 'shown' | 'applied' | 'moved'
}

const line = (body: object): string =>
  `${JSON.stringify({ sekisho: '1', kind: 'RegisterImport', ...body }, undefined, 2)}\n`

function json(preview: Preview, { outcome, ...files }: Outcome): string {
  const { changes, crossings, appear, vanish, notices } = preview
  const told = { changes, crossings, appear, vanish, notices }
  return line({ ...files, ok: outcome !== 'moved', applied: outcome === 'applied', ...told })
}

const MARK: Readonly<Record<RegisterChange['effect'], string>> = {
  add: '＋',
  change: '→',
  remove: '－',
}

function text(preview: Preview, { file, outcome }: Outcome): string {
  const { changes, crossings, appear, vanish, notices } = preview
  const count = (effect: RegisterChange['effect']): number =>
    changes.filter((change) => change.effect === effect).length
  const sections = [
    ...section(
      '通信の変化',
      crossings.map(({ sentence }) => sentence),
    ),
    ...section(
      '加わる指摘',
      appear.map(({ rule, message }) => `${rule} ${message}`),
    ),
    ...section(
      'なくなる指摘',
      vanish.map(({ rule, message }) => `${rule} ${message}`),
    ),
    ...section('お知らせ', notices),
  ]
  return [
    ...changes.map(changeLine),
    ...sections,
    ...(changes.length + sections.length === 0 ? [] : ['']),
    changes.length === 0
      ? `${visible(file)}　変わることはありません。`
      : `${visible(file)}　加わる${count('add')}件、変わる${count('change')}件、なくなる${count('remove')}件です。`,
    ...(changes.length === 0 ? [] : [ENDING[outcome]]),
    '',
  ].join('\n')
}

const ENDING: Readonly<Record<Outcome['outcome'], string>> = {
  shown: 'まだ書いていません。書くには --apply を付けてください。',
  applied: '宣言に書きました。',
  moved: '宣言がほかで書き換えられたため、書きませんでした。もう一度お試しください。',
}

const changeLine = ({ effect, sentence, sheet, cell }: RegisterChange): string =>
  `${MARK[effect]} ${visible(sentence)}${sheet === undefined ? '' : `（${visible(sheet)} ${cell ?? ''}）`}`

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((one) => `  ${visible(one)}`)]
