import type { Budget } from './budget.ts'
import { demand } from './rejection.ts'
import { verifyVp8 } from './vp8.ts'
import { verifyLevels, verifyVp8l } from './vp8l.ts'

const MAX_FRAMES = 500
const MAX_PIXELS = 100_000_000
const MAX_PIXELS_OF_ALL_FRAMES = 250_000_000
const ANIMATED = 0x02
const EXIF = 0x08
const ALPHA = 0x10

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

interface Picture {
  readonly width: number
  readonly height: number
  readonly alpha: boolean
}

/**
 * Accepts exactly the WebP of the grammar (RFC 9649 §2): a `VP8 ` or `VP8L` picture alone, or `VP8X` with a picture that is transparent
 * or turned, or an animation, and at its end perhaps an Exif chunk that says only how it is turned.
 */
export function verifyWebp(bytes: Uint8Array, budget: Budget, where: string): void {
  new Webp(budget, where).file(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
}

class Webp {
  readonly #budget: Budget
  readonly #where: string

  constructor(budget: Budget, where: string) {
    this.#budget = budget
    this.#where = where
  }

  #demand(condition: boolean): asserts condition {
    demand(condition, 'VERIFY-WEBP', this.#where)
  }

  file(bytes: Buffer): void {
    this.#demand(bytes.length >= 12 && bytes.toString('latin1', 0, 4) === 'RIFF')
    this.#demand(bytes.toString('latin1', 8, 12) === 'WEBP')
    this.#demand(bytes.readUInt32LE(4) === bytes.length - 8)
    const chunks = this.#chunks(bytes.subarray(12))
    if (chunks[0]?.type === 'VP8X') this.#extended(chunks[0].data, chunks.slice(1))
    else {
      const { picture, rest } = this.#picture(chunks)
      const { width, height } = picture
      this.#demand(chunks[0]?.type !== 'ALPH' && rest.length === 0)
      this.#demand(width * height <= MAX_PIXELS)
    }
  }

  /** Each with its filling byte, which is 0. */
  #chunks(bytes: Buffer): Chunk[] {
    const chunks: Chunk[] = []
    for (let at = 0; at < bytes.length;) {
      this.#demand(at + 8 <= bytes.length && chunks.length < MAX_FRAMES + 4)
      const size = bytes.readUInt32LE(at + 4)
      const end = at + 8 + size
      this.#demand(end + (size & 1) <= bytes.length && (size % 2 === 0 || bytes[end] === 0))
      chunks.push({
        type: bytes.toString('latin1', at, at + 4),
        data: bytes.subarray(at + 8, end),
      })
      at = end + (size & 1)
    }
    return chunks
  }

  #extended(head: Buffer, chunks: Chunk[]): void {
    this.#demand(head.length === 10 && head.readUIntLE(1, 3) === 0)
    const flags = head[0]!
    const canvas = { width: head.readUIntLE(4, 3) + 1, height: head.readUIntLE(7, 3) + 1 }
    const turned = chunks.at(-1)?.type === 'EXIF'
    if (turned) this.#orientation(chunks.pop()!.data)
    const animated = (flags & ANIMATED) !== 0
    const alpha = animated ? this.#animation(chunks, canvas) : this.#still(chunks, canvas, turned)
    const due = (animated ? ANIMATED : 0) | (turned ? EXIF : 0) | (alpha ? ALPHA : 0)
    this.#demand(flags === due)
  }

  /** TIFF 6.0, one directory of one entry: the tag Orientation, 2 to 8. */
  #orientation(data: Buffer): void {
    const value = data[19] ?? 0
    const digits = value.toString(16).padStart(2, '0')
    const due = `4d4d002a000000080001011200030000000100${digits}000000000000`
    this.#demand(value >= 2 && value <= 8 && data.toString('hex') === due)
  }

  /** `VP8X` has a reason: transparency that stands apart, or turning. */
  #still(chunks: Chunk[], canvas: { width: number; height: number }, turned: boolean): boolean {
    this.#demand(turned || chunks[0]?.type === 'ALPH')
    const { picture, rest } = this.#picture(chunks)
    this.#demand(rest.length === 0)
    this.#demand(picture.width === canvas.width && picture.height === canvas.height)
    return picture.alpha
  }

  #animation(chunks: Chunk[], canvas: { width: number; height: number }): boolean {
    const [settings, ...frames] = chunks
    this.#demand(settings?.type === 'ANIM' && settings.data.length === 6)
    this.#demand(canvas.width * canvas.height <= MAX_PIXELS)
    this.#demand(frames.length > 0 && frames.length <= MAX_FRAMES)
    let pixels = 0
    let alpha = false
    for (const frame of frames) {
      const picture = this.#frame(frame, canvas)
      pixels += picture.width * picture.height
      this.#demand(pixels <= MAX_PIXELS_OF_ALL_FRAMES)
      alpha ||= picture.alpha
    }
    return alpha
  }

  #frame({ type, data }: Chunk, canvas: { width: number; height: number }): Picture {
    this.#demand(type === 'ANMF' && data.length > 16 && data[15]! <= 3)
    const [left, top] = [2 * data.readUIntLE(0, 3), 2 * data.readUIntLE(3, 3)]
    const { picture, rest } = this.#picture(this.#chunks(data.subarray(16)))
    this.#demand(rest.length === 0)
    this.#demand(picture.width === data.readUIntLE(6, 3) + 1)
    this.#demand(picture.height === data.readUIntLE(9, 3) + 1)
    this.#demand(left + picture.width <= canvas.width && top + picture.height <= canvas.height)
    return picture
  }

  /** `VP8L`, or `VP8 ` with or without `ALPH` before it. */
  #picture(chunks: readonly Chunk[]): { picture: Picture; rest: readonly Chunk[] } {
    const [first, second, ...others] = chunks
    if (first?.type === 'VP8L') {
      const picture = verifyVp8l(first.data, this.#budget, this.#where)
      return { picture, rest: chunks.slice(1) }
    }
    if (first?.type === 'ALPH') {
      this.#demand(second?.type === 'VP8 ')
      const sides = verifyVp8(second.data, this.#budget, this.#where)
      this.#levels(first.data, sides)
      return { picture: { ...sides, alpha: true }, rest: others }
    }
    this.#demand(first?.type === 'VP8 ')
    const sides = verifyVp8(first.data, this.#budget, this.#where)
    return { picture: { ...sides, alpha: false }, rest: chunks.slice(1) }
  }

  /** §2.7.1.2: filter in bits 2 and 3; raw or packed; no hint. */
  #levels(data: Buffer, sides: { width: number; height: number }): void {
    const flags = data[0] ?? 0xff
    this.#demand((flags & ~0x0d) === 0)
    if ((flags & 1) === 1) verifyLevels(data.subarray(1), sides, this.#budget, this.#where)
    else this.#demand(data.length === 1 + sides.width * sides.height)
  }
}
