import type { Budget } from './budget.ts'
import { Bits } from './vp8l-bits.ts'
import { Code } from './vp8l-code.ts'

const MAX_PIXELS = 100_000_000
const GROUP_BYTES = 16_384
const GREEN = 2
const PALETTE = 3

/** Sides of a picture, and whether its alpha means something. */
export interface Lossless {
  readonly width: number
  readonly height: number
  readonly alpha: boolean
}

/**
 * Accepts a VP8L picture (RFC 9649 §3) whose prefix codes are those that the disarmer chooses for how often each symbol is used,
 * and which ends with its last symbol. No copy reaches outside of what was decoded.
 */
export function verifyVp8l(bytes: Uint8Array, budget: Budget, where: string): Lossless {
  const bits = new Bits(bytes, where)
  bits.demand(bits.number(8) === 0x2f)
  const [width, height] = [bits.number(14) + 1, bits.number(14) + 1]
  const alpha = bits.bit() === 1
  bits.demand(bits.number(3) === 0)
  stream(bits, width, height, budget)
  return { width, height, alpha }
}

/** The same without a header, as transparency is packed. */
export function verifyLevels(
  bytes: Uint8Array,
  sides: { readonly width: number; readonly height: number },
  budget: Budget,
  where: string,
): void {
  stream(new Bits(bytes, where), sides.width, sides.height, budget)
}

function stream(bits: Bits, width: number, height: number, budget: Budget): void {
  bits.demand(width * height <= MAX_PIXELS)
  const seen = new Set<number>()
  let coded = width
  while (bits.bit() === 1) {
    const type = bits.number(2)
    bits.demand(!seen.has(type))
    seen.add(type)
    if (type === PALETTE) coded = palette(bits, coded, budget)
    else if (type !== GREEN) squares(bits, coded, height, budget)
  }
  picture(bits, coded, height, true, budget)
  bits.finish()
}

/** §4.4. @returns the width in packed pixels */
function palette(bits: Bits, width: number, budget: Budget): number {
  const colours = bits.number(8) + 1
  picture(bits, colours, 1, false, budget)
  const share = colours > 16 ? 1 : colours > 4 ? 2 : colours > 2 ? 4 : 8
  return Math.ceil(width / share)
}

/** §4.1, §4.2: an image with a pixel for each square. */
function squares(bits: Bits, width: number, height: number, budget: Budget): void {
  const side = 4 << bits.number(3)
  picture(bits, Math.ceil(width / side), Math.ceil(height / side), false, budget)
}

interface Groups {
  readonly side: number
  readonly wide: number
  readonly numbers: Uint32Array
}

/** §5, §6. @returns its pixels when it may not be grouped, because they may be numbers of groups */
function picture(
  bits: Bits,
  width: number,
  height: number,
  mayGroup: boolean,
  budget: Budget,
): Uint32Array {
  const cached = bits.bit() === 1
  const cacheBits = cached ? bits.number(4) : 0
  bits.demand(cached === cacheBits > 0 && cacheBits <= 11)
  const groups = mayGroup && bits.bit() === 1 ? readGroups(bits, width, height, budget) : undefined
  const count = 1 + (groups?.numbers.reduce((most, each) => Math.max(most, each), 0) ?? 0)
  budget.spend(count * GROUP_BYTES + width * height, bits.where)
  const codes = Array.from({ length: count }, () => fiveCodes(bits, cacheBits))
  const pixels = mayGroup ? undefined : new Pixels(width * height, cacheBits)
  symbols(bits, width, height, groups, codes, pixels)
  for (const code of codes.flat()) code.finish(bits)
  return pixels?.colours ?? new Uint32Array(0)
}

function readGroups(bits: Bits, width: number, height: number, budget: Budget): Groups {
  const side = 4 << bits.number(3)
  const wide = Math.ceil(width / side)
  const colours = picture(bits, wide, Math.ceil(height / side), false, budget)
  return { side, wide, numbers: colours.map((colour) => (colour >>> 8) & 0xffff) }
}

type Five = readonly [green: Code, red: Code, blue: Code, alpha: Code, distance: Code]

function fiveCodes(bits: Bits, cacheBits: number): Five {
  const green = new Code(bits, 280 + (cacheBits > 0 ? 1 << cacheBits : 0))
  const colour = (): Code => new Code(bits, 256)
  return [green, colour(), colour(), colour(), new Code(bits, 40)]
}

function symbols(
  bits: Bits,
  width: number,
  height: number,
  groups: Groups | undefined,
  codes: readonly Five[],
  pixels: Pixels | undefined,
): void {
  const end = width * height
  for (let at = 0; at < end;) {
    const five = codes[groups ? groupAt(at, width, groups) : 0]!
    const symbol = five[0].next(bits)
    if (symbol >= 280) {
      pixels?.remembered(symbol - 280)
      at++
    } else if (symbol >= 256) {
      const length = amount(bits, symbol - 256)
      const back = reach(amount(bits, five[4].next(bits)), width)
      bits.demand(back <= at && length <= end - at)
      pixels?.repeat(back, length)
      at += length
    } else {
      const red = five[1].next(bits)
      const blue = five[2].next(bits)
      const alpha = five[3].next(bits)
      pixels?.add(((alpha << 24) | (red << 16) | (symbol << 8) | blue) >>> 0)
      at++
    }
  }
}

function groupAt(at: number, width: number, { side, wide, numbers }: Groups): number {
  const column = Math.floor((at % width) / side)
  return numbers[Math.floor(at / width / side) * wide + column]!
}

/** §5.2.2: a length or distance by its symbol and the bits behind it. */
function amount(bits: Bits, symbol: number): number {
  if (symbol < 4) return symbol + 1
  const more = (symbol - 2) >> 1
  return (2 + (symbol % 2)) * 2 ** more + bits.number(more) + 1
}

/** Rows up, and columns left plus 7, of the 120 nearest pixels, as hexadecimal digits. */
const UP = [
  '101120221122303311332240441133442254433055115522445533606611',
  '662255446633707755116644772277336655077441266377554776657767',
].join('')
const LEFT = [
  '7886798695957a86a495a47b86b3a495b37a4b3c86c295c2b3a4c27d86d1',
  '95d1b3c2a4d17e86c2e0b3d195e0a4e0c2d1fb3e0ffd1fc2e0fd1e0fe0ff',
].join('')

function reach(distance: number, width: number): number {
  if (distance > 120) return distance - 120
  const up = Number.parseInt(UP[distance - 1]!, 16)
  const left = Number.parseInt(LEFT[distance - 1]!, 16) - 7
  return Math.max(1, up * width + left)
}

/** Decoded colours, with the cache of those seen lately (§5.2.3). */
class Pixels {
  readonly colours: Uint32Array
  readonly #cache: number[]
  readonly #bits: number
  #size = 0

  constructor(count: number, cacheBits: number) {
    this.colours = new Uint32Array(count)
    this.#cache = Array.from({ length: 2 ** cacheBits }, () => 0)
    this.#bits = cacheBits
  }

  add(colour: number): void {
    this.colours[this.#size++] = colour
    if (this.#bits === 0) return
    const hash = Number((BigInt(colour) * 0x1e35a7bdn) & 0xffffffffn)
    this.#cache[hash >>> (32 - this.#bits)] = colour
  }

  remembered(index: number): void {
    this.add(this.#cache[index]!)
  }

  repeat(back: number, length: number): void {
    for (let i = 0; i < length; i++) this.add(this.colours[this.#size - back]!)
  }
}
