import { HuffmanTable } from './huffman.ts'
import type { Line } from './huffman.ts'

/**
 * The tables of ITU-T T.88, B.5. Of each line: what is added, bits of the word, bits behind it. A line `L` counts downwards and has
 * 32 bits behind it, as has one with `U`; a line `E` is out of band.
 */
const TABLES: Readonly<Record<number, string>> = {
  1: '0 1 4, 16 2 8, 272 3 16, 65808 3 U',
  2: '0 1 0, 1 2 0, 2 3 0, 3 4 3, 11 5 6, 75 6 U, 0 6 E',
  3: '-256 8 8, 0 1 0, 1 2 0, 2 3 0, 3 4 3, 11 5 6, -257 8 L, 75 7 U, 0 6 E',
  4: '1 1 0, 2 2 0, 3 3 0, 4 4 3, 12 5 6, 76 5 U',
  5: '-255 7 8, 1 1 0, 2 2 0, 3 3 0, 4 4 3, 12 5 6, -256 7 L, 76 6 U',
  6: `-2048 5 10, -1024 4 9, -512 4 8, -256 4 7, -128 5 6, -64 5 5, -32 4 5, 0 2 7, 128 3 7, 256 3 8, 512 4 9, 1024 4 10,
      -2049 6 L, 2048 6 U`,
  7: `-1024 4 9, -512 3 8, -256 4 7, -128 5 6, -64 5 5, -32 4 5, 0 4 5, 32 5 5, 64 5 6, 128 4 7, 256 3 8, 512 3 9, 1024 3 10,
      -1025 5 L, 2048 5 U`,
  8: `-15 8 3, -7 9 1, -5 8 1, -3 9 0, -2 7 0, -1 4 0, 0 2 1, 2 5 0, 3 6 0, 4 3 4, 20 6 1, 22 4 4, 38 4 5, 70 5 6, 134 5 7,
      262 6 7, 390 7 8, 646 6 10, -16 9 L, 1670 9 U, 0 2 E`,
  9: `-31 8 4, -15 9 2, -11 8 2, -7 9 1, -5 7 1, -3 4 1, -1 3 1, 1 3 1, 3 5 1, 5 6 1, 7 3 5, 39 6 2, 43 4 5, 75 4 6, 139 5 7,
      267 5 8, 523 6 8, 779 7 9, 1291 6 11, -32 9 L, 3339 9 U, 0 2 E`,
  10: `-21 7 4, -5 8 0, -4 7 0, -3 5 0, -2 2 2, 2 5 0, 3 6 0, 4 7 0, 5 8 0, 6 2 6, 70 5 5, 102 6 5, 134 6 6, 198 6 7, 326 6 8,
      582 6 9, 1094 6 10, 2118 7 11, -22 8 L, 4166 8 U, 0 2 E`,
  11: `1 1 0, 2 2 1, 4 4 0, 5 4 1, 7 5 1, 9 5 2, 13 6 2, 17 7 2, 21 7 3, 29 7 4, 45 7 5, 77 7 6, 141 7 U`,
  12: `1 1 0, 2 2 0, 3 3 1, 5 5 0, 6 5 1, 8 6 1, 10 7 0, 11 7 1, 13 7 2, 17 7 3, 25 7 4, 41 8 5, 73 8 U`,
  13: `1 1 0, 2 3 0, 3 4 0, 4 5 0, 5 4 1, 7 3 3, 15 6 1, 17 6 2, 21 6 3, 29 6 4, 45 6 5, 77 7 6, 141 7 U`,
  14: '-2 3 0, -1 3 0, 0 1 0, 1 3 0, 2 3 0',
  15: '-24 7 4, -8 6 2, -4 5 1, -2 4 0, -1 3 0, 0 1 0, 1 3 0, 2 4 0, 3 5 1, 5 6 2, 9 7 4, -25 7 L, 25 7 U',
}

const MADE = new Map<number, HuffmanTable>()

/** Table B.`number`, 1 to 15. */
export function standardTable(number: number): HuffmanTable {
  const known = MADE.get(number)
  if (known) return known
  const made = new HuffmanTable(TABLES[number]!.split(',').map(lineOf))
  MADE.set(number, made)
  return made
}

function lineOf(text: string): Line {
  const [least, prefix, behind] = text.trim().split(' ') as [string, string, string]
  const kind = behind === 'L' ? 'lower' : behind === 'E' ? 'end' : 'range'
  const bits = behind === 'L' || behind === 'U' ? 32 : behind === 'E' ? 0 : Number(behind)
  return { prefix: Number(prefix), bits, least: Number(least), kind }
}
