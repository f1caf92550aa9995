import type { Context } from '../../family.ts'
import { damaged } from './damage.ts'

/** Longest side of a bitmap that a file may ask for. */
export const MAX_SIDE = 65_535
/** Pixels of one bitmap. */
const MAX_PIXELS = 100_000_000

/** One byte of budget for so many pixels: a hundred scanned pages at 600 dpi pass, and only one is in memory at a time. */
const PIXELS_PER_BYTE = 32

/** Combination operators (ITU-T T.88, 7.4.1.5). */
export const OPERATOR = { or: 0, and: 1, xor: 2, xnor: 3, replace: 4 } as const

/** A bilevel picture, one byte per pixel, 1 is black. */
export class Bitmap {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array

  /** Memory is taken only for sides within bounds; the budget of the whole file pays for it. */
  constructor(width: number, height: number, context: Context) {
    const fits = width >= 0 && height >= 0 && width <= MAX_SIDE && height <= MAX_SIDE
    if (!fits || width * height > MAX_PIXELS) damaged()
    context.spend(Math.ceil((width * height) / PIXELS_PER_BYTE))
    this.width = width
    this.height = height
    this.pixels = new Uint8Array(width * height)
  }

  /** 0 outside. */
  at(x: number, y: number): number {
    const inside = x >= 0 && y >= 0 && x < this.width && y < this.height
    return inside ? this.pixels[y * this.width + x]! : 0
  }

  /** A part of it; what lies outside is white. */
  part(left: number, top: number, width: number, height: number, context: Context): Bitmap {
    const part = new Bitmap(width, height, context)
    part.draw(this, -left, -top, OPERATOR.replace)
    return part
  }

  /** Paints `other` with its upper left corner at `left`, `top`; what lies outside is cut off. */
  draw(other: Bitmap, left: number, top: number, operator: number): void {
    const from = Math.max(0, -left)
    const to = Math.min(other.width, this.width - left)
    const end = Math.min(other.height, this.height - top)
    for (let y = Math.max(0, -top); y < end; y++) {
      const source = y * other.width
      const target = (top + y) * this.width + left
      for (let x = from; x < to; x++) {
        const mine = this.pixels[target + x]!
        this.pixels[target + x] = combined(mine, other.pixels[source + x]!, operator)
      }
    }
  }
}

function combined(mine: number, other: number, operator: number): number {
  switch (operator) {
    case OPERATOR.or:
      return mine | other
    case OPERATOR.and:
      return mine & other
    case OPERATOR.xor:
      return mine ^ other
    case OPERATOR.xnor:
      return 1 ^ mine ^ other
    default:
      return other
  }
}
