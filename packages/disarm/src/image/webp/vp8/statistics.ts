import { TOKEN_PROBABILITIES, DEFAULT_PROBABILITIES, UPDATE_PROBABILITIES } from './tables.ts'

/** How often each branch of the token tree goes either way: at `2 × branch` for 0, behind it for 1. */
export type BranchCounts = Float64Array

export function newBranchCounts(): BranchCounts {
  return new Float64Array(TOKEN_PROBABILITIES * 2)
}

/** The probability, of 256, that suits `zeros` and `ones`; 255 for a branch that is never taken. */
export function probabilityOf(zeros: number, ones: number): number {
  const total = zeros + ones
  if (total === 0) return 255
  return Math.max(1, Math.floor((255 * zeros + Math.floor(total / 2)) / total))
}

/** The token probabilities to write: a new one wherever it saves more than it costs to say. */
export function bestProbabilities(counts: BranchCounts): Uint8Array {
  return DEFAULT_PROBABILITIES.map((before, i) => {
    const zeros = counts[2 * i]!
    const ones = counts[2 * i + 1]!
    const after = probabilityOf(zeros, ones)
    const stays = UPDATE_PROBABILITIES[i]!
    const price = 8 * UNIT + COSTS[256 - stays]! - COSTS[stays]!
    const saved = cost(zeros, ones, before) - cost(zeros, ones, after)
    return saved > price ? after : before
  })
}

function cost(zeros: number, ones: number, probability: number): number {
  return zeros * COSTS[probability]! + ones * COSTS[256 - probability]!
}

/** Costs are counted in 256ths of a bit. */
const UNIT = 256
const COSTS = Array.from({ length: 257 }, (_, probability) => costOf(Math.max(1, probability)))

/** ⌊256 × log2(256 ÷ probability)⌋, by squaring, which gives the same on every machine. */
function costOf(probability: number): number {
  let quotient = 256 / probability
  let bits = 0
  for (; quotient >= 2; quotient /= 2) bits++
  let result = bits
  for (let i = 0; i < 8; i++) {
    quotient *= quotient
    const bit = quotient >= 2 ? 1 : 0
    if (bit === 1) quotient /= 2
    result = result * 2 + bit
  }
  return result
}
