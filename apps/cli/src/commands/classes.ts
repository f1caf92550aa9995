import { readFile } from 'node:fs/promises'
import { settledForm, unasked } from '@sekisho/core'
import type { Form } from '@sekisho/core'
import { formOf, loadGuideline, settledFacts } from '@sekisho/guideline'
import { conclude, createCompiledJudge } from '@sekisho/judge'
import type { AskedFor } from '@sekisho/judge'
import { visible } from '@sekisho/report'
import { editTown, foreignClassesIn, readingsOf, readTown, todayInJapan } from '@sekisho/town'
import type { ForeignAsset } from '@sekisho/town'
import { UsageError } from '../command.ts'
import type { Arguments, Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { findingsOf, replaceTown, showProblems } from '../town-file.ts'
import { migrationJson, migrationText } from './classes-words.ts'
import { askForm } from './decide-ask.ts'

/** What becomes of the class of one asset. Without `to`, a person still has to decide. */
export interface Migration {
  readonly asset: ForeignAsset
  readonly to?: string
  /** `one`: nothing else corresponds. `asked`: the question of classes was answered. */
  readonly by: 'one' | 'asked' | 'open' | 'outside'
  /** What the question found, when that is not among what corresponds. */
  readonly found?: string
}

export const classes: Command = {
  name: 'classes',
  about: '古い分類や国の分類（旧機密性3 など）を、今の自治体の分類に直します',
  usage: [
    'sekisho classes migrate [town.yaml] [--json]',
    'sekisho classes migrate [town.yaml] --template > ANSWERS.json',
    'sekisho classes migrate [town.yaml] --answers ANSWERS.json [--apply]',
  ],
  flags: {
    answers: {
      type: 'string',
      value: 'FILE',
      about: '対応が1つに決まらない資産についての、問い classify の答え',
    },
    template: { type: 'boolean', about: '答えを書き入れるひな形を JSON で出します' },
    apply: {
      type: 'boolean',
      about: '宣言に書きます。すべて決まるまでは、何も書きません',
    },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  words: ['migrate'],
  async run(args, terminal) {
    const [verb, file = 'town.yaml', ...rest] = args.positionals
    if (verb !== 'migrate' || rest.length > 0)
      throw new UsageError('sekisho classes migrate [town.yaml] と書いてください。')
    return migrate(file, args, terminal)
  },
}

async function migrate(file: string, args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const text = await readFile(file, 'utf8')
  const found = foreignClassesIn(text)
  if (!found.ok) return showProblems(file, findingsOf(found.problems), args, terminal)
  const { assets, town } = found
  const by: AskedFor = {
    model: town.model,
    edition: town.edition,
    readings: readingsOf(town, todayInJapan(new Date())),
  }
  if (args.on('template')) {
    terminal.out(answersTemplate(assets.filter(isOpen), askedForm(by)))
    return EXIT.done
  }
  const migrations = await migrationsOf(assets, by, args, terminal)
  const edits = migrations.flatMap(({ asset, to }) =>
    to === undefined ? [] : [{ path: asset.path, value: to }],
  )
  const edited = editTown(text, edits)
  if (!edited.ok) return showProblems(file, findingsOf(edited.problems), args, terminal)
  const whole = edits.length === assets.length && readTown(edited.text).ok
  // Nothing half written: a file with some old labels left could not be read either.
  const wanted = args.on('apply') && whole && assets.length > 0
  const applied = wanted && (await replaceTown(file, text, edited.text))
  const outcome = wanted ? (applied ? 'applied' : 'moved') : whole ? 'shown' : 'open'
  const report = { file: visible(file), migrations, outcome } as const
  terminal.out(args.on('json') ? migrationJson(report) : migrationText(report))
  if (outcome === 'moved') return EXIT.failed
  return outcome === 'open' ? EXIT.findings : EXIT.done
}

const isOpen = ({ mismatch }: ForeignAsset): boolean => mismatch.candidates.length > 1

function askedForm(by: AskedFor): Form {
  const form = formOf('classify')!
  return settledForm(form, settledFacts(loadGuideline().openPoints, 'classify', by))
}

async function migrationsOf(
  assets: readonly ForeignAsset[],
  by: AskedFor,
  args: Arguments,
  terminal: Terminal,
): Promise<readonly Migration[]> {
  const answers = await answersIn(args.text('answers'))
  const migrations: Migration[] = []
  for (const asset of assets) {
    const [only, ...more] = asset.mismatch.candidates
    if (only !== undefined && more.length === 0) migrations.push({ asset, to: only, by: 'one' })
    else migrations.push(await decided(asset, answers, by, args, terminal))
  }
  return migrations
}

/** Asks the question of classes, by the answers of a file or of a person at the terminal. */
async function decided(
  asset: ForeignAsset,
  answers: ReadonlyMap<string, object>,
  by: AskedFor,
  args: Arguments,
  terminal: Terminal,
): Promise<Migration> {
  const asks = process.stdin.isTTY && args.text('answers') === undefined && !args.on('json')
  if (asks) terminal.err(`\n「${visible(asset.name)}」（${asset.mismatch.label}）\n`)
  const given = asks ? await askForm(askedForm(by), terminal) : answers.get(asset.id)
  if (given === undefined) return { asset, by: 'open' }
  const facts = given as Readonly<Record<string, unknown>>
  const { answer, found } = conclude(createCompiledJudge(), formOf('classify')!, by, facts)
  if (answer.result !== 'pass') return { asset, by: 'open' }
  const to = `自治体機密性${found['level'] ?? ''}`
  return asset.mismatch.candidates.includes(to)
    ? { asset, to, by: 'asked' }
    : { asset, by: 'outside', found: to }
}

async function answersIn(file: string | undefined): Promise<ReadonlyMap<string, object>> {
  if (file === undefined) return new Map()
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new UsageError('答えのファイルが JSON として読めません。')
    throw error
  }
  const { assets } = (typeof value === 'object' ? value : {}) as { readonly assets?: unknown }
  if (typeof assets !== 'object' || assets === null || Array.isArray(assets))
    throw new UsageError('答えのファイルには "assets" を書いてください。')
  return new Map(
    Object.entries(assets as Record<string, unknown>).filter(
      (entry): entry is [string, object] => typeof entry[1] === 'object' && entry[1] !== null,
    ),
  )
}

/** The first answer to everything, to be changed, for each asset that a person has to decide. */
function answersTemplate(assets: readonly ForeignAsset[], form: Form): string {
  const facts = Object.fromEntries(form.facts.map((fact) => [fact.name, unasked(fact)]))
  const body = { assets: Object.fromEntries(assets.map(({ id }) => [id, facts])) }
  return `${JSON.stringify(body, undefined, 2)}\n`
}
