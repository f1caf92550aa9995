/** Fewest bodies of which counts are shown together, when a summary leaves the house. Ours. */
export const LEAST_TOGETHER = 5

/**
 * Which groups are not shown by themselves, so that no count is about fewer than `least` bodies.
 *
 * Small groups are hidden; but whoever knows the whole and every other group learns what is hidden by subtracting. So what is hidden together
 * reaches `least` too: the next smallest groups are hidden with it until it does, or none is left. An empty group says nothing of anybody.
 *
 * @param sizes bodies in each group
 * @returns places in `sizes`
 */
export function hiddenGroups(sizes: readonly number[], least: number): ReadonlySet<number> {
  const hidden = new Set<number>()
  let together = 0
  const rising = [...sizes.entries()]
    .filter(([, size]) => size > 0)
    .toSorted(([a, small], [b, large]) => small - large || a - b)
  for (const [group, size] of rising) {
    if (size >= least && (together === 0 || together >= least)) break
    hidden.add(group)
    together += size
  }
  return hidden
}
