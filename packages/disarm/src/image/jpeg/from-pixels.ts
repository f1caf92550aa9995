/**
 * Pixels to a JPEG: forward DCT and quantisation (ITU-T T.81 annex A), for pages that were drawn and are photographs. Three components at
 * 4:4:4, so that coloured letters keep their edges.
 */
import type { Component, Frame } from './jpeg.ts'
import { encodeJpeg } from './write.ts'

/** @param rgb three bytes a pixel, row by row, `width * height * 3` of them */
export function jpegFromPixels(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const wide = Math.ceil(width / 8)
  const high = Math.ceil(height / 8)
  const components = [0, 1, 2].map((channel): Component => {
    const quantization = channel === 0 ? LUMA : CHROMA
    return {
      id: channel + 1,
      h: 1,
      v: 1,
      table: channel === 0 ? 0 : 1,
      blocksWide: wide,
      blocksHigh: high,
      blocksPerLine: wide,
      coefficients: coefficientsOf({ rgb, width, height, channel }, wide, high, quantization),
      quantization,
    }
  })
  const frame: Frame = {
    progressive: false,
    width,
    height,
    mcusWide: wide,
    mcusHigh: high,
    components,
  }
  return encodeJpeg({
    frame,
    density: { unit: 0, x: 1, y: 1 },
    orientation: 1,
    adobeTransform: undefined,
  })
}

interface Plane {
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
  /** 0 Y, 1 Cb, 2 Cr. */
  readonly channel: number
}

function coefficientsOf(
  plane: Plane,
  wide: number,
  high: number,
  quantization: Uint16Array,
): Int16Array {
  const coefficients = new Int16Array(wide * high * 64)
  const block = new Float32Array(64)
  for (let row = 0; row < high; row++) {
    for (let column = 0; column < wide; column++) {
      fillBlock(plane, column * 8, row * 8, block)
      transform(block)
      const at = (row * wide + column) * 64
      for (let k = 0; k < 64; k++)
        coefficients[at + k] = Math.round(block[ZIGZAG[k]!]! / quantization[k]!)
    }
  }
  return coefficients
}

/** Weights of red, green and blue (T.871 §7) and the level shift, by channel. */
const WEIGHTS: readonly (readonly [number, number, number, number])[] = [
  [0.299, 0.587, 0.114, -128],
  [-0.168736, -0.331264, 0.5, 0],
  [0.5, -0.418688, -0.081312, 0],
]

/** Eight by eight samples; beyond the edge the last ones are repeated. */
function fillBlock(
  { rgb, width, height, channel }: Plane,
  x: number,
  y: number,
  block: Float32Array,
): void {
  const [red, green, blue, shift] = WEIGHTS[channel]!
  for (let i = 0; i < 64; i++) {
    const column = Math.min(width - 1, x + (i & 7))
    const row = Math.min(height - 1, y + (i >> 3))
    const at = (row * width + column) * 3
    block[i] = red * rgb[at]! + green * rgb[at + 1]! + blue * rgb[at + 2]! + shift
  }
}

/** T.81 A.3.3 by rows and columns, with a table of cosines. */
function transform(block: Float32Array): void {
  const line = new Float32Array(8)
  for (const [step, stride] of [
    [8, 1],
    [1, 8],
  ] as const) {
    for (let n = 0; n < 8; n++) {
      const start = n * step
      for (let u = 0; u < 8; u++) {
        let sum = 0
        for (let i = 0; i < 8; i++) sum += block[start + i * stride]! * COSINES[u * 8 + i]!
        line[u] = sum
      }
      for (let u = 0; u < 8; u++) block[start + u * stride] = line[u]!
    }
  }
}

const COSINES = Float32Array.from({ length: 64 }, (_, n) => {
  const u = n >> 3
  const scale = u === 0 ? Math.SQRT1_2 / 2 : 0.5
  return scale * Math.cos(((2 * (n & 7) + 1) * u * Math.PI) / 16)
})

/** Natural order of the coefficient at each zigzag place (T.81 figure A.6). */
const ZIGZAG = zigzag()

function zigzag(): Uint8Array {
  const order = Array.from({ length: 64 }, (_, n) => n)
  const diagonal = (n: number): number => (n >> 3) + (n & 7)
  // Odd diagonals run down, even ones up.
  return Uint8Array.from(
    order.toSorted(
      (a, b) =>
        diagonal(a) - diagonal(b) || (diagonal(a) % 2 === 1 ? 1 : -1) * ((a >> 3) - (b >> 3)),
    ),
  )
}

/** T.81 tables K.1 and K.2 in natural order, scaled to a quality at which letters stay crisp. */
const QUALITY_SCALE = 0.3
const LUMA_NATURAL = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
  92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]
const CHROMA_EDGE = [17, 18, 24, 47, 18, 21, 26, 66, 24, 26, 56, 99, 47, 66, 99, 99]
const LUMA = scaled((n) => LUMA_NATURAL[n]!)
const CHROMA = scaled((n) =>
  n >> 3 < 4 && (n & 7) < 4 ? CHROMA_EDGE[(n >> 3) * 4 + (n & 7)]! : 99,
)

function scaled(natural: (n: number) => number): Uint16Array {
  return Uint16Array.from(ZIGZAG, (n) =>
    Math.max(1, Math.min(255, Math.round(natural(n) * QUALITY_SCALE))),
  )
}
