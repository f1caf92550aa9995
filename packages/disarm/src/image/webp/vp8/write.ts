import { refuse } from '../../../family.ts'
import { BoolEncoder } from './bool-encoder.ts'
import { EACH_BLOCK } from './picture.ts'
import type { Header, LoopFilter, Macroblocks, Segment, Vp8Picture } from './picture.ts'
import { bestProbabilities, newBranchCounts, probabilityOf } from './statistics.ts'
import {
  DEFAULT_PROBABILITIES,
  SUBBLOCK_MODES,
  SUBBLOCK_PROBABILITIES,
  SUBBLOCK_TREE,
  UPDATE_PROBABILITIES,
} from './tables.ts'
import { CountingSink, WritingSink, writeTokens } from './write-tokens.ts'

/** The length of the first partition has nineteen bits. */
const MAX_FIRST_PARTITION = 2 ** 19 - 1

/** The data of a `VP8 ` chunk in the form of the grammar: every probability follows from the symbols themselves. */
export function encodeVp8(picture: Vp8Picture): Uint8Array {
  const counts = newBranchCounts()
  writeTokens(picture, new CountingSink(counts))
  const probabilities = bestProbabilities(counts)
  const first = firstPartition(picture, probabilities)
  if (first.length > MAX_FIRST_PARTITION) refuse('IMG-BOMB')
  const tokens = new BoolEncoder()
  writeTokens(picture, new WritingSink(tokens, probabilities))
  return Buffer.concat([frameTag(picture.header, first.length), first, tokens.finish()])
}

function frameTag({ width, height, filter }: Header, length: number): Uint8Array {
  const tag = Buffer.alloc(10)
  tag.writeUIntLE((length << 5) | 0x10 | (filter.simple ? 2 : 0), 0, 3)
  tag.set([0x9d, 0x01, 0x2a], 3)
  tag.writeUInt16LE(width, 6)
  tag.writeUInt16LE(height, 8)
  return tag
}

function firstPartition({ header, macroblocks }: Vp8Picture, tokens: Uint8Array): Uint8Array {
  const encoder = new BoolEncoder()
  encoder.literal(0, 2)
  const tree = header.segments && segmentTree(macroblocks.segments)
  encoder.flag(header.segments !== undefined)
  if (header.segments) writeSegments(encoder, header.segments, tree!)
  writeFilter(encoder, header.filter)
  encoder.literal(0, 2)
  encoder.literal(header.quantizers.base, 7)
  for (const delta of header.quantizers.deltas) encoder.optional(delta, 4)
  encoder.flag(false)
  writeProbabilities(encoder, tokens)
  const skip = skipProbability(macroblocks.coded)
  encoder.flag(skip !== undefined)
  if (skip !== undefined) encoder.literal(skip, 8)
  new ModeWriter(encoder, macroblocks, tree, skip).write()
  return encoder.finish()
}

function writeSegments(
  encoder: BoolEncoder,
  segments: readonly Segment[],
  tree: readonly number[],
): void {
  encoder.literal(0b111, 3)
  for (const { quantizer } of segments) encoder.optional(quantizer, 7)
  for (const { filterLevel } of segments) encoder.optional(filterLevel, 6)
  for (const probability of tree) {
    encoder.flag(probability !== 255)
    if (probability !== 255) encoder.literal(probability, 8)
  }
}

function writeFilter(encoder: BoolEncoder, filter: LoopFilter): void {
  const { referenceDelta, modeDelta } = filter
  encoder.flag(filter.simple)
  encoder.literal(filter.level, 6)
  encoder.literal(filter.sharpness, 3)
  const adjusts = referenceDelta !== 0 || modeDelta !== 0
  encoder.flag(adjusts)
  if (!adjusts) return
  encoder.flag(true)
  for (const delta of [referenceDelta, 0, 0, 0, modeDelta, 0, 0, 0]) encoder.optional(delta, 6)
}

function writeProbabilities(encoder: BoolEncoder, tokens: Uint8Array): void {
  tokens.forEach((probability, i) => {
    const changes = probability !== DEFAULT_PROBABILITIES[i]
    encoder.bit(changes ? 1 : 0, UPDATE_PROBABILITIES[i]!)
    if (changes) encoder.literal(probability, 8)
  })
}

function segmentTree(segments: Uint8Array): readonly number[] {
  const counts = new Uint32Array(4)
  for (const segment of segments) counts[segment]!++
  const [a, b, c, d] = [...counts] as [number, number, number, number]
  return [probabilityOf(a + b, c + d), probabilityOf(a, b), probabilityOf(c, d)]
}

/** Undefined when every macroblock has coefficients: then none says so. */
function skipProbability(coded: Uint8Array): number | undefined {
  const full = coded.reduce((sum, one) => sum + one, 0)
  return full === coded.length ? undefined : probabilityOf(full, coded.length - full)
}

/** The choices of the macroblocks (RFC 6386 §11, §19.3). */
class ModeWriter {
  readonly #encoder: BoolEncoder
  readonly #macroblocks: Macroblocks
  readonly #tree: readonly number[] | undefined
  readonly #skip: number | undefined
  readonly #above: Uint8Array
  readonly #left = new Uint8Array(4)

  constructor(
    encoder: BoolEncoder,
    macroblocks: Macroblocks,
    tree: readonly number[] | undefined,
    skip: number | undefined,
  ) {
    this.#encoder = encoder
    this.#macroblocks = macroblocks
    this.#tree = tree
    this.#skip = skip
    this.#above = new Uint8Array(macroblocks.wide * 4)
  }

  write(): void {
    const { wide, high } = this.#macroblocks
    for (let y = 0, index = 0; y < high; y++) {
      this.#left.fill(0)
      for (let x = 0; x < wide; x++, index++) this.#writeOne(index, x)
    }
  }

  #writeOne(index: number, x: number): void {
    const { segments, coded, luma, chroma } = this.#macroblocks
    if (this.#tree) this.#writeSegment(segments[index]!, this.#tree)
    if (this.#skip !== undefined) this.#encoder.bit(coded[index] === 0 ? 1 : 0, this.#skip)
    this.#writeLuma(luma[index]!)
    this.#writeBlocks(index, x)
    this.#writeChroma(chroma[index]!)
  }

  #writeSegment(segment: number, tree: readonly number[]): void {
    this.#encoder.bit(segment >> 1, tree[0]!)
    this.#encoder.bit(segment & 1, tree[1 + (segment >> 1)]!)
  }

  #writeLuma(mode: number): void {
    this.#encoder.bit(mode === EACH_BLOCK ? 0 : 1, 145)
    if (mode === EACH_BLOCK) return
    this.#encoder.bit(mode & 1, 156)
    if (mode & 1) this.#encoder.bit(mode === 1 ? 1 : 0, 128)
    else this.#encoder.bit(mode === 2 ? 1 : 0, 163)
  }

  #writeChroma(mode: number): void {
    this.#encoder.bit(mode === 0 ? 0 : 1, 142)
    if (mode === 0) return
    this.#encoder.bit(mode === 2 ? 0 : 1, 114)
    if (mode !== 2) this.#encoder.bit(mode === 1 ? 1 : 0, 183)
  }

  #writeBlocks(index: number, x: number): void {
    const { luma, blocks } = this.#macroblocks
    const above = this.#above.subarray(x * 4, x * 4 + 4)
    if (luma[index] !== EACH_BLOCK) {
      above.fill(luma[index]!)
      this.#left.fill(luma[index]!)
      return
    }
    for (let i = 0; i < 16; i++) {
      const mode = blocks[index * 16 + i]!
      this.#writeBlock(mode, above[i & 3]!, this.#left[i >> 2]!)
      above[i & 3] = mode
      this.#left[i >> 2] = mode
    }
  }

  #writeBlock(mode: number, above: number, left: number): void {
    const from = (above * SUBBLOCK_MODES + left) * (SUBBLOCK_MODES - 1)
    for (const { node, bit } of PATHS[mode]!) {
      this.#encoder.bit(bit, SUBBLOCK_PROBABILITIES[from + node]!)
    }
  }
}

interface Step {
  readonly node: number
  readonly bit: number
}

/** The way through `SUBBLOCK_TREE` to each mode. */
const PATHS: readonly (readonly Step[])[] = Array.from({ length: SUBBLOCK_MODES }, (_, mode) =>
  pathTo(~mode),
)

function pathTo(target: number): readonly Step[] {
  if (target === 0) return []
  const at = SUBBLOCK_TREE.indexOf(target)
  const step = { node: at >> 1, bit: at & 1 }
  return [...pathTo(step.node), step]
}
