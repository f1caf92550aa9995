import { CLASS_TABLE, correspondingClasses } from '@sekisho/core'
import { DISARM_RULES, REFUSAL_REASONS, refusalWords, ruleSentence } from '@sekisho/disarm'
import {
  explainRule,
  loadGuideline,
  nearestRule,
  openPointOf,
  rulesAbout,
} from '@sekisho/guideline'
import type { ExplanationPart, RuleMention } from '@sekisho/guideline'
import { visible } from '@sekisho/report'
import { explainSpread } from '@sekisho/town'
import type { Command } from '../command.ts'
import { EXIT } from '../exit.ts'
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
    const id = args.positionals[0]
    if (id === undefined) {
      terminal.out(
        args.on('json')
          ? `${JSON.stringify({ sekisho: '1', kind: 'OpenPoints', points: loadGuideline().openPoints })}\n`
          : listOpenPoints(loadGuideline().openPoints),
      )
      return EXIT.done
    }
    const point = openPointOf(id)
    if (point !== undefined) {
      terminal.out(
        args.on('json')
          ? `${JSON.stringify({ sekisho: '1', kind: 'OpenPoint', point })}\n`
          : explainOpenPoint(point),
      )
      return EXIT.done
    }
    const explained = explainRule(id)
    if (explained !== undefined) {
      terminal.out(
        args.on('json')
          ? `${JSON.stringify({ sekisho: '1', kind: 'Rule', ...explained })}\n`
          : explained.parts.map((part) => page(id, part)).join('\n'),
      )
      return EXIT.done
    }
    const other = explainDisarm(id) ?? explainSpread(id)
    if (other !== undefined) {
      if (args.on('json'))
        terminal.out(`${JSON.stringify({ sekisho: '1', kind: 'Reason', id, ...other })}\n`)
      else
        terminal.out(
          `${id}\n\n${Object.values(other)
            .map((line) => `  ${line}\n`)
            .join('')}`,
        )
      return EXIT.done
    }
    const label = classLabel(id)
    const classes = explainClass(label)
    if (classes !== undefined) {
      const rows = correspondingClasses(label)
      terminal.out(
        args.on('json')
          ? `${JSON.stringify({ sekisho: '1', kind: 'Class', id, rows })}\n`
          : `${classes}\n`,
      )
      return rows.length > 0 ? EXIT.done : EXIT.usage
    }
    const about = rulesAbout(id)
    if (about.length > 0) {
      terminal.out(
        args.on('json')
          ? `${JSON.stringify({ sekisho: '1', kind: 'Clause', id, rules: about })}\n`
          : clausePage(id, about),
      )
      return EXIT.done
    }
    const near = nearestRule(id)
    terminal.err(
      `「${visible(id)}」という番号も、条項もありません。${near === undefined ? '番号は、指摘の行のはじめにあります（例: ZN-06）。' : `もしかして ${near} ですか。`}\n`,
    )
    return EXIT.usage
  },
}

/** How a class is written in the table: narrow digits, and 3A–3C with the only scheme that has them. */
function classLabel(text: string): string {
  const narrow = text.slice(0, 40).normalize('NFKC')
  return /^(?:機密性)?\s?3[ABC]$/u.test(narrow) ? `自治体機密性${narrow.slice(-2)}` : narrow
}

/** What a class is called in the other schemes; a level without its scheme has no meaning of its own. */
function explainClass(label: string): string | undefined {
  const rows = correspondingClasses(label)
  if (rows.length > 0)
    return [
      `${label}　ほかの分類での呼び方`,
      '',
      ...rows.map(({ municipal, national, former }) => `  ${municipal}　${national}　${former}`),
      ...(rows.length > 1
        ? ['', '  どれにあたるかは、sekisho decide classify で確かめてください。']
        : []),
    ].join('\n')
  if (!/^機密性\s?[123]$/u.test(label)) return undefined
  return [
    `「${label}」だけでは、どの分類か決まりません。`,
    '',
    ...CLASS_TABLE.map(
      ({ municipal, national, former }) => `  ${municipal}　${national}　${former}`,
    ),
    '',
    '  左から、今の自治体の分類、国の分類、令和6年10月より前の自治体の分類です。',
  ].join('\n')
}

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

/** A disarm rule says what is taken out; a refusal reason says what happened, why, and what to do. */
function explainDisarm(id: string): Readonly<Record<string, string>> | undefined {
  if (REFUSAL_REASONS.includes(id)) return { ...refusalWords(id) }
  if (DISARM_RULES.some((rule) => rule.id === id)) return { what: ruleSentence(id) }
  return undefined
}
