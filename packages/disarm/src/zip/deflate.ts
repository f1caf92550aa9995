import { constants, crc32, deflateRawSync } from 'node:zlib'

/** Bytes of a member as they stand in a zip, in pieces; or the bytes themselves while they are few. */
export type Content = Uint8Array | PackedContent

/** Is written into one zip, once, which takes its memory over. */
export interface PackedContent {
  readonly packed: readonly Uint8Array[]
  readonly crc: number
  readonly size: number
}

/** A member of at most so many bytes is deflated as one; a longer one piece by piece, so that it is never held as a whole. */
export const PIECE = 1024 * 1024
/** zlib levels: the default for what is small; what is large is bound by it and packs nearly as well at a lower one. */
export const LEVEL = 4
const LEVEL_OF_LARGE = 2

/**
 * One member as a raw stream. A small one gets only the room and the window that it can use: most members of an Office file are small, and for each zlib
 * would otherwise clear and give back a quarter of a mebibyte. The stream is the same.
 */
export function deflated(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  const bits = Math.ceil(Math.log2(length + NEVER_LOOKED_AT))
  const windowBits = Math.min(MOST_WINDOW, Math.max(LEAST_WINDOW, bits))
  const chunkSize = Math.min(MOST_ROOM, length + LEAST_ROOM)
  return deflateRawSync(bytes, { level: LEVEL, windowBits, chunkSize })
}

/** Bytes at the far end of its window where zlib finds nothing (`MIN_LOOKAHEAD` of its deflate.h). */
const NEVER_LOOKED_AT = 262
/** Powers of two: what a deflate stream may look back (RFC 1951); zlib makes 9 of 8 by itself. */
const LEAST_WINDOW = 9
const MOST_WINDOW = 15
/** Bytes of one piece of output: Node's own number, and what the shortest stream needs beside its content. */
const MOST_ROOM = 16 * 1024
const LEAST_ROOM = 64

/**
 * Takes bytes in the order they are written and packs them on the way. Where the pieces end depends on nothing but the bytes, so the
 * same content always packs to the same stream (RFC 1951: pieces end with an empty stored block, the last with a final one).
 */
export class Deflater {
  #buffer = Buffer.allocUnsafe(64 * 1024)
  #used = 0
  readonly #packed: Uint8Array[] = []
  #crc = 0
  #size = 0

  /** Binary text: one byte per character. */
  binary(text: string): void {
    for (let from = 0; from < text.length;) {
      const room = this.#room(text.length - from)
      const part = from === 0 && room >= text.length ? text : text.slice(from, from + room)
      this.#used += this.#buffer.write(part, this.#used, 'latin1')
      from += part.length
    }
  }

  /** Any text, in UTF-8. */
  text(text: string): void {
    const bytes = Buffer.from(text)
    for (let from = 0; from < bytes.length;) {
      const room = this.#room(bytes.length - from)
      const part = bytes.subarray(from, from + room)
      part.copy(this.#buffer, this.#used)
      this.#used += part.length
      from += part.length
    }
  }

  /** @param head stands before everything that was taken */
  end(head: string): Content {
    if (this.#packed.length === 0) {
      const whole = Buffer.concat([Buffer.from(head), this.#buffer.subarray(0, this.#used)])
      if (whole.length <= PIECE) return whole
    }
    const first = Buffer.from(head)
    this.#flush(constants.Z_FINISH)
    const opening = deflateRawSync(first, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH })
    return {
      packed: [opening, ...this.#packed],
      crc: joinedCrc(crc32(first), this.#crc, this.#size),
      size: first.length + this.#size,
    }
  }

  /** Room for up to `wanted` bytes, at least one. */
  #room(wanted: number): number {
    if (this.#used === PIECE) this.#flush(constants.Z_SYNC_FLUSH)
    const needed = Math.min(PIECE, this.#used + wanted)
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(PIECE, Math.max(needed, this.#buffer.length * 4)))
      this.#buffer.copy(larger, 0, 0, this.#used)
      this.#buffer = larger
    }
    return needed - this.#used
  }

  #flush(finishFlush: number): void {
    const piece = this.#buffer.subarray(0, this.#used)
    this.#packed.push(deflateRawSync(piece, { level: LEVEL_OF_LARGE, finishFlush }))
    this.#crc = crc32(piece, this.#crc)
    this.#size += piece.length
    this.#used = 0
  }
}

/** CRC-32 of two strings one after the other, from theirs: the first is shifted by as many zero bytes as the second has (as in zlib). */
export function joinedCrc(first: number, second: number, length: number): number {
  let crc = first
  let shift = ONE_BYTE
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) crc = times(shift, crc)
    shift = shift.map((column) => times(shift, column))
  }
  return (crc ^ second) >>> 0
}

/** The 32 columns of a matrix over GF(2). */
type Matrix = readonly number[]

const POLYNOMIAL = 0xedb88320
const ONE_BIT: Matrix = Array.from({ length: 32 }, (_, bit) =>
  bit === 0 ? POLYNOMIAL : (1 << (bit - 1)) >>> 0,
)
const ONE_BYTE: Matrix = [0, 1, 2].reduce<Matrix>(
  (matrix) => matrix.map((column) => times(matrix, column)),
  ONE_BIT,
)

function times(matrix: Matrix, vector: number): number {
  let product = 0
  for (let bit = 0; bit < 32; bit++) if ((vector >>> bit) & 1) product ^= matrix[bit] ?? 0
  return product >>> 0
}
