/** For tests only: WebP files, and hostile ones, by code that shares nothing with the writer under test. */
import { BAND, TOKEN_DEFAULTS, TOKEN_STAYS } from '../../../verify/vp8-tables.ts'

export type ChunkSpecimen = readonly [type: string, data: Uint8Array]

export function webpSpecimen(
  chunks: readonly ChunkSpecimen[],
  trailing: Uint8Array = new Uint8Array(0),
): Buffer {
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks.map(chunkSpecimen)])
  return Buffer.concat([chunkSpecimen(['RIFF', body]), trailing])
}

export function chunkSpecimen([type, data]: ChunkSpecimen): Buffer {
  const size = Buffer.alloc(4)
  size.writeUInt32LE(data.length)
  return Buffer.concat([Buffer.from(type, 'latin1'), size, data, Buffer.alloc(data.length & 1)])
}

/** Chunks of a file as they stand in it. */
export function chunksOf(webp: Uint8Array): ChunkSpecimen[] {
  const bytes = Buffer.from(webp)
  const chunks: ChunkSpecimen[] = []
  for (let at = 12; at < bytes.length;) {
    const size = bytes.readUInt32LE(at + 4)
    chunks.push([bytes.toString('latin1', at, at + 4), bytes.subarray(at + 8, at + 8 + size)])
    at += 8 + size + (size & 1)
  }
  return chunks
}

/** `VP8X` data: flags, and sides of the canvas. */
export function canvasSpecimen(flags: number, width: number, height: number): Buffer {
  return littleEndian([flags, 4], [width - 1, 3], [height - 1, 3])
}

/** `ANMF` data of a frame that fills the canvas. */
export function stepSpecimen(
  width: number,
  height: number,
  chunks: readonly ChunkSpecimen[],
): Buffer {
  const head = littleEndian([0, 6], [width - 1, 3], [height - 1, 3], [40, 3], [0, 1])
  return Buffer.concat([head, ...chunks.map(chunkSpecimen)])
}

function littleEndian(...numbers: readonly (readonly [value: number, bytes: number])[]): Buffer {
  return Buffer.concat(
    numbers.map(([value, bytes]) => {
      const buffer = Buffer.alloc(bytes)
      buffer.writeUIntLE(value, 0, bytes)
      return buffer
    }),
  )
}

/** Bits from the lowest of each byte: each row is a number and how many bits it takes. */
export function bitsSpecimen(rows: readonly (readonly [value: number, bits: number])[]): Buffer {
  const text = rows
    .map(([value, bits]) => (bits === 0 ? '' : value.toString(2).padStart(bits, '0')))
    .toReversed()
    .join('')
  const padded = text.padStart(Math.ceil(text.length / 8) * 8, '0')
  const bytes = (padded.match(/.{8}/gu) ?? []).toReversed()
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)))
}

export type BitRows = (readonly [value: number, bits: number])[]

/** A code of one symbol below 256. */
export function singleCode(symbol: number): BitRows {
  return [[1, 1], [0, 1], symbol > 1 ? [1, 1] : [0, 1], [symbol, symbol > 1 ? 8 : 1]]
}

export interface LosslessSpecimen {
  readonly width: number
  readonly height: number
  /** What stands between the header and the symbols: no transform, no cache, no groups, five codes; unless told. */
  readonly before?: BitRows
  readonly symbols?: BitRows
}

/** `VP8L` data. Unless told otherwise every pixel is the same, and takes no bits. */
export function losslessSpecimen(specimen: LosslessSpecimen): Buffer {
  const { width, height, before = PLAIN, symbols = [] } = specimen
  return bitsSpecimen([
    [0x2f, 8],
    [width - 1, 14],
    [height - 1, 14],
    [0, 1],
    [0, 3],
    ...before,
    ...symbols,
  ])
}

/** No transform, no colour cache, no groups. */
export const NO_OPTIONS: BitRows = [
  [0, 1],
  [0, 1],
  [0, 1],
]
const PLAIN: BitRows = [...NO_OPTIONS, ...[1, 2, 3, 255, 0].flatMap(singleCode)]

/** A code by the lengths of its words, each written out: the code of lengths has sixteen words of four bits. */
export function lengthsCode(lengths: readonly number[]): BitRows {
  const order = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
  return [
    [0, 1],
    [15, 4],
    ...order.map((symbol) => [symbol < 16 ? 4 : 0, 3] as const),
    [0, 1],
    ...lengths.map((length) => [turned(length), 4] as const),
  ]
}

function turned(four: number): number {
  return ((four & 1) << 3) | ((four & 2) << 1) | ((four & 4) >> 1) | ((four & 8) >> 3)
}

/** RFC 6386 §7.2 with one number as long as it gets. */
class Arithmetic {
  #low = 0n
  #range = 255
  #shifted = 0

  put(bit: number, chance: number): this {
    const split = 1 + (((this.#range - 1) * chance) >> 8)
    if (bit === 1) this.#low += BigInt(split)
    this.#range = bit === 1 ? this.#range - split : split
    for (; this.#range < 128; this.#range *= 2, this.#shifted++) this.#low *= 2n
    return this
  }

  number(value: number, bits: number): this {
    for (let i = bits - 1; i >= 0; i--) this.put((value >> i) & 1, 128)
    return this
  }

  /** A flag and a number with its sign: always, as if nobody counted bits, or only when it is not 0. */
  signed(value: number, bits: number, careful: boolean): this {
    if (careful && value === 0) return this.number(0, 1)
    return this.number(1, 1)
      .number(Math.abs(value), bits)
      .number(value < 0 ? 1 : 0, 1)
  }

  finish(): Buffer {
    const bits = Math.ceil((this.#shifted + 8) / 8) * 8
    const padded = this.#low << BigInt(bits - 8 - this.#shifted)
    return Buffer.from(padded.toString(16).padStart(bits / 4, '0'), 'hex')
  }
}

export interface LossySpecimen {
  /** What each macroblock of the one row has for coefficients. */
  readonly row: readonly ('skipped' | 'empty' | 'one' | 'zeros')[]
  readonly segments?: {
    readonly absolute: boolean
    readonly quantizers: readonly number[]
    readonly levels: readonly number[]
    /** The segment of each macroblock. */
    readonly of: readonly number[]
  }
  readonly quantizer?: number
  readonly filterLevel?: number
  readonly sharpness?: number
  /** Token partitions are 2 to this power. */
  readonly partitions?: number
  readonly version?: number
  /** In the two bits above each side. */
  readonly scale?: number
  /** Colour space and clamping. */
  readonly kind?: number
  readonly trailing?: Uint8Array
  /** Written as the grammar asks, but for what else is said here. */
  readonly careful?: boolean
  /** Chance that a macroblock is not skipped. */
  readonly skip?: number
  /** A token chance that is changed: its number, and what it becomes. */
  readonly chance?: readonly [index: number, value: number]
}

/** `VP8 ` data: a row of macroblocks in DC mode, coded without any care unless asked for. */
export function lossySpecimen(specimen: LossySpecimen): Buffer {
  const first = firstPartition(specimen)
  const scale = specimen.scale ?? 0
  const tag = (first.length << 5) | 0x10 | ((specimen.version ?? 0) << 1)
  const head = littleEndian(
    [tag, 3],
    [0x2a019d, 3],
    [16 * specimen.row.length + scale * 0x4000, 2],
    [16 + scale * 0x4000, 2],
  )
  const parts = 1 << (specimen.partitions ?? 0)
  const tokens = tokenPartition(specimen)
  // One row of macroblocks: only the first partition is used.
  const sizes = Array.from({ length: parts - 1 }, (_, i) =>
    littleEndian([i === 0 ? tokens.length : 0, 3]),
  )
  return Buffer.concat([head, first, ...sizes, tokens, specimen.trailing ?? Buffer.alloc(0)])
}

function firstPartition(specimen: LossySpecimen): Buffer {
  const { quantizer = 20, filterLevel = 10, sharpness = 0, careful = false } = specimen
  const { segments, row } = specimen
  const full = row.filter((kind) => kind !== 'skipped').length
  const skip = specimen.skip ?? (careful ? fair(full, row.length - full) : 33)
  const out = new Arithmetic().number(specimen.kind ?? 0, 2).number(segments ? 1 : 0, 1)
  const tree = segments && careful ? fairTree(segments.of) : [77, 77, 77]
  if (segments) {
    out.number(0b11, 2).number(segments.absolute ? 1 : 0, 1)
    for (const value of segments.quantizers) out.signed(value, 7, careful)
    for (const value of segments.levels) out.signed(value, 6, careful)
    for (const chance of tree) {
      if (careful && chance === 255) out.number(0, 1)
      else out.number(1, 1).number(chance, 8)
    }
  }
  out.number(0, 1).number(filterLevel, 6).number(sharpness, 3).number(0, 1)
  out.number(specimen.partitions ?? 0, 2).number(quantizer, 7)
  for (let i = 0; i < 5; i++) out.signed(careful ? 0 : i - 2, 4, careful)
  out.number(careful ? 0 : 1, 1)
  for (const [i, stays] of TOKEN_STAYS.entries()) {
    const changed = specimen.chance?.[0] === i ? specimen.chance[1] : undefined
    out.put(changed === undefined ? 0 : 1, stays)
    if (changed !== undefined) out.number(changed, 8)
  }
  out.number(1, 1).number(skip, 8)
  for (const [i, kind] of row.entries()) {
    const segment = segments?.of[i] ?? 0
    if (segments) out.put(segment >> 1, tree[0]!).put(segment & 1, tree[1 + (segment >> 1)]!)
    out.put(kind === 'skipped' ? 1 : 0, skip)
    out.put(1, 145).put(0, 156).put(0, 163).put(0, 142)
  }
  return out.finish()
}

function fair(zeros: number, ones: number): number {
  const all = zeros + ones
  return all === 0 ? 255 : Math.max(1, Math.floor((255 * zeros + Math.floor(all / 2)) / all))
}

function fairTree(segments: readonly number[]): number[] {
  const [a, b, c, d] = [0, 1, 2, 3].map((each) => segments.filter((one) => one === each).length)
  return [fair(a! + b!, c! + d!), fair(a!, b!), fair(c!, d!)]
}

/** Contexts are 0 all along: what has tokens is followed only by what is skipped. */
function tokenPartition({ row, chance }: LossySpecimen): Buffer {
  const out = new Arithmetic()
  const branch = (bit: number, kind: number, place: number, context: number, node: number) => {
    const index = ((kind * 8 + BAND[place]!) * 3 + context) * 11 + node
    out.put(bit, chance?.[0] === index ? chance[1] : TOKEN_DEFAULTS[index]!)
  }
  for (const kind of row) {
    if (kind === 'skipped') continue
    if (kind === 'empty') branch(0, 1, 0, 0, 0)
    else branch(1, 1, 0, 0, 0)
    if (kind === 'one') {
      for (const [node, bit] of [1, 0].entries()) branch(bit, 1, 0, 0, node + 1)
      out.put(0, 128)
      branch(0, 1, 1, 1, 0)
    }
    if (kind === 'zeros') for (let place = 0; place < 16; place++) branch(0, 1, place, 0, 1)
    for (let i = 0; i < 16; i++) branch(0, 0, 1, 0, 0)
    for (let i = 0; i < 8; i++) branch(0, 2, 0, 0, 0)
  }
  return out.finish()
}
