import { refuse } from '../../family.ts'
import { MAX_PIXELS } from '../limits.ts'
import { littleEndian16, littleEndian32, slice } from '../reading.ts'
import type { Density } from './bmp.ts'
import type { Masks } from './masks.ts'
import { DIRECT_MASKS, readMasks } from './masks.ts'

/** BI_ constants of wingdi.h that are read. BI_JPEG (4) and BI_PNG (5) would hand bytes to further decoders. */
export const COMPRESSION = { RGB: 0, RLE8: 1, RLE4: 2, BITFIELDS: 3, ALPHABITFIELDS: 6 } as const

export interface Header {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  /** 1, 2, 4, 8, 16, 24 or 32 as stored. */
  readonly bits: number
  readonly compression: number
  readonly density: Density
  /** For 16, 24 and 32 bits. */
  readonly masks: Masks | undefined
  /** Entries that biClrUsed promises, and the bytes of each. */
  readonly colors: number
  readonly colorBytes: 3 | 4
  /** Offset behind header and masks, where the colour table stands. */
  readonly end: number
  /** Where V4 and V5 say which colours are meant. */
  readonly colorSpace: ColorSpace
}

/** `file` is a profile inside, `link` the path of one somewhere else, e.g. on an attacker's file server. */
export type ColorSpace = 'plain' | 'file' | 'link'

const CORE = 12
const INFO = 40
const OS2_MAX = 64
const V2 = 52
const V3 = 56
const V4 = 108
const V5 = 124
const PROFILE_EMBEDDED = 0x4d424544
const PROFILE_LINKED = 0x4c494e4b
/** 25,400 dots per inch; more is no resolution but a place to hide 62 bits. */
const MAX_PER_METRE = 1_000_000
const DEPTHS = [1, 2, 4, 8, 16, 24, 32]

/** True for the sizes of the seven headers known: OS/2 1 and 2, Windows 3, its two Adobe extensions, 4 and 5. */
export function isHeaderSize(size: number): boolean {
  return size === CORE || (size >= 16 && size <= OS2_MAX) || size === V4 || size === V5
}

/** Reads the header at `at`. Refuses IMG-DECODE what is no bitmap, IMG-BOMB what is larger than any honest one. */
export function readHeader(bytes: Uint8Array, at: number): Header {
  const size = littleEndian32(bytes, at)
  if (!isHeaderSize(size)) refuse('IMG-DECODE')
  slice(bytes, at, size)
  const header = size === CORE ? coreHeader(bytes, at) : infoHeader(bytes, at, size)
  const { width, height, bits } = header
  if (width <= 0 || height <= 0 || !DEPTHS.includes(bits)) refuse('IMG-DECODE')
  if (width * height > MAX_PIXELS) refuse('IMG-BOMB')
  return header
}

/** BITMAPCOREHEADER of OS/2 1: 16-bit sizes, colour table of triples, nothing else. */
function coreHeader(bytes: Uint8Array, at: number): Header {
  const bits = littleEndian16(bytes, at + 10)
  return {
    width: littleEndian16(bytes, at + 4),
    height: littleEndian16(bytes, at + 6),
    topDown: false,
    bits,
    compression: COMPRESSION.RGB,
    density: { x: 0, y: 0 },
    masks: DIRECT_MASKS.get(bits),
    colors: 0,
    colorBytes: 3,
    end: at + CORE,
    colorSpace: 'plain',
  }
}

function infoHeader(bytes: Uint8Array, at: number, size: number): Header {
  const field = (offset: number) => (offset + 4 <= size ? littleEndian32(bytes, at + offset) : 0)
  const height = field(8) | 0
  const bits = littleEndian16(bytes, at + 14)
  const compression = checkCompression(field(16), bits, size)
  const isMasked =
    compression === COMPRESSION.BITFIELDS || compression === COMPRESSION.ALPHABITFIELDS
  const behind = isMasked && size < V2 ? (compression === COMPRESSION.BITFIELDS ? 12 : 16) : 0
  return {
    width: field(4) | 0,
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    compression,
    density: density(field(24), field(28)),
    masks: isMasked ? readMasks(bytes, at + INFO, hasAlpha(size, behind)) : DIRECT_MASKS.get(bits),
    colors: field(32),
    colorBytes: 4,
    end: at + size + behind,
    colorSpace: colorSpace(size >= V4 ? field(56) : 0),
  }
}

/** Behind a short header stand three masks or, with BI_ALPHABITFIELDS, four; a header from version 3 on has four. */
function hasAlpha(size: number, behind: number): boolean {
  return behind === 16 || (behind === 0 && size >= V3)
}

/** A compression must fit the depth. In OS/2 2 the number 3 means Huffman coding, with one bit per pixel. */
function checkCompression(compression: number, bits: number, size: number): number {
  const fits =
    compression === COMPRESSION.RGB ||
    (compression === COMPRESSION.RLE8 && bits === 8) ||
    (compression === COMPRESSION.RLE4 && bits === 4) ||
    (compression === COMPRESSION.BITFIELDS && (bits === 16 || bits === 32)) ||
    (compression === COMPRESSION.ALPHABITFIELDS && size <= V3 && (bits === 16 || bits === 32))
  return fits ? compression : refuse('IMG-DECODE')
}

function density(x: number, y: number): Density {
  const honest = x >= 1 && y >= 1 && x <= MAX_PER_METRE && y <= MAX_PER_METRE
  return honest ? { x, y } : { x: 0, y: 0 }
}

function colorSpace(type: number): ColorSpace {
  return type === PROFILE_LINKED ? 'link' : type === PROFILE_EMBEDDED ? 'file' : 'plain'
}
