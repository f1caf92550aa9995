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
  const trials = [1, 2, 3, 4].map(() => new Uint8Array(stride))
  let current = new Uint8Array(step + stride)
  let above = new Uint8Array(step + stride)
  for (let y = 0; y < height; y++) {
    current.set(data.subarray(y * stride, (y + 1) * stride), step)
    const target = filtered.subarray(y * (stride + 1), (y + 1) * (stride + 1))
    target.set(current.subarray(step), 1)
    if (adaptive) chooseFilter(current, above, trials, target, step)
    ;[current, above] = [above, current]
  }
  return filtered
}

/**
 * `target` holds the unfiltered row behind a zero when this begins, the best filtered one when it ends. All filters are tried in one walk
 * over the row: `trials` are four rows to write them to.
 */
function chooseFilter(
  row: PaddedRow,
  above: PaddedRow,
  trials: readonly Uint8Array[],
  target: Uint8Array,
  step: number,
): void {
  const [first, second, third, fourth] = trials as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
  const length = first.length
  let [none, sub, up, average, nearest] = [0, 0, 0, 0, 0]
  for (let i = 0; i < length; i++) {
    const value = row[i + step]!
    const left = row[i]!
    const upper = above[i + step]!
    const one = (value - left) & 0xff
    const two = (value - upper) & 0xff
    const three = (value - ((left + upper) >> 1)) & 0xff
    const four = (value - paeth(left, upper, above[i]!)) & 0xff
    first[i] = one
    second[i] = two
    third[i] = three
    fourth[i] = four
    none += DIFFERENCE[value]!
    sub += DIFFERENCE[one]!
    up += DIFFERENCE[two]!
    average += DIFFERENCE[three]!
    nearest += DIFFERENCE[four]!
  }
  const sums = [none, sub, up, average, nearest]
  const best = sums.indexOf(Math.min(...sums))
  if (best === 0) return
  target[0] = best
  target.set(trials[best - 1]!, 1)
}

/** What a byte, taken as a signed number, is away from zero. */
const DIFFERENCE = Uint8Array.from({ length: 256 }, (_, byte) => (byte < 128 ? byte : 256 - byte))
