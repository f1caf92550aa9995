/** Stands for the code of all ones, which no symbol may have (ITU-T T.81, K.2). */
const RESERVED = 256
const MAX_LENGTH = 16

interface Group {
  weight: number
  /** Where ties are decided: the larger one is joined first. */
  readonly symbol: number
  /** All symbols below this node. */
  members: readonly number[]
}

/**
 * The best Huffman table for these frequencies as T.81 Annex K.2 builds it: as it stands in a `DHT` segment, counts of lengths 1 to 16 and
 * then the symbols. The disarmer writes no other table; the choice between equally good ones would be a channel.
 *
 * @param frequencies symbol → how often the scans use it
 */
export function optimalTable(frequencies: ReadonlyMap<number, number>): Buffer {
  const sizes = codeSizes(frequencies)
  const symbols = [...frequencies.keys()].toSorted((a, b) => sizes[a]! - sizes[b]! || a - b)
  return Buffer.from([...limited(sizes).slice(1, MAX_LENGTH + 1), ...symbols])
}

/** Figure K.1: the two rarest are joined until one is left; every join makes the codes below it longer by one. */
function codeSizes(frequencies: ReadonlyMap<number, number>): readonly number[] {
  const sizes = Array.from({ length: RESERVED + 1 }, () => 0)
  let groups: Group[] = [...frequencies, [RESERVED, 1] as const].map(([symbol, weight]) => ({
    weight,
    symbol,
    members: [symbol],
  }))
  while (groups.length > 1) {
    const [first, second, ...rest] = groups.toSorted(
      (a, b) => a.weight - b.weight || b.symbol - a.symbol,
    )
    const members = [...first!.members, ...second!.members]
    for (const symbol of members) sizes[symbol]!++
    groups = [{ weight: first!.weight + second!.weight, symbol: first!.symbol, members }, ...rest]
  }
  return sizes
}

/** Figure K.3: codes longer than 16 bits are shortened in pairs; then the reserved one is taken out. */
function limited(sizes: readonly number[]): readonly number[] {
  const counts = Array.from({ length: RESERVED + 2 }, () => 0)
  for (const size of sizes) if (size > 0) counts[size]!++
  for (let size = counts.length - 1; size > MAX_LENGTH; size--) {
    while (counts[size]! > 0) {
      const donor = counts.findLastIndex((count, index) => index <= size - 2 && count > 0)
      counts[size]! -= 2
      counts[size - 1]!++
      counts[donor + 1]! += 2
      counts[donor]!--
    }
  }
  counts[counts.findLastIndex((count, size) => size <= MAX_LENGTH && count > 0)]!--
  return counts
}
