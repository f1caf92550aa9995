import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, extname, join, resolve } from 'node:path'
import { errorCode } from '@sekisho/core'
import type { Fidelity } from '@sekisho/core'
import {
  createPool,
  isActive,
  keptSentence,
  refusalWords,
  removalReason,
  removalSentence,
} from '@sekisho/disarm'
import type { FileOptions } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import { macrosInForce } from '@sekisho/gates/file'
import { todayInJapan } from '@sekisho/town'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { progress } from '../progress.ts'
import { openTown } from '../town-file.ts'

type Pool = ReturnType<typeof createPool>

/** One line of `--json`. */
interface Line {
  readonly file: string
  readonly type: string
  readonly verdict: 'removed' | 'confirmed-absent' | 'converted' | 'refused'
  readonly removed: readonly {
    readonly rule: string
    readonly count: number
    readonly where: string
  }[]
  readonly kept: readonly {
    readonly rule: string
    readonly count: number
    readonly where: string
  }[]
  readonly reason?: string
  /** Likeness of input and output in thousandths, as far as it was measured. */
  readonly fidelity?: Fidelity
  /** What can be tried next: `password`, `flatten`. */
  readonly offers?: readonly string[]
  readonly inputSha256: string
  readonly outputSha256?: string
  readonly output?: string
}

export const disarm: Command = {
  name: 'disarm',
  about: 'ファイルを安全な形に組み直します（無害化）。元のファイルはそのまま残ります',
  usage: [
    'sekisho disarm FILE… --out DIR [--json] [--jobs N]',
    'sekisho disarm FILE --out DIR --password-file FILE',
    'sekisho disarm FILE --out DIR --flatten',
  ],
  flags: {
    out: { type: 'string', short: 'o', value: 'DIR', about: '組み直したファイルを置くフォルダ' },
    json: { type: 'boolean', about: '1ファイル1行の JSON で出します' },
    flatten: { type: 'boolean', about: '画像化します。ページを絵に変えた PDF になります' },
    compare: {
      type: 'string',
      value: 'text|pages|off',
      default: 'text',
      about: '元と比べるもの。文字、文字と見た目、比べない',
    },
    'password-file': {
      type: 'string',
      value: 'FILE',
      about: 'パスワードを書いたファイル（1行目）。- なら標準入力から読みます',
    },
    town: {
      type: 'string',
      value: 'FILE',
      about: 'リンクや変更履歴の扱いと、残してよいマクロを、この town.yaml から取ります',
    },
    jobs: {
      type: 'string',
      short: 'j',
      value: 'N',
      about: '同時に扱う数。指定がなければプロセッサの数です',
    },
  },
  async run(args, terminal) {
    const out = args.text('out')
    if (out === undefined)
      throw new UsageError('--out に、組み直したファイルを置くフォルダを書いてください。')
    if (args.positionals.length === 0)
      throw new UsageError('組み直すファイルを1つ以上書いてください。')
    const jobs = readJobs(args.text('jobs'))
    const wish: FileOptions = {
      outcome: args.on('flatten') ? 'flatten' : 'rebuild',
      fidelity: readCompare(args.text('compare')),
      ...(await passwordOf(args.text('password-file'))),
      ...(await townOf(args.text('town'))),
    }
    await mkdir(out, { recursive: true })
    const pool = createPool({ size: jobs })
    try {
      return await disarmAll(args.positionals, {
        pool,
        jobs,
        wish,
        targets: await Targets.of(out, args.positionals),
        json: args.on('json'),
        terminal,
      })
    } finally {
      await pool.close()
    }
  },
}

interface Work {
  readonly pool: Pool
  readonly jobs: number
  readonly wish: FileOptions
  readonly targets: Targets
  readonly json: boolean
  readonly terminal: Terminal
}

/** Works on `jobs` files at a time and speaks of them in the order they were named. */
async function disarmAll(files: readonly string[], work: Work): Promise<ExitCode> {
  const bar = progress(work.terminal, files.length, '組み直しています')
  const slots: Promise<unknown>[] = []
  let code: ExitCode = EXIT.done
  const done = files.map((file, index) => {
    const turn = slots[index - work.jobs] ?? Promise.resolve()
    const line = turn
      .then(() => one(file, work))
      .catch((error: unknown) => unreadable(file, error, work.terminal))
    slots.push(line)
    return line
  })
  for (const pending of done) {
    const line = await pending
    bar.step()
    if (line === undefined) code = EXIT.failed
    else {
      if (line.verdict === 'refused' && code === EXIT.done) code = EXIT.refused
      work.terminal.out(work.json ? `${JSON.stringify(line)}\n` : sentence(line))
    }
  }
  bar.end()
  return code
}

async function one(file: string, { pool, targets, wish }: Work): Promise<Line> {
  const bytes = await readFile(file)
  const result = await pool.disarm(bytes, { ...wish, name: basename(file) })
  const { type, verdict, removed, kept, reason, fidelity, offers } = result.report
  const head = {
    file,
    type,
    removed,
    kept,
    ...(fidelity ? { fidelity } : {}),
    ...(offers ? { offers } : {}),
    inputSha256: result.inputSha256,
  }
  if (result.output === undefined || result.outputSha256 === undefined)
    return { ...head, verdict: 'refused', reason: reason ?? 'ENG-CRASH' }
  // The same independent reading that the high side does: what it does not accept is not written.
  const clean = verifyClean(result.output, extname(result.outputName ?? '').slice(1), {
    macroDigests: wish.macroDigests ?? [],
  })
  if (!clean.clean) return { ...head, verdict: 'refused', reason: clean.reason }
  const output = targets.claim(result.outputName ?? basename(file))
  await writeFile(`${output}.part`, result.output)
  await rename(`${output}.part`, output)
  return { ...head, verdict, outputSha256: result.outputSha256, output }
}

function unreadable(file: string, error: unknown, terminal: Terminal): undefined {
  const code = errorCode(error) ?? 'BUG'
  terminal.err(
    `${visible(file)}: 読めない、または書けませんでした（${code}）。名前と権限を確かめてください。\n`,
  )
  return undefined
}

/** Names in the output folder: never the place of an input, never the same twice in one run. */
class Targets {
  readonly #folder: string
  readonly #taken: Set<string>

  private constructor(folder: string, taken: Set<string>) {
    this.#folder = folder
    this.#taken = taken
  }

  static async of(folder: string, inputs: readonly string[]): Promise<Targets> {
    const places = await Promise.all(
      inputs.map((input) => realpath(input).catch(() => resolve(input))),
    )
    return new Targets(await realpath(folder), new Set(places))
  }

  claim(name: string): string {
    const extension = extname(name)
    const stem = name.slice(0, name.length - extension.length)
    for (let number = 1; ; number++) {
      const path = join(this.#folder, number === 1 ? name : `${stem} (${number})${extension}`)
      if (this.#taken.has(path)) continue
      this.#taken.add(path)
      return path
    }
  }
}

function sentence(line: Line): string {
  if (line.verdict === 'refused') {
    const words = refusalWords(line.reason ?? '')
    const offers = (line.offers ?? []).map((offer) => `    ${OFFERS[offer] ?? ''}\n`).join('')
    return `× ${visible(line.file)}: ${words.what}${words.why}\n    ${words.cure}（${line.reason}）\n${offers}`
  }
  const removed = totals(line.removed)
    .toSorted((a, b) => Number(isActive(b.rule)) - Number(isActive(a.rule)))
    .map(removedLines)
  const kept = totals(line.kept).map(
    ({ rule, count, places }) =>
      `    残したもの: ${keptSentence(rule, count)}（${rule}${places}）\n`,
  )
  const nothing = removed.length === 0 ? ['    取り除いたものはありません。\n'] : []
  return [
    `○ ${visible(line.file)} → ${visible(line.output ?? '')}\n`,
    ...nothing,
    ...removed,
    ...kept,
    likeness(line.fidelity),
  ].join('')
}

const OFFERS: Readonly<Record<string, string>> = {
  password: 'パスワードが分かるときは、--password-file で渡してください。',
  flatten: '画像化ならできます。--flatten を付けてください。',
}

/** What, where, why, and what a person who needs it can do. */
function removedLines({ rule, count, places }: Total): string {
  const { why, next } = removalReason(rule)
  const after = isActive(rule) ? `        ${why}${next}\n` : ''
  return `    ${removalSentence(rule, count)}（${rule}${places}）\n${after}`
}

function likeness({ text, pages }: Fidelity = {}): string {
  const parts = [
    ...(text === undefined ? [] : [`文字 ${(text / 10).toFixed(1)}%`]),
    ...(pages === undefined ? [] : [`見た目 ${(pages / 10).toFixed(1)}%`]),
  ]
  return parts.length === 0 ? '' : `    元との一致: ${parts.join('、')}\n`
}

interface Total {
  readonly rule: string
  readonly count: number
  /** `、xl/vbaProject.bin ほか2か所`, or nothing. */
  readonly places: string
}

/** One line per rule; all places are in `--json`. */
function totals(rows: Line['removed']): readonly Total[] {
  const byRule = Map.groupBy(rows, ({ rule }) => rule)
  return [...byRule].map(([rule, all]) => {
    const places = [...new Set(all.map(({ where }) => where).filter((where) => where !== ''))]
    const [first = '', ...more] = places
    const others = more.length === 0 ? '' : ` ほか${more.length}か所`
    return {
      rule,
      count: all.reduce((sum, { count }) => sum + count, 0),
      places: first === '' ? '' : `、${first}${others}`,
    }
  })
}

function readCompare(value = 'text'): 'text' | 'pages' | 'off' {
  if (value === 'text' || value === 'pages' || value === 'off') return value
  throw new UsageError('--compare は text、pages、off のどれかです。')
}

/** Passwords come from a file or a pipe, never from a flag that other users of the machine could read. */
async function passwordOf(file: string | undefined): Promise<Pick<FileOptions, 'password'>> {
  if (file === undefined) return {}
  const text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8')
  const password = text.split(/\r?\n/u, 1)[0] ?? ''
  if (password === '') throw new UsageError('--password-file の1行目にパスワードがありません。')
  return { password }
}

/** The town's choices for its file gate, and the macros whose exception holds today. */
async function townOf(
  file: string | undefined,
): Promise<Pick<FileOptions, 'profile' | 'macroDigests'>> {
  if (file === undefined) return {}
  const opened = await openTown(file)
  if (!opened.ok) throw new UsageError(`${file} が読めません。sekisho check で確かめてください。`)
  const { town } = opened.read
  const route = town.gates.file[0]
  return {
    ...(route ? { profile: route.disarm } : {}),
    macroDigests: macrosInForce(town.macros, todayInJapan(new Date())),
  }
}

function readJobs(value: string | undefined): number {
  if (value === undefined) return Math.max(1, availableParallelism())
  if (!/^[1-9]\d?$/u.test(value)) throw new UsageError('--jobs は 1 から 99 までの数です。')
  return Number(value)
}
