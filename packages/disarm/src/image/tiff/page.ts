/** One page between reading and writing. */

/** Pixels per unit; unit 1 none, 2 inch, 3 centimetre. Numerators over a common 1,000, so that writing them loses nothing. */
export interface Resolution {
  readonly x: number
  readonly y: number
  readonly unit: number
}

interface Common {
  readonly width: number
  readonly height: number
  readonly orientation: number
  readonly resolution: Resolution | undefined
}

/** Samples as they are written: rows from top to bottom, packed, pixel after pixel, spare bits 0, low byte first. */
export interface Raster extends Common {
  readonly kind: 'raster'
  /** 0 to 3, 5 or 8. */
  readonly photometric: number
  /** 1, 2 or 4 with one sample; 8, 16 or 32. */
  readonly bits: number
  readonly samples: number
  /** 1 whole number, 2 with sign, 3 floating point. */
  readonly format: number
  /** 1 premultiplied, 2 not; the last sample. */
  readonly alpha: number | undefined
  /** All reds, greens and blues of 16 bits, low byte first. */
  readonly palette: Uint8Array | undefined
  readonly data: Uint8Array
}

/** A page that is one JPEG of the form of the disarm grammar. */
export interface JpegPage extends Common {
  readonly kind: 'jpeg'
  readonly photometric: number
  readonly samples: number
  /** Luma per chroma, with YCbCr. */
  readonly subsampling: readonly [number, number] | undefined
  readonly jpeg: Uint8Array
}

export type Page = Raster | JpegPage

export function rowBytes({
  width,
  bits,
  samples,
}: Pick<Raster, 'width' | 'bits' | 'samples'>): number {
  return Math.ceil((width * bits * samples) / 8)
}
