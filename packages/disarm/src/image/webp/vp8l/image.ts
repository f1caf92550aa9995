import type { PrefixCode } from './prefix-code.ts'

/** Symbols of a group of five codes besides the colour cache: green or length, red, blue, alpha, distance. */
export const COLOURS = 256
export const LENGTHS = 24
export const DISTANCES = 40

/** What there is of each of the five codes of a group is kept in this order. */
export const [GREEN, RED, BLUE, ALPHA, DISTANCE] = [0, 1, 2, 3, 4] as const
export type Five<T> = readonly [T, T, T, T, T]

/** How often each symbol is used in each group. A group that nothing uses has no counts. */
export type SymbolCounts = readonly (Five<Uint32Array> | undefined)[]

/** The five codes by which a part of an image is coded (RFC 9649 §6.2). */
export interface Group {
  readonly green: PrefixCode
  readonly red: PrefixCode
  readonly blue: PrefixCode
  readonly alpha: PrefixCode
  readonly distance: PrefixCode
}

/** Which group codes which square of the image. */
export interface Tiles {
  /** Sides of a square: 2 to this power. */
  readonly bits: number
  readonly wide: number
  readonly groups: Uint16Array
  /** The image that says so. */
  readonly image: Image
}

/** An entropy-coded image before its symbols. */
export interface ImageHead {
  readonly width: number
  readonly height: number
  /** 0 for no colour cache. */
  readonly cacheBits: number
  readonly tiles: Tiles | undefined
  readonly groups: readonly Group[]
  /** Bit of the input at which the symbols begin. */
  readonly at: number
}

/** The symbols themselves are not kept: they are walked again for writing. */
export interface Image extends ImageHead {
  readonly counts: SymbolCounts
}

export const TRANSFORM = { predictor: 0, colour: 1, green: 2, palette: 3 } as const

export interface Transform {
  readonly type: number
  /** Size of squares less 2, or colours less 1, as written. */
  readonly size: number
  readonly image: Image | undefined
}

/** What stands behind the header of VP8L, and in a packed ALPH chunk. */
export interface Stream {
  readonly transforms: readonly Transform[]
  readonly image: Image
}

export function greenSymbols(cacheBits: number): number {
  return COLOURS + LENGTHS + (cacheBits > 0 ? 1 << cacheBits : 0)
}
