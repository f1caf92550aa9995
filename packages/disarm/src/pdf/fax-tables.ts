/** Tables to read T.4 and T.6 codes with, for pages of PDF and of TIFF alike. */
import { BLACK_CODES, WHITE_CODES } from './fax-codes.ts'
import type { RunCodes } from './fax-codes.ts'

/** Bits of the longest code of a run. */
export const LONGEST = 13

/** Indexed by the next 13 bits: run length times 16 plus code length, or -1. */
function runTable(codes: RunCodes): Int32Array {
  const table = new Int32Array(1 << LONGEST).fill(-1)
  for (const [run, code] of codes.short.entries()) enter(table, code, run, LONGEST)
  for (const [i, code] of codes.long.entries()) enter(table, code, 64 + 64 * i, LONGEST)
  return table
}

function enter(table: Int32Array, code: string, value: number, width: number): void {
  const first = Number.parseInt(code, 2) << (width - code.length)
  table.fill(value * 16 + code.length, first, first + (1 << (width - code.length)))
}

/** Runs of white by the next 13 bits: run length times 16 plus code length, or -1 where no code begins so. */
export const WHITE = runTable(WHITE_CODES)
/** The same for runs of black. */
export const BLACK = runTable(BLACK_CODES)

/** T.6 §2.2: what a mode does. */
export const PASS = 0
export const HORIZONTAL = 1
/** Vertical modes are 5 − 3 … 5 + 3. */
export const VERTICAL = 5
/** Modes by the next 7 bits, told as runs are. */
export const MODES = new Int32Array(128).fill(-1)
for (const [code, kind] of [
  ['0001', PASS],
  ['001', HORIZONTAL],
  ['1', VERTICAL],
  ['011', VERTICAL + 1],
  ['000011', VERTICAL + 2],
  ['0000011', VERTICAL + 3],
  ['010', VERTICAL - 1],
  ['000010', VERTICAL - 2],
  ['0000010', VERTICAL - 3],
] as const) {
  enter(MODES, code, kind, 7)
}
