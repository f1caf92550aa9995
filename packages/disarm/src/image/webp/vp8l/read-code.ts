import { refuse } from '../../../family.ts'
import type { BitReader } from './bit-reader.ts'
import { PrefixCode } from './prefix-code.ts'

/** Order in which the lengths of the code of code lengths come (RFC 9649 §6.2.1). */
export const CODE_LENGTH_ORDER = [
  17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
] as const
/** Symbols 16, 17 and 18 repeat: extra bits, and what is added to them. */
export const REPEATS = [
  { bits: 2, least: 3 },
  { bits: 3, least: 3 },
  { bits: 7, least: 11 },
] as const
export const REPEAT_BEFORE = 16
/** The length that a repetition at the very beginning repeats. */
export const FIRST_LENGTH = 8

/** Reads one prefix code over `size` symbols. */
export function readCode(reader: BitReader, size: number): PrefixCode {
  return reader.flag() ? readSimple(reader, size) : readNormal(reader, size)
}

function readSimple(reader: BitReader, size: number): PrefixCode {
  const isPair = reader.flag()
  const symbols = [reader.read(reader.flag() ? 8 : 1)]
  if (isPair) symbols.push(reader.read(8))
  if (symbols.some((symbol) => symbol >= size)) refuse('IMG-DECODE')
  return PrefixCode.ofSymbols(symbols)
}

function readNormal(reader: BitReader, size: number): PrefixCode {
  const lengthLengths = new Uint8Array(CODE_LENGTH_ORDER.length)
  const given = 4 + reader.read(4)
  for (const symbol of CODE_LENGTH_ORDER.slice(0, given)) lengthLengths[symbol] = reader.read(3)
  const lengthCode = new PrefixCode(lengthLengths)
  const tokens = reader.flag() ? 2 + reader.read(2 + 2 * reader.read(3)) : size
  if (tokens > size || given > CODE_LENGTH_ORDER.length) refuse('IMG-DECODE')
  return new PrefixCode(readLengths(reader, lengthCode, tokens, size))
}

function readLengths(
  reader: BitReader,
  lengthCode: PrefixCode,
  tokens: number,
  size: number,
): Uint8Array {
  const lengths = new Uint8Array(size)
  let before = FIRST_LENGTH
  for (let at = 0, count = 0; at < size && count < tokens; count++) {
    const token = lengthCode.read(reader)
    if (token < REPEAT_BEFORE) {
      lengths[at++] = token
      if (token > 0) before = token
      continue
    }
    const { bits, least } = REPEATS[token - REPEAT_BEFORE]!
    const end = at + least + reader.read(bits)
    if (end > size) refuse('IMG-DECODE')
    lengths.fill(token === REPEAT_BEFORE ? before : 0, at, end)
    at = end
  }
  return lengths
}
