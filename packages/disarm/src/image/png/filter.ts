/** PNG filters (PNG §9): undo those of the input, choose and apply those of the output. */
import { refuse } from '../../family.ts'

/**
 * A row of bytes behind `step` zeros, so that the first pixel has a left neighbour like every other:
 * the byte `i` of the row stands at `i + step`, its left neighbour at `i`.
 */
type PaddedRow = Uint8Array

/**
 * Undoes the filters of `height` rows that start at `from` in `raw`, each one filter byte and `stride` bytes. Works
 * in place: the unfiltered rows stand without gaps at the start of the returned view of `raw`.
 * @param step bytes from a sample to the same sample of the pixel before, at least 1
 */
export function unfilter(
  raw: Uint8Array,
  from: number,
  height: number,
  stride: number,
  step: number,
): Uint8Array {
  const rows = raw.subarray(from, from + height * (stride + 1))
  let current = new Uint8Array(step + stride)
  let above = new Uint8Array(step + stride)
  for (let y = 0; y < height; y++) {
    const source = y * (stride + 1)
    const filter = rows[source]!
    current.set(rows.subarray(source + 1, source + 1 + stride), step)
    unfilterRow(filter, current, above, step)
    rows.set(current.subarray(step), y * stride)
    ;[current, above] = [above, current]
  }
  return rows.subarray(0, height * stride)
}

function unfilterRow(filter: number, row: PaddedRow, above: PaddedRow, step: number): void {
  const length = row.length - step
  if (filter > 4) refuse('IMG-DECODE')
  if (filter === 1) for (let i = 0; i < length; i++) row[i + step] = row[i + step]! + row[i]!
  if (filter === 2) {
    for (let i = 0; i < length; i++) row[i + step] = row[i + step]! + above[i + step]!
  }
  if (filter === 3) {
    for (let i = 0; i < length; i++) {
      row[i + step] = row[i + step]! + ((row[i]! + above[i + step]!) >> 1)
    }
  }
  if (filter === 4) {
    for (let i = 0; i < length; i++) {
      row[i + step] = row[i + step]! + paeth(row[i]!, above[i + step]!, above[i]!)
    }
  }
}

/** Whichever of left, upper and upper left is nearest to left + upper − upper left (PNG §9.4). */
function paeth(left: number, upper: number, upperLeft: number): number {
  const toLeft = Math.abs(upper - upperLeft)
  const toUpper = Math.abs(left - upperLeft)
  const toUpperLeft = Math.abs(left + upper - upperLeft - upperLeft)
  return toLeft <= toUpper && toLeft <= toUpperLeft
    ? left
    : toUpper <= toUpperLeft
      ? upper
      : upperLeft
}

/**
 * Rows with their filter bytes, ready for deflate. With `adaptive` each row takes the filter with the least sum of
 * absolute differences (PNG §12.7); otherwise all rows take filter 0, which suits indexed and few-colour pictures.
 */
export function applyFilters(
  data: Uint8Array,
  height: number,
  stride: number,
  step: number,
  adaptive: boolean,
): Uint8Array {
  const filtered = new Uint8Array(height * (stride + 1))
  let current = new Uint8Array(step + stride)
  let above = new Uint8Array(step + stride)
  for (let y = 0; y < height; y++) {
    current.set(data.subarray(y * stride, (y + 1) * stride), step)
    const target = filtered.subarray(y * (stride + 1), (y + 1) * (stride + 1))
    target.set(current.subarray(step), 1)
    if (adaptive) filterRow(bestFilter(current, above, step), current, above, target, step)
    ;[current, above] = [above, current]
  }
  return filtered
}

/**
 * The filter whose row has the least sum. All are tried in one walk, the nearest neighbour (`paeth`) written out: here it is half of what a picture
 * costs.
 */
function bestFilter(row: PaddedRow, above: PaddedRow, step: number): number {
  const length = row.length - step
  let [none, sub, up, average, nearest] = [0, 0, 0, 0, 0]
  for (let i = 0; i < length; i++) {
    const value = row[i + step]!
    const left = row[i]!
    const upper = above[i + step]!
    const upperLeft = above[i]!
    const right = upper - upperLeft
    const down = left - upperLeft
    const toLeft = right < 0 ? -right : right
    const toUpper = down < 0 ? -down : down
    const both = right + down
    const toUpperLeft = both < 0 ? -both : both
    const near =
      toLeft <= toUpper && toLeft <= toUpperLeft ? left : toUpper <= toUpperLeft ? upper : upperLeft
    none += DIFFERENCE[value]!
    sub += DIFFERENCE[(value - left) & 0xff]!
    up += DIFFERENCE[(value - upper) & 0xff]!
    average += DIFFERENCE[(value - ((left + upper) >> 1)) & 0xff]!
    nearest += DIFFERENCE[(value - near) & 0xff]!
  }
  const sums = [none, sub, up, average, nearest]
  return sums.indexOf(Math.min(...sums))
}

/** `target` holds the unfiltered row behind a zero when this begins, the filtered one behind its filter when it ends. */
function filterRow(
  filter: number,
  row: PaddedRow,
  above: PaddedRow,
  target: Uint8Array,
  step: number,
): void {
  const length = row.length - step
  target[0] = filter
  if (filter === 1) for (let i = 0; i < length; i++) target[i + 1] = row[i + step]! - row[i]!
  if (filter === 2) {
    for (let i = 0; i < length; i++) target[i + 1] = row[i + step]! - above[i + step]!
  }
  if (filter === 3) {
    for (let i = 0; i < length; i++) {
      target[i + 1] = row[i + step]! - ((row[i]! + above[i + step]!) >> 1)
    }
  }
  if (filter === 4) {
    for (let i = 0; i < length; i++) {
      target[i + 1] = row[i + step]! - paeth(row[i]!, above[i + step]!, above[i]!)
    }
  }
}

/** What a byte, taken as a signed number, is away from zero. */
const DIFFERENCE = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 128 ? byte : 256 - byte))
