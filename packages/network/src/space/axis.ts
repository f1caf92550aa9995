import { wholeOf } from './field.ts'
import type { Field, Key, Span } from './field.ts'

/**
 * One field, cut at every value that any rule at hand mentions. Between two cuts lies an atom: all its values are treated alike by all those rules, so
 * one of them stands for all, and nothing of the field is left out.
 */
export interface Axis {
  /** How many atoms; they are numbered from 0. */
  readonly size: number
  /** The atoms of a span: from the first up to, not including, the second. */
  atoms(span: Span): readonly [from: number, until: number]
  /** The reverse of `atoms`. */
  span(from: number, until: number): Span
  /** The smallest value of an atom. */
  sample(atom: number): Key
  /** The atom that holds a value. */
  atomOf(key: Key): number
}

/** Cuts a field at the ends of these spans. */
export function axisOf(field: Field, spans: Iterable<Span>): Axis {
  const whole = wholeOf(field)
  const keys = new Set<Key>([whole.from])
  for (const { from, until } of spans) {
    keys.add(from)
    if (until !== undefined) keys.add(until)
  }
  const cuts = [...keys]
    .filter((key) => key >= whole.from && (whole.until === undefined || key < whole.until))
    .toSorted((a, b) => (a < b ? -1 : 1))
  const behind = (key: Key): number => firstFrom(cuts, key)
  return {
    size: cuts.length,
    atoms: ({ from, until }) => [behind(from), until === undefined ? cuts.length : behind(until)],
    span: (from, until) => {
      const end = cuts[until] ?? whole.until
      return { from: cuts[from]!, ...(end !== undefined && { until: end }) }
    },
    sample: (atom) => cuts[atom]!,
    atomOf: (key) => {
      const at = behind(key)
      return cuts[at] === key ? at : at - 1
    },
  }
}

/** Index of the first cut that is not before `key`. */
function firstFrom(cuts: readonly Key[], key: Key): number {
  let low = 0
  let high = cuts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (cuts[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
