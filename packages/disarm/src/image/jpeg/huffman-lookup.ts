import { refuse } from '../../family.ts'

/**
 * One entry for each value of the next 16 bits: code length times 256 plus symbol, 0 where no code begins so.
 */
export type HuffmanLookup = Uint16Array

/** A table that refuses whatever is decoded with it: for scans that must not use it. */
export const NO_CODES: HuffmanLookup = new Uint16Array(65_536)

const MAX_CODE_LENGTH = 16

/**
 * Decoding table from a DHT segment (T.81 annex C).
 * @param counts number of codes of each length from 1 to 16
 * @param symbols their values in order
 */
export function buildLookup(counts: Uint8Array, symbols: Uint8Array): HuffmanLookup {
  const lookup = new Uint16Array(65_536)
  let next = 0
  let at = 0
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    const width = 1 << (MAX_CODE_LENGTH - length)
    for (let i = 0; i < counts[length - 1]!; i++, next += width) {
      if (next + width > 65_536) refuse('IMG-DECODE')
      lookup.fill((length << 8) | symbols[at++]!, next, next + width)
    }
  }
  return lookup
}
