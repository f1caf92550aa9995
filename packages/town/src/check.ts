import type { Answer, Edition, Finding, IsoDate, Model, Question, Result } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import { todayInJapan } from './date.ts'
import { subjectsOf, type Blame, type Subject } from './subjects/index.ts'
import { openFindings } from './open-findings.ts'
import { readingsOf } from './readings.ts'
import { MAX_LABEL } from './limits.ts'
import type { TownReading } from './read.ts'
import { shown } from './shown.ts'
import { spreadFindings } from './spread/findings.ts'
import type { Asks } from './spread/objections.ts'
import { spreadOf } from './spread/spread.ts'

export type { Asks } from './spread/objections.ts'

export interface CheckOptions {
  /** Default: the judge with the guideline's rules. */
  readonly judge?: Asks
  /** The day on which dates count. Default: today in Japan. */
  readonly at?: IsoDate
  /** Default: the edition the town names. */
  readonly edition?: Edition
  /** Name of the file, for whoever prints the findings. */
  readonly file?: string
}

/** One question that was asked, and what the judge said. */
export interface Checked {
  /** e.g. `flows[3]`. */
  readonly path: string
  readonly question: Question
  readonly answer: Answer
}

export interface CheckResult {
  /** `pass` only when every question passed and no chain leads where it may not. */
  readonly result: Result
  /** One per rule and place, sorted by line. Each has `path`, `line` and `column`. */
  readonly findings: readonly Finding[]
  /** Every question about one declared thing, also those that passed: what did not run must not look passed. */
  readonly answers: readonly Checked[]
  readonly at: IsoDate
  readonly edition: Edition
  readonly file?: string
}

/** What a check needs of a reading. */
export type CheckedReading = Pick<TownReading, 'town' | 'lines'>

/** Asks the judge about everything a town declares, and puts each finding where the official has to look. */
export function checkTown(read: CheckedReading, options: CheckOptions = {}): CheckResult {
  const { town } = read
  const at = options.at ?? todayInJapan(new Date())
  const edition = options.edition ?? town.edition
  const judge = options.judge ?? createJudge()
  const by = { edition, readings: readingsOf(town, at) }
  const answers: Checked[] = []
  const findings = new Map<string, Finding>()
  for (const subject of subjectsOf(town, at, edition)) {
    const answer = judge.ask(subject.question)
    answers.push({ path: subject.path, question: subject.question, answer })
    for (const placed of openFindings(subject.question, answer, by, judge).flatMap((finding) =>
      places(
        finding,
        finding.rule === MODEL_EDITION ? ofModel(subject, town.model) : subject,
        read,
      ),
    )) {
      const key = `${placed.rule} ${placed.path}`
      if (!findings.has(key)) findings.set(key, placed)
    }
  }
  // Where the edition has no such model, every no of the judge is that one: a chain made of them says nothing.
  const modelExists = ![...findings.values()].some(({ rule }) => rule === MODEL_EDITION)
  const { chains } = modelExists ? spreadOf(town, { judge, at, edition }) : NO_CHAINS
  const direct = new Set(answers.filter(isDirectRoute).map(({ path }) => path))
  const spread = spreadFindings(chains, [...findings.values()], read.lines, (path) =>
    direct.has(path),
  )
  const results = [...answers.map((one) => one.answer.result), ...spread.map(resultOf)]
  return Object.freeze({
    result: worst(results),
    findings: Object.freeze([...findings.values(), ...spread].toSorted(byPlace)),
    answers: Object.freeze(answers),
    at,
    edition,
    ...(options.file !== undefined && { file: options.file }),
  })
}

const MODEL_EDITION = 'MODEL-EDITION'
const NO_CHAINS = { chains: [] } as const

/** A model that the edition does not have is one mistake in one line, whatever was asked about. */
const ofModel = (subject: Subject, model: Model): Subject => ({
  ...subject,
  path: 'town.model',
  label: model,
  blame: {},
})

function places(finding: Finding, subject: Subject, read: CheckedReading): readonly Finding[] {
  return blamesOf(finding, subject).map(({ path: blamed, label }) =>
    Object.freeze({
      ...finding,
      message: `「${shown(label, MAX_LABEL)}」：${finding.message}`,
      path: isWithin(blamed, subject.path) ? subject.path : blamed,
      ...read.lines(blamed),
    }),
  )
}

function blamesOf({ rule }: Finding, subject: Subject): readonly Exclude<Blame, string>[] {
  const blame = subject.blame[rule] ?? subject.blame['*'] ?? subject.path
  const all = isSeveral(blame) ? blame : [blame]
  // A rule that speaks is never left without a place.
  return (all.length === 0 ? [subject.path] : all).map((one) =>
    typeof one === 'string' ? { path: one, label: subject.label } : one,
  )
}

const isSeveral = (blame: Blame | readonly Blame[]): blame is readonly Blame[] =>
  Array.isArray(blame)

// `flows[1]` is not within `flows[10]`, nor the other way.
const isWithin = (path: string, whole: string): boolean =>
  path === whole || path.startsWith(`${whole}.`) || path.startsWith(`${whole}[`)

/** One flow between the My Number zone and an Internet zone, or a party on the Internet. */
function isDirectRoute({ question: { question, facts } }: Checked): boolean {
  if (question !== 'check-flow') return false
  const { fromZone, toZone, outside } = facts
  const ends = new Set([fromZone, toZone])
  return ends.has('mynumber') && (ends.has('internet') || outside === 'internet')
}

const resultOf = ({ effect }: Finding): Result => (effect === 'note' ? 'pass' : effect)

function worst(results: readonly Result[]): Result {
  if (results.includes('refuse')) return 'refuse'
  return results.includes('hold') ? 'hold' : 'pass'
}

const byPlace = (a: Finding, b: Finding): number =>
  (a.line ?? 0) - (b.line ?? 0) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
