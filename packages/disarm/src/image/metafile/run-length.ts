import type { Rows } from './dib.ts'

/**
 * Expands BI_RLE8 and BI_RLE4 ([MS-WMF] 3.1.6) to plain rows. Pixels that are skipped stay 0. Runs that leave the bitmap are cut
 * off where it ends, as every reader must do that is not to be overrun.
 *
 * @returns undefined when the data is cut short in the middle of a run
 */
export function readRunLength(data: Uint8Array, shape: Rows): Uint8Array | undefined {
  const canvas = new Canvas(shape)
  for (let at = 0; at + 1 < data.length;) {
    const [count, value] = [data[at]!, data[at + 1]!]
    at += 2
    if (count > 0) canvas.run(count, value)
    else if (value === END_OF_BITMAP) break
    else if (value === END_OF_LINE) canvas.nextRow()
    else if (value === DELTA) {
      if (at + 1 >= data.length) return undefined
      canvas.skip(data[at]!, data[at + 1]!)
      at += 2
    } else {
      const bytes = Math.ceil((value * shape.bpp) / 8)
      if (at + bytes > data.length) return undefined
      canvas.literal(data.subarray(at, at + bytes), value)
      at += bytes + (bytes & 1)
    }
    if (canvas.full) break
  }
  return canvas.rows
}

const END_OF_LINE = 0
const END_OF_BITMAP = 1
const DELTA = 2

class Canvas {
  readonly rows: Uint8Array
  readonly #shape: Rows
  #x = 0
  #y = 0

  constructor(shape: Rows) {
    this.#shape = shape
    this.rows = new Uint8Array(shape.stride * shape.height)
  }

  get full(): boolean {
    return this.#y >= this.#shape.height
  }

  /** Of a run of four-bit pixels the two halves of the byte take turns. */
  run(count: number, value: number): void {
    for (let index = 0; index < count; index++) this.#put(this.#half(value, index))
  }

  literal(bytes: Uint8Array, count: number): void {
    const perByte = 8 / this.#shape.bpp
    for (let index = 0; index < count; index++) {
      this.#put(this.#half(bytes[Math.floor(index / perByte)] ?? 0, index))
    }
  }

  nextRow(): void {
    this.#x = 0
    this.#y++
  }

  skip(right: number, up: number): void {
    this.#x += right
    this.#y += up
  }

  #half(byte: number, index: number): number {
    if (this.#shape.bpp === 8) return byte
    return index & 1 ? byte & 15 : byte >> 4
  }

  #put(value: number): void {
    const { width, height, stride, bpp } = this.#shape
    const [x, y] = [this.#x++, this.#y]
    if (x >= width || y >= height) return
    const at = y * stride + (bpp === 8 ? x : x >> 1)
    this.rows[at] = bpp === 8 ? value : this.rows[at]! | (x & 1 ? value : value << 4)
  }
}
