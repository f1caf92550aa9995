/**
 * Writes docs/reference: the commands from the command table, the rules from the guideline, what the disarmer takes out
 * and refuses from its words. `node scripts/cli-reference.ts` writes; a test compares.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { explainRule, loadGuideline, OWN_REASONS } from '@sekisho/guideline'
import type { ExplanationPart, OpenPoint, OpenReading, Rule } from '@sekisho/guideline'
import { DISARM_RULES, REFUSAL_REASONS, refusalWords, ruleSentence } from '@sekisho/disarm'
import { threatSections } from './threat-page.ts'
import type { Command, Flag } from '../apps/cli/src/command.ts'
import { OPEN_POINT_KINDS } from '@sekisho/report'
import { COMMANDS } from '../apps/cli/src/commands.ts'
import { EXIT_HELP } from '../apps/cli/src/exit.ts'

const ROOT = join(import.meta.dirname, '..')
const NOTE = '<!-- scripts/cli-reference.ts が書きます。手で直さないでください。 -->'

/** Every page, by its path from the root of the repository. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/reference/cli.md', commandsPage()],
    ['docs/reference/rules.md', rulesPage()],
    ['docs/reference/open-points.md', openPointsPage()],
    ['docs/reference/disarm.md', disarmPage()],
    ['docs/reference/disarm-threats.md', threatsPage()],
  ])
}

function commandsPage(): string {
  return page('命令', [
    '`npx sekisho 命令` の形で使います。データは標準出力へ、お知らせは標準エラー出力へ出ます。',
    EXIT_HELP,
    ...COMMANDS.flatMap(commandSection),
  ])
}

function commandSection({ name, about, usage, flags }: Command): string[] {
  const rows = Object.entries(flags).map(flagRow)
  const table = ['| 指定 | 意味 | 指定がなければ |', '|---|---|---|', ...rows].join('\n')
  return [
    `## ${name}`,
    `${about}。`,
    ['```console', ...usage, '```'].join('\n'),
    ...(rows.length > 0 ? [table] : []),
  ]
}

function flagRow([name, flag]: [string, Flag]): string {
  const short = flag.short === undefined ? '' : `-${flag.short}, `
  const value = flag.type === 'string' ? ` ${flag.value ?? 'VALUE'}` : ''
  const standard = typeof flag.default === 'string' ? code(flag.default) : ''
  return row([code(`${short}--${name}${value}`), flag.about, standard])
}

function rulesPage(): string {
  const { rules } = loadGuideline()
  const ids = [...new Set(rules.map(({ id }) => id))].toSorted()
  return page('決まり', [
    'ガイドラインの条項を1つずつ規則にしたものです。同じ番号が、画面・証跡・検査の結果に出ます。',
    '「照合」が「まだ」のものは、総務省の公表資料の言い回しと突き合わせていません。画面では ※ を付けます。',
    ...ids.flatMap((id) => ruleSection(id)),
    '## 規則ではない理由',
    '判定そのものができないときの理由です。どれも、通しません。',
    ...OWN_REASONS.flatMap((id) => ruleSection(id, '###')),
  ])
}

function openPointsPage(): string {
  return page('解釈が分かれる論点', [
    '資料どうしが食い違う、または書いていない論点です。どの読み方も隠さず、今どちらで判定しているかを示します。',
    '読み方を選べる論点は、`town.yaml` の `readings` に書きます。書かなければ初めの読み方です。',
    'ゆるい読み方を選ぶときは、決めた人（`approvedBy`）と文書（`title`・`date`）が要ります。その読み方で通したものは、照合済みになりません。',
    ...loadGuideline().openPoints.flatMap(openPointSection),
  ])
}

function openPointSection(point: OpenPoint): string[] {
  const { id, title, question, kind, looked, acts, lives } = point
  const names = [...acts.questions, ...acts.rules, ...acts.facts].map(code)
  return [
    `## ${id} ${title}`,
    question,
    [
      '| 読み方 | 内容 | こう読むと | 出所 |',
      '|---|---|---|---|',
      ...point.readings.map((one) => readingRow(point, one)),
    ].join('\n'),
    [
      `決まり方：${OPEN_POINT_KINDS[kind]}。最後に見た日：${looked}。`,
      ...(names.length > 0 ? [`効くところ：${names.join('、')}`] : []),
      ...lives.map(({ path, about }) => `${about}（${code(path)}）`),
    ].join('\\\n'),
  ]
}

function readingRow(point: OpenPoint, { id, short, text, changes, source, lenient }: OpenReading) {
  const marks = [
    ...(id === point.default ? ['初めの読み方'] : []),
    ...(lenient ? ['文書が要ります'] : []),
  ]
  return row([`${short}（${code(id)}）${marks.join('・')}`, text, changes, source])
}

function ruleSection(id: string, mark = '##'): string[] {
  const parts = explainRule(id)?.parts ?? []
  return [`${mark} ${id}`, ...parts.flatMap(rulePart)]
}

function rulePart({ rule, ja }: ExplanationPart): string[] {
  const said = [`**${ja.short}**`, `${ja.message}${ja.why}`, `直し方：${ja.cure}`].join('\\\n')
  return rule === undefined ? [said] : [said, ruleFacts(rule)]
}

function ruleFacts(rule: Rule): string {
  const until = rule.until === undefined ? '' : ` ${rule.until} まで`
  const verified = rule.verified ? '済み' : 'まだ'
  return [
    '| 根拠 | 版 | モデル | 働き | 照合 | 出所 |',
    '|---|---|---|---|---|---|',
    row([
      rule.clause,
      `${rule.from} から${until}`,
      rule.models.join('・'),
      effectOf(rule),
      verified,
      rule.source,
    ]),
  ].join('\n')
}

function effectOf(rule: Rule): string {
  if (rule.kind === 'permit') return '許す'
  return rule.effect === 'hold' ? '人が決めるまで保留' : '差し止める'
}

const THREATS = {
  A: '開くと動くもの',
  N: '外とつながるもの',
  D: '情報が漏れるもの',
  P: '読むソフトを攻撃するもの',
  S: '人を惑わせるもの',
} as const

function disarmPage(): string {
  return page('無害化', [
    '理解できた部分だけから作り直し、そのとき取り除いたものを番号で報告します。',
    '作り直したあとの形は、[無害化の決まった形](../design/disarm-grammar.md)にあります。',
    ...Object.entries(THREATS).flatMap(([kind, title]) => [
      `## 取り除くもの：${title}`,
      [
        '| 番号 | 画面の言葉 |',
        '|---|---|',
        ...DISARM_RULES.filter((rule) => rule.kind === kind).map(({ id }) =>
          row([code(id), ruleSentence(id)]),
        ),
      ].join('\n'),
    ]),
    '## 通せない理由',
    [
      '| 番号 | 何が起きたか | なぜか | できること |',
      '|---|---|---|---|',
      ...REFUSAL_REASONS.map((id) => {
        const { what, why, cure } = refusalWords(id)
        return row([code(id), what, why, cure])
      }),
    ].join('\n'),
  ])
}

function threatsPage(): string {
  return page('無害化：脅威の表', [
    '文書に隠せる危険を一つずつ挙げ、何をするか、どの試験や見本が確かめているかを並べます。番号は[無害化](disarm.md)と同じです。',
    '見本は、この中の生成器が作ったものか、`corpus/disarm` にあるものです。守りを外すと、その試験が赤くなります。',
    ...threatSections(),
  ])
}

function page(title: string, blocks: readonly string[]): string {
  return `${[`# ${title}`, NOTE, ...blocks].join('\n\n')}\n`
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function code(text: string): string {
  return `\`${text}\``
}

async function write(): Promise<void> {
  for (const [path, text] of referencePages()) {
    const file = join(ROOT, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}

if (import.meta.main) await write()
