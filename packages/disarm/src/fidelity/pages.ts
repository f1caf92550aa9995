import type { Pixmap } from '../flatten/pixmap.ts'

/**
 * How alike drawn pages look, in thousandths: pages of the same number and size are compared in cells of 4 × 4 pixels, so that a letter that
 * moved by a hair is no difference; the worst page counts.
 */
export function pageLikeness(before: readonly Pixmap[], after: readonly Pixmap[]): number {
  if (before.length !== after.length) return 0
  return Math.min(1000, ...before.map((page, index) => likeness(page, after[index]!)))
}

const CELL = 4
/** Mean difference of a cell's brightness (0–255) from which it counts as changed. */
const VISIBLE = 24

function likeness(before: Pixmap, after: Pixmap): number {
  if (Math.abs(before.width - after.width) > 2 || Math.abs(before.height - after.height) > 2)
    return 0
  const wide = Math.floor(Math.min(before.width, after.width) / CELL)
  const high = Math.floor(Math.min(before.height, after.height) / CELL)
  let inked = 0
  let changed = 0
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      const was = brightness(before, column, row)
      const is = brightness(after, column, row)
      // Blank paper says nothing: a page of ten words must not be 99 % alike to an empty one.
      if (was < 250 || is < 250) inked++
      if (Math.abs(was - is) >= VISIBLE) changed++
    }
  }
  return inked === 0 ? 1000 : Math.floor(((inked - changed) * 1000) / inked)
}

function brightness({ rgb, width }: Pixmap, column: number, row: number): number {
  let sum = 0
  for (let y = 0; y < CELL; y++) {
    let at = ((row * CELL + y) * width + column * CELL) * 3
    for (let x = 0; x < CELL * 3; x++) sum += rgb[at++]!
  }
  return sum / (CELL * CELL * 3)
}
