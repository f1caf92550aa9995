/** For tests only: an encoder of JBIG2 (ITU-T T.88), plain and slow. */
import { STATES } from './arithmetic.ts'

/** Rows of 0 and 1. */
export type Rows = readonly (readonly number[])[]

/** A picture by its lines: anything but a space or a point is black. */
export function rowsOf(...lines: readonly string[]): Rows {
  return lines.map((each) => [...each].map((mark) => (mark === ' ' || mark === '.' ? 0 : 1)))
}

function at(rows: Rows, x: number, y: number): number {
  return rows[y]?.[x] ?? 0
}

type Memory = Map<string, { state: number; more: number }>

/** The arithmetic encoder of ITU-T T.88, Annex E (flow charts as in ITU-T T.800, Annex C). */
export class ArithmeticEncoder {
  readonly #bytes: number[] = [0]
  readonly #memory: Memory = new Map()
  #interval = 0x8000
  #code = 0
  #left = 12

  bit(context: string, value: number): void {
    const known = this.#memory.get(context) ?? { state: 0, more: 0 }
    this.#memory.set(context, known)
    const [size, less, more, flips] = STATES[known.state]!
    this.#interval -= size
    const isMore = value === known.more
    const takesUpper = isMore === this.#interval >= size
    if (isMore && (this.#interval & 0x8000) !== 0) {
      this.#code += size
      return
    }
    if (takesUpper) this.#code += size
    else this.#interval = size
    if (!isMore && flips === 1) known.more = 1 - known.more
    known.state = isMore ? more : less
    do this.#shift()
    while ((this.#interval & 0x8000) === 0)
  }

  #shift(): void {
    this.#interval *= 2
    this.#code *= 2
    if (--this.#left === 0) this.#emit()
  }

  #emit(): void {
    const last = this.#bytes.length - 1
    if (this.#bytes[last] !== 0xff && this.#code >= 0x8000000) {
      this.#bytes[last]!++
      this.#code -= 0x8000000
    }
    const bits = this.#bytes[last] === 0xff ? 20 : 19
    this.#bytes.push(Math.floor(this.#code / 2 ** bits))
    this.#code %= 2 ** bits
    this.#left = bits === 20 ? 7 : 8
  }

  finish(): Buffer {
    const end = this.#code + this.#interval
    this.#code = Math.floor(this.#code / 0x10000) * 0x10000 + 0xffff
    if (this.#code >= end) this.#code -= 0x8000
    for (let i = 0; i < 2; i++) {
      this.#code *= 2 ** this.#left
      this.#emit()
    }
    if (this.#bytes.at(-1) === 0xff) this.#bytes.pop()
    return Buffer.from([...this.#bytes.slice(1), 0xff, 0xac])
  }

  /** Annex A.2; undefined is out of band. */
  integer(kind: string, value: number | undefined): void {
    let before = 1
    const put = (bit: number): void => {
      this.bit(`${kind} ${before}`, bit)
      before = before < 256 ? before * 2 + bit : ((before * 2 + bit) & 511) | 256
    }
    const size = Math.abs(value ?? 0)
    put(value === undefined || value < 0 ? 1 : 0)
    const ranges = [
      [2, 0],
      [4, 4],
      [6, 20],
      [8, 84],
      [12, 340],
      [32, 4436],
    ] as const
    const range = ranges.findLastIndex(([, least]) => size >= least)
    for (let i = 0; i < 5; i++) {
      if (i < range) put(1)
      else if (i === range) put(0)
    }
    const [bits, least] = ranges[range]!
    for (let i = bits - 1; i >= 0; i--) put(Math.floor((size - least) / 2 ** i) % 2)
  }

  /** Annex A.3. */
  symbol(value: number, bits: number): void {
    let before = 1
    for (let i = bits - 1; i >= 0; i--) {
      const bit = (value >> i) & 1
      this.bit(`ID ${before}`, bit)
      before = before * 2 + bit
    }
  }
}

export type Pair = readonly [x: number, y: number]

/** Figures 3 to 6 by their fixed pixels; adaptive ones come behind. */
const FIXED: readonly (readonly Pair[])[] = [
  [...line(-2, -1, 1), ...line(-1, -2, 2), ...line(0, -4, -1)],
  [...line(-2, -1, 2), ...line(-1, -2, 2), ...line(0, -3, -1)],
  [...line(-2, -1, 1), ...line(-1, -2, 1), ...line(0, -2, -1)],
  [...line(-1, -3, 1), ...line(0, -4, -1)],
]

function line(y: number, from: number, to: number): Pair[] {
  return Array.from({ length: to - from + 1 }, (_, i) => [from + i, y] as const)
}

/** The usual places of adaptive pixels, by template. */
export const USUAL: readonly (readonly Pair[])[] = [
  [
    [3, -1],
    [-3, -1],
    [2, -2],
    [-2, -2],
  ],
  [[3, -1]],
  [[2, -1]],
  [[2, -1]],
]

/** Figures 8 to 11: the fixed pixels and the adaptive ones when a row says whether it is like the one above. */
const LIKE = ['001 11001 0101 0011', '0011 11001 101 0', '001 1100 01 1', '01100 0101 1'].map(
  (text) => text.replaceAll(' ', ''),
)

export interface Generic {
  readonly template: number
  readonly adaptive?: readonly Pair[]
  readonly typical?: boolean
  /** Not coded. */
  readonly skip?: Rows
}

/** 6.2.5. */
export function encodeGeneric(encoder: ArithmeticEncoder, rows: Rows, generic: Generic): void {
  const { template, adaptive = USUAL[template]!, typical = false, skip } = generic
  const places = [...FIXED[template]!, ...adaptive]
  let like = false
  for (const [y, row] of rows.entries()) {
    if (typical) {
      const same = row.every((bit, x) => bit === at(rows, x, y - 1))
      encoder.bit(`G ${LIKE[template]!}`, same === like ? 0 : 1)
      like = same
      if (same) continue
    }
    for (const [x, bit] of row.entries()) {
      const context = places.map(([dx, dy]) => at(rows, x + dx, y + dy)).join('')
      if (skip?.[y]?.[x] !== 1) encoder.bit(`G ${context}`, bit)
    }
  }
}

const NINE: readonly Pair[] = [...line(-1, -1, 1), ...line(0, -1, 1), ...line(1, -1, 1)]

/** 6.3.5. `left` and `top` are where the reference lies. */
export function encodeRefinement(
  encoder: ArithmeticEncoder,
  rows: Rows,
  reference: Rows,
  options: {
    readonly template: number
    readonly left?: number
    readonly top?: number
    readonly typical?: boolean
    readonly adaptive?: readonly Pair[]
  },
): void {
  const { template, left = 0, top = 0, typical = false } = options
  const [first, second] = options.adaptive ?? [
    [-1, -1],
    [-1, -1],
  ]
  const own: readonly Pair[] =
    template === 0
      ? [first!, [0, -1], [1, -1], [-1, 0]]
      : [
          [-1, -1],
          [0, -1],
          [1, -1],
          [-1, 0],
        ]
  const theirs: readonly Pair[] =
    template === 0
      ? [second!, ...NINE.slice(1)]
      : NINE.filter(([x, y]) => x === 0 || y === 0 || (x === 1 && y === 1))
  const middle = [...own.map(() => 0), ...theirs.map(([x, y]) => (x === 0 && y === 0 ? 1 : 0))]
  // The second adaptive pixel may lie anywhere; in the figure it is white.
  if (template === 0) middle[4] = 0
  let before = false
  for (const [y, row] of rows.entries()) {
    const around = (x: number): number[] =>
      NINE.map(([dx, dy]) => at(reference, x - left + dx, y - top + dy))
    const agrees = (x: number): boolean => new Set(around(x)).size === 1
    const isTypical = typical && row.every((bit, x) => !agrees(x) || bit === around(x)[0])
    if (typical) encoder.bit(`R ${middle.join('')}`, isTypical === before ? 0 : 1)
    before = isTypical
    for (const [x, bit] of row.entries()) {
      if (isTypical && agrees(x)) continue
      const context = [
        ...own.map(([dx, dy]) => at(rows, x + dx, y + dy)),
        ...theirs.map(([dx, dy]) => at(reference, x - left + dx, y - top + dy)),
      ]
      encoder.bit(`R ${context.join('')}`, bit)
    }
  }
}

export function u16(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff]
}

export function u32(value: number): number[] {
  return [...u16(value >>> 16), ...u16(value)]
}

/** 7.2. */
export function segment(
  number: number,
  type: number,
  data: readonly number[] | Uint8Array,
  refers: readonly number[] = [],
): Buffer {
  const head = [...u32(number), type, refers.length << 5, ...refers, 1, ...u32(data.length)]
  return Buffer.concat([Buffer.from(head), Buffer.from(data)])
}

/** 7.4.8. */
export function pageSegment(width: number, height: number, flags = 0): Buffer {
  return segment(0, 48, [...u32(width), ...u32(height), ...u32(0), ...u32(0), flags, ...u16(0)])
}

/** 7.4.1. */
export function regionHead(
  width: number,
  height: number,
  left = 0,
  top = 0,
  operator = 0,
): number[] {
  return [...u32(width), ...u32(height), ...u32(left), ...u32(top), operator]
}

export function pairs(places: readonly Pair[]): number[] {
  return places.flat().map((each) => each & 0xff)
}

/** A generic region of the whole page. */
export function genericSegment(number: number, rows: Rows, generic: Generic, type = 38): Buffer {
  const encoder = new ArithmeticEncoder()
  encodeGeneric(encoder, rows, generic)
  const { template, typical = false, adaptive = USUAL[template]! } = generic
  const flags = (template << 1) | (typical ? 8 : 0)
  const head = regionHead(rows[0]!.length, rows.length)
  return segment(number, type, [...head, flags, ...pairs(adaptive), ...encoder.finish()])
}

/** A dictionary of symbols by arithmetic coding (6.5), all of them new and all exported. */
export function symbolSegment(
  number: number,
  symbols: readonly Rows[],
  template = 0,
  exported = symbols.length,
): Buffer {
  const encoder = new ArithmeticEncoder()
  const heights = [...new Set(symbols.map((rows) => rows.length))].toSorted((a, b) => a - b)
  const sorted = heights.map((height) => symbols.filter((rows) => rows.length === height))
  let before = 0
  for (const rank of sorted) {
    encoder.integer('DH', rank[0]!.length - before)
    before = rank[0]!.length
    let width = 0
    for (const rows of rank) {
      encoder.integer('DW', rows[0]!.length - width)
      width = rows[0]!.length
      encodeGeneric(encoder, rows, { template })
    }
    encoder.integer('DW', undefined)
  }
  encoder.integer('EX', 0)
  encoder.integer('EX', symbols.length)
  const counts = [...u32(exported), ...u32(symbols.length)]
  const flags = u16(template << 10)
  return segment(number, 0, [...flags, ...pairs(USUAL[template]!), ...counts, ...encoder.finish()])
}

export interface Placed {
  /** Index, and place of the corner along and across the line. */
  readonly symbol: number
  readonly along: number
  readonly across: number
  /** What it becomes, when it is changed. */
  readonly refined?: Rows
}

export interface Text {
  readonly symbols: readonly Rows[]
  readonly placed: readonly Placed[]
  readonly corner?: number
  readonly transposed?: boolean
  readonly operator?: number
  readonly refines?: boolean
  readonly template?: number
  readonly instances?: number
}

/** A text region by arithmetic coding (6.4): one strip for each place across, in order. */
export function textSegment(
  number: number,
  refers: readonly number[],
  size: Pair,
  text: Text,
): Buffer {
  const { symbols, placed, corner = 1, transposed = false, operator = 0, template = 0 } = text
  const refines = text.refines ?? false
  const encoder = new ArithmeticEncoder()
  let bits = 0
  while (1 << bits < symbols.length) bits++
  encoder.integer('DT', 0)
  let [strip, first] = [0, 0]
  for (const across of [...new Set(placed.map((each) => each.across))].toSorted((a, b) => a - b)) {
    encoder.integer('DT', across - strip)
    strip = across
    let end: number | undefined
    for (const each of placed.filter((one) => one.across === across)) {
      const rows = each.refined ?? symbols[each.symbol]!
      const extent = (transposed ? rows.length : rows[0]!.length) - 1
      // The far corners are named by where the symbol ends.
      const far = transposed ? corner === 0 || corner === 2 : corner > 1
      const along = far ? each.along - extent : each.along
      if (end === undefined) encoder.integer('FS', along - first)
      else encoder.integer('DS', along - end)
      if (end === undefined) first = along
      end = along + extent
      encoder.symbol(each.symbol, bits)
      if (refines) encodeInstance(encoder, symbols[each.symbol]!, each.refined, template)
    }
    encoder.integer('DS', undefined)
  }
  const flags =
    (refines ? 2 : 0) | (corner << 4) | (transposed ? 0x40 : 0) | (operator << 7) | (template << 15)
  const adaptive = refines && template === 0 ? [-1, -1, -1, -1].map((each) => each & 0xff) : []
  const count = u32(text.instances ?? placed.length)
  const head = [...regionHead(...size), ...u16(flags), ...adaptive, ...count]
  return segment(number, 6, [...head, ...encoder.finish()], refers)
}

function encodeInstance(
  encoder: ArithmeticEncoder,
  symbol: Rows,
  refined: Rows | undefined,
  template: number,
): void {
  encoder.integer('RI', refined ? 1 : 0)
  if (!refined) return
  const wider = refined[0]!.length - symbol[0]!.length
  const higher = refined.length - symbol.length
  encoder.integer('RDW', wider)
  encoder.integer('RDH', higher)
  encoder.integer('RDX', 0)
  encoder.integer('RDY', 0)
  const [left, top] = [Math.floor(wider / 2), Math.floor(higher / 2)]
  encodeRefinement(encoder, refined, symbol, { template, left, top })
}

/** Patterns side by side (6.7). */
export function patternSegment(number: number, patterns: readonly Rows[], template = 0): Buffer {
  const encoder = new ArithmeticEncoder()
  const height = patterns[0]!.length
  const width = patterns[0]![0]!.length
  const all = Array.from({ length: height }, (_, y) => patterns.flatMap((rows) => rows[y]!))
  const adaptive = [[-width, 0] as const, ...USUAL[template]!.slice(1)]
  encodeGeneric(encoder, all, { template, adaptive })
  const head = [template << 1, width, height, ...u32(patterns.length - 1)]
  return segment(number, 16, [...head, ...encoder.finish()])
}

export interface Halftone {
  readonly values: Rows
  readonly planes: number
  readonly template?: number
  readonly grid?: Pair
  readonly vector?: Pair
  readonly skip?: Rows
  readonly operator?: number
}

/** Grey values on a grid (6.6). */
export function halftoneSegment(
  number: number,
  refers: readonly number[],
  size: Pair,
  halftone: Halftone,
): Buffer {
  const { values, planes, template = 0, grid = [0, 0], vector = [0, 0], skip } = halftone
  const encoder = new ArithmeticEncoder()
  const adaptive = [[template <= 1 ? 3 : 2, -1] as const, ...USUAL[template]!.slice(1)]
  for (let plane = planes - 1; plane >= 0; plane--) {
    const rows = values.map((row) =>
      row.map((value) => ((value >> plane) ^ (value >> (plane + 1))) & 1),
    )
    encodeGeneric(encoder, rows, { template, adaptive, ...(skip ? { skip } : {}) })
  }
  const flags = (template << 1) | (skip ? 8 : 0) | ((halftone.operator ?? 0) << 4)
  const head = [
    ...regionHead(...size),
    flags,
    ...u32(values[0]!.length),
    ...u32(values.length),
    ...u32(grid[0]),
    ...u32(grid[1]),
    ...u16(vector[0]),
    ...u16(vector[1]),
  ]
  return segment(number, 22, [...head, ...encoder.finish()], refers)
}

/** A string of 0, 1 and spaces, filled up to whole bytes at each `|`. */
export function bitsOf(text: string): number[] {
  return text.split('|').flatMap((part) => {
    const digits = part.replaceAll(/\s/gu, '')
    const bytes = digits.padEnd(Math.ceil(digits.length / 8) * 8, '0').match(/.{8}/gu) ?? []
    return bytes.map((byte) => Number.parseInt(byte, 2))
  })
}
