import type { Context } from '../../../family.ts'
import {
  ALPHA,
  BLUE,
  COLOURS,
  DISTANCE,
  DISTANCES,
  GREEN,
  greenSymbols,
  LENGTHS,
  RED,
} from './image.ts'
import type { Five, ImageHead, SymbolCounts } from './image.ts'
import type { Copy, SymbolSink } from './walk.ts'

/** Counts symbols. Memory is taken for groups that are used, not for those that are announced. */
export class CountingSink implements SymbolSink {
  readonly #counts: (Five<Uint32Array> | undefined)[] = []
  readonly #greens: number
  readonly #context: Context

  constructor({ cacheBits }: ImageHead, context: Context) {
    this.#greens = greenSymbols(cacheBits)
    this.#context = context
  }

  get counts(): SymbolCounts {
    return this.#counts
  }

  literal(group: number, green: number, red: number, blue: number, alpha: number): void {
    const counts = this.#of(group)
    counts[GREEN][green]!++
    counts[RED][red]!++
    counts[BLUE][blue]!++
    counts[ALPHA][alpha]!++
  }

  cached(group: number, index: number): void {
    this.#of(group)[GREEN][COLOURS + LENGTHS + index]!++
  }

  copy(group: number, { lengthSymbol, distanceSymbol }: Copy): void {
    const counts = this.#of(group)
    counts[GREEN][COLOURS + lengthSymbol]!++
    counts[DISTANCE][distanceSymbol]!++
  }

  #of(group: number): Five<Uint32Array> {
    return (this.#counts[group] ??= this.#open())
  }

  #open(): Five<Uint32Array> {
    const sizes = [this.#greens, COLOURS, COLOURS, COLOURS, DISTANCES] as const
    this.#context.spend(sizes.reduce((sum, size) => sum + size * 4, 0))
    const [green, red, blue, alpha, distance] = sizes
    return [
      new Uint32Array(green),
      new Uint32Array(red),
      new Uint32Array(blue),
      new Uint32Array(alpha),
      new Uint32Array(distance),
    ]
  }
}
