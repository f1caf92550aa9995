const MAX_CODES = 4096
const HASH_SIZE = 16_384
const HASH_MASK = HASH_SIZE - 1

/**
 * Encodes palette indices as the LZW of GIF (appendix F), codes packed without sub-blocks: clear code, data, end code.
 * @param minimum LZW minimum code size, 2 to 8; each index is below 2 to that power
 */
export function lzwEncode(pixels: Uint8Array, minimum: number): Uint8Array {
  const clear = 1 << minimum
  const codes = new CodePacker(pixels.length)
  const table = new StringTable()
  let next = clear + 2
  let width = minimum + 1
  codes.put(clear, width)
  let current = pixels[0]!
  for (let i = 1; i < pixels.length; i++) {
    const index = pixels[i]!
    const known = table.find(current, index)
    if (known >= 0) {
      current = known
      continue
    }
    codes.put(current, width)
    current = index
    if (next < MAX_CODES) {
      table.add(next)
      if (next++ === 1 << width) width++
      continue
    }
    codes.put(clear, width)
    table.clear()
    next = clear + 2
    width = minimum + 1
  }
  codes.put(current, width)
  if (next === 1 << width && width < 12) width++
  codes.put(clear + 1, width)
  return codes.finish()
}

/** From a string and one more index to the code of the longer string; open addressing. */
class StringTable {
  readonly #keys = new Int32Array(HASH_SIZE).fill(-1)
  readonly #codes = new Uint16Array(HASH_SIZE)
  #slot = 0
  #key = 0

  /** Code of the string `prefix` followed by `index`, or -1; remembers the place for `add`. */
  find(prefix: number, index: number): number {
    this.#key = (prefix << 8) | index
    this.#slot = (Math.imul(this.#key, 0x9e3779b1) >>> 16) & HASH_MASK
    while (this.#keys[this.#slot] !== -1) {
      if (this.#keys[this.#slot] === this.#key) return this.#codes[this.#slot]!
      this.#slot = (this.#slot + 1) & HASH_MASK
    }
    return -1
  }

  /** Gives `code` to the string that `find` just missed. */
  add(code: number): void {
    this.#keys[this.#slot] = this.#key
    this.#codes[this.#slot] = code
  }

  clear(): void {
    this.#keys.fill(-1)
  }
}

/** Codes packed from the least significant bit. */
class CodePacker {
  #bytes: Uint8Array
  #size = 0
  #pending = 0
  #pendingBits = 0

  constructor(pixels: number) {
    this.#bytes = new Uint8Array(64 + (pixels >> 1))
  }

  put(code: number, width: number): void {
    if (this.#size + 4 > this.#bytes.length) this.#grow()
    this.#pending |= code << this.#pendingBits
    this.#pendingBits += width
    for (; this.#pendingBits >= 8; this.#pendingBits -= 8, this.#pending >>>= 8) {
      this.#bytes[this.#size++] = this.#pending & 0xff
    }
  }

  finish(): Uint8Array {
    if (this.#pendingBits > 0) this.#bytes[this.#size++] = this.#pending & 0xff
    return this.#bytes.slice(0, this.#size)
  }

  #grow(): void {
    const larger = new Uint8Array(this.#bytes.length * 2)
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
