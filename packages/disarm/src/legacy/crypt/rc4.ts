/** RC4, which OpenSSL 3 no longer offers and old Office files still need. One object is one key stream. */
export class Rc4 {
  readonly #state = Uint8Array.from({ length: 256 }, (_, index) => index)
  #i = 0
  #j = 0

  constructor(key: Uint8Array) {
    const state = this.#state
    for (let i = 0, j = 0; i < 256; i++) {
      const held = state[i]!
      j = (j + held + key[i % key.length]!) & 255
      state[i] = state[j]!
      state[j] = held
    }
  }

  /** The next bytes of the stream, as a new array. */
  apply(bytes: Uint8Array): Uint8Array {
    const state = this.#state
    const output = new Uint8Array(bytes.length)
    let i = this.#i
    let j = this.#j
    for (let at = 0; at < bytes.length; at++) {
      i = (i + 1) & 255
      const held = state[i]!
      j = (j + held) & 255
      const other = state[j]!
      state[i] = other
      state[j] = held
      output[at] = bytes[at]! ^ state[(held + other) & 255]!
    }
    this.#i = i
    this.#j = j
    return output
  }
}
