/** A body whose first bytes are looked at before any of it goes on. */
export class Arriving implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #seen: Uint8Array[] = []
  #over = false

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#source = body[Symbol.asyncIterator]()
  }

  /** The first `count` bytes, fewer when there are no more. They stay in the body. */
  async head(count: number): Promise<Uint8Array> {
    let length = this.#seen.reduce((sum, piece) => sum + piece.length, 0)
    while (length < count && !this.#over) {
      const next = await this.#source.next()
      if (next.done === true) this.#over = true
      else {
        this.#seen.push(next.value)
        length += next.value.length
      }
    }
    return Buffer.concat(this.#seen).subarray(0, count)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (let piece = this.#seen.shift(); piece; piece = this.#seen.shift()) yield piece
      while (!this.#over) {
        const next = await this.#source.next()
        if (next.done === true) this.#over = true
        else yield next.value
      }
    } finally {
      await this.#source.return?.()
    }
  }
}
