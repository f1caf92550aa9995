import type { Town, TownTest } from '@sekisho/core'
import words from '../words/reach.json' with { type: 'json' }
import { chainsWithin, type Chain } from './chains.ts'
import { endsOf, type Ends } from './ends.ts'
import { reachWithin, type ReachOptions } from './reach.ts'
import { sentence } from './sentence.ts'

/** How one of the town's own tests came out. */
export interface TownTestResult {
  readonly test: TownTest
  /** e.g. `tests[0]`. */
  readonly path: string
  readonly green: boolean
  /** Which flow allows it, or why none does; in plain Japanese. */
  readonly reason: string
  /** Ids of the flows that let something through. */
  readonly flows: readonly string[]
  /** A 差止め that holds directly, and a chain of flows that leads there all the same. */
  readonly chain?: Chain
}

/**
 * Runs the tests a town wrote about itself. 通過 is green only when the whole of one end reaches the whole of the
 * other; 差止め only when nothing does. What is true of a part is red for both.
 */
export function runTownTests(town: Town): readonly TownTestResult[] {
  const ends = endsOf(town)
  return Object.freeze(town.tests.map((test, index) => runOne(town, ends, test, `tests[${index}]`)))
}

function runOne(town: Town, ends: Ends, test: TownTest, path: string): TownTestResult {
  const options: ReachOptions = {
    ...(test.port !== undefined && { port: test.port }),
    ...(test.protocol !== undefined && { protocol: test.protocol }),
  }
  const found = reachWithin(town, ends, test.from, test.to, options)
  // A name that is not in the town is reached by nobody, and proves nothing.
  const known = ends.place(test.from) !== undefined && ends.place(test.to) !== undefined
  const wanted = test.expect === '通過' ? 'all' : 'none'
  const green = known && found.extent === wanted
  const flows = found.flows.map((flow) => flow.id)
  if (!green) return { test, path, green, flows, reason: `${missed(test)}${found.reason}` }
  const chain = wanted === 'none' ? relayed(town, ends, test) : undefined
  if (!chain) return { test, path, green, flows, reason: found.reason }
  const reason = sentence(words.relayed, { chain: chain.sentence })
  return { test, path, green, flows, reason, chain }
}

const missed = (test: TownTest): string =>
  test.expect === '通過' ? words.expectedPass : words.expectedRefuse

const relayed = (town: Town, ends: Ends, test: TownTest): Chain | undefined =>
  chainsWithin(town, ends, test.from, test.to, { gates: false }).chains.find(
    (chain) => chain.steps.length > 1,
  )
