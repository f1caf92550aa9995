/** A JPEG between reading and writing: its coefficients, never its entropy-coded bytes (ITU-T T.81). */
import type { HuffmanLookup } from './huffman-lookup.ts'

/** Marker codes, T.81 table B.1. */
export const MARKER = {
  SOF0: 0xc0,
  SOF1: 0xc1,
  SOF2: 0xc2,
  DHT: 0xc4,
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  DQT: 0xdb,
  DNL: 0xdc,
  DRI: 0xdd,
  APP0: 0xe0,
  APP1: 0xe1,
  APP2: 0xe2,
  APP14: 0xee,
  APP15: 0xef,
  COM: 0xfe,
} as const

export interface Component {
  /** Component identifier as in the input: readers guess the colour space from `R` `G` `B`. */
  readonly id: number
  /** Sampling factors, 1 to 4. */
  readonly h: number
  readonly v: number
  /** Number of the quantisation table in the input, 0 to 3. */
  readonly table: number
  /** Blocks that hold part of the picture. */
  readonly blocksWide: number
  readonly blocksHigh: number
  /** Blocks of one stored row: `blocksWide` filled up to whole MCUs. */
  readonly blocksPerLine: number
  /** Sixty-four coefficients per block in zigzag order, as coded; rows filled up to whole MCUs. */
  readonly coefficients: Int16Array
  /** Quantisation table in zigzag order, fixed when the first scan of the component begins. */
  quantization: Uint16Array | undefined
}

export interface Frame {
  readonly progressive: boolean
  readonly width: number
  readonly height: number
  readonly mcusWide: number
  readonly mcusHigh: number
  readonly components: readonly Component[]
}

/** JFIF density (T.871 §10.1): unit 0 none, 1 per inch, 2 per centimetre. */
export interface Density {
  readonly unit: number
  readonly x: number
  readonly y: number
}

export interface Jpeg {
  readonly frame: Frame
  /** Present when the input had a JFIF segment. */
  readonly density: Density | undefined
  /** Exif orientation 2 to 8; 1 when there is none. */
  readonly orientation: number
  /** Colour transform of the Adobe segment: 0 none, 1 YCbCr, 2 YCCK; absent when there is no such segment. */
  readonly adobeTransform: number | undefined
}

/** The parts of a scan header that entropy decoding needs. */
export interface Scan {
  readonly components: readonly ScanComponent[]
  /** First and last coefficient of the band, high and low bit of the approximation (progressive only). */
  readonly from: number
  readonly to: number
  readonly high: number
  readonly low: number
  /** MCUs between restart markers, 0 for none. */
  readonly restartInterval: number
}

export interface ScanComponent {
  readonly component: Component
  readonly dc: HuffmanLookup
  readonly ac: HuffmanLookup
}
