import { constants, inflateSync } from 'node:zlib'
import { refuse } from '../../family.ts'
import { decodeFax } from './fax.ts'
import type { FaxMode } from './fax.ts'
import { COMPRESSION } from './layout.ts'
import type { Layout, Segment } from './layout.ts'
import { decodeLzw } from './lzw.ts'
import { decodePackBits } from './pack-bits.ts'

/** A strip or tile without its compression. */
export interface Unpacked {
  readonly data: Uint8Array
  /** Bytes of `data` that came out of the file; the others are 0. */
  readonly written: number
  /** A fax line did not decode. */
  readonly damaged: boolean
}

/** Bytes that deflate may give beyond what was asked for: some writers fill up the last strip. */
const SURPLUS_BYTES = 1024 * 1024

/** Takes the compression of one strip or tile away; `size` is what its samples need. */
export function unpackSegment(
  bytes: Uint8Array,
  segment: Segment,
  size: number,
  layout: Layout,
): Unpacked {
  const stored = bytes.subarray(segment.at, segment.at + segment.size)
  const data = layout.reversedBits ? reversed(stored) : stored
  const mode = faxMode(layout)
  if (mode) return unpackFax(data, segment, mode)
  const target = new Uint8Array(size)
  const written = DECODERS.get(layout.compression)?.(data, target) ?? refuse('IMG-TIFF')
  return { data: target, written, damaged: false }
}

type Decoder = (data: Uint8Array, target: Uint8Array) => number

const DECODERS: ReadonlyMap<number, Decoder> = new Map([
  [COMPRESSION.none, copy],
  [COMPRESSION.lzw, decodeLzw],
  [COMPRESSION.packBits, decodePackBits],
  [COMPRESSION.deflate, inflate],
  [COMPRESSION.oldDeflate, inflate],
])

function copy(data: Uint8Array, target: Uint8Array): number {
  const part = data.subarray(0, target.length)
  target.set(part)
  return part.length
}

/** A stream that was cut off gives what it has; a broken one nothing; one that swells beyond its strip is IMG-BOMB. */
function inflate(data: Uint8Array, target: Uint8Array): number {
  try {
    const maxOutputLength = target.length + SURPLUS_BYTES
    const finishFlush = constants.Z_SYNC_FLUSH
    return copy(inflateSync(data, { maxOutputLength, finishFlush }), target)
  } catch (error) {
    const large = error instanceof RangeError && 'code' in error
    return large && error.code === 'ERR_BUFFER_TOO_LARGE' ? refuse('IMG-BOMB') : 0
  }
}

function faxMode({ compression, twoDimensional }: Layout): FaxMode | undefined {
  if (compression === COMPRESSION.huffman) return 'bytes'
  if (compression === COMPRESSION.huffmanWords) return 'words'
  if (compression === COMPRESSION.group4) return 'group4'
  if (compression !== COMPRESSION.group3) return undefined
  return twoDimensional ? 'mixed' : 'lines'
}

function unpackFax(data: Uint8Array, { width, height }: Segment, mode: FaxMode): Unpacked {
  const { rows, count, damaged } = decodeFax(data, width, height, mode)
  return { data: rows, written: count * ((width + 7) >> 3), damaged }
}

/** FillOrder 2: the low bit of each byte comes first, as in the chips of fax modems. */
function reversed(data: Uint8Array): Uint8Array {
  return Uint8Array.from(data, (byte) => REVERSED[byte]!)
}

const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let turned = 0
  for (let bit = 0; bit < 8; bit++) turned |= ((byte >> bit) & 1) << (7 - bit)
  return turned
})
