import { fiscalYear } from '@sekisho/core'
import type { Finding, IsoDate, Result } from '@sekisho/core'
import { diffTowns } from '@sekisho/town'
import words from '../../words/roadmap.json' with { type: 'json' }
import type { Calendar } from './calendar.ts'
import type { Change } from './change.ts'
import type { Bound, Dates } from './dates.ts'
import { fiscalYearName, halfYearOf } from './fiscal-year.ts'
import { has, plus, type Ground, type Looked, type Made } from './ground.ts'
import { smallest } from './inseparable.ts'
import { changeName } from './naming.ts'
import type { Placing } from './order.ts'
import { filled } from './sentence.ts'
import { touchedServices } from './services.ts'

/** One step of the way. */
export interface Step {
  /** From 1. */
  readonly number: number
  /** What is done, e.g. 通信「…」を加える. */
  readonly name: string
  /** Keys of the elements that change, e.g. `flows.lbo`. */
  readonly subjects: readonly string[]
  /** Not before this day. */
  readonly day: IsoDate
  /** e.g. 令和9年度. */
  readonly fiscalYear: string
  readonly half: 1 | 2
  /** What changes, in sentences. */
  readonly changes: readonly string[]
  /** Why then and not before. */
  readonly reasons: readonly Reason[]
  /** Findings that are gone after it. */
  readonly vanish: readonly Finding[]
  /** Findings that are new after it: the target has them too, or the plan puts up with them. */
  readonly appear: readonly Finding[]
  /** Services on LGWAN whose traffic it may disturb. */
  readonly services: readonly string[]
  /** Controls that are asked for after it and were not before. */
  readonly controls: readonly { readonly control: string; readonly paper?: string }[]
  /** The check of the town after it, on its day. */
  readonly after: {
    readonly result: Result
    readonly findings: number
    /** Rules of these findings, each once. */
    readonly rules: readonly string[]
    /** How many of them neither today's check nor the target's has. 0, unless something has lapsed or the plan puts up with it. */
    readonly beyond: number
  }
}

export interface Reason {
  readonly kind: keyof typeof words.because
  readonly sentence: string
  /** Numbers of the steps that come before. */
  readonly steps?: readonly number[]
  readonly finding?: Finding
}

export function stepsOf(
  order: readonly Placing[],
  changes: readonly Change[],
  dates: Dates,
  calendar: Calendar,
  ground: Ground,
): readonly Step[] {
  const numbers = new Map(order.map(({ change }, index) => [change, index + 1]))
  let made: Made = 0n
  return order.map(({ change, moment }, index): Step => {
    const { day } = moment
    const before = ground.look(made, day)!
    const reasons = [
      ...waitReasons(change, made, changes, numbers, ground),
      ...dateReasons(dates.earliest[change], dates.latest[change]),
      ...capacityReason(order, index, dates, calendar),
    ]
    made = plus(made, change)
    const after = ground.look(made, day)!
    return {
      number: index + 1,
      name: changeName(changes[change]!),
      subjects: changes[change]!.parts.map(({ key }) => key),
      day,
      fiscalYear: fiscalYearName(fiscalYear(day)),
      half: halfYearOf(day).half,
      changes: sentencesOf(changes[change]!, before, after),
      reasons: reasons.length > 0 ? reasons : [{ kind: 'free', sentence: words.because.free }],
      vanish: without(before, after),
      appear: without(after, before),
      services: touchedServices(changes[change]!, before.town, after.town),
      controls: newControls(before, after),
      after: resultOf(after, ground),
    }
  })
}

function sentencesOf(change: Change, before: Looked, after: Looked): readonly string[] {
  const told = diffTowns(before.town, after.town).map(({ sentence }) => sentence)
  return told.length > 0 ? told : [`${changeName(change)}。`]
}

function waitReasons(
  change: number,
  made: Made,
  changes: readonly Change[],
  numbers: ReadonlyMap<number, number>,
  ground: Ground,
): readonly Reason[] {
  if (ground.verdict(plus(0n, change)).safe) return []
  const listed = (set: Made): readonly number[] =>
    [...numbers.keys()].filter((index) => has(set, index))
  const told = (set: Made, finding?: Finding): Reason => ({
    kind: finding === undefined ? 'after-unreadable' : 'after-finding',
    sentence: filled(words.because[finding === undefined ? 'after-unreadable' : 'after-finding'], {
      changes: quoted(listed(set).map((index) => changes[index]!)),
      rule: finding?.rule ?? '',
    }),
    steps: listed(set).map((index) => numbers.get(index)!),
    ...(finding !== undefined && { finding }),
  })
  const toRead = smallest(made, (set) => ground.readable(plus(set, change)), ground.count)
  const verdict = ground.verdict(plus(toRead, change))
  const toBeSafe = verdict.safe
    ? 0n
    : smallest(
        made,
        (set) => (set & toRead) === toRead && ground.verdict(plus(set, change)).safe,
        ground.count,
      ) & ~toRead
  return [
    ...(toRead === 0n ? [] : [told(toRead)]),
    ...(toBeSafe === 0n || verdict.safe ? [] : [told(toBeSafe, verdict.found[0]?.finding)]),
  ]
}

// The numbers say which; the sentence names the last only, or it would not be read.
function quoted(before: readonly Change[]): string {
  const name = before.length === 0 ? '' : changeName(before.at(-1)!)
  const rest = before.length - 1
  return rest > 0 ? filled(words.among, { name, count: String(rest) }) : `「${name}」`
}

const dateReasons = (...bounds: readonly (Bound | undefined)[]): readonly Reason[] =>
  bounds
    .filter((bound) => bound !== undefined)
    .map(({ kind, day, name }) => ({ kind, sentence: filled(words.because[kind], { day, name }) }))

function capacityReason(
  order: readonly Placing[],
  index: number,
  { earliest }: Dates,
  { capacity }: Calendar,
): readonly Reason[] {
  const [before, { moment, change }] = [order[index - 1], order[index]!]
  const pushed = before?.moment.taken === capacity && moment.day !== earliest[change]?.day
  return pushed ? [{ kind: 'capacity', sentence: words.because.capacity }] : []
}

const without = (one: Looked, other: Looked): readonly Finding[] =>
  [...one.found.values()].filter(({ key }) => !other.found.has(key)).map(({ finding }) => finding)

function newControls(before: Looked, after: Looked): Step['controls'] {
  const known = new Set(asked(before))
  return asked(after)
    .filter((control) => !known.has(control))
    .map((control) => {
      const paper = after.town.controls.find(
        (one) => one.control === control && one.date <= after.check.at,
      )
      return { control, ...(paper !== undefined && { paper: paper.title }) }
    })
}

const asked = ({ check }: Looked): readonly string[] =>
  check.answers.flatMap(({ question }) =>
    question.question === 'check-control' ? [question.facts.control] : [],
  )

function resultOf(after: Looked, ground: Ground): Step['after'] {
  return {
    result: after.check.result,
    findings: after.found.size,
    rules: [...new Set([...after.found.values()].map(({ finding }) => finding.rule))],
    beyond: ground.beyond(after).length,
  }
}
