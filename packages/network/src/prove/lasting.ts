import type { Finding, IsoDate, Town } from '@sekisho/core'
import { daysAfter, todayInJapan } from '@sekisho/town'
import words from '../../words/ja.json' with { type: 'json' }
import { lastSecond, noon } from '../declared/day.ts'
import type { Declared } from '../declared/permit.ts'
import type { NotSupported } from '../dialects/dialect.ts'
import type { Filter } from '../filter/filter.ts'
import { differenceFindings, filled, unreadFindings } from './findings.ts'
import { prove } from './prove.ts'
import type { Proof } from './prove.ts'

/** Instants looked at; whoever writes more of them into a text wants the proof to take for ever. */
const MOST_TURNS = 200

/** A proof, and of what: a difference of a later day is about what is declared and what the text does on that day. */
export interface LastingProof {
  readonly proof: Proof
  readonly declared: Declared
  readonly filter: Filter
  /** The first day on which it is so; absent: now. */
  readonly from?: IsoDate
}

/**
 * Whether a text does what is declared, now and on every day to come: a last day that was moved, or a line that opens next year, is the same text today.
 *
 * @param filter the text as it is read now
 * @param readAt the text as it is read at another instant, in seconds since 1970
 */
export function proveLasting(
  declared: Declared,
  filter: Filter,
  readAt: (at: number) => Filter,
): LastingProof {
  const now = { proof: prove(declared, filter), declared, filter }
  if (now.proof.kind !== 'equal') return now
  const turns = turnsOf(declared, filter)
  for (const turn of turns.slice(0, MOST_TURNS)) {
    const from = todayInJapan(new Date(turn * 1_000))
    const [wanted, held] = [declaredOn(declared, from), readAt(turn)]
    const proof = prove(wanted, held)
    if (proof.kind !== 'equal') return { proof, declared: wanted, filter: held, from }
  }
  if (turns.length <= MOST_TURNS) return now
  const unread = [{ place: '', text: `meta time (${turns.length})` }]
  return { ...now, proof: { kind: 'unreadable', unread } }
}

/** What such a proof found, as findings; a difference of a later day says from which day on. */
export function lastingFindings(
  town: Town,
  { proof, declared, filter, from }: LastingProof,
  notSupported: readonly NotSupported[] = [],
): readonly Finding[] {
  if (proof.kind === 'equal') return []
  if (proof.kind === 'unreadable') return unreadFindings(proof.unread)
  const found = differenceFindings(town, declared, filter, proof.differences, notSupported)
  if (from === undefined) return found
  return found.map((one) => ({
    ...one,
    message: filled(words.later, { day: from, message: one.message }),
  }))
}

/** Nothing is declared to begin later: what is declared on a later day is what has not come to its last day by then. */
const declaredOn = (declared: Declared, day: IsoDate): Declared => ({
  ...declared,
  at: day,
  permits: declared.permits.filter(({ expires }) => expires === undefined || expires >= day),
})

/** The instants at which the declaration or the text changes, in turn. Between two of them nothing does. */
function turnsOf({ at, permits }: Declared, { turns }: Filter): readonly number[] {
  const days = new Set(permits.flatMap(({ expires }) => (expires === undefined ? [] : [expires])))
  // A reader that does not say when its text turns: other makers' last day ends some seconds before midnight, so it is asked at noon, and again the next day.
  const declared = [...days].flatMap((day) =>
    turns === undefined ? [noon(day), noon(daysAfter(day, 1))] : [lastSecond(day) + 1],
  )
  const later = [...declared, ...(turns ?? [])].filter((turn) => turn > noon(at))
  return [...new Set(later)].toSorted((a, b) => a - b)
}
