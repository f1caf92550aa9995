/** PNG filters (PNG §9): unfilter what was read, choose and apply filters to what is written. */
import { refuse } from '../../family.ts'

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
  for (let y = 0; y < height; y++) {
    const source = y * (stride + 1) + 1
    unfilterRow(rows, rows[source - 1]!, source, y * stride, y === 0 ? -1 : stride, stride, step)
  }
  return rows.subarray(0, height * stride)
}

/** `up` is the distance to the row above, -1 for the first row, whose upper neighbour is all zero. */
function unfilterRow(
  rows: Uint8Array,
  filter: number,
  source: number,
  target: number,
  up: number,
  stride: number,
  step: number,
): void {
  if (filter > 4) refuse('IMG-DECODE')
  if (filter === 0) rows.copyWithin(target, source, source + stride)
  for (let i = filter === 0 ? stride : 0; i < stride; i++) {
    const a = i < step ? 0 : rows[target + i - step]!
    const b = up < 0 ? 0 : rows[target + i - up]!
    const c = i < step || up < 0 ? 0 : rows[target + i - up - step]!
    rows[target + i] = rows[source + i]! + predict(filter, a, b, c)
  }
}

/** Left, up, mean or Paeth (PNG §9.2), for filters 1 to 4. */
function predict(filter: number, a: number, b: number, c: number): number {
  if (filter === 1) return a
  if (filter === 2) return b
  if (filter === 3) return (a + b) >> 1
  const pa = Math.abs(b - c)
  const pb = Math.abs(a - c)
  const pc = Math.abs(a + b - c - c)
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
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
  const trial = new Uint8Array(stride)
  const above = new Uint8Array(stride)
  for (let y = 0; y < height; y++) {
    const row = data.subarray(y * stride, (y + 1) * stride)
    const target = filtered.subarray(y * (stride + 1), (y + 1) * (stride + 1))
    target.set(row, 1)
    if (adaptive) chooseFilter(row, above, trial, target, step)
    above.set(row)
  }
  return filtered
}

function chooseFilter(
  row: Uint8Array,
  above: Uint8Array,
  trial: Uint8Array,
  target: Uint8Array,
  step: number,
): void {
  let best = sumOfDifferences(row)
  for (let filter = 1; filter <= 4; filter++) {
    const sum = filterRow(filter, row, above, trial, step, best)
    if (sum >= best) continue
    best = sum
    target[0] = filter
    target.set(trial, 1)
  }
}

/** Filters one row into `trial`; gives up as soon as the sum reaches `best`. */
function filterRow(
  filter: number,
  row: Uint8Array,
  above: Uint8Array,
  trial: Uint8Array,
  step: number,
  best: number,
): number {
  let sum = 0
  for (let i = 0; i < row.length && sum < best; i++) {
    const a = i < step ? 0 : row[i - step]!
    const c = i < step ? 0 : above[i - step]!
    const difference = (row[i]! - predict(filter, a, above[i]!, c)) & 0xff
    trial[i] = difference
    sum += difference < 128 ? difference : 256 - difference
  }
  return sum
}

function sumOfDifferences(row: Uint8Array): number {
  let sum = 0
  for (const value of row) sum += value < 128 ? value : 256 - value
  return sum
}
