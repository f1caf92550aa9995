import { refuse } from '../../family.ts'

/**
 * One entry for each value of the next 16 bits: code length times 256 plus symbol, 0 where no code begins so. Before them the same for the next
 * `SHORT_CODE` bits, with the codes that are no longer: nearly all that is looked up, and it stays in the processor's nearest memory.
 */
export type HuffmanLookup = Uint16Array

export const SHORT_CODE = 10
/** Where the entries for 16 bits begin. */
export const LONG_CODES = 1 << SHORT_CODE

/** A table that refuses whatever is decoded with it: for scans that must not use it. */
export const NO_CODES: HuffmanLookup = new Uint16Array(LONG_CODES + 65_536)

const MAX_CODE_LENGTH = 16

/**
 * Decoding table from a DHT segment (T.81 annex C).
 * @param counts number of codes of each length from 1 to 16
 * @param symbols their values in order
 */
export function buildLookup(counts: Uint8Array, symbols: Uint8Array): HuffmanLookup {
  const lookup = new Uint16Array(LONG_CODES + 65_536)
  let next = 0
  let at = 0
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    const width = 1 << (MAX_CODE_LENGTH - length)
    for (let i = 0; i < counts[length - 1]!; i++, next += width) {
      if (next + width > 65_536) refuse('IMG-DECODE')
      lookup.fill((length << 8) | symbols[at++]!, LONG_CODES + next, LONG_CODES + next + width)
    }
    if (length === SHORT_CODE) fillShort(lookup)
  }
  return lookup
}

/** No longer code is in the table yet. */
function fillShort(lookup: HuffmanLookup): void {
  for (let bits = 0; bits < LONG_CODES; bits++)
    lookup[bits] = lookup[LONG_CODES + (bits << (MAX_CODE_LENGTH - SHORT_CODE))]!
}
