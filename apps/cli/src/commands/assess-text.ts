import { CHANGE_WORDS, CONTROL_STATES, EFFECT_WORDS, FRESHNESS_WORDS } from '@sekisho/assess'
import { chapterName, RISK_WORDS, SEVERITY_WORDS, STATE_WORDS, toDo } from '@sekisho/assess'
import type { Assessment, Calendar, ControlRow, Delta, Duty, ModelGap } from '@sekisho/assess'
import type { RiskAssessment, RiskRow, SelfCheck } from '@sekisho/assess'
import { ASSESSMENT_PARTS, rounded, signed, visible } from '@sekisho/report'
import type { AssessmentPart, PartData } from '@sekisho/report'

const FIRST = 10
const SOON = 8
const CLAUSES = '条項は、公表資料で確かめられた所までです。ガイドライン本文は見ていません。'
const RISK_COLUMNS =
  '残る大きさ（対策の前の点）　番号　脅威　情報資産　届く道　下げる対策　担当　見た日'
const NONE = 'ありません。'
const UNVERIFIED = '※印は、ガイドライン本文との照合がまだ済んでいないものです。'

/** What a person needs first: counts, what to do first, what falls due next. */
export function summaryText(file: string, data: PartData): string {
  const { assessment, gap, risk, calendar, delta } = data
  const { name, model, edition, at } = assessment
  return lines([
    `${visible(name)}　${model}　${edition}　${at}　${visible(file)}`,
    countsLine(gap),
    '　未確認は、実際の動きを測っていないものです。実施とは数えません。',
    '',
    ...firstSteps(gap),
    ...othersOf(gap),
    ...soon(calendar),
    '■ リスク',
    riskCounts(risk),
    '',
    ...(delta === undefined ? modelLines(assessment) : deltaHead(delta)),
    '',
    UNVERIFIED,
    `くわしく: sekisho assess ${visible(file)} --part ${ASSESSMENT_PARTS.join('|')}`,
  ])
}

/** One part, whole. */
export function partText(part: AssessmentPart, data: PartData): string {
  switch (part) {
    case 'gap':
      return lines([countsLine(data.gap), '', ...data.gap.rows.map(rowLine), '', UNVERIFIED])
    case 'delta':
      return data.delta === undefined ? '' : deltaText(data.delta)
    case 'risk':
      return riskText(data.risk)
    case 'calendar':
      return calendarText(data.calendar)
    case 'self-check':
      return selfCheckText(data.selfCheck)
  }
}

export const countsText = (counts: ModelGap['counts']): string =>
  CONTROL_STATES.map((state) => `${STATE_WORDS[state]}${counts[state]}`).join('　')

const lines = (texts: readonly string[]): string => `${texts.join('\n')}\n`
const countsLine = ({ counts }: ModelGap): string => countsText(counts)
const mark = (verified: boolean): string => (verified ? '' : '※')

function rowLine({ control, verified, state, name, why, severity }: ControlRow): string {
  const strength = SEVERITY_WORDS[severity]
  return `${STATE_WORDS[state]}　${control}${mark(verified)} [${strength}] ${name}　${why}`
}

function firstSteps(gap: ModelGap): readonly string[] {
  const steps = toDo(gap)
  if (steps.length === 0) return ['■ まず行うことはありません。', '']
  return [
    `■ まず行うこと（${steps.length}件のうち${Math.min(FIRST, steps.length)}件）`,
    ...steps
      .slice(0, FIRST)
      .flatMap((row) => [
        `${row.control}${mark(row.verified)} [${SEVERITY_WORDS[row.severity]}・${STATE_WORDS[row.state]}] ${row.name}`,
        ...placesOf(row),
        `    直し方　${visible(row.cure?.sentence ?? '')}`,
      ]),
    '',
  ]
}

function placesOf({ findings }: ControlRow): readonly string[] {
  const first = findings[0]
  if (first?.line === undefined) return []
  const more = findings.length > 1 ? `、ほか${findings.length - 1}か所` : ''
  return [`    場所　　${first.line}行（${visible(first.path ?? '')}）${more}`]
}

function othersOf({ others }: ModelGap): readonly string[] {
  if (others.length === 0) return []
  return [
    `■ 対策の表にない指摘（${others.length}件）`,
    ...others
      .slice(0, FIRST)
      .map(({ rule, verified, message }) => `${rule}${mark(verified)} ${visible(message)}`),
    '',
  ]
}

function soon({ duties, overdue }: Calendar): readonly string[] {
  return [
    `■ 期限を過ぎたもの（${overdue.length}件）`,
    ...overdue.slice(0, SOON).map(dutyLine),
    `■ これからの期限（24か月で${duties.length}件）`,
    ...gathered(duties).slice(0, SOON),
    '',
  ]
}

/** Many of one kind on one day, such as everybody who leaves on 31 March, are one line. */
function gathered(duties: readonly Duty[]): readonly string[] {
  const groups = Map.groupBy(duties, ({ date, kind }) => `${date} ${kind}`)
  return [...groups.values()].map((group) => {
    const more = group.length > 1 ? `　ほか${group.length - 1}件` : ''
    return `${dutyLine(group[0]!)}${more}`
  })
}

const dutyLine = ({ date, era, sentence, verified }: Duty): string =>
  `${date}（${era}）${mark(verified)} ${visible(sentence)}`

function modelLines({ models }: Assessment): readonly string[] {
  return [
    '■ ほかのモデルに今のまま移ったとき',
    ...models
      .filter(({ own }) => !own)
      .map(({ model, counts }) => `${model}　${countsText(counts)}`),
  ]
}

function riskCounts({ counts, rows }: RiskAssessment): string {
  const { high, middle, low } = RISK_WORDS.level
  return `残るリスク${rows.length}件　${high}${counts.high}　${middle}${counts.middle}　${low}${counts.low}`
}

function riskText(risk: RiskAssessment): string {
  return lines([
    RISK_WORDS.note,
    '点数は、起こりやすさ（1〜3）×影響（1〜3）です。6以上が大、3以上が中です。',
    ...scaleLines('起こりやすさ', risk.scale.likelihood),
    ...scaleLines('影響', risk.scale.impact),
    riskCounts(risk),
    ...(risk.unreached.length === 0
      ? []
      : [`宣言に経路のない情報資産　${visible(risk.unreached.join('、'))}`]),
    '',
    RISK_COLUMNS,
    ...risk.rows.map(riskLine),
  ])
}

const scaleLines = (name: string, scale: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(scale).map(([degree, sentence]) => `　${name}${degree}　${sentence}`)

function riskLine(row: RiskRow): string {
  const { id, threatName, assetName, path, over, inherent, residual, lowering, owner, date } = row
  const parts = [
    `${RISK_WORDS.level[residual.level]}${residual.points}（元${inherent.points}）`,
    visible(id),
    threatName,
    visible(assetName),
    `${RISK_WORDS.paths[path]} ${visible(over.slice(0, 3).join('、'))}${over.length > 3 ? `ほか${over.length - 3}` : ''}`,
    `下げる対策 ${lowering.join('、') || 'なし'}`,
    visible(owner),
    date,
  ]
  return parts.join('　')
}

function calendarText({ from, until, duties, overdue }: Calendar): string {
  const years = Map.groupBy(duties, ({ fiscalYear }) => fiscalYear)
  return lines([
    `${from} から ${until} まで`,
    ...(overdue.length === 0 ? [] : ['', `■ 期限を過ぎたもの（${overdue.length}件）`]),
    ...overdue.map(dutyLine),
    ...[...years].flatMap(([year, own]) => [
      '',
      `■ ${year}（${own.length}件）`,
      ...own.map(dutyLine),
    ]),
    '',
    '※印は、期限の長さを公表資料で確かめていないものです。',
  ])
}

function deltaHead({ from, to, gained, lost, flows }: Delta): readonly string[] {
  const broken = flows.filter(({ effect }) => effect === 'break').length
  const touched = flows.filter(({ effect }) => effect === 'touch').length
  return [
    `■ ${from} から ${to} へ移ると`,
    `加わる対策${gained.length}件、なくなる対策${lost.length}件`,
    `切れる通信${broken}件、確かめる通信${touched}件`,
  ]
}

function deltaText(delta: Delta): string {
  const { gained, lost, flows, drivers, burdens, minutesPerYear, note } = delta
  const changed = burdens.filter(({ minutesPerYear: minutes }) => minutes !== 0)
  return lines([
    ...deltaHead(delta),
    '',
    '■ 加わる対策',
    ...(gained.length === 0 ? [NONE] : gained.map(rowLine)),
    '',
    '■ なくなる対策',
    ...(lost.length === 0 ? [NONE] : lost.map(rowLine)),
    '',
    '■ LGWANのサービスと境界の通信',
    ...flows.map(
      ({ effect, name, peer, why }) =>
        `${EFFECT_WORDS[effect]}　${visible(name)}${peer === undefined ? '' : `（${visible(peer.name)}）`}　${why}`,
    ),
    '',
    '■ 費用を動かす数（金額は含みません）',
    ...drivers.map(
      ({ change, name, quantity, unit, drives }) =>
        `${CHANGE_WORDS[change]}　${name} ${rounded(quantity.value)}${unit}　${drives}　${quantity.basis}`,
    ),
    '',
    `■ 職員の手間（1年の分）　職員 ${signed(minutesPerYear.staff)}分　情報担当 ${signed(minutesPerYear.it)}分`,
    note,
    ...changed.map(({ control, minutesPerYear: minutes, clicksPerYear, before, after }) => {
      const basis = (after ?? before)?.basis ?? ''
      return `${control}※　${signed(minutes)}分　${signed(clicksPerYear)}クリック　${basis}`
    }),
  ])
}

function selfCheckText({ at, chapters, uncovered, asked, met }: SelfCheck): string {
  return lines([
    `自己点検表　${at}　対象${asked}件のうち実施${met}件`,
    ...chapters.flatMap(({ chapter, name, rows, counts }) => [
      '',
      `■ ${chapter} ${name}${rows.length === 0 ? '' : `　${countsText(counts)}`}`,
      ...(uncovered.includes(chapter)
        ? [`${chapter}章（${chapterName(chapter)}）は、この表では点検していません。`]
        : []),
      ...rows.flatMap(({ control, verified, stateWord, name: text, clause, ...row }) => [
        `${stateWord}　${control}${mark(verified)} ${text}`,
        `    条項　${clause}`,
        ...(row.evidence === ''
          ? []
          : [`    根拠　${visible(row.evidence)}　${FRESHNESS_WORDS[row.freshness]}`.trimEnd()]),
      ]),
    ]),
    '',
    CLAUSES,
    UNVERIFIED,
  ])
}
