import { refuse } from '../../family.ts'

const MAX_CODES = 4096
const MAX_COLOURS = 256

/** Pixels of a frame, and how many bytes of the data were needed for them. */
export interface LzwDecoded {
  readonly pixels: Uint8Array
  /** How many of the pixels came; the others are 0. */
  readonly done: number
  readonly bytesRead: number
}

/**
 * Decodes the variable-length-code LZW of GIF (appendix F) to exactly `size` indices. A code that is not in the table yet is the
 * refusal IMG-DECODE, and so are fewer than `enough` of them and a pixel that no table of 256 colours has.
 * @param minimum LZW minimum code size, 1 to 11: some writers announce more than the 8 bits a colour has, and readers bear with it
 */
export function lzwDecode(
  data: Uint8Array,
  minimum: number,
  size: number,
  enough = size,
): LzwDecoded {
  const clear = 1 << minimum
  const end = clear + 1
  const prefixes = new Uint16Array(MAX_CODES)
  const suffixes = new Uint8Array(MAX_CODES)
  const lengths = new Uint16Array(MAX_CODES).fill(1, 0, clear)
  for (let i = 0; i < Math.min(clear, MAX_COLOURS); i++) suffixes[i] = i
  const pixels = new Uint8Array(size)
  let next = end + 1
  let width = minimum + 1
  let previous = -1
  let first = 0
  let done = 0
  let bit = 0
  for (; done < size;) {
    const code = readCode(data, bit, width)
    if (code === undefined || code === end) break
    bit += width
    if (code === clear) {
      next = end + 1
      width = minimum + 1
      previous = -1
      continue
    }
    if (code > next || (code === next && previous < 0)) refuse('IMG-DECODE')
    if (previous < 0 && code > end) refuse('IMG-DECODE')
    if (code >= MAX_COLOURS && code < clear) refuse('IMG-DECODE')
    const fresh = code === next
    const known = fresh ? previous : code
    const length = lengths[known]! + (fresh ? 1 : 0)
    first = writeString(pixels, done, known, prefixes, suffixes, lengths)
    if (fresh && done + length <= size) pixels[done + length - 1] = first
    done += length
    if (previous >= 0 && next < MAX_CODES) {
      prefixes[next] = previous
      suffixes[next] = first
      lengths[next] = lengths[previous]! + 1
      next++
      if (next === 1 << width && width < 12) width++
    }
    previous = code
  }
  if (done < enough) refuse('IMG-DECODE')
  return { pixels, done: Math.min(done, size), bytesRead: afterEnd(data, bit, width, end) }
}

/** Writes the string of `code` at `from`, as far as there is room; returns its first index. */
function writeString(
  pixels: Uint8Array,
  from: number,
  code: number,
  prefixes: Uint16Array,
  suffixes: Uint8Array,
  lengths: Uint16Array,
): number {
  let at = from + lengths[code]! - 1
  let link = code
  for (; at > from; at--, link = prefixes[link]!) pixels[at] = suffixes[link]!
  pixels[from] = suffixes[link]!
  return suffixes[link]!
}

/** Undefined behind the end of the data. */
function readCode(data: Uint8Array, bit: number, width: number): number | undefined {
  const at = bit >> 3
  if (bit + width > data.length * 8) return undefined
  const three = data[at]! | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16)
  return (three >> (bit & 7)) & ((1 << width) - 1)
}

/** The end code may be missing, or follow in the width before or after the table grew. */
function afterEnd(data: Uint8Array, bit: number, width: number, end: number): number {
  const present = readCode(data, bit, width) === end
  return (bit + (present ? width : 0) + 7) >> 3
}
