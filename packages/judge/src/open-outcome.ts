/**
 * On which open points an answer hangs: those under whose other readings it would come out otherwise.
 */
import type { Finding, Form, OpenPointId, Result } from '@sekisho/core'
import { loadGuideline, openPointsOn, readingOf } from '@sekisho/guideline'
import type { OpenPoint, ReadBy, SettledFacts } from '@sekisho/guideline'

/** What an answer is, for whoever compares two. */
export interface Outcome {
  readonly result: Result
  readonly found: Readonly<Record<string, string>>
  readonly findings: readonly Finding[]
}

/** What would be said under a reading that is not in force. */
export interface OtherReading {
  readonly reading: string
  readonly result: Result
  readonly found: Readonly<Record<string, string>>
  /** Ids of the rules that would speak, sorted. */
  readonly rules: readonly string[]
}

/** An open point on which an answer hangs. */
export interface OpenOutcome {
  readonly point: OpenPointId
  /** Id of the reading in force. */
  readonly reading: string
  /** The readings under which the answer would be another; never empty. */
  readonly others: readonly OtherReading[]
}

/**
 * Asks again under each other reading, one open point at a time.
 *
 * @param ask What would be said with these facts in the place of those that the readings in force settle.
 */
export function openOutcomes(
  question: Form['question'] | 'check-flow',
  by: ReadBy,
  said: Outcome,
  ask: (settled: SettledFacts) => Outcome,
): readonly OpenOutcome[] {
  return openPointsOn(loadGuideline().openPoints, question).flatMap((point) => {
    const chosen = readingOf(point, by)
    const others = otherReadings(point, by).flatMap((reading) => {
      const outcome = ask(reading.facts[question] ?? {})
      return isSame(outcome, said) ? [] : [{ reading: reading.id, ...inShort(outcome) }]
    })
    return others.length === 0 ? [] : [{ point: point.id, reading: chosen.id, others }]
  })
}

/** The readings not in force that exist in this edition. */
function otherReadings(point: OpenPoint, by: ReadBy): OpenPoint['readings'] {
  const chosen = readingOf(point, by)
  return point.readings.filter((one) => {
    const readings = { ...by.readings, [point.id]: one.id }
    return one !== chosen && readingOf(point, { ...by, readings }) === one
  })
}

const isSame = (one: Outcome, other: Outcome): boolean =>
  JSON.stringify(inShort(one)) === JSON.stringify(inShort(other))

function inShort({ result, found, findings }: Outcome): Omit<OtherReading, 'reading'> {
  return { result, found, rules: [...new Set(findings.map(({ rule }) => rule))].toSorted() }
}
