import { refuse } from '../../family.ts'
import type { Component, Frame, Scan } from './jpeg.ts'

/** Marks a coefficient of which no bit has come yet. */
const NOTHING = -1

/**
 * Remembers which bits of which coefficients have come, so that each comes once and in order (T.81 G.1.1.1). A file
 * that sends a band twice means different pictures to different readers: IMG-DECODE.
 */
export class Progress {
  readonly #lowBits = new Map<Component, Int8Array>()
  readonly #frame: Frame

  constructor(frame: Frame) {
    this.#frame = frame
    for (const component of frame.components) {
      this.#lowBits.set(component, new Int8Array(64).fill(NOTHING))
    }
  }

  /** Takes in the header of the next scan, or refuses it. */
  advance(scan: Scan): void {
    const whole = scan.from === 0 && scan.to === 63
    if (this.#frame.progressive ? !isProgressiveBand(scan) : !whole) refuse('IMG-DECODE')
    for (const { component } of scan.components) this.#advanceComponent(component, scan)
  }

  /** True when each component has at least its DC coefficients. */
  get complete(): boolean {
    return [...this.#lowBits.values()].every((bits) => bits[0] !== NOTHING)
  }

  #advanceComponent(component: Component, { from, to, high, low }: Scan): void {
    const bits = this.#lowBits.get(component)!
    if (from > 0 && bits[0] === NOTHING) refuse('IMG-DECODE')
    for (let k = from; k <= to; k++) {
      if (bits[k] !== (high === 0 ? NOTHING : high)) refuse('IMG-DECODE')
      bits[k] = low
    }
  }
}

/** T.81 table G.1: DC alone, or AC of one component; refinements bit by bit. */
function isProgressiveBand({ components, from, to, high, low }: Scan): boolean {
  const band = from === 0 ? to === 0 : from <= to && to <= 63 && components.length === 1
  return band && low <= 10 && (high === 0 || high === low + 1)
}
