import { BLACK_CODES, WHITE_CODES } from './fax-codes.ts'
import type { RunCodes } from './fax-codes.ts'

/** Encodes bilevel rows (true is black) as T.6 (`k` < 0), one-dimensional T.4 (0) or mixed T.4 (> 0). */
export function encodeFax(rows: readonly (readonly boolean[])[], k: number): Uint8Array {
  let bits = ''
  let above: readonly number[] = []
  const columns = rows[0]?.length ?? 0
  for (const [y, row] of rows.entries()) {
    const line = changes(row)
    const plain = k === 0 || (k > 0 && y % k === 0)
    if (k >= 0) bits += '000000000001'
    if (k > 0) bits += plain ? '1' : '0'
    bits += plain ? oneDimensional(line, columns) : twoDimensional(line, above, columns)
    above = line
  }
  if (k < 0) bits += '000000000001'.repeat(2)
  return Uint8Array.from({ length: Math.ceil(bits.length / 8) }, (_, i) =>
    Number.parseInt(bits.slice(8 * i, 8 * i + 8).padEnd(8, '0'), 2),
  )
}

function changes(row: readonly boolean[]): number[] {
  const found: number[] = []
  for (let x = 0, black = false; x < row.length; x += 1) {
    if (row[x] === black) continue
    found.push(x)
    black = !black
  }
  return found
}

function oneDimensional(line: readonly number[], columns: number): string {
  let bits = ''
  let at = 0
  for (let i = 0; at < columns || i === 0; i += 1) {
    const end = line[i] ?? columns
    bits += run(end - at, i % 2 === 0 ? WHITE_CODES : BLACK_CODES)
    at = end
  }
  return bits
}

function run(length: number, codes: RunCodes): string {
  let bits = ''
  let rest = length
  while (rest > 2560) {
    bits += codes.long.at(-1)
    rest -= 2560
  }
  if (rest >= 64) bits += codes.long[Math.floor(rest / 64) - 1]
  return bits + codes.short[rest % 64]
}

const VERTICAL = ['0000010', '000010', '010', '1', '011', '000011', '0000011']

function twoDimensional(
  line: readonly number[],
  above: readonly number[],
  columns: number,
): string {
  let bits = ''
  let a0 = -1
  let black = false
  while (a0 < columns) {
    const a1 = line.find((x, i) => x > a0 && (i % 2 === 1) === black) ?? columns
    const near = above.findIndex((x, i) => x > a0 && (i % 2 === 1) === black)
    const b1 = near < 0 ? columns : (above[near] as number)
    const b2 = near < 0 ? columns : (above[near + 1] ?? columns)
    if (b2 < a1) {
      bits += '0001'
      a0 = b2
    } else if (Math.abs(a1 - b1) <= 3) {
      bits += VERTICAL[a1 - b1 + 3]
      a0 = a1
      black = !black
    } else {
      const a2 = line.find((x) => x > a1) ?? columns
      const [first, second] = black ? [BLACK_CODES, WHITE_CODES] : [WHITE_CODES, BLACK_CODES]
      bits += `001${run(a1 - Math.max(a0, 0), first)}${run(a2 - a1, second)}`
      a0 = a2
    }
  }
  return bits
}
