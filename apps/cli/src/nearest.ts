/** The candidate at edit distance 2 or less, so that a slip of the hand is answered with the right word. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: distance(word, candidate) }))
    .filter(
      ({ distance: steps, candidate }) => steps <= Math.min(2, Math.ceil(candidate.length / 2)),
    )
  ranked.sort((a, b) => a.distance - b.distance)
  return ranked[0]?.candidate
}

function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2 || a.length > 40) return 99
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1
      current.push(
        Math.min(previous[column]! + 1, current[column - 1]! + 1, previous[column - 1]! + same),
      )
    }
    previous = current
  }
  return previous[b.length]!
}
