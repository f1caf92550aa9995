import type { Edition, Finding, IsoDate } from '@sekisho/core'
import { checkTown, type CheckOptions } from './check.ts'
import { todayInJapan } from './date.ts'
import type { TownReading } from './read.ts'

/** What another edition of the guideline says of one town on one day. */
export interface EditionDiff {
  readonly from: Edition
  readonly to: Edition
  readonly at: IsoDate
  /** Findings of `to` that `from` does not have, in the order of the file. */
  readonly appear: readonly Finding[]
  /** Findings of `from` that `to` does not have, in the order of the file. */
  readonly vanish: readonly Finding[]
}

/**
 * Checks one town against two editions, as of one day. A finding is the same when rule and place are, even if the clause it is taken from changed.
 *
 * @param at Default: today in Japan.
 */
export function diffEditions(
  read: TownReading,
  from: Edition,
  to: Edition,
  at: IsoDate = todayInJapan(new Date()),
  options: Pick<CheckOptions, 'judge'> = {},
): EditionDiff {
  const findings = (edition: Edition): readonly Finding[] =>
    checkTown(read, { ...options, at, edition }).findings
  const [before, after] = [findings(from), findings(to)]
  return Object.freeze({
    from,
    to,
    at,
    appear: without(after, before),
    vanish: without(before, after),
  })
}

function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(others.map(keyOf))
  return Object.freeze(findings.filter((one) => !known.has(keyOf(one))))
}

const keyOf = ({ rule, path }: Finding): string => `${rule} ${path ?? ''}`
