import { TAG } from './tags.ts'
import { valuesOf } from './directory.ts'
import type { Directory } from './directory.ts'

/** From luma and chroma to red, green and blue (TIFF 6.0 §21). */
export type ToRgb = (target: Uint8Array, at: number, y: number, cb: number, cr: number) => void

/** CCIR 601, and what full swing means. */
const LUMA = [0.299, 0.587, 0.114]
const SWING = [0, 255, 128, 255, 128, 255]

/** The conversion that a page asks for; nonsense in its numbers counts as absent. */
export function rgbConversion(page: Directory): ToRgb {
  const [red, green, blue] = honest(valuesOf(page, TAG.YCbCrCoefficients, LUMA, 3), LUMA)
  const swing = honest(valuesOf(page, TAG.ReferenceBlackWhite, SWING, 6), SWING)
  const luma = scale(swing[0]!, swing[1]!, 255)
  const blueness = scale(swing[2]!, swing[3]!, 127)
  const redness = scale(swing[4]!, swing[5]!, 127)
  return (target, at, y, cb, cr) => {
    const grey = luma(y)
    const r = grey + redness(cr) * (2 - 2 * red!)
    const b = grey + blueness(cb) * (2 - 2 * blue!)
    target[at] = byte(r)
    target[at + 1] = byte((grey - red! * r - blue! * b) / green!)
    target[at + 2] = byte(b)
  }
}

function honest(values: readonly number[], otherwise: readonly number[]): readonly number[] {
  const usable =
    values.length === otherwise.length &&
    values.every((value) => Number.isFinite(value)) &&
    (values.length === 6 ? pairsDiffer(values) : values[1]! > 0)
  return usable ? values : otherwise
}

function pairsDiffer(values: readonly number[]): boolean {
  return [0, 2, 4].every((at) => values[at] !== values[at + 1])
}

/** From black to white in the file to 0 to `range`. */
function scale(black: number, white: number, range: number): (code: number) => number {
  const factor = range / (white - black)
  return (code) => (code - black) * factor
}

function byte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)))
}

/** Bytes of a strip or tile of data units: `across` × `down` lumas and two chromas each (§21, "Data storage"). */
export function unitBytes(width: number, height: number, across: number, down: number): number {
  return Math.ceil(width / across) * Math.ceil(height / down) * (across * down + 2)
}

/** Data units as rows of red, green and blue. */
export function rgbRows(
  data: Uint8Array,
  width: number,
  height: number,
  [across, down]: readonly [number, number],
  convert: ToRgb,
): Uint8Array {
  const rows = new Uint8Array(width * height * 3)
  const unit = across * down + 2
  let from = 0
  for (let top = 0; top < height; top += down) {
    for (let left = 0; left < width; left += across, from += unit) {
      const cb = data[from + unit - 2]!
      const cr = data[from + unit - 1]!
      for (let i = 0; i < unit - 2; i++) {
        const x = left + (i % across)
        const y = top + Math.floor(i / across)
        if (x < width && y < height) convert(rows, (y * width + x) * 3, data[from + i]!, cb, cr)
      }
    }
  }
  return rows
}
