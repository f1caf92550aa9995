const CLEAR = 256
const END = 257
const MAX_CODES = 4096

/**
 * Decodes LZW of TIFF 6.0 §13, high bit first with codes that widen one early, or the older kind of writers before 1988, low bit
 * first. Stops at the end code, at a code that cannot be, at the end of the data, or when `target` is full.
 * @returns how many bytes of `target` were filled
 */
export function decodeLzw(data: Uint8Array, target: Uint8Array): number {
  const old = data[0] === 0 && (data[1]! & 1) === 1
  const reader = old ? lowFirst(data) : highFirst(data)
  const table = new LzwTable(target)
  let width = 9
  let previous = -1
  for (;;) {
    const code = reader(width)
    if (code < 0 || code === END || table.full) return table.written
    if (code === CLEAR) {
      table.clear()
      width = 9
      previous = -1
      continue
    }
    if (!table.put(code, previous)) return table.written
    previous = code
    if (table.next + (old ? 0 : 1) >= 1 << width && width < 12) width++
  }
}

/** Strings by code, and the output they are written to. */
class LzwTable {
  written = 0
  next = END + 1
  readonly #target: Uint8Array
  readonly #prefixes = new Uint16Array(MAX_CODES)
  readonly #suffixes = new Uint8Array(MAX_CODES)
  readonly #lengths = new Uint16Array(MAX_CODES).fill(1, 0, CLEAR)

  constructor(target: Uint8Array) {
    this.#target = target
    for (let i = 0; i < CLEAR; i++) this.#suffixes[i] = i
  }

  get full(): boolean {
    return this.written >= this.#target.length
  }

  clear(): void {
    this.next = END + 1
  }

  /** Writes the string of `code`, and enters the one before it with its first byte. False for a code that cannot be. */
  put(code: number, previous: number): boolean {
    const fresh = code === this.next && previous >= 0
    if (code > END ? code >= this.next && !fresh : code >= CLEAR) return false
    const known = fresh ? previous : code
    const first = this.#write(known)
    if (fresh) this.#append(first)
    if (previous >= 0 && this.next < MAX_CODES) {
      this.#prefixes[this.next] = previous
      this.#suffixes[this.next] = first
      this.#lengths[this.next] = this.#lengths[previous]! + 1
      this.next++
    }
    return true
  }

  /** Returns the first byte of the string. */
  #write(code: number): number {
    const end = this.written + this.#lengths[code]!
    let link = code
    for (let at = end - 1; at > this.written; at--, link = this.#prefixes[link]!) {
      // A typed array takes no notice of what lies behind its end.
      this.#target[at] = this.#suffixes[link]!
    }
    const first = this.#suffixes[link]!
    this.#target[this.written] = first
    this.written = Math.min(end, this.#target.length)
    return first
  }

  #append(byte: number): void {
    if (!this.full) this.#target[this.written++] = byte
  }
}

/** Gives the next code of a width, or -1 at the end of the data. */
type CodeReader = (width: number) => number

function highFirst(data: Uint8Array): CodeReader {
  let bit = 0
  const bits = data.length * 8
  return (width) => {
    const at = bit >>> 3
    if (bit + width > bits) return -1
    const three = (data[at]! << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0)
    const code = (three >> (24 - (bit & 7) - width)) & ((1 << width) - 1)
    bit += width
    return code
  }
}

function lowFirst(data: Uint8Array): CodeReader {
  let bit = 0
  const bits = data.length * 8
  return (width) => {
    const at = bit >>> 3
    if (bit + width > bits) return -1
    const three = data[at]! | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16)
    const code = (three >> (bit & 7)) & ((1 << width) - 1)
    bit += width
    return code
  }
}
