import type { AddressRange } from '@sekisho/town'

export type { AddressRange }

const LAST = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const

/** Every address of both families. */
export const EVERYWHERE: readonly AddressRange[] = [
  { family: 4, first: 0n, last: LAST[4] },
  { family: 6, first: 0n, last: LAST[6] },
]

/** The same addresses as few ranges as possible, apart and in order, IPv4 first. */
export function joined(ranges: readonly AddressRange[]): readonly AddressRange[] {
  const result: AddressRange[] = []
  for (const range of ranges.toSorted(inOrder)) {
    const before = result.at(-1)
    if (before && before.family === range.family && range.first <= before.last + 1n) {
      const last = range.last > before.last ? range.last : before.last
      result[result.length - 1] = { family: range.family, first: before.first, last }
    } else result.push(range)
  }
  return result
}

/** What is in `ranges` and in none of `without`. */
export function minus(
  ranges: readonly AddressRange[],
  without: readonly AddressRange[],
): readonly AddressRange[] {
  const holes = joined(without)
  return joined(ranges).flatMap((range) => cut(range, holes))
}

function cut(range: AddressRange, holes: readonly AddressRange[]): readonly AddressRange[] {
  const rest: AddressRange[] = []
  let { first } = range
  for (const hole of holes) {
    if (hole.family !== range.family || hole.last < first || hole.first > range.last) continue
    if (hole.first > first) rest.push({ family: range.family, first, last: hole.first - 1n })
    first = hole.last + 1n
  }
  if (first <= range.last) rest.push({ family: range.family, first, last: range.last })
  return rest
}

/** What is in both. */
export const common = (
  a: readonly AddressRange[],
  b: readonly AddressRange[],
): readonly AddressRange[] => minus(a, minus(EVERYWHERE, b))

function inOrder(a: AddressRange, b: AddressRange): number {
  if (a.family !== b.family) return a.family - b.family
  return a.first < b.first ? -1 : a.first > b.first ? 1 : 0
}
