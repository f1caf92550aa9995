import { readFile } from 'node:fs/promises'
import { noPlan, planRoadmap, readPlan } from '@sekisho/assess'
import type { Conflict, PlanProblem, ReadPlan, Roadmap, Step } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import { renderFindings, visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { openTown } from '../town-file.ts'
import { readDate } from '../values.ts'
import { VERSION } from '../version.ts'

export const roadmap: Command = {
  name: 'roadmap',
  about: '今の定義から目標の定義までの手順を、途中も確かめながら年度ごとに並べます',
  usage: ['sekisho roadmap town.yaml target.yaml [--plan plan.yaml] [--at 日付] [--json]'],
  flags: {
    plan: {
      type: 'string',
      value: 'plan.yaml',
      about: '機器の更新、契約の終わり、手の数などを書いたファイルです',
    },
    at: {
      type: 'string',
      value: 'YYYY-MM-DD',
      about: 'この日を今日として計画します。指定がなければ今日です',
    },
    json: { type: 'boolean', about: 'JSON で出します' },
  },
  async run(args, terminal) {
    const [file, target, ...rest] = args.positionals
    if (file === undefined || target === undefined || rest.length > 0)
      throw new UsageError(
        '今の定義と目標の定義を、この順に書いてください。目標がまだなければ、sekisho assess --to β′ で、変わることと手間の見積もりを見られます。',
      )
    const at = readDate(args)
    const [today, wanted] = [await openTown(file), await openTown(target)]
    for (const [name, town] of [
      [file, today],
      [target, wanted],
    ] as const)
      if (!town.ok) return unreadable(name, town.findings, args.on('json'), terminal)
    if (!today.ok || !wanted.ok) return EXIT.failed
    const read = await openPlan(args.text('plan'))
    if (!read.ok) return unusable(read.problems, args.on('json'), terminal)
    const planned = planRoadmap(today.read, wanted.read, {
      plan: read.plan,
      ...(at !== undefined && { at }),
    })
    if (!planned.ok) return unusable(planned.problems, args.on('json'), terminal)
    terminal.out(
      args.on('json')
        ? json({ file, targetFile: target, ...planned.roadmap })
        : text(planned.roadmap),
    )
    return exitOf(planned.roadmap)
  },
}

async function openPlan(path: string | undefined): Promise<ReadPlan> {
  return path === undefined ? { ok: true, plan: noPlan() } : readPlan(await readFile(path, 'utf8'))
}

function exitOf({ outcome }: Roadmap): ExitCode {
  if (outcome === 'found') return EXIT.done
  return outcome === 'undecided' ? EXIT.failed : EXIT.findings
}

// A roadmap over half a declaration would be worth nothing, so this is not "findings" but "could not".
function unreadable(
  file: string,
  findings: readonly Finding[],
  asJson: boolean,
  terminal: Terminal,
): ExitCode {
  const format = asJson ? 'json' : 'text'
  terminal.out(renderFindings(format, findings, { file, version: VERSION, result: 'refuse' }))
  return EXIT.failed
}

function unusable(problems: readonly PlanProblem[], asJson: boolean, terminal: Terminal): ExitCode {
  if (asJson) terminal.out(json({ problems }))
  else for (const { message } of problems) terminal.err(`${visible(message)}\n`)
  return EXIT.failed
}

const json = (value: object): string =>
  `${JSON.stringify({ sekisho: '1', kind: 'Roadmap', ...value }, undefined, 2)}\n`

function text(found: Roadmap): string {
  const years = [...new Set(found.steps.map(({ fiscalYear }) => fiscalYear))]
  return [
    head(found),
    ...years.map((year) =>
      yearTable(
        year,
        found.steps.filter((one) => one.fiscalYear === year),
      ),
    ),
    ...found.conflicts.map(conflictLine),
    ...found.blocks.map(({ sentence }) => `× ${visible(sentence)}\n`),
    `${closing(found)}\n`,
  ].join('')
}

function head({ at, today, target, capacity, steps }: Roadmap): string {
  return [
    `${visible(today.name)}　${today.model} → ${target.model}　手順${steps.length}件（半期に${capacity}件まで）`,
    `今の指摘${today.findings.length}件（${at}）　目標の指摘${target.findings.length}件（${target.at}）`,
    '',
    '',
  ].join('\n')
}

function yearTable(year: string, steps: readonly Step[]): string {
  return [`■ ${year}`, ' 番号  時期    いつから    すること', ...steps.map(stepBlock), ''].join(
    '\n',
  )
}

function stepBlock(step: Step): string {
  const half = step.half === 1 ? '上半期' : '下半期'
  const row = `${String(step.number).padStart(5)}  ${half}  ${step.day}  ${visible(step.name)}`
  const details: readonly (readonly [string, readonly string[]])[] = [
    ['変わること', shortened(step.changes)],
    [
      '理由　　　',
      step.reasons.map(({ sentence, steps = [] }) => `${sentence}${numbersOf(steps)}`),
    ],
    ['消える指摘', listOf(step.vanish)],
    ['増える指摘', listOf(step.appear)],
    ['LGWAN 　　', step.services.length > 0 ? [`影響を確かめる：${step.services.join('、')}`] : []],
    ['先に用意　', step.controls.length > 0 ? [step.controls.map(controlText).join('、')] : []],
    ['確認　　　', [checkText(step.after)]],
  ]
  const lines = details.flatMap(([label, texts]) =>
    texts.map((one) => `         ${label}　${visible(one)}`),
  )
  return [row, ...lines].join('\n')
}

function checkText({ findings, rules, beyond }: Step['after']): string {
  const which = findings === 0 ? '' : `（${rules.join('・')}）`
  return `指摘${findings}件${which}${beyond > 0 ? `　うち途中だけの指摘${beyond}件` : ''}`
}

const SHOWN = 3

function shortened(texts: readonly string[]): readonly string[] {
  const more = texts.length - SHOWN
  return more > 0 ? [...texts.slice(0, SHOWN), `ほか${more}件`] : texts
}

const numbersOf = (steps: readonly number[]): string =>
  steps.length > 0 ? `（手順${steps.join('・')}）` : ''
const listOf = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ rule, verified, message }) => `${rule}${verified ? '' : '※'} ${message}`)
const controlText = ({ control, paper }: Step['controls'][number]): string =>
  `${control}（${paper ?? 'まだありません'}）`

const conflictLine = ({ kind, sentence }: Conflict): string =>
  `${kind === 'open' ? '△' : '×'} ${visible(sentence)}\n`

const CLOSING: Readonly<Record<Roadmap['outcome'], string>> = {
  found: 'どの手順のあとも確かめ、日付もすべて守れます。',
  late: 'どの手順のあとも確かめましたが、守れない日付があります。',
  none: 'すべての順番を調べましたが、途中も安全な順番はありません。',
  undecided: '途中も安全な順番を見つけられませんでした。ないとも言えません。',
}

function closing({ outcome, lateForCertain, checks }: Roadmap): string {
  const certain = lateForCertain ? 'ほかのどの順番でも守れません。' : ''
  return `${CLOSING[outcome]}${outcome === 'late' ? certain : ''}（確かめた途中の姿${checks}件）`
}
