import type { Context } from '../family.ts'

const COMPRESSED = 0x75465a4c
const PLAIN = 0x414c454d
const MAX_EXPANDED = 64 * 1024 * 1024
const WINDOW = 4096
/** The window begins with the words that every RTF begins with ([MS-OXRTFCP] 2.1.2.1). */
const PRELOAD =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx'

/** The RTF of a compressed body, a letter is a byte; `undefined` when the header is none, or lies about the size. */
export function expandRtf(bytes: Uint8Array, context: Context): string | undefined {
  if (bytes.length < 16) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = view.getUint32(4, true)
  const kind = view.getUint32(8, true)
  // One byte of run says at most 17 bytes of text.
  if (size > MAX_EXPANDED || size > bytes.length * 17) return undefined
  context.spend(size)
  if (kind === PLAIN) return Buffer.from(bytes.subarray(16, 16 + size)).toString('latin1')
  return kind === COMPRESSED ? expand(bytes.subarray(16), size) : undefined
}

function expand(bytes: Uint8Array, size: number): string {
  const expansion = new Expansion(size)
  for (let at = 0; at < bytes.length && !expansion.isDone;) {
    const control = bytes[at++]!
    for (let bit = 0; bit < 8 && at < bytes.length; bit++) {
      if ((control & (1 << bit)) === 0) expansion.put(bytes[at++]!)
      else {
        expansion.repeat((bytes[at]! << 8) | (bytes[at + 1] ?? 0))
        at += 2
      }
    }
  }
  return expansion.text()
}

/** Text so far, and the window that references point into. What is beyond the size that was announced is not kept. */
class Expansion {
  readonly #window = Buffer.alloc(WINDOW)
  readonly #output: Buffer
  #write: number
  #length = 0
  #ended = false

  constructor(size: number) {
    this.#output = Buffer.alloc(size)
    this.#write = this.#window.write(PRELOAD, 0, 'latin1')
  }

  get isDone(): boolean {
    return this.#ended || this.#length >= this.#output.length
  }

  put(byte: number): void {
    if (this.isDone) return
    this.#output[this.#length++] = byte
    this.#window[this.#write] = byte
    this.#write = (this.#write + 1) % WINDOW
  }

  /** Twelve bits of place, four of length; the place where the next byte goes is the end mark. */
  repeat(reference: number): void {
    const offset = reference >> 4
    if (offset === this.#write) this.#ended = true
    const length = (reference & 15) + 2
    for (let step = 0; step < length; step++) this.put(this.#window[(offset + step) % WINDOW]!)
  }

  text(): string {
    return this.#output.subarray(0, this.#length).toString('latin1')
  }
}
