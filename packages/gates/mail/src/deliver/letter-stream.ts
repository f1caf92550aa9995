import { Readable } from 'node:stream'

/** Bytes handed over at once. */
const CHUNK = 64 * 1024

/**
 * The bytes of a message, with a question before the last of them: nothing may be the end of a message before it is on
 * disk that the end is about to leave.
 */
export class LetterStream extends Readable {
  readonly #bytes: Buffer
  readonly #leaving: () => Promise<boolean>
  #at = 0
  #asking: Promise<void> | undefined
  #stopped = false
  /** Whether any of it was asked for: the next hop said 354. */
  begun = false
  /** Whether the end was let go. */
  left = false
  /** Why it was not. */
  fault: 'store' | 'recalled' | undefined

  constructor(
    pieces: readonly [note: string, message: Uint8Array],
    leaving: () => Promise<boolean>,
  ) {
    super({ highWaterMark: CHUNK })
    this.#bytes = Buffer.concat([Buffer.from(pieces[0], 'latin1'), pieces[1]])
    this.#leaving = leaving
  }

  override _read(): void {
    if (this.#stopped) return
    this.begun = true
    if (this.#at < this.#bytes.length) {
      const chunk = this.#bytes.subarray(this.#at, this.#at + CHUNK)
      this.#at += chunk.length
      this.push(chunk)
      return
    }
    this.#asking ??= this.#ask()
  }

  /** Asks nothing more; resolves when no question is open. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#asking
  }

  async #ask(): Promise<void> {
    try {
      if (await this.#leaving()) {
        this.left = true
        this.push(null)
        return
      }
      this.fault = 'recalled'
    } catch {
      this.fault = 'store'
    }
    this.destroy(new Error('the end was not let go'))
  }
}
