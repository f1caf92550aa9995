/**
 * What a terminal sends before anything is open, held until it can be read as a whole: a head, then a ClientHello, each over as many segments as the sender likes.
 */
import type { Socket } from 'node:net'

/** Why nothing came of it. */
export type NothingCame = 'gone' | 'late' | 'long'

export class FirstBytes {
  readonly #socket: Socket
  readonly #most: number
  #held: Buffer = Buffer.alloc(0)
  #look: (() => void) | undefined
  #gone = false

  /** @param most bytes that are held at once */
  constructor(socket: Socket, most: number) {
    this.#socket = socket
    this.#most = most
    socket.on('data', this.#data)
    // What broke closes too.
    for (const event of ['end', 'close'] as const) socket.on(event, this.#end)
  }

  /** What was read and not taken. */
  get held(): Buffer {
    return this.#held
  }

  /** Drops the first `length` bytes. */
  take(length: number): void {
    this.#held = this.#held.subarray(length)
  }

  /** Asks `read` with all that came, each time more comes, until it says something. */
  until<T>(read: (bytes: Buffer) => T | undefined, milliseconds: number): Promise<T | NothingCame> {
    const { promise, resolve, reject } = Promise.withResolvers<T | NothingCame>()
    const timer = setTimeout(() => settle('late'), milliseconds)
    const stop = (): void => {
      clearTimeout(timer)
      this.#look = undefined
    }
    const settle = (value: T | NothingCame): void => {
      stop()
      resolve(value)
    }
    const look = (): void => {
      let answer: T | undefined
      try {
        answer = read(this.#held)
      } catch (error) {
        // It is called by the socket, where nobody would catch it: one connection must not end the gate for all.
        stop()
        return reject(error)
      }
      if (answer !== undefined) settle(answer)
      else if (this.#held.length >= this.#most) settle('long')
      else if (this.#gone) settle('gone')
    }
    // Not in one step, as in `relay`.
    this.#look = look
    if (this.#socket.isPaused()) this.#socket.resume()
    if (this.#held.length > 0 || this.#gone) this.#look()
    return promise
  }

  /** Lets go of the socket and hands over what is held. It may be flowing: whoever takes it listens at once, or pauses it. */
  end(): Buffer {
    this.#socket.off('data', this.#data)
    for (const event of ['end', 'close'] as const) this.#socket.off(event, this.#end)
    const held = this.#held
    // A tunnel may stand for hours; what it began with is not kept with it.
    this.#held = Buffer.alloc(0)
    return held
  }

  readonly #data = (chunk: Buffer): void => {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    if (this.#look) this.#look()
    // Nothing asks, and it is much: what more there is stays in the kernel.
    else if (this.#held.length >= this.#most) this.#socket.pause()
  }

  readonly #end = (): void => {
    this.#gone = true
    this.#look?.()
  }
}
