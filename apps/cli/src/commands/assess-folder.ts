/**
 * Many towns: one line each and a summary, or the summary alone as a workbook or a picture. A file that cannot be read is told and does not stop the rest.
 */
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { SekishoError, errorCode } from '@sekisho/core'
import type { IsoDate } from '@sekisho/core'
import { assess, bodyResult, SummaryCount } from '@sekisho/assess'
import type { AssessOptions, Summary } from '@sekisho/assess'
import { loadGuideline } from '@sekisho/guideline'
import { createJudge } from '@sekisho/judge'
import { summaryPicture, summaryWorkbook, visible } from '@sekisho/report'
import { MAX_TOWN_BYTES, readTown, todayInJapan } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Flag, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { progress } from '../progress.ts'
import { VERSION } from '../version.ts'
import { jsonLine, textLine, unreadLine } from './assess-line.ts'
import type { Reading, Unread } from './assess-line.ts'
import { Total } from './assess-total.ts'

const FORMATS = ['text', 'json', 'excel', 'svg'] as const
type FolderFormat = (typeof FORMATS)[number]

export const NAMES_FLAG: Flag = {
  type: 'boolean',
  about:
    'フォルダの要約に団体の名前を入れ、少ない数も隠しません。取扱注意です（excel と svg のとき）',
}

/** Assesses every `*.yaml` below a folder, in the order of their names. Links are not followed. */
export async function assessFolder(
  folder: string,
  options: AssessOptions,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const wish = readWish(args)
  const files = await townFiles(folder)
  if (files.length === 0)
    throw new SekishoError('NOT_FOUND', 'このフォルダに、団体の定義（*.yaml）がありません。')
  keepDeclarations(files, wish)
  const dated = { ...options, at: options.at ?? todayInJapan(new Date()) }
  const work = { folder, files, options: dated, terminal }
  return wish.format === 'text' || wish.format === 'json'
    ? asLines(work, wish.format === 'json', wish.out)
    : asSummary(work, wish)
}

interface Work {
  readonly folder: string
  readonly files: readonly string[]
  readonly options: AssessOptions & { readonly at: IsoDate }
  readonly terminal: Terminal
}

/** One line each as they come, then the whole. */
async function asLines(work: Work, json: boolean, out: string | undefined): Promise<ExitCode> {
  const file = out === undefined ? undefined : await open(out, 'w')
  const write = async (text: string): Promise<void> => {
    if (file === undefined) work.terminal.out(text)
    else await file.writeFile(text)
  }
  const total = new Total()
  const count = new SummaryCount({ at: work.options.at })
  try {
    // Lines on the screen are progress enough.
    await eachTown(work, file !== undefined, async (read) => {
      total.add(read)
      addTo(count, read)
      await write(json ? jsonLine(read) : textLine(read))
    })
    await write(json ? total.json(count.summary()) : total.text(count.summary()))
  } finally {
    await file?.close()
  }
  return total.hasFindings ? EXIT.findings : EXIT.done
}

/** Only the whole, as a file. What to look at by name goes to whoever runs this, not into it. */
async function asSummary(work: Work, { format, out, names }: Wish): Promise<ExitCode> {
  const { terminal, options } = work
  const total = new Total()
  const count = new SummaryCount({ at: options.at, names })
  const notes: string[] = []
  await eachTown(work, true, (read) => {
    total.add(read)
    const note = addTo(count, read)
    if (note !== undefined && notes.length < MOST_NOTES) notes.push(note)
  })
  const summary = count.summary()
  await writeFile(out!, format === 'svg' ? summaryPicture(summary) : workbook(summary, options))
  for (const note of notes) terminal.err(note)
  terminal.err(ending(summary, out!, notes.length))
  return total.hasFindings ? EXIT.findings : EXIT.done
}

/** Lines about single files: a folder of other things must not fill the screen or the memory. */
const MOST_NOTES = 200

function workbook(summary: Summary, { edition }: AssessOptions): Uint8Array {
  const name = loadGuideline().editions.find(({ id }) => id === edition)?.name
  return summaryWorkbook(summary, {
    version: VERSION,
    rules: createJudge().digest,
    ...(edition !== undefined && { edition: `${edition}（${name ?? ''}）` }),
  })
}

function ending(
  { nation, least, doubled, disagreeing }: Summary,
  out: string,
  told: number,
): string {
  const more = nation.unread + doubled + disagreeing > told && told === MOST_NOTES
  return [
    ...(more ? ['ほかにもあります。--format text ですべて出ます。'] : []),
    ...(nation.outcome === undefined && nation.bodies > 0
      ? [
          `読めた団体が${least}より少ないため、結果は入れていません。内部で使うときは --names を付けてください。`,
        ]
      : []),
    `${nation.bodies}団体の要約を ${visible(out)} に書き出しました。読めなかった宣言は${nation.unread}件です。`,
    '',
  ].join('\n')
}

/** Counts one town. @returns what a person should look at, when there is something */
function addTo(count: SummaryCount, read: Reading | Unread): string | undefined {
  if (!('assessment' in read)) {
    count.addUnread(read)
    return unreadLine(read)
  }
  const doubt = count.add(bodyResult(read.read, read.assessment, read.file))
  return doubt === undefined ? undefined : `△ ${visible(read.file)}　${DOUBTS[doubt]}\n`
}

const DOUBTS = {
  doubled: '同じ団体コードの宣言が、ほかにもあります。どちらも数えました。',
  disagrees: 'フォルダと団体コードの都道府県が違います。団体コードで数えました。',
} as const

/** Reads and assesses one town after another; only one is in memory at a time. */
async function eachTown(
  { folder, files, options, terminal }: Work,
  silent: boolean,
  take: (read: Reading | Unread) => Promise<void> | void,
): Promise<void> {
  const bar = progress(
    silent ? terminal : { ...terminal, interactive: false },
    files.length,
    '点検しています',
  )
  for (const path of files) {
    // oxlint-disable-next-line no-await-in-loop -- one town in memory at a time
    await take(await assessOne(path, relative(folder, path), options))
    bar.step()
  }
  bar.end()
}

interface Wish {
  readonly format: FolderFormat
  readonly out: string | undefined
  readonly names: boolean
}

function readWish(args: Arguments): Wish {
  for (const flag of ['part', 'to', 'font'])
    if (args.text(flag) !== undefined)
      throw new UsageError(`--${flag} は、1つの団体のときに使えます。`)
  const wanted = args.on('json') ? 'json' : args.text('format')
  const format = FORMATS.find((known) => known === wanted)
  if (format === undefined)
    throw new UsageError(`フォルダのとき、--format は ${FORMATS.join('・')} のどれかです。`)
  const out = args.text('out')
  const lines = format === 'text' || format === 'json'
  if (!lines && out === undefined)
    throw new UsageError(`--format ${format} には、書き先を --out FILE で指定してください。`)
  if (lines && args.on('names'))
    throw new UsageError('--names は、--format excel か svg のときに使えます。')
  return { format, out, names: args.on('names') }
}

/** @throws UsageError when what is written would take the place of what is read */
function keepDeclarations(files: readonly string[], { out }: Wish): void {
  if (out !== undefined && files.some((file) => resolve(file) === resolve(out)))
    throw new UsageError('--out が、団体の宣言のファイルです。ほかの名前にしてください。')
}

async function townFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted((a, b) => (a < b ? -1 : 1))
}

async function assessOne(
  path: string,
  file: string,
  options: AssessOptions,
): Promise<Reading | Unread> {
  try {
    if ((await stat(path)).size > MAX_TOWN_BYTES)
      return { file, reason: 'TOWN-TOO-BIG', message: 'ファイルが大きすぎます。' }
    const read = readTown(await readFile(path, 'utf8'))
    if (read.ok) return { file, read, assessment: assess(read, options) }
    const { reason, message, line } = read.problems[0]!
    return { file, reason, message, line }
  } catch (error) {
    const code = errorCode(error) ?? 'BUG'
    return { file, reason: code, message: 'このファイルを読めませんでした。' }
  }
}
