import type { BoolDecoder } from './bool-decoder.ts'
import { EACH_BLOCK } from './picture.ts'
import type { Macroblocks } from './picture.ts'
import type { Coding } from './read-header.ts'
import { SUBBLOCK_MODES, SUBBLOCK_PROBABILITIES, SUBBLOCK_TREE } from './tables.ts'

/** Modes of the blocks at the right edge to the left and at the lower edge above; DC outside of the picture (§11.3). */
export class ModeContext {
  readonly above: Uint8Array
  readonly left = new Uint8Array(4)

  constructor(wide: number) {
    this.above = new Uint8Array(wide * 4)
  }
}

/**
 * Reads the choices of macroblock `index` in column `x` into `macroblocks` (RFC 6386 §11, §19.3).
 * @returns true when the file says that it has no coefficients
 */
export function readModes(
  decoder: BoolDecoder,
  coding: Coding,
  context: ModeContext,
  macroblocks: Macroblocks,
  index: number,
  x: number,
): boolean {
  if (coding.segmentTree) macroblocks.segments[index] = readSegment(decoder, coding.segmentTree)
  const skipped = coding.skip !== undefined && decoder.bit(coding.skip) === 1
  const mode = decoder.bit(145) === 0 ? EACH_BLOCK : readLuma(decoder)
  macroblocks.luma[index] = mode
  const above = context.above.subarray(x * 4, x * 4 + 4)
  if (mode === EACH_BLOCK) {
    readBlocks(decoder, above, context.left, macroblocks.blocks.subarray(index * 16))
  } else {
    above.fill(mode)
    context.left.fill(mode)
  }
  macroblocks.chroma[index] = readChroma(decoder)
  return skipped
}

function readSegment(decoder: BoolDecoder, tree: readonly number[]): number {
  return decoder.bit(tree[0]!) === 0 ? decoder.bit(tree[1]!) : 2 + decoder.bit(tree[2]!)
}

/** DC 0, TM 1, V 2, H 3, as the modes of small blocks are numbered. */
function readLuma(decoder: BoolDecoder): number {
  if (decoder.bit(156) === 1) return decoder.bit(128) === 1 ? 1 : 3
  return decoder.bit(163) === 1 ? 2 : 0
}

function readChroma(decoder: BoolDecoder): number {
  if (decoder.bit(142) === 0) return 0
  if (decoder.bit(114) === 0) return 2
  return decoder.bit(183) === 1 ? 1 : 3
}

function readBlocks(
  decoder: BoolDecoder,
  above: Uint8Array,
  left: Uint8Array,
  modes: Uint8Array,
): void {
  for (let i = 0; i < 16; i++) {
    const mode = readBlock(decoder, above[i & 3]!, left[i >> 2]!)
    modes[i] = mode
    above[i & 3] = mode
    left[i >> 2] = mode
  }
}

function readBlock(decoder: BoolDecoder, above: number, left: number): number {
  const from = (above * SUBBLOCK_MODES + left) * (SUBBLOCK_MODES - 1)
  let node = 0
  do {
    node = SUBBLOCK_TREE[node * 2 + decoder.bit(SUBBLOCK_PROBABILITIES[from + node]!)]!
  } while (node > 0)
  return ~node
}
