import type { DocumentReference, IsoDate, Question, ZoneKind } from '@sekisho/core'

/** One question, and the thing in the file it is about. */
export interface Subject {
  readonly question: Question
  /** e.g. `flows[3]`. */
  readonly path: string
  /** What an official calls it. */
  readonly label: string
  /** Where to look first when a rule fires, by rule id; `*` is any rule. Of several places, each gets the finding. */
  readonly blame: Readonly<Record<string, Blame | readonly Blame[]>>
}

/** A key of the thing, or another thing that causes the finding; with a name when the thing's own says too little. */
export type Blame = string | { readonly path: string; readonly label: string }

/** The kind of a zone by its id. */
export type KindOf = (zone: string) => ZoneKind

/** A paper dated after the day of the check does not exist yet. */
export function isInForce(paper: DocumentReference | undefined, at: IsoDate): boolean {
  return paper !== undefined && paper.date <= at
}
