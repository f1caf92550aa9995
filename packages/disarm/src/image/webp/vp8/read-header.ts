import { refuse } from '../../../family.ts'
import type { BoolDecoder } from './bool-decoder.ts'
import type { Header, LoopFilter, Quantizers, Segment } from './picture.ts'
import { DEFAULT_PROBABILITIES, TOKEN_PROBABILITIES, UPDATE_PROBABILITIES } from './tables.ts'

/** What only decoding needs: which way this file coded its choices. */
export interface Coding {
  /** Probabilities of the tree of segments, when each macroblock names its own. */
  readonly segmentTree: readonly number[] | undefined
  readonly partitions: number
  readonly tokens: Uint8Array
  /** Probability that a macroblock has coefficients, when each says so. */
  readonly skip: number | undefined
}

interface Segmentation {
  readonly values: RawSegments | undefined
  readonly tree: readonly number[] | undefined
}

interface RawSegments {
  readonly absolute: boolean
  readonly quantizers: readonly number[]
  readonly filterLevels: readonly number[]
}

const FOUR = [0, 1, 2, 3] as const

/** Frame header of a key frame (RFC 6386 §9.2 to §9.11, §19.2), brought to one way of saying the same. */
export function readHeader(
  decoder: BoolDecoder,
  width: number,
  height: number,
): { readonly header: Header; readonly coding: Coding } {
  // Colour space and clamping: every reader takes YCbCr and clamps.
  decoder.literal(2)
  const { values, tree } = readSegmentation(decoder)
  const filter = readFilter(decoder)
  const partitions = 1 << decoder.literal(2)
  const quantizers = readQuantizers(decoder)
  // Whether later frames go on with these probabilities: there are none.
  decoder.flag()
  const tokens = readTokenProbabilities(decoder)
  const skip = decoder.flag() ? decoder.literal(8) : undefined
  const segments = values && resolved(values, quantizers.base, filter)
  return {
    header: { width, height, segments, ...tidied(filter, quantizers, segments) },
    coding: { segmentTree: tree, partitions, tokens, skip },
  }
}

/** §9.3. Without values readers disagree about what the segments mean. */
function readSegmentation(decoder: BoolDecoder): Segmentation {
  if (!decoder.flag()) return { values: undefined, tree: undefined }
  const hasMap = decoder.flag()
  if (!decoder.flag()) refuse('IMG-DECODE')
  const absolute = decoder.flag()
  const quantizers = FOUR.map(() => decoder.optional(7))
  const filterLevels = FOUR.map(() => decoder.optional(6))
  const tree = hasMap ? [0, 1, 2].map(() => (decoder.flag() ? decoder.literal(8) : 255)) : undefined
  return { values: { absolute, quantizers, filterLevels }, tree }
}

function readFilter(decoder: BoolDecoder): LoopFilter {
  const simple = decoder.flag()
  const level = decoder.literal(6)
  const sharpness = decoder.literal(3)
  const updates = decoder.flag() && decoder.flag()
  const deltas = updates ? [...FOUR, ...FOUR].map(() => decoder.optional(6)) : []
  return { simple, level, sharpness, referenceDelta: deltas[0] ?? 0, modeDelta: deltas[4] ?? 0 }
}

function readQuantizers(decoder: BoolDecoder): Quantizers {
  const base = decoder.literal(7)
  return { base, deltas: Array.from({ length: 5 }, () => decoder.optional(4)) }
}

function readTokenProbabilities(decoder: BoolDecoder): Uint8Array {
  const tokens = DEFAULT_PROBABILITIES.slice()
  for (let i = 0; i < TOKEN_PROBABILITIES; i++) {
    if (decoder.bit(UPDATE_PROBABILITIES[i]!) === 1) tokens[i] = decoder.literal(8)
  }
  return tokens
}

function resolved(raw: RawSegments, quantizer: number, filter: LoopFilter): readonly Segment[] {
  return FOUR.map((i) => ({
    quantizer: within(raw.quantizers[i]! + (raw.absolute ? 0 : quantizer), 127),
    filterLevel:
      filter.level === 0 ? 0 : within(raw.filterLevels[i]! + (raw.absolute ? 0 : filter.level), 63),
  }))
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value))
}

const OFF: LoopFilter = {
  simple: false,
  level: 0,
  sharpness: 0,
  referenceDelta: 0,
  modeDelta: 0,
}

/** What nothing reads is 0: a filter that is off, and values of the frame where segments have their own. */
function tidied(
  filter: LoopFilter,
  quantizers: Quantizers,
  segments: readonly Segment[] | undefined,
): Pick<Header, 'filter' | 'quantizers'> {
  if (filter.level === 0) filter = OFF
  if (!segments) return { filter, quantizers }
  return {
    filter: { ...filter, level: Math.min(1, filter.level) },
    quantizers: { ...quantizers, base: 0 },
  }
}
