import { giveBack } from '../give-back.ts'
import type { Dictionary, Stream } from './objects.ts'

/**
 * A stream of an encrypted file, opened when somebody asks for its bytes: a document of pictures is not held once locked and once open. The same bytes
 * until it is closed.
 */
export class LockedStream implements Stream {
  readonly kind = 'stream'
  readonly dictionary: Dictionary
  readonly #open: () => Uint8Array
  #raw: Uint8Array | undefined

  constructor(dictionary: Dictionary, open: () => Uint8Array) {
    this.dictionary = dictionary
    this.#open = open
  }

  get raw(): Uint8Array {
    return (this.#raw ??= this.#open())
  }

  /** Gives its opened bytes back, unless what is `kept` lies among them. Whoever asks again has it opened again. */
  close(kept: Uint8Array): void {
    if (this.#raw && this.#raw.buffer !== kept.buffer) giveBack(this.#raw)
    this.#raw = undefined
  }
}
