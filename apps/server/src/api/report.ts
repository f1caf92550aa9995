import type { Edition, IsoDate } from '@sekisho/core'
import type { Problem } from './problem.ts'
import type { UnreadPlace } from './roadmap.ts'

/** What a set for a council or an auditor is to be about. */
export interface ReportWish {
  /** Without one today. */
  readonly at?: IsoDate
  /** Without one the edition of the declaration. */
  readonly edition?: Edition
  /** Id of a target beside the town: the way there goes into the set. */
  readonly target?: string
}

/** A set, as far as it is made. */
export type ReportState = {
  readonly id: string
  readonly at: IsoDate
  readonly edition: Edition
  readonly target?: string
} & (
  | {
      readonly state: 'working'
      readonly seconds: number
      /** Files that are made, of all; absent while a way is looked for. */
      readonly progress?: { readonly done: number; readonly all: number }
    }
  | {
      readonly state: 'done'
      readonly findings: number
      readonly way?: string
      readonly files: readonly {
        readonly name: string
        readonly about: string
        /** Bytes. */
        readonly size: number
        readonly sha256: string
      }[]
      /** Name of the list in the set. */
      readonly list: string
      readonly zip: { readonly size: number; readonly sha256: string }
    }
  | { readonly state: 'unreadable'; readonly problems: readonly UnreadPlace[] }
  /** This machine has no font for Japanese. */
  | { readonly state: 'no-font'; readonly problem: Problem }
  /** It took too long or too much. */
  | { readonly state: 'stopped' }
)
