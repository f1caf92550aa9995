import { rowBytes } from './png.ts'
import { encodePng } from './write.ts'

/** Longest side of a placeholder in pixels: it is stretched by the document that shows it. */
const MAX_SIDE = 2_000
const GREYS = Uint8Array.of(0xe6, 0xe6, 0xe6, 0x8c, 0x8c, 0x8c)
/** The written form has 0 0 0 for an entry that no pixel uses: a box so small that it is all border. */
const BORDER_ONLY = Uint8Array.of(0, 0, 0, 0x8c, 0x8c, 0x8c)

/**
 * A grey box with a border and one diagonal, shown where a picture of a form we do not rebuild used to be.
 * Sizes that are not whole numbers from 1 to 2,000 are brought into that range.
 */
export function placeholderPng(width: number, height: number): Uint8Array {
  const size = { width: clampSide(width), height: clampSide(height) }
  const shape = { ...size, bitDepth: 1, colorType: 3 as const }
  const stride = rowBytes(shape, size.width)
  const data = new Uint8Array(stride * size.height)
  const drawn = new Set<number>()
  for (const [x, y] of lines(size.width, size.height)) {
    const at = y * stride + (x >> 3)
    data[at] = data[at]! | (0x80 >> (x & 7))
    drawn.add(y * size.width + x)
  }
  const palette = drawn.size === size.width * size.height ? BORDER_ONLY : GREYS
  return encodePng({ ...shape, palette, data })
}

function* lines(width: number, height: number): Generator<readonly [number, number]> {
  for (let x = 0; x < width; x++) yield* [[x, 0] as const, [x, height - 1] as const]
  for (let y = 0; y < height; y++) yield* [[0, y] as const, [width - 1, y] as const]
  const steps = Math.max(width, height)
  for (let i = 0; i < steps; i++) {
    yield [Math.floor((i * width) / steps), Math.floor((i * height) / steps)]
  }
}

function clampSide(side: number): number {
  if (!(side >= 1)) return 1
  return Math.min(MAX_SIDE, Math.floor(side))
}
