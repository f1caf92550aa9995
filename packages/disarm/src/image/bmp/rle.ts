import type { Header } from './header.ts'
import { COMPRESSION } from './header.ts'

/** Palette indices, one byte each, rows in stored order; what the runs leave out is 0. */
export interface Runs {
  readonly indices: Uint8Array
  /** Bytes of `data` that were used. */
  readonly bytesRead: number
  /** Rows that were reached. */
  readonly rows: number
}

const END_OF_LINE = 0
const END_OF_BITMAP = 1
const DELTA = 2

/**
 * Decodes RLE4 and RLE8 (Microsoft, "Bitmap Compression"). Runs beyond the end of a row are cut off, as readers do; some
 * have written them beyond their buffers. Every step uses at least two bytes and paints at most one row.
 */
export function decodeRuns(data: Uint8Array, { width, height, compression }: Header): Runs {
  const painter = new Painter(width, height, compression === COMPRESSION.RLE4)
  let at = 0
  while (at + 1 < data.length && !painter.done) {
    const count = data[at]!
    const value = data[at + 1]!
    at += 2
    if (count > 0) painter.run(count, value)
    else if (value === END_OF_LINE) painter.nextLine()
    else if (value === END_OF_BITMAP) painter.finish()
    else if (value === DELTA) {
      painter.move(data[at] ?? 0, data[at + 1] ?? 0)
      at += 2
    } else at += painter.literal(data, at, value)
  }
  return {
    indices: painter.indices,
    bytesRead: Math.min(at, data.length),
    rows: painter.rows,
  }
}

class Painter {
  readonly indices: Uint8Array
  done = false
  readonly #width: number
  readonly #height: number
  readonly #nibbles: boolean
  #x = 0
  #y = 0

  constructor(width: number, height: number, nibbles: boolean) {
    this.#width = width
    this.#height = height
    this.#nibbles = nibbles
    this.indices = new Uint8Array(width * height)
  }

  get rows(): number {
    return this.done ? this.#height : Math.min(this.#height, this.#y + (this.#x > 0 ? 1 : 0))
  }

  run(count: number, value: number): void {
    const end = Math.min(this.#width, this.#x + count)
    const from = this.#y * this.#width
    if (this.#nibbles) {
      for (let x = this.#x, i = 0; x < end; x++, i++) {
        this.indices[from + x] = i & 1 ? value & 15 : value >> 4
      }
    } else this.indices.fill(value, from + this.#x, from + end)
    this.#x = end
  }

  /** Returns how many bytes it took: whole pairs. */
  literal(data: Uint8Array, at: number, count: number): number {
    const from = this.#y * this.#width
    const end = Math.min(this.#width, this.#x + count)
    for (let x = this.#x, i = 0; x < end; x++, i++) {
      const byte = data[at + (this.#nibbles ? i >> 1 : i)] ?? 0
      this.indices[from + x] = !this.#nibbles ? byte : i & 1 ? byte & 15 : byte >> 4
    }
    this.#x = end
    const bytes = this.#nibbles ? (count + 1) >> 1 : count
    return (bytes + 1) & ~1
  }

  nextLine(): void {
    this.#x = 0
    this.#y++
    if (this.#y >= this.#height) this.done = true
  }

  move(right: number, up: number): void {
    this.#x = Math.min(this.#width, this.#x + right)
    this.#y += up
    if (this.#y >= this.#height) this.done = true
  }

  finish(): void {
    this.done = true
  }
}
