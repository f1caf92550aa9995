import type { Finding } from '@sekisho/core'
import { changesNothing, planId } from '@sekisho/network'
import type { Plan } from '@sekisho/network'
import { visible } from '@sekisho/report'

const SOURCES = {
  kernel: 'この機械がいま持つ規則',
  file: '渡された規則',
  town: '前の宣言の規則',
} as const
const MARKS = { gains: '＋', loses: '－' } as const

/** A plan for people: what changes, pair of zones by pair of zones, then tests, findings and what is loaded. */
export function planText(plan: Plan): string {
  const nothing = changesNothing(plan)
  return [
    `変更案 ${planId(plan)}　${visible(plan.town.name)}　${plan.at} の時点\n`,
    `${SOURCES[plan.before.source]}とくらべました。\n\n`,
    nothing ? '変わることはありません。\n\n' : changesText(plan),
    testsText(plan),
    findingsText(plan),
    nothing ? '' : loadText(plan),
  ].join('')
}

function changesText({ changes, unread }: Plan): string {
  if (unread.length > 0) {
    return `くらべる相手を終わりまで読み取れないので、何が変わるかは言えません。\n${list('・', unread)}\n`
  }
  if (changes.length === 0) return '規則の書き方だけが変わり、通る通信は変わりません。\n\n'
  const pairs = Map.groupBy(changes, ({ pair }) => pair)
  // Pairs of which the same is said are said together.
  const told = Map.groupBy(pairs.keys(), (pair) => pairs.get(pair)!.map(sentencesText).join(''))
  return [...told].map(([text, some]) => `${some.map(visible).join('\n')}\n${text}\n`).join('')
}

const sentencesText = ({ effect, sentences }: Plan['changes'][number]): string =>
  sentences
    .map(({ sentence, about }) => {
      const named = about === undefined ? '' : `      ${visible(about)}\n`
      return `  ${MARKS[effect]} ${visible(sentence)}\n${named}`
    })
    .join('')

function testsText({ tests }: Plan): string {
  if (tests.length === 0) return 'まち自身の試験: ありません。\n'
  const red = tests.filter(({ green }) => !green)
  const lines = red.map(({ name, reason }) => `  × ${visible(name)}\n      ${visible(reason)}\n`)
  return `まち自身の試験: ${tests.length}件のうち${red.length}件が、宣言と違います。\n${lines.join('')}`
}

function findingsText({ findings, leftOut }: Plan): string {
  const left =
    leftOut.length === 0
      ? ''
      : `宣言にあって開けない通信: ${leftOut.length}件\n${list('・', leftOut)}`
  if (!findings) return `check の指摘: 前の宣言が分からないので、くらべていません。\n${left}`
  const { appear, vanish } = findings
  const counts = `check の指摘: 加わる ${appear.length}件、なくなる ${vanish.length}件\n`
  return `${counts}${list('＋', appear)}${list('－', vanish)}${left}`
}

function loadText({ scope, unproved, text, textDigest }: Plan): string {
  const what =
    scope === 'all' ? 'この機械の規則をすべて置き換えます。' : '関所の表だけを置き換えます。'
  const lines = text.split('\n').length - 1
  const proved =
    unproved.length === 0
      ? '入れたあとの規則が宣言のとおりになることは、確かめてあります。\n'
      : `入れたあとの規則が、宣言のとおりになりません。このままでは反映できません。\n${list('×', unproved)}`
  return `入れる文: ${lines}行　${textDigest.slice(0, 12)}　${what}\n全文は --format nft で見られます。\n${proved}`
}

const list = (mark: string, findings: readonly Finding[]): string =>
  findings
    .map(
      ({ rule, message, cure }) => `  ${mark} ${rule} ${visible(message)}${cureText(mark, cure)}\n`,
    )
    .join('')

const cureText = (mark: string, cure: Finding['cure']): string =>
  mark === '－' ? '' : `\n      ${visible(cure.sentence)}`
