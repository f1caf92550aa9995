import type { Budget } from './budget.ts'
import { Rejection, demand } from './rejection.ts'

const MAX_FRAMES = 500
const MAX_PIXELS = 100_000_000

/**
 * Accepts `GIF89a`, screen, optional global table, optional loop block, frames, trailer (GIF89a specification §17–27), where every
 * frame's LZW data decodes to exactly its pixels.
 */
export function verifyGif(bytes: Uint8Array, budget: Budget, where: string): void {
  const read = new Reader(bytes, where)
  demand(read.ascii(6) === 'GIF89a', 'VERIFY-GIF', where)
  const width = read.short()
  const height = read.short()
  demand(width > 0 && height > 0 && width * height <= MAX_PIXELS, 'VERIFY-GIF', where)
  const flags = read.byte()
  read.skip(2)
  if (flags & 0x80) read.skip(3 * (2 << (flags & 7)))
  if (read.peek() === 0x21 && read.peek(1) === 0xff) loop(read, where)
  let frames = 0
  for (;;) {
    const mark = read.byte()
    if (mark === 0x3b) break
    demand(++frames <= MAX_FRAMES, 'VERIFY-GIF', where)
    if (mark === 0x21) {
      control(read, where)
      demand(read.byte() === 0x2c, 'VERIFY-GIF', where)
    } else demand(mark === 0x2c, 'VERIFY-GIF', where)
    frame(read, budget, where)
  }
  demand(frames > 0 && read.atEnd(), 'VERIFY-GIF', where)
}

function loop(read: Reader, where: string): void {
  read.skip(2)
  demand(read.byte() === 11 && read.ascii(11) === 'NETSCAPE2.0', 'VERIFY-GIF', where)
  demand(read.byte() === 3 && read.byte() === 1, 'VERIFY-GIF', where)
  read.skip(2)
  demand(read.byte() === 0, 'VERIFY-GIF', where)
}

function control(read: Reader, where: string): void {
  demand(read.byte() === 0xf9 && read.byte() === 4, 'VERIFY-GIF', where)
  read.skip(4)
  demand(read.byte() === 0, 'VERIFY-GIF', where)
}

function frame(read: Reader, budget: Budget, where: string): void {
  read.skip(4)
  const pixels = read.short() * read.short()
  demand(pixels > 0 && pixels <= MAX_PIXELS, 'VERIFY-GIF', where)
  const flags = read.byte()
  if (flags & 0x80) read.skip(3 * (2 << (flags & 7)))
  const bits = read.byte()
  demand(bits >= 2 && bits <= 8, 'VERIFY-GIF', where)
  budget.spend(pixels, where)
  demand(lzwLength(read.blocks(), bits, pixels, where) === pixels, 'VERIFY-GIF', where)
}

/** Pixels that the LZW data yields; only lengths are kept, since nothing is drawn here. */
function lzwLength(data: Uint8Array, bits: number, most: number, where: string): number {
  const clear = 1 << bits
  const lengths = new Int32Array(4096)
  lengths.fill(1, 0, clear)
  let width = bits + 1
  let next = clear + 2
  let previous = -1
  let total = 0
  let buffer = 0
  let held = 0
  let at = 0
  for (;;) {
    while (held < width) {
      if (at >= data.length) throw new Rejection('VERIFY-GIF', where)
      buffer |= data[at++]! << held
      held += 8
    }
    const code = buffer & ((1 << width) - 1)
    buffer >>>= width
    held -= width
    if (code === clear) {
      width = bits + 1
      next = clear + 2
      previous = -1
      continue
    }
    if (code === clear + 1) {
      demand(at === data.length && buffer === 0, 'VERIFY-GIF', where)
      return total
    }
    demand(code < next || (code === next && previous >= 0 && next < 4096), 'VERIFY-GIF', where)
    if (previous >= 0 && next < 4096) lengths[next++] = lengths[previous]! + 1
    total += lengths[code]!
    demand(total <= most, 'VERIFY-GIF', where)
    if (next === 1 << width && width < 12) width++
    previous = code
  }
}

class Reader {
  readonly #bytes: Uint8Array
  readonly #where: string
  #at = 0
  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes
    this.#where = where
  }
  peek(ahead = 0): number {
    return this.#bytes[this.#at + ahead] ?? -1
  }
  byte(): number {
    demand(this.#at < this.#bytes.length, 'VERIFY-GIF', this.#where)
    return this.#bytes[this.#at++]!
  }
  short(): number {
    return this.byte() | (this.byte() << 8)
  }
  skip(count: number): void {
    this.#at += count
    demand(this.#at <= this.#bytes.length, 'VERIFY-GIF', this.#where)
  }
  ascii(count: number): string {
    const start = this.#at
    this.skip(count)
    return Buffer.from(this.#bytes.subarray(start, this.#at)).toString('latin1')
  }
  /** Data sub-blocks up to and with the terminator. */
  blocks(): Uint8Array {
    const parts: Uint8Array[] = []
    for (let size = this.byte(); size > 0; size = this.byte()) {
      const start = this.#at
      this.skip(size)
      parts.push(this.#bytes.subarray(start, this.#at))
    }
    return Buffer.concat(parts)
  }
  atEnd(): boolean {
    return this.#at === this.#bytes.length
  }
}
