/**
 * Memory that sockets read into. A fresh piece for every read is what makes a proxy in JavaScript slow; a piece for every connection is what makes it heavy, for most tunnels are idle. So all connections
 * read into one piece, out of which what came is copied; one that fills it borrows a large piece while it is downloading, is written from there without a copy, and gives it back when it is not.
 */

/** Bytes of the piece that all share. */
export const SHARED = 65_536
/** Bytes of a large piece. */
const LARGE = 262_144
/** Large pieces kept for the next download. */
const KEPT = 32
/** Reads that the shared piece would have held, after which a download counts as over. */
const SHORT_READS = 8

/** The shared piece, and large ones that nobody uses at the moment. */
export class ReadBuffers {
  readonly shared: Buffer = Buffer.allocUnsafeSlow(SHARED)
  readonly #free: Buffer[] = []

  /** A place for one connection to read into. */
  place(): ReadPlace {
    return new ReadPlace(this)
  }

  borrow(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(LARGE)
  }

  giveBack(piece: Buffer): void {
    if (this.#free.length < KEPT) this.#free.push(piece)
  }
}

/**
 * Where one connection reads. Of a large piece one read is on its way to the other side at a time, and it goes back only when what it held was written: another tunnel would otherwise read over bytes
 * that are still to be sent, and one person would be sent another's. The shared piece is read over at once, so nothing that lies in it leaves this file.
 */
export class ReadPlace {
  readonly #buffers: ReadBuffers
  #large: Buffer | undefined
  #leaving: Buffer | undefined
  #underWay = false
  #ended = false
  #short = 0

  constructor(buffers: ReadBuffers) {
    this.#buffers = buffers
  }

  /** The piece for the next read. */
  readonly piece = (): Buffer => this.#large ?? this.#buffers.shared

  /** What the last read took lies in a large piece, and no other may begin before `done`. */
  get underWay(): boolean {
    return this.#underWay
  }

  /** The `length` bytes that were read; decides where the next read goes. */
  took(length: number): Buffer {
    const large = this.#large
    if (large === undefined) {
      const bytes = Buffer.from(this.#buffers.shared.subarray(0, length))
      if (length >= SHARED && !this.#ended) {
        this.#short = 0
        this.#large = this.#buffers.borrow()
      }
      return bytes
    }
    this.#underWay = true
    this.#short = length <= SHARED ? this.#short + 1 : 0
    if (this.#short >= SHORT_READS) {
      this.#leaving = large
      this.#large = undefined
    }
    return large.subarray(0, length)
  }

  /** What was read last was written on, or will never be. */
  done(): void {
    this.#underWay = false
    if (this.#leaving) this.#buffers.giveBack(this.#leaving)
    this.#leaving = undefined
    if (this.#ended) this.end()
  }

  /** Nothing will be read any more. */
  end(): void {
    this.#ended = true
    if (this.#underWay || !this.#large) return
    this.#buffers.giveBack(this.#large)
    this.#large = undefined
  }
}
