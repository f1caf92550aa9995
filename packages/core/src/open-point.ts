/**
 * Open points (決まっていない論点): where the sources disagree or say nothing, every reading stays visible and one is in force.
 */

/** In the order in which they were found. What each is about is data of the guideline package. */
export const OPEN_POINTS = ['O1', 'O2', 'O3', 'O4', 'O5', 'O6', 'O7', 'O8', 'O9', 'O10'] as const
export type OpenPointId = (typeof OPEN_POINTS)[number]

/** The reading in force by open point; one that is not named has its default. */
export type Readings = Readonly<Partial<Record<OpenPointId, string>>>

/** A reading that a town wrote down: who decided it and by which paper, as far as it says so. */
export interface ChosenReading {
  readonly reading: string
  readonly approvedBy?: string
  readonly title?: string
  /** `YYYY-MM-DD` of the paper. Before that day the default is in force. */
  readonly date?: string
}

/** Said beside an answer that would be another under another reading. */
export interface OpenRemark {
  readonly point: OpenPointId
  /** Plain Japanese sentences: that the readings differ, the one in force, and the other. */
  readonly sentence: string
}
