import type { ClassRow } from '@sekisho/core'
import type { ExplanationPart, RuleMention } from '@sekisho/guideline'
import { lookUp, openPoints, visible } from '@sekisho/report'
import type { LookedUp } from '@sekisho/report'
import type { Command, Terminal } from '../command.ts'
import { EXIT } from '../exit.ts'
import type { ExitCode } from '../exit.ts'
import { explainOpenPoint, listOpenPoints } from './explain-open-point.ts'

export const explain: Command = {
  name: 'explain',
  about: '理由の番号、条項、解釈が分かれる論点を、日本語で説明します',
  usage: [
    'sekisho explain ZN-06',
    'sekisho explain OX-VBA [--json]',
    'sekisho explain 番号法19条',
    'sekisho explain O5',
    'sekisho explain',
    'sekisho explain 旧機密性3',
  ],
  flags: { json: { type: 'boolean', about: 'JSON で出します' } },
  async run(args, terminal) {
    const [asked] = args.positionals
    if (asked === undefined) {
      const points = openPoints()
      terminal.out(args.on('json') ? json('OpenPoints', { points }) : listOpenPoints(points))
      return EXIT.done
    }
    const found = lookUp(asked)
    if (found.kind === 'nothing') return tellNothing(asked, found.near, terminal)
    terminal.out(args.on('json') ? asJson(asked, found) : asText(asked, found))
    return found.kind === 'bare-class' ? EXIT.usage : EXIT.done
  },
}

type Found = Exclude<LookedUp, { kind: 'nothing' }>

function asJson(asked: string, found: Found): string {
  switch (found.kind) {
    case 'point':
      return json('OpenPoint', { point: found.point })
    case 'rule':
      return json('Rule', { id: found.id, parts: found.parts })
    case 'reason':
      return json('Reason', { id: found.id, ...found.words })
    case 'class':
      return json('Class', { id: asked, rows: found.rows })
    case 'bare-class':
      return json('Class', { id: asked, rows: [] })
    case 'clause':
      return json('Clause', { id: asked, rules: found.rules })
  }
}

const json = (kind: string, body: object): string =>
  `${JSON.stringify({ sekisho: '1', kind, ...body })}\n`

function asText(asked: string, found: Found): string {
  switch (found.kind) {
    case 'point':
      return explainOpenPoint(found.point)
    case 'rule':
      return found.parts.map((part) => page(found.id, part)).join('\n')
    case 'reason': {
      const lines = Object.values(found.words).map((line) => `  ${line}\n`)
      return `${found.id}\n\n${lines.join('')}`
    }
    case 'class':
      return classPage(found.label, found.rows)
    case 'bare-class':
      return bareClassPage(found.label, found.rows)
    case 'clause':
      return clausePage(asked, found.rules)
  }
}

function tellNothing(asked: string, near: string | undefined, terminal: Terminal): ExitCode {
  const hint =
    near === undefined
      ? '番号は、指摘の行のはじめにあります（例: ZN-06）。'
      : `もしかして ${near} ですか。`
  terminal.err(`「${visible(asked)}」という番号も、条項もありません。${hint}\n`)
  return EXIT.usage
}

/** What a class is called in the other schemes. */
function classPage(label: string, rows: readonly ClassRow[]): string {
  const unsure =
    rows.length > 1 ? ['', '  どれにあたるかは、sekisho decide classify で確かめてください。'] : []
  return [`${label}　ほかの分類での呼び方`, '', ...rows.map(classLine), ...unsure, ''].join('\n')
}

/** A level without its scheme has no meaning of its own. */
function bareClassPage(label: string, rows: readonly ClassRow[]): string {
  return [
    `「${label}」だけでは、どの分類か決まりません。`,
    '',
    ...rows.map(classLine),
    '',
    '  左から、今の自治体の分類、国の分類、令和6年10月より前の自治体の分類です。',
    '',
  ].join('\n')
}

const classLine = ({ municipal, national, former }: ClassRow): string =>
  `  ${municipal}　${national}　${former}`

/** The rules that rest on one clause, one per line. */
function clausePage(id: string, rules: readonly RuleMention[]): string {
  const width = Math.max(...rules.map((rule) => rule.id.length))
  const lines = rules.map((rule) => `  ${rule.id.padEnd(width)}  ${rule.short}\n`)
  return `「${visible(id)}」にかかわる決まり（${rules.length}件）\n\n${lines.join('')}\nくわしく: sekisho explain ${rules[0]?.id ?? ''}\n`
}

function page(id: string, { rule, ja }: ExplanationPart): string {
  const lines = [`${id}　${ja.short}`, '', `  ${ja.message}`, `  ${ja.why}`, `  直し方　${ja.cure}`]
  if (rule !== undefined) {
    const editions =
      rule.until === undefined ? `${rule.from} から` : `${rule.from} から ${rule.until} まで`
    lines.push(
      `  根拠　　${rule.clause}`,
      `  版　　　${editions}　モデル ${rule.models.join('・')}`,
    )
    lines.push(
      `  照合　　${rule.verified ? '国の資料と照合済みです' : '※ガイドライン本文との照合はまだです'}（${rule.source}）`,
    )
  }
  return `${lines.join('\n')}\n`
}
