import { randomUUID } from 'node:crypto'
import { lstat, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EDITIONS } from '@sekisho/core'
import { outcomeSentence } from '@sekisho/assess'
import { INDEX_NAME, reportIndex, SET_NAMES, visible } from '@sekisho/report'
import type { SetFile } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { FONT_FLAG, pdfFont } from '../pdf-file.ts'
import { exitOf, planFromFiles, tellUnplanned } from '../planned.ts'
import type { Planned } from '../planned.ts'
import { progress } from '../progress.ts'
import { reportOf, type Report } from '../report-files.ts'
import { openTown, showProblems } from '../town-file.ts'
import { readDate, readEdition, readModel } from '../values.ts'

export const report: Command = {
  name: 'report',
  about: '議会や監査に出す一式（Excel・PDF・SARIF・JSONと、その一覧）を作ります',
  usage: [
    'sekisho report [town.yaml] --out DIR [--at 日付] [--edition 版] [--to モデル]',
    'sekisho report [town.yaml] --out DIR --target target.yaml [--plan plan.yaml]',
  ],
  flags: {
    out: { type: 'string', value: 'DIR', about: '書き先のフォルダです。なければ作ります' },
    at: {
      type: 'string',
      value: 'YYYY-MM-DD',
      about: 'この日の時点で確かめます。指定がなければ今日です',
    },
    edition: {
      type: 'string',
      value: EDITIONS.join('|'),
      about: 'この版のガイドラインで確かめます。指定がなければ宣言の版です',
    },
    to: {
      type: 'string',
      value: 'α|α′|β|β′',
      about: 'このモデルとだけ比べます。指定がなければ、ほかのすべてのモデルと比べます',
    },
    target: {
      type: 'string',
      value: 'target.yaml',
      about: '目標の定義です。指定すると、移行の手順も作ります',
    },
    plan: { type: 'string', value: 'plan.yaml', about: '移行の日付や手の数を書いたファイルです' },
    force: { type: 'boolean', about: '前に作った一式を書き換えます' },
    font: FONT_FLAG,
  },
  async run(args, terminal) {
    const { file, folder, at, edition, to, target, plan } = readWish(args)
    const town = await openTown(file)
    if (!town.ok) return showProblems(file, town.findings, args, terminal)
    await refuseFolder(folder, args.on('force'))
    const font = await pdfFont(args.text('font'))
    if (target !== undefined && terminal.interactive) terminal.err('移行の手順を調べています。\n')
    const planned =
      target === undefined ? undefined : await planFromFiles({ file, target, plan, at })
    if (planned?.ok === false) return tellUnplanned(planned, false, terminal)
    const options = { ...(at !== undefined && { at }), ...(edition !== undefined && { edition }) }
    const made = reportOf({ file, town, options, to, planned, font })
    const files = await makeAll(made, terminal)
    const index = reportIndex(files, made.subject)
    await writeSet(folder, files, index)
    await tell(folder, files, planned, terminal)
    return endOf(made, planned)
  },
}

function readWish(args: Arguments) {
  const [file = 'town.yaml', ...rest] = args.positionals
  if (rest.length > 0) throw new UsageError('団体の定義は、1つだけ書いてください。')
  const folder = args.text('out')
  if (folder === undefined)
    throw new UsageError('書き先のフォルダを --out DIR で指定してください。')
  const [edition, to] = [args.text('edition'), args.text('to')]
  const [target, plan] = [args.text('target'), args.text('plan')]
  if (plan !== undefined && target === undefined)
    throw new UsageError('--plan は、--target といっしょに使います。')
  return {
    file,
    folder,
    at: readDate(args),
    edition: edition === undefined ? undefined : readEdition(edition),
    to: to === undefined ? undefined : readModel(to),
    target,
    plan,
  }
}

const ALL_NAMES: readonly string[] = [...Object.values(SET_NAMES), INDEX_NAME]

/** A set is of one day: nothing of another may be written over unasked. Links count, wherever they lead. */
async function refuseFolder(folder: string, force: boolean): Promise<void> {
  const isFile = await stat(folder).then(
    (found) => !found.isDirectory(),
    () => false,
  )
  if (isFile)
    throw new UsageError(
      `${visible(folder)} はファイルです。--out にはフォルダを指定してください。`,
    )
  const there = force ? [] : await present(folder)
  if (there.length > 0)
    throw new UsageError(
      `${visible(folder)} に前の ${there.join('・')} があります。別のフォルダにするか、--force を付けてください。`,
    )
}

async function present(folder: string): Promise<readonly string[]> {
  const found = await Promise.all(
    ALL_NAMES.map((name) =>
      lstat(join(folder, name)).then(
        () => [name],
        () => [],
      ),
    ),
  )
  return found.flat()
}

async function makeAll({ files }: Report, terminal: Terminal): Promise<readonly SetFile[]> {
  const bar = progress(terminal, files.length, '作っています')
  const made: SetFile[] = []
  for (const { make } of files) {
    // oxlint-disable-next-line no-await-in-loop -- one document and its font in memory at a time
    made.push(await make())
    bar.step()
  }
  bar.end()
  return made
}

/** All or, at a full disk, a folder without its list: the list is taken away first and written last. */
async function writeSet(folder: string, files: readonly SetFile[], index: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await rm(join(folder, INDEX_NAME), { force: true })
  const all = [
    ...files.map(({ part, bytes }) => [SET_NAMES[part], bytes] as const),
    [INDEX_NAME, index] as const,
  ]
  for (const [name, content] of all) {
    // oxlint-disable-next-line no-await-in-loop -- in order: the list comes last
    await replace(join(folder, name), content)
  }
}

/** Written beside and renamed: what stands under the name is whole, and a link there is replaced, not followed. */
async function replace(path: string, content: Uint8Array | string): Promise<void> {
  const fresh = `${path}.${randomUUID().slice(0, 8)}.new`
  try {
    await writeFile(fresh, content, { flag: 'wx' })
    await rename(fresh, path)
  } finally {
    await rm(fresh, { force: true })
  }
}

async function tell(
  folder: string,
  files: readonly SetFile[],
  planned: Extract<Planned, { ok: true }> | undefined,
  terminal: Terminal,
): Promise<void> {
  const names = [...files.map(({ part }) => SET_NAMES[part]), INDEX_NAME]
  for (const name of names) terminal.out(`${visible(join(folder, name))}\n`)
  const older = (await present(folder)).filter((name) => !names.includes(name))
  if (older.length > 0)
    terminal.err(`${older.join('・')} は、この一式のものではありません。前に作ったものです。\n`)
  if (planned !== undefined) terminal.err(`移行　${outcomeSentence(planned.roadmap)}\n`)
}

function endOf(
  { findings }: Report,
  planned: Extract<Planned, { ok: true }> | undefined,
): ExitCode {
  const way = planned === undefined ? EXIT.done : exitOf(planned.roadmap)
  if (way === EXIT.failed) return way
  return findings.length > 0 ? EXIT.findings : way
}
