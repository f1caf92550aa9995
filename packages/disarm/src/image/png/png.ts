/** A decoded picture as PNG sees it (W3C PNG, third edition). */

export const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n'

/** Grey, RGB, palette index, grey with alpha, RGBA (PNG §11.2.1, table 12). */
export type ColorType = 0 | 2 | 3 | 4 | 6

export interface PngHeader {
  readonly width: number
  readonly height: number
  readonly bitDepth: number
  readonly colorType: ColorType
}

export interface Png extends PngHeader {
  /** RGB triples, present exactly when `colorType` is 3. */
  readonly palette?: Uint8Array
  /** Content of tRNS: alpha per palette entry, or one transparent grey or RGB value. */
  readonly transparency?: Uint8Array
  /** Rows from top to bottom, each `rowBytes` long, packed as in PNG, unfiltered and without filter bytes. */
  readonly data: Uint8Array
}

const SAMPLES = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const
const DEPTHS = new Map<number, readonly number[]>([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
])

/** True for the fifteen combinations that PNG §11.2.1 permits. */
export function isColorType(colorType: number, bitDepth: number): colorType is ColorType {
  return DEPTHS.get(colorType)?.includes(bitDepth) ?? false
}

export function bitsPerPixel(header: Pick<PngHeader, 'colorType' | 'bitDepth'>): number {
  return SAMPLES[header.colorType] * header.bitDepth
}

/** Bytes of one packed row of `width` pixels, without its filter byte. */
export function rowBytes(header: Pick<PngHeader, 'colorType' | 'bitDepth'>, width: number): number {
  return Math.ceil((width * bitsPerPixel(header)) / 8)
}
