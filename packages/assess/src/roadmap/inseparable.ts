import { joined, type Change } from './change.ts'
import { everything, has, minus, plus, type Ground, type Made } from './ground.ts'

/**
 * Joins changes that no readable town separates: two machines that swap addresses, a service that becomes a system under the same name. Only
 * pairs are joined of which each is unreadable without the other, so no order is lost.
 */
export function inseparable(changes: readonly Change[], ground: Ground): readonly Change[] {
  const all = everything(changes.length)
  const unsure = changes
    .map((_, index) => index)
    // One that can come first or last alone is tied to nothing in both directions.
    .filter((one) => !ground.readable(plus(0n, one)) && !ground.readable(minus(all, one)))
  const needed = new Map(unsure.map((one) => [one, needs(one, all, ground)]))
  const ties = (one: number, other: number): boolean =>
    has(needed.get(one)!, other) && has(needed.get(other)!, one)
  const groups: number[][] = []
  for (const one of unsure) {
    const group = groups.find((members) => members.some((other) => ties(one, other)))
    if (group === undefined) groups.push([one])
    else group.push(one)
  }
  const rest = changes.map((_, index) => index).filter((one) => !unsure.includes(one))
  return [...groups, ...rest.map((one) => [one])]
    .toSorted((a, b) => a[0]! - b[0]!)
    .map((members) => joined(members.map((index) => changes[index]!)))
}

/** A smallest set of changes, with `one` among them, that makes a readable town. */
function needs(one: number, all: Made, ground: Ground): Made {
  return smallest(all, (made) => has(made, one) && ground.readable(made), ground.count)
}

/**
 * Takes changes out of a set, in halves and then one by one, for as long as the test holds.
 *
 * @param made for which the test holds
 */
export function smallest(made: Made, holds: (made: Made) => boolean, count: number): Made {
  let kept = made
  for (let size = Math.ceil(count / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = 0; from < count; from += size) {
      const block = everything(Math.min(size, count - from)) << BigInt(from)
      const fewer = kept & ~block
      if (fewer !== kept && holds(fewer)) kept = fewer
    }
  return kept
}
