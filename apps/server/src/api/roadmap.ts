import type { Delta, Roadmap, Step as RoadmapStep } from '@sekisho/assess'
import type { Finding, IsoDate, Model } from '@sekisho/core'

/** Declarations that lie beside the town's, by the names of their folders. */
export interface TargetsPage {
  readonly targets: readonly { readonly id: string; readonly model?: Model }[]
}

/** A declaration that somebody brings, and what belongs to it. */
export interface GivenTarget {
  /** Text of a target.yaml. */
  readonly target: string
  /** Text of a plan.yaml. */
  readonly plan?: string
  /** The day that counts as today, without one today. */
  readonly at?: IsoDate
}

export type ShownFinding = Pick<Finding, 'rule' | 'severity' | 'message' | 'verified'>

/** Something to mend in a declaration or a plan before it can be read. */
export interface UnreadPlace {
  readonly file: 'town' | 'target' | 'plan'
  readonly line?: number
  readonly path: string
  readonly message: string
  readonly cure?: string
}

/** The way to another declaration, as far as it is known. */
export type RoadmapState = { readonly id: string } & (
  | { readonly state: 'working'; readonly seconds: number }
  | { readonly state: 'done'; readonly page: RoadmapPage }
  | {
      readonly state: 'unreadable'
      readonly problems: readonly UnreadPlace[]
    }
  /** It took too long or too much. */
  | { readonly state: 'stopped' }
)

export interface RoadmapPage extends Pick<
  Roadmap,
  'outcome' | 'at' | 'from' | 'capacity' | 'conflicts' | 'lateForCertain' | 'checks'
> {
  readonly today: Omit<Roadmap['today'], 'findings'> & {
    readonly findings: readonly ShownFinding[]
  }
  readonly target: Omit<Roadmap['target'], 'findings'> & {
    readonly findings: readonly ShownFinding[]
  }
  readonly steps: readonly (Omit<RoadmapStep, 'subjects' | 'reasons' | 'vanish' | 'appear'> & {
    /** Sentences about changes that are left out. */
    readonly more: number
    readonly reasons: readonly {
      readonly sentence: string
      readonly steps: readonly number[]
      /** What would be found if it went first. */
      readonly finding?: ShownFinding
    }[]
    readonly vanish: readonly ShownFinding[]
    readonly appear: readonly ShownFinding[]
  })[]
  /** Why there is no way, in sentences. */
  readonly blocks: readonly string[]
  /** Absent when the model stays as it is. */
  readonly cost?: {
    readonly drivers: Delta['drivers']
    readonly minutesPerYear: Delta['minutesPerYear']
    /** Clicks a year more or, below zero, fewer. */
    readonly clicksPerYear: number
    /** Says that these are our estimates. */
    readonly note: string
  }
}
