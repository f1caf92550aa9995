import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Finding } from '@sekisho/core'
import { createPool, isActive, refusalWords, removalSentence } from '@sekisho/disarm'
import { createJudge } from '@sekisho/judge'
import { planImport, readWorkbook, registerProblem, renderFindings, visible } from '@sekisho/report'
import type { HeldWorkbook, ImportPlan, RegisterChange, RegisterProblem } from '@sekisho/report'
import { checkTown, diffTowns } from '@sekisho/town'
import type { TownChange } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown, replaceTown } from '../town-file.ts'
import type { GoodTown } from '../town-file.ts'
import { VERSION } from '../version.ts'

/** Bytes of a workbook: registers of 20,000 rows are about 3 MiB. */
const MAX_WORKBOOK_BYTES = 32 * 1024 * 1024

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
  const opened = await openWorkbook(workbook)
  const plan: ImportPlan = opened.ok
    ? planImport(opened.book, town, { remove: args.on('remove') })
    : opened
  if (!plan.ok) return showProblems(plan.problems, { workbook, file, args, terminal })
  const preview = previewOf(plan, town.read, opened.ok ? opened.notices : [])
  const wanted = args.on('apply') && preview.changes.length > 0
  const applied = wanted && (await replaceTown(file, town.text, plan.text))
  const outcome = wanted ? (applied ? 'applied' : 'moved') : 'shown'
  const form = args.on('json') ? json : text
  terminal.out(form(preview, { workbook, file, outcome }))
  if (outcome === 'moved') return EXIT.failed
  const tell = args.on('detailed-exitcode') && preview.changes.length > 0
  return tell ? EXIT.changes : EXIT.done
}

type OpenedWorkbook =
  | { readonly ok: true; readonly book: HeldWorkbook; readonly notices: readonly string[] }
  | { readonly ok: false; readonly problems: readonly RegisterProblem[] }

/** The workbook comes from outside: it is rebuilt in a box, and only what was rebuilt and verified is read. */
async function openWorkbook(path: string): Promise<OpenedWorkbook> {
  const { size } = await stat(path)
  if (size > MAX_WORKBOOK_BYTES) return refused('LIMIT-SIZE')
  const bytes = await readFile(path)
  const pool = createPool({ size: 1, limits: { inputBytes: MAX_WORKBOOK_BYTES } })
  try {
    const { report, output } = await pool.disarm(bytes, { name: basename(path) })
    if (output === undefined) return refused(report.reason ?? 'ENG-CRASH')
    if (report.outputType !== 'xlsx')
      return { ok: false, problems: [registerProblem('REG-NOT-XLSX', {})] }
    const book = readWorkbook(output)
    if (book === undefined) return refused('ENG-CRASH')
    const formulas = report.removed.filter(({ rule }) => FORMULA_RULES.has(rule))
    if (formulas.length > 0) return { ok: false, problems: formulas.map(formulaGone) }
    const notices = report.removed
      .filter(({ rule }) => isActive(rule))
      .map(({ rule, count }) => removalSentence(rule, count))
    return { ok: true, book, notices: [...new Set(notices)] }
  } finally {
    await pool.close()
  }
}

/** Formulas that may not stay leave a last value, which nobody typed: it is not taken for one. */
const FORMULA_RULES: ReadonlySet<string> = new Set(['X-FORMULA', 'X-EXTLINK'])

const formulaGone = ({ where, count }: { where: string; count: number }): RegisterProblem =>
  registerProblem('REG-FORMULA-GONE', where === '' ? {} : { sheet: where }, { value: count })

const refused = (reason: string): OpenedWorkbook => ({
  ok: false,
  problems: [registerProblem('REG-NOT-CLEAN', {}, { value: refusalWords(reason).what })],
})

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

interface Preview {
  readonly changes: readonly RegisterChange[]
  /** What opens and what closes by it. */
  readonly crossings: readonly TownChange[]
  readonly appear: readonly Finding[]
  readonly vanish: readonly Finding[]
  readonly notices: readonly string[]
}

function previewOf(
  plan: Extract<ImportPlan, { ok: true }>,
  before: GoodTown,
  notices: readonly string[],
): Preview {
  const all = [...notices, ...plan.notices]
  if (plan.changes.length === 0)
    return { changes: [], crossings: [], appear: [], vanish: [], notices: all }
  const judge = createJudge()
  const [old, fresh] = [before, plan.read].map((read) => checkTown(read, { judge }).findings)
  return {
    changes: plan.changes,
    crossings: diffTowns(before.town, plan.read.town).filter(({ effect }) => effect !== 'changes'),
    appear: without(fresh!, old!),
    vanish: without(old!, fresh!),
    notices: all,
  }
}

// Lines and indices move with every entry; rule and sentence say what it is about.
function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(others.map(({ rule, message }) => `${rule} ${message}`))
  return findings.filter(({ rule, message }) => !known.has(`${rule} ${message}`))
}

interface Outcome {
  readonly workbook: string
  readonly file: string
  /** `moved`: somebody else changed the file meanwhile, so nothing was written. */
  readonly outcome: 'shown' | 'applied' | 'moved'
}

const line = (body: object): string =>
  `${JSON.stringify({ sekisho: '1', kind: 'RegisterImport', ...body }, undefined, 2)}\n`

const json = (preview: Preview, { outcome, ...files }: Outcome): string =>
  line({ ...files, ok: outcome !== 'moved', applied: outcome === 'applied', ...preview })

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
