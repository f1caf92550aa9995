import type { Town } from '@sekisho/core'
import words from '../words/reach.json' with { type: 'json' }
import { endsOf, type End, type Ends } from './ends.ts'
import { MAX_CHAINS, MAX_CHAIN_STEPS, MAX_CHAIN_VISITS } from './limits.ts'
import { sentence } from './sentence.ts'

/** One crossing on the way: a declared flow, or a gate that lets files, mail or pictures through. */
export interface ChainStep {
  readonly kind: 'flow' | 'file' | 'mail' | 'screen'
  readonly id: string
  readonly from: End
  readonly to: End
  /** e.g. 「窓口端末 →（通信「…」）→ …」. */
  readonly sentence: string
}

export interface Chain {
  readonly steps: readonly ChainStep[]
  /** All steps in words. */
  readonly sentence: string
}

export interface Chains {
  /** Shortest first; no crossing twice in one chain. */
  readonly chains: readonly Chain[]
  /** False when there may be more than are listed: too many, or too long. */
  readonly complete: boolean
}

export interface ChainOptions {
  /** Default true. False leaves only flows: packets, not what a gate has judged and cured. */
  readonly gates?: boolean
}

/**
 * Every way from one end to another through any number of crossings, each in its own direction. Where one crossing
 * ends and the next begins inside one system, the way goes on: whoever holds one host of a system is taken to hold
 * all of it. A peer outside does not pass on.
 */
export function chains(town: Town, from: End, to: End, options: ChainOptions = {}): Chains {
  return chainsWithin(town, endsOf(town), from, to, options)
}

/** `chains` for whoever asks often of one town. */
export function chainsWithin(
  town: Town,
  ends: Ends,
  from: End,
  to: End,
  options: ChainOptions = {},
): Chains {
  const steps = stepsOf(town, ends, options.gates ?? true)
  const arrives = (step: ChainStep): boolean => ends.touches(step.to, to)
  const follow = followers(steps, ends)
  const useful = leadingTo(steps, follow, arrives)
  const found: Chain[] = []
  const waiting = steps
    .filter((step) => useful.has(step) && ends.joined(step.from, from))
    .map((step) => [step])
  for (let next = 0; next < waiting.length; next += 1) {
    const way = waiting[next]!
    if (found.length >= MAX_CHAINS || next >= MAX_CHAIN_VISITS) return done(found, false)
    const last = way.at(-1)!
    if (arrives(last)) found.push(chainOf(way))
    else if (way.length < MAX_CHAIN_STEPS) waiting.push(...extended(way, follow, useful))
    else return done(found, false)
  }
  return done(found, true)
}

const done = (found: readonly Chain[], complete: boolean): Chains => ({ chains: found, complete })

type Followers = ReadonlyMap<ChainStep, readonly ChainStep[]>

function followers(steps: readonly ChainStep[], ends: Ends): Followers {
  return new Map(
    steps.map((step) => {
      const passesOn = ends.place(step.to)?.peer === undefined
      return [step, passesOn ? steps.filter((other) => ends.joined(step.to, other.from)) : []]
    }),
  )
}

/** Steps from which the target can still be reached: everything else is never walked. */
function leadingTo(
  steps: readonly ChainStep[],
  follow: Followers,
  arrives: (step: ChainStep) => boolean,
): ReadonlySet<ChainStep> {
  const before = new Map<ChainStep, ChainStep[]>(steps.map((step) => [step, []]))
  for (const [step, nexts] of follow) for (const next of nexts) before.get(next)!.push(step)
  const leading = new Set(steps.filter(arrives))
  for (const step of leading) for (const earlier of before.get(step)!) leading.add(earlier)
  return leading
}

const extended = (
  way: readonly ChainStep[],
  follow: Followers,
  useful: ReadonlySet<ChainStep>,
): ChainStep[][] =>
  (follow.get(way.at(-1)!) ?? [])
    .filter((step) => useful.has(step) && !way.includes(step))
    .map((step) => [...way, step])

function stepsOf(town: Town, ends: Ends, withGates: boolean): readonly ChainStep[] {
  const nameOf = (end: End): string => ends.place(end)?.name ?? end
  const step = (kind: ChainStep['kind'], id: string, name: string, from: End, to: End) => ({
    kind,
    id,
    from,
    to,
    sentence: sentence(words[kind], { from: nameOf(from), name, to: nameOf(to) }),
  })
  const flows = town.flows.map((flow) => step('flow', flow.id, flow.name, flow.from, flow.to))
  if (!withGates) return flows
  const gates = (['file', 'mail', 'screen'] as const).flatMap((kind) =>
    town.gates[kind].map((gate) =>
      step(kind, gate.id, gate.id, `zone:${gate.from}`, `zone:${gate.to}`),
    ),
  )
  return [...flows, ...gates]
}

const chainOf = (steps: readonly ChainStep[]): Chain => ({
  steps,
  sentence: steps.map((step) => step.sentence).join('、'),
})
