/** Judging a destination is pure: a connection that looks the same has the same judgement. The browsers of a town open the same few hundred places all day, each three times asked about. */
import { judgeDestination } from '../destination/judge-destination.ts'
import type { Asks, Judgement, Seen } from '../destination/judge-destination.ts'
import type { WebPolicy } from '../destination/policy.ts'
import type { ServiceCuts } from './service-cuts.ts'

/** Judgements that are kept. Terminals choose names and hellos, so whoever finds more makes the gate slower, and never fuller. */
const MOST = 4_096
/** Longest key, in characters: what is stranger than a browser's is judged each time. */
const LONGEST = 2_048

export interface JudgementOptions {
  /** Town and lists as they are now. */
  readonly policy: () => WebPolicy
  readonly judge: Asks
  readonly cuts: ServiceCuts
  /** The gate's own addresses. */
  readonly own: readonly string[]
  /** Whether the gate can read inside connections to a host; absent for a gate that reads none. */
  readonly readable?: (host: string) => boolean
}

/** Judgements of one gate, kept until policy or cuts are others. */
export class Judgements {
  readonly #options: JudgementOptions
  readonly #known = new Map<string, Judgement>()
  #policy: WebPolicy | undefined
  #cut: ReadonlySet<string> | undefined

  constructor(options: JudgementOptions) {
    this.#options = options
  }

  of(seen: Seen): Judgement {
    const { judge, cuts, own, readable } = this.#options
    const policy = this.#options.policy()
    const { cut } = cuts
    if (policy !== this.#policy || cut !== this.#cut) this.#known.clear()
    this.#policy = policy
    this.#cut = cut
    // All that is judged is in it, also what will be added: a key put together by hand would leave something out one day.
    const key = JSON.stringify(seen)
    const known = this.#known.get(key)
    if (known) return known
    const judgement = Object.freeze(
      judgeDestination(seen, policy, judge, { cut, own, ...(readable && { readable }) }),
    )
    if (key.length > LONGEST) return judgement
    if (this.#known.size >= MOST) this.#known.clear()
    this.#known.set(key, judgement)
    return judgement
  }
}
