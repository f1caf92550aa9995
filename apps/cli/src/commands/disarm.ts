import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, extname, join, resolve } from 'node:path'
import { createPool, isActive, refusalWords, removalSentence } from '@sekisho/disarm'
import { verifyClean } from '@sekisho/disarm/verify'
import { visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { progress } from '../progress.ts'

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
  readonly inputSha256: string
  readonly outputSha256?: string
  readonly output?: string
}

export const disarm: Command = {
  name: 'disarm',
  about: 'ファイルを安全な形に組み直します（無害化）。元のファイルはそのまま残ります',
  usage: ['sekisho disarm FILE… --out DIR [--json] [--jobs N]'],
  flags: {
    out: { type: 'string', short: 'o', value: 'DIR', about: '組み直したファイルを置くフォルダ' },
    json: { type: 'boolean', about: '1ファイル1行の JSON で出します' },
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
    await mkdir(out, { recursive: true })
    const pool = createPool({ size: jobs })
    try {
      return await disarmAll(args.positionals, {
        pool,
        jobs,
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

async function one(file: string, { pool, targets }: Work): Promise<Line> {
  const bytes = await readFile(file)
  const result = await pool.disarm(bytes, { name: basename(file) })
  const { type, verdict, removed, kept, reason } = result.report
  const head = { file, type, removed, kept, inputSha256: result.inputSha256 }
  if (result.output === undefined || result.outputSha256 === undefined)
    return { ...head, verdict: 'refused', reason: reason ?? 'ENG-CRASH' }
  // The same independent reading that the high side does: what it does not accept is not written.
  const clean = verifyClean(result.output)
  if (!clean.clean) return { ...head, verdict: 'refused', reason: clean.reason }
  const output = targets.claim(result.outputName ?? basename(file))
  await writeFile(`${output}.part`, result.output)
  await rename(`${output}.part`, output)
  return { ...head, verdict, outputSha256: result.outputSha256, output }
}

function unreadable(file: string, error: unknown, terminal: Terminal): undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'BUG'
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
    return `× ${visible(line.file)}: ${words.what}${words.why}\n    ${words.cure}（${line.reason}）\n`
  }
  const rows = totals(line.removed).map(
    ([rule, count]) => `    ${removalSentence(rule, count)}（${rule}）\n`,
  )
  const nothing = '    取り除いたものはありません。\n'
  return `○ ${visible(line.file)} → ${visible(line.output ?? '')}\n${rows.length === 0 ? nothing : rows.join('')}`
}

/** One line per rule, what runs or reaches out first. Places are in `--json`. */
function totals(removed: Line['removed']): readonly (readonly [rule: string, count: number])[] {
  const counts = new Map<string, number>()
  for (const { rule, count } of removed) counts.set(rule, (counts.get(rule) ?? 0) + count)
  return [...counts].toSorted(([a], [b]) => Number(isActive(b)) - Number(isActive(a)))
}

function readJobs(value: string | undefined): number {
  if (value === undefined) return Math.max(1, availableParallelism())
  if (!/^[1-9]\d?$/u.test(value)) throw new UsageError('--jobs は 1 から 99 までの数です。')
  return Number(value)
}
