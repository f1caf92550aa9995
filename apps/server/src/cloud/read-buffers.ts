/**
 * Memory that sockets read into. A fresh piece for every read is what makes a proxy in JavaScript slow; one large piece for every connection is what makes it heavy, for most tunnels
 * are idle. So a connection reads into a small piece of its own until one read fills it, borrows a large one while it is downloading, and gives it back when it is not.
 */

/** Bytes of a small piece: an answer's head and a short body. */
export const SMALL = 4096
/** Bytes of a large piece. */
const LARGE = 262_144
/** Large pieces kept for the next download. */
const KEPT = 32
/** Short reads after which a download counts as over. */
const SHORT_READS = 8

/** Large pieces that nobody uses at the moment. */
export class ReadBuffers {
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
 * Where one connection reads. One read is on its way to the other side at a time. A large piece goes back only when what it held was written: another tunnel would
 * otherwise read over bytes that are still to be sent, and one person would be sent another's.
 */
export class ReadPlace {
  readonly #buffers: ReadBuffers
  #piece: Buffer = Buffer.allocUnsafeSlow(SMALL)
  #leaving: Buffer | undefined
  #small: Buffer | undefined = this.#piece
  #underWay = false
  #ended = false
  #short = 0

  constructor(buffers: ReadBuffers) {
    this.#buffers = buffers
  }

  /** The piece for the next read. */
  readonly piece = (): Buffer => this.#piece

  /** A read of `length` bytes is on its way; decides where the next one goes. */
  took(length: number): void {
    this.#underWay = true
    if (this.#small !== undefined) {
      if (length < SMALL) return
      this.#small = undefined
      this.#short = 0
      this.#piece = this.#buffers.borrow()
      return
    }
    this.#short = length <= SMALL ? this.#short + 1 : 0
    if (this.#short < SHORT_READS) return
    this.#leaving = this.#piece
    this.#piece = this.#small = Buffer.allocUnsafeSlow(SMALL)
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
    if (this.#underWay || this.#small !== undefined) return
    this.#buffers.giveBack(this.#piece)
    this.#piece = this.#small = Buffer.alloc(0)
  }
}
