import type { ArithmeticDecoder, Contexts } from './arithmetic.ts'

/** Ranges of integers: how many bits follow, and what is added (ITU-T T.88, table A.1). */
const RANGES = [
  { bits: 2, least: 0 },
  { bits: 4, least: 4 },
  { bits: 6, least: 20 },
  { bits: 8, least: 84 },
  { bits: 12, least: 340 },
  { bits: 32, least: 4436 },
] as const

/** Probabilities of all kinds of integers that one segment decodes, each made when it is first asked for. */
export class IntegerContexts {
  readonly #contexts = new Map<string, Contexts>()

  of(kind: string, size = 512): Contexts {
    const known = this.#contexts.get(kind)
    if (known) return known
    const fresh = new Uint8Array(size)
    this.#contexts.set(kind, fresh)
    return fresh
  }
}

/** An integer (Annex A.2); undefined for out of band, which ends a row of them. */
export function arithmeticInteger(
  decoder: ArithmeticDecoder,
  contexts: Contexts,
): number | undefined {
  let before = 1
  const bit = (): number => {
    const value = decoder.bit(contexts, before)
    before = before < 256 ? (before << 1) | value : (((before << 1) | value) & 511) | 256
    return value
  }
  const isNegative = bit() === 1
  let range = 0
  while (range < RANGES.length - 1 && bit() === 1) range++
  const { bits, least } = RANGES[range]!
  let value = 0
  for (let i = 0; i < bits; i++) value = value * 2 + bit()
  if (!isNegative) return value + least
  return value + least === 0 ? undefined : -(value + least)
}

/** The number of a symbol, in `length` bits (Annex A.3). */
export function arithmeticSymbol(
  decoder: ArithmeticDecoder,
  contexts: Contexts,
  length: number,
): number {
  let before = 1
  for (let i = 0; i < length; i++) before = (before << 1) | decoder.bit(contexts, before)
  return before - (1 << length)
}
