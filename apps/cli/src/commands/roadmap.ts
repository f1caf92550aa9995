import { writeFile } from 'node:fs/promises'
import { HALF_WORDS, outcomeSentence, stepsByYear } from '@sekisho/assess'
import type { Conflict, Roadmap, Step } from '@sekisho/assess'
import type { Finding } from '@sekisho/core'
import { roadmapPdf, roadmapWorkbook, visible } from '@sekisho/report'
import { UsageError } from '../command.ts'
import type { Command } from '../command.ts'
import { needOut, readFormat, refuseOut } from '../out-file.ts'
import { FONT_FLAG, refuseFont, writePdf } from '../pdf-file.ts'
import { exitOf, planFromFiles, roadmapJson, tellUnplanned } from '../planned.ts'
import { readDate } from '../values.ts'

const FORMATS = ['text', 'json', 'excel', 'pdf'] as const

export const roadmap: Command = {
  name: 'roadmap',
  about: '今の定義から目標の定義までの手順を、途中も確かめながら年度ごとに並べます',
  usage: [
    'sekisho roadmap town.yaml target.yaml [--plan plan.yaml] [--at 日付] [--json]',
    'sekisho roadmap town.yaml target.yaml [--plan plan.yaml] --format excel|pdf --out FILE',
  ],
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
    format: {
      type: 'string',
      value: FORMATS.join('|'),
      default: 'text',
      about: '出し方。excel と pdf には --out が要ります',
    },
    out: { type: 'string', value: 'FILE', about: 'ファイルへ書きます。excel・pdf のときです' },
    font: FONT_FLAG,
  },
  async run(args, terminal) {
    const [file, target, ...rest] = args.positionals
    if (file === undefined || target === undefined || rest.length > 0)
      throw new UsageError('今の定義と目標の定義を、この順に書いてください。')
    const format = readFormat(args, FORMATS)
    if (format !== 'pdf') refuseFont(args)
    const toFile = format === 'excel' || format === 'pdf'
    if (!toFile) refuseOut(args, ['excel', 'pdf'])
    const out = toFile ? needOut(args, format) : ''
    const planned = await planFromFiles({
      file,
      target,
      plan: args.text('plan'),
      at: readDate(args),
    })
    if (!planned.ok) return tellUnplanned(planned, format === 'json', terminal)
    const { roadmap: found, subject } = planned
    if (format === 'json') terminal.out(roadmapJson({ file, targetFile: target, ...found }))
    else if (format === 'text') terminal.out(text(found))
    else if (format === 'excel') await writeFile(out, roadmapWorkbook(found, subject))
    else
      await writePdf({ out, font: args.text('font') }, (font) => roadmapPdf(found, subject, font))
    return exitOf(found)
  },
}

function text(found: Roadmap): string {
  return [
    head(found),
    ...stepsByYear(found).map(([year, steps]) => yearTable(year, steps)),
    ...found.conflicts.map(conflictLine),
    ...found.blocks.map(({ sentence }) => `× ${visible(sentence)}\n`),
    `${outcomeSentence(found)}（確かめた途中の姿${found.checks}件）\n`,
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
  const row = `${String(step.number).padStart(5)}  ${HALF_WORDS[step.half]}  ${step.day}  ${visible(step.name)}`
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
