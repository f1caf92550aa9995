/**
 * Open points on which an answer hangs, as a person reads them: every reading, and what would be said under it.
 */
import { factLabel, valueLabel } from '@sekisho/core'
import type { Form, OpenPointId, Result } from '@sekisho/core'
import { openPointOf, openRemark } from '@sekisho/guideline'
import type { ReadBy } from '@sekisho/guideline'
import type { OpenOutcome } from './open-outcome.ts'

/** One reading of an open point. */
export interface ReadingView {
  readonly short: string
  readonly text: string
  readonly source: string
  /** The reading of this town. */
  readonly inForce: boolean
  /** What would be said under it; absent for the one in force, whose answer stands above. */
  readonly outcome?: {
    readonly result: Result
    readonly found: readonly { readonly label: string; readonly value: string }[]
    readonly rules: readonly string[]
  }
}

export interface OpenView {
  readonly point: OpenPointId
  readonly title: string
  /** 「解釈が分かれています（O5）。…」 */
  readonly sentence: string
  readonly readings: readonly ReadingView[]
}

/** Puts the open points of a conclusion into words. */
export function openViews(
  form: Form,
  outcomes: readonly OpenOutcome[],
  by: ReadBy,
): readonly OpenView[] {
  return outcomes.flatMap(({ point: id, reading: chosen, others }) => {
    const point = openPointOf(id)
    if (point === undefined) return []
    const readings = point.readings.map(({ id: reading, short, text, source }): ReadingView => {
      const other = others.find((one) => one.reading === reading)
      const outcome = other && {
        result: other.result,
        found: foundIn(form, other.found),
        rules: other.rules,
      }
      return { short, text, source, inForce: reading === chosen, ...(outcome && { outcome }) }
    })
    return [{ point: id, title: point.title, sentence: openRemark(point, by).sentence, readings }]
  })
}

function foundIn(
  form: Form,
  found: Readonly<Record<string, string>>,
): readonly { readonly label: string; readonly value: string }[] {
  return Object.entries(found).map(([fact, value]) => ({
    label: factLabel(form, fact),
    value: valueLabel(form, fact, value),
  }))
}
