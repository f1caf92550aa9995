import { demand } from './rejection.ts'

/** Reads a GIF forwards, little-endian. */
export class GifReader {
  readonly where: string
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array, where: string) {
    this.#bytes = bytes
    this.where = where
  }

  demand(condition: boolean): void {
    demand(condition, 'VERIFY-GIF', this.where)
  }

  byte(): number {
    this.demand(this.#at < this.#bytes.length)
    return this.#bytes[this.#at++]!
  }

  short(): number {
    return this.byte() | (this.byte() << 8)
  }

  skip(count: number): void {
    this.#at += count
    this.demand(this.#at <= this.#bytes.length)
  }

  bytes(count: number): Uint8Array {
    const start = this.#at
    this.skip(count)
    return this.#bytes.subarray(start, this.#at)
  }

  ascii(count: number): string {
    return Buffer.from(this.bytes(count)).toString('latin1')
  }

  startsWith(text: string): boolean {
    const next = this.#bytes.subarray(this.#at, this.#at + text.length)
    return Buffer.from(next).toString('latin1') === text
  }

  /** Data sub-blocks with their terminator (§15): each of 255 bytes, only the last shorter. */
  blocks(): Uint8Array {
    const parts: Uint8Array[] = []
    let before = 255
    for (let size = this.byte(); size > 0; size = this.byte()) {
      this.demand(before === 255)
      parts.push(this.bytes(size))
      before = size
    }
    return Buffer.concat(parts)
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length
  }
}
