import type { Edition, IsoDate, Town } from '@sekisho/core'
import { createJudge } from '@sekisho/judge'
import { todayInJapan } from '../date.ts'
import { endsOf } from '../ends.ts'
import { chainOf, type SpreadChain } from './chain.ts'
import { crossingsOf } from './crossings.ts'
import { labelId, labelsOf } from './labels.ts'
import { namesOf } from './names.ts'
import { crossingRules, inquiryOf, objectionsOf, type Asks } from './objections.ts'
import { arrivalsOf, graphOf } from './propagate.ts'

export interface SpreadOptions {
  /** Default: the judge with the guideline's rules. */
  readonly judge?: Asks
  /** The day on which dates count. Default: today in Japan. */
  readonly at?: IsoDate
  /** Default: the edition the town names. */
  readonly edition?: Edition
}

/** Everything that arrives where it may not be. */
export interface Spread {
  /** Sorted by rule and label, the shortest first, then by id. */
  readonly chains: readonly SpreadChain[]
}

/**
 * What can reach what through any composition of crossings: each class of assets outward, and what comes from the
 * Internet inward. There is a chain for every label and place where a rule says no that has not said so earlier on
 * the same chain.
 */
export function spreadOf(town: Town, options: SpreadOptions = {}): Spread {
  const ends = endsOf(town)
  const at = options.at ?? todayInJapan(new Date())
  const inquiry = inquiryOf(town, ends, {
    judge: options.judge ?? createJudge(),
    at,
    edition: options.edition ?? town.edition,
  })
  const graph = graphOf(town, crossingsOf(town, ends, crossingRules(inquiry)))
  const objectionsTo = objectionsOf(inquiry)
  const nameOf = namesOf(town)
  const chains = labelsOf(town, at).flatMap(({ label, sources }) =>
    arrivalsOf(graph, sources, {
      // Text and files hold what is known of an asset as well as anything does; curing is for what comes in.
      // What is fetched from the Internet says nothing of ours; over a 特定通信 we answer as well as we ask.
      carries: (crossing) =>
        label.kind === 'class' ? crossing.fixed || !crossing.answers : !crossing.cures,
      ...objectionsTo(label),
    }).map((arrival) => chainOf(label, arrival, nameOf)),
  )
  return Object.freeze({ chains: Object.freeze(chains.toSorted(byLabelAndLength)) })
}

function byLabelAndLength(a: SpreadChain, b: SpreadChain): number {
  const [first, second] = [labelKey(a), labelKey(b)]
  if (first !== second) return first < second ? -1 : 1
  return a.steps.length - b.steps.length || (a.id < b.id ? -1 : 1)
}

const labelKey = ({ rule, label }: SpreadChain): string => `${rule} ${labelId(label)}`
