/** A device-independent bitmap between reading and writing (Microsoft, "Bitmap Storage" and BITMAPV5HEADER). */

/** Depths that are written; what comes with 2, 16 or other bits is widened to one of these. */
export type Depth = 1 | 4 | 8 | 24 | 32

export interface Bitmap {
  readonly width: number
  readonly height: number
  /** 32 only with an alpha that says something; its byte is the fourth of each pixel. */
  readonly depth: Depth
  /** Blue, green, red and 0 for each of the 2^depth entries; present exactly up to depth 8. */
  readonly palette: Uint8Array | undefined
  /** Pixels per metre, or 0 and 0 when unknown. */
  readonly density: Density
  /** Rows from bottom to top, each `rowStride` bytes, spare bits and bytes 0. */
  readonly rows: Uint8Array
}

export interface Density {
  readonly x: number
  readonly y: number
}

/** Bytes of one row: whole groups of four. At most 2^33, so the product with a height is exact. */
export function rowStride(width: number, depth: number): number {
  return Math.ceil((width * depth) / 32) * 4
}
