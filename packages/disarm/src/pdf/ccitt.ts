import { BLACK, HORIZONTAL, LONGEST, MODES, PASS, VERTICAL, WHITE } from './fax-tables.ts'
import type { Decoded } from './filter.ts'
import { rasterBytes } from './raster.ts'
import { SyntaxFault } from './lexer.ts'
import type { Walk } from './walk.ts'

/** ISO 32000-1, table 11. */
interface Parameters {
  readonly k: number
  readonly columns: number
  readonly byteAlign: boolean
  readonly blackIs1: boolean
}

/** Widest fax line; A0 at 1200 dpi is 39,732. */
const MAX_COLUMNS = 65_536

/**
 * Decodes ITU-T T.4 (one- and two-dimensional) and T.6 into bilevel rows, so that no fax code reaches a reader. A damaged
 * line ends the picture; what is missing is blank. Throws `SyntaxFault` when not even one line decodes.
 */
export function ccittRaster(
  decoded: Decoded,
  width: number,
  height: number,
  walk: Walk,
): Uint8Array {
  const get = (key: string): unknown => walk.resolve(decoded.parameters?.entries.get(key))
  const parameters = {
    k: whole(get('K'), 0),
    columns: whole(get('Columns'), 1728),
    byteAlign: get('EncodedByteAlign') === true,
    blackIs1: get('BlackIs1') === true,
  }
  if (parameters.columns < 1 || parameters.columns > MAX_COLUMNS) {
    throw new SyntaxFault('too wide', 0)
  }
  walk.context.spend(rowBytes(parameters) * height)
  const rows = decodeRows(decoded.bytes, parameters, height)
  return rasterBytes(rows, Math.ceil(width / 8) * height, walk)
}

/** The columns of each line of T.6 where the colour changes, white first, and the byte behind the last one. */
export interface FaxLines {
  readonly lines: readonly (readonly number[])[]
  readonly end: number
}

/** Decodes T.6 as it stands inside of JBIG2, with or without the mark of its end. Gives fewer lines than `height` when damaged. */
export function faxLines(bytes: Uint8Array, columns: number, height: number): FaxLines {
  const bits = new Bits(bytes)
  const lines: (readonly number[])[] = []
  while (lines.length < height) {
    const line = twoDimensional(bits, columns, lines.at(-1) ?? [])
    if (!line || bits.at > bytes.length * 8) break
    lines.push(line)
  }
  for (let i = 0; i < 2 && bits.peek(12) === 1; i += 1) bits.at += 12
  return { lines, end: (bits.at + 7) >> 3 }
}

function whole(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? Math.trunc(value) : otherwise
}

function rowBytes({ columns }: Parameters): number {
  return (columns + 7) >> 3
}

function decodeRows(bytes: Uint8Array, parameters: Parameters, height: number): Uint8Array {
  const row = rowBytes(parameters)
  const out = new Uint8Array(row * height)
  const bits = new Bits(bytes)
  let above: readonly number[] = []
  let done = 0
  for (; done < height; done += 1) {
    const line = decodeLine(bits, parameters, above)
    if (!line) break
    paint(out.subarray(done * row, (done + 1) * row), line, parameters.columns)
    above = line
  }
  if (done === 0) throw new SyntaxFault('no fax line', 0)
  if (!parameters.blackIs1) for (let i = 0; i < out.length; i += 1) out[i] = ~(out[i] as number)
  return out
}

/** Most significant bit first; reads zeros behind the end. */
class Bits {
  readonly bytes: Uint8Array
  at = 0
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  get ended(): boolean {
    return this.at >= this.bytes.length * 8
  }

  /** Up to 16 bits. */
  peek(count: number): number {
    const byte = this.at >> 3
    const three =
      ((this.bytes[byte] ?? 0) << 16) |
      ((this.bytes[byte + 1] ?? 0) << 8) |
      (this.bytes[byte + 2] ?? 0)
    return (three >> (24 - (this.at & 7) - count)) & ((1 << count) - 1)
  }
}

/** The columns where the colour changes, white first; undefined at the end or at damage. */
function decodeLine(
  bits: Bits,
  parameters: Parameters,
  above: readonly number[],
): number[] | undefined {
  const { k, columns } = parameters
  if (parameters.byteAlign) bits.at = (bits.at + 7) & ~7
  const ends = skipLineEnds(bits, k)
  if (ends > 1 || bits.ended) return undefined
  if (k < 0) return twoDimensional(bits, columns, above)
  if (k === 0) return oneDimensional(bits, columns)
  const tag = bits.peek(1)
  bits.at += 1
  return tag === 1 ? oneDimensional(bits, columns) : twoDimensional(bits, columns, above)
}

/** `EOL` is at least eleven zeros and a one; two in a row end the picture. */
function skipLineEnds(bits: Bits, k: number): number {
  let count = 0
  while (bits.peek(11) === 0 && !bits.ended) {
    while (bits.peek(1) === 0 && !bits.ended) bits.at += 1
    bits.at += 1
    count += 1
    if (k > 0 && isTaggedEnd(bits)) bits.at += 1
  }
  return count
}

/** In mixed coding a tag bit follows each end of line; at the end of the picture another end of line follows the tag. */
function isTaggedEnd(bits: Bits): boolean {
  return (bits.peek(13) & 0xfff) === 1
}

function oneDimensional(bits: Bits, columns: number): number[] | undefined {
  const line: number[] = []
  let at = 0
  let black = false
  while (at < columns) {
    const run = readRun(bits, black)
    if (run === undefined) return undefined
    at = Math.min(columns, at + run)
    line.push(at)
    black = !black
  }
  return line
}

function readRun(bits: Bits, black: boolean): number | undefined {
  const table = black ? BLACK : WHITE
  let total = 0
  for (;;) {
    const found = table[bits.peek(LONGEST)] as number
    if (found < 0) return undefined
    bits.at += found & 15
    const run = found >> 4
    total += run
    if (run < 64) return total
    if (total > MAX_COLUMNS) return undefined
  }
}

/** T.4, 4.2.1.3: each change is coded against the changes of the line above. Every turn consumes at least one bit. */
function twoDimensional(
  bits: Bits,
  columns: number,
  above: readonly number[],
): number[] | undefined {
  const line: number[] = []
  let a0 = -1
  let near = 0
  while (a0 < columns) {
    const black = line.length % 2 === 1
    near = nextChange(above, near, a0, black)
    const mode = MODES[bits.peek(7)] as number
    if (mode < 0) return undefined
    bits.at += mode & 15
    const kind = mode >> 4
    if (kind === PASS) {
      a0 = above[near + 1] ?? columns
    } else if (kind === HORIZONTAL) {
      const pair = readPair(bits, black, Math.max(a0, 0), columns)
      if (!pair) return undefined
      line.push(...pair)
      a0 = pair[1]
    } else {
      const a1 = (above[near] ?? columns) + kind - VERTICAL
      if (a1 < Math.max(a0, 0)) return undefined
      a0 = Math.min(columns, a1)
      line.push(a0)
    }
  }
  return line
}

/** Index of `b1`: the first change above that lies right of `a0` and turns to the other colour. */
function nextChange(above: readonly number[], from: number, a0: number, black: boolean): number {
  let near = from
  while (near > 0 && (above[near - 1] as number) > a0) near -= 1
  while (near < above.length && ((above[near] as number) <= a0 || (near % 2 === 1) !== black)) {
    near += 1
  }
  return near
}

function readPair(
  bits: Bits,
  black: boolean,
  from: number,
  columns: number,
): [number, number] | undefined {
  const first = readRun(bits, black)
  const second = first === undefined ? undefined : readRun(bits, !black)
  if (first === undefined || second === undefined) return undefined
  const middle = Math.min(columns, from + first)
  return [middle, Math.min(columns, middle + second)]
}

/** Fills the black runs: between the first and second change, the third and fourth, … */
function paint(row: Uint8Array, changes: readonly number[], columns: number): void {
  for (let i = 0; i < changes.length; i += 2) {
    const end = changes[i + 1] ?? columns
    for (let x = changes[i] as number; x < end; x += 1) {
      row[x >> 3] = (row[x >> 3] as number) | (0x80 >> (x & 7))
    }
  }
}
