import { CHAIN_KINDS, CONTROL_STATES, controlName, isAllMet } from '@sekisho/assess'
import type { ControlState, Region, Summary } from '@sekisho/assess'
import { placeName, SUMMARY_WORDS } from '@sekisho/report'
import type { Reading, Unread } from './assess-line.ts'
import { countsText } from './assess-text.ts'

const MOST_FREQUENT = 10

/** Findings over all towns, and the words for the last lines. */
export class Total {
  #towns = 0
  #unread = 0
  #met = 0
  readonly #states = new Map<ControlState, number>()
  readonly #findings = new Map<string, number>()

  /** A file that could not be read was not checked. */
  get hasFindings(): boolean {
    return this.#unread > 0 || this.#findings.size > 0
  }

  add(read: Reading | Unread): void {
    if (!('assessment' in read)) {
      this.#unread += 1
      return
    }
    const gap = read.assessment.models[0]!
    this.#towns += 1
    if (isAllMet(gap)) this.#met += 1
    for (const state of CONTROL_STATES)
      this.#states.set(state, (this.#states.get(state) ?? 0) + gap.counts[state])
    const rules = [...gap.rows.flatMap(({ findings }) => findings), ...gap.others]
    for (const rule of new Set(rules.map((finding) => finding.rule)))
      this.#findings.set(rule, (this.#findings.get(rule) ?? 0) + 1)
  }

  json({ nation, places, few, unread, doubled, disagreeing }: Summary): string {
    const body = {
      sekisho: '1',
      kind: 'AssessmentSummary',
      towns: this.#towns,
      unread: this.#unread,
      allMet: this.#met,
      states: Object.fromEntries(this.#states),
      findings: this.#frequent().map(([rule, towns]) => ({ rule, towns })),
      nation,
      places,
      few,
      unreadByReason: unread,
      doubled,
      disagreeing,
    }
    return `${JSON.stringify(body)}\n`
  }

  text(summary: Summary): string {
    const states = Object.fromEntries(
      CONTROL_STATES.map((state) => [state, this.#states.get(state) ?? 0]),
    ) as Record<ControlState, number>
    const frequent = this.#frequent().slice(0, MOST_FREQUENT)
    const last = [
      '',
      `団体${this.#towns}件　すべて実施${this.#met}件　読めないファイル${this.#unread}件`,
      countsText(states),
      ...regionLines(summary),
      ...(frequent.length > 0 ? ['多い指摘'] : []),
      ...frequent.map(([rule, towns]) => `  ${rule}　${towns}団体　${controlName(rule)}`),
    ]
    return `${last.join('\n')}\n`
  }

  #frequent(): readonly (readonly [rule: string, towns: number])[] {
    return [...this.#findings].toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
  }
}

function regionLines({ nation, places, doubled, disagreeing }: Summary): readonly string[] {
  const { rows } = SUMMARY_WORDS
  return [
    ...(nation.outcome === undefined ? [] : chainLines(nation.outcome)),
    ...(doubled === 0 ? [] : [`${rows.doubled}${doubled}件`]),
    ...(disagreeing === 0 ? [] : [`${rows.disagreeing}${disagreeing}件`]),
    ...(places.length < 2 ? [] : ['都道府県']),
    ...(places.length < 2
      ? []
      : places.map(({ place, ...region }) => `  ${placeName(place)}　${regionText(region)}`)),
  ]
}

const chainLines = ({ chains }: NonNullable<Region['outcome']>): readonly string[] =>
  CHAIN_KINDS.filter((kind) => chains[kind].bodies > 0).map(
    (kind) => `${SUMMARY_WORDS.chains[kind]}　${chains[kind].bodies}団体`,
  )

function regionText({ bodies, unread, outcome }: Region): string {
  const { rows } = SUMMARY_WORDS
  const standing =
    outcome === undefined
      ? []
      : [
          `${rows.shareMedian}${outcome.share.median}％`,
          `${rows.foundMedian}${outcome.found.median}件`,
        ]
  return [`${bodies}団体`, `読めないファイル${unread}件`, ...standing].join('　')
}
