import { Coverage } from './coverage.ts'
import { mutate } from './mutate.ts'
import { Random } from './random.ts'
import type { Target } from './targets.ts'

export interface FuzzOptions {
  readonly seeds: readonly Uint8Array[]
  /** The same seed number and inputs give the same run. */
  readonly random: number
  /** Whether to go on, asked before each run. */
  readonly more: (runs: number) => boolean
  /** Whose code counts as reached: a part of its path. */
  readonly within?: string
  /** Told of each input that reached new code. */
  readonly onGrowth?: (bytes: Uint8Array) => void
}

/** An input that broke a promise, and which one. */
export interface Finding {
  readonly fault: string
  readonly bytes: Uint8Array
}

export interface FuzzResult {
  readonly runs: number
  /** Blocks of code reached. */
  readonly reached: number
  readonly findings: readonly Finding[]
}

/** Most findings of one kind that are kept: the first is enough to mend it. */
const MAX_FINDINGS = 20

/**
 * Coverage-guided fuzzing: an input that reaches code which none reached before joins the inputs that are changed further. Stops when told;
 * never stops at a finding.
 */
export function fuzz(target: Target, options: FuzzOptions): FuzzResult {
  const random = new Random(options.random)
  const coverage = new Coverage(options.within ?? '/packages/disarm/src/')
  const pool: Uint8Array[] = []
  const findings = new Map<string, Finding>()
  const attempt = (bytes: Uint8Array): void => {
    const fault = target.run(bytes)
    if (fault !== '' && findings.size < MAX_FINDINGS && !findings.has(fault))
      findings.set(fault, { fault, bytes })
    if (coverage.fresh() === 0) return
    pool.push(bytes)
    options.onGrowth?.(bytes)
  }
  for (const seed of options.seeds) attempt(seed)
  if (pool.length === 0) pool.push(new Uint8Array())
  let runs = 0
  while (options.more(runs)) {
    runs++
    // Younger inputs reached farther: they get half of the turns.
    const young = Math.max(0, pool.length - 8)
    const seed =
      pool[
        random.below(2) === 0
          ? random.below(pool.length)
          : young + random.below(pool.length - young)
      ]!
    attempt(mutate(seed, random.pick(pool), target.dictionary, random))
  }
  const reached = coverage.size
  coverage.close()
  return { runs, reached, findings: [...findings.values()] }
}
