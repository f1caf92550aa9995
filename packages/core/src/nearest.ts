/** The word a person probably meant: at most two letters away, or a third of the word. */
export function nearest(word: string, words: Iterable<string>): string | undefined {
  const given = word.slice(0, 60).toLowerCase()
  let best: { readonly word: string; readonly distance: number } | undefined
  for (const candidate of words) {
    const distance = editDistance(given, candidate.toLowerCase())
    if (distance <= reachOf(candidate) && (!best || distance < best.distance)) {
      best = { word: candidate, distance }
    }
  }
  return best?.word
}

// At least one letter is shared: `--at` is no slip of the hand for `--to`.
const reachOf = (word: string): number =>
  Math.min(Math.max(2, Math.floor(word.length / 3)), word.length - 1)

/** Levenshtein distance, with a swap of neighbours counted as one (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, before[j - 2]! + 1)
      next.push(cost)
    }
    before = row
    row = next
  }
  return row[b.length]!
}
