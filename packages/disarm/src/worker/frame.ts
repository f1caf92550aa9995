/**
 * The line between parent and worker: one frame is two 32-bit big-endian lengths, a small JSON header, a body of bytes.
 * Both sides read it with ceilings, because the worker may have been taken over by the file it reads.
 */
export interface Frame {
  readonly header: unknown
  readonly body: Uint8Array
}

/** Bytes of a header: at most a thousand report rows. */
export const MAX_HEADER = 512 * 1024

export function encodeFrame(header: unknown, body: readonly Uint8Array[]): readonly Uint8Array[] {
  const json = Buffer.from(JSON.stringify(header))
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32BE(json.length, 0)
  lengths.writeUInt32BE(
    body.reduce((sum, { length }) => sum + length, 0),
    4,
  )
  return [lengths, json, ...body]
}

/**
 * Takes chunks until a frame is whole. `push` returns it, or throws `FrameFault` for anything out of bounds. The place for a frame is made once,
 * when its lengths are known and fair, and filled as the chunks come: a file of 50 MB lies in memory once.
 */
export class FrameReader {
  readonly #maxBody: number
  readonly #lengths = Buffer.alloc(LENGTHS)
  #header: Buffer | undefined
  #body: Uint8Array = new Uint8Array()
  #filled = 0

  constructor(maxBody: number) {
    this.#maxBody = maxBody
  }

  /** Bytes received for the next frame so far. */
  get pending(): number {
    return this.#filled
  }

  push(chunk: Uint8Array): Frame | undefined {
    let rest = chunk
    if (!this.#header) rest = this.#open(rest)
    const header = this.#header
    if (!header) return undefined
    rest = this.#fill(header, this.#filled - LENGTHS, rest)
    rest = this.#fill(this.#body, this.#filled - LENGTHS - header.length, rest)
    // One question, one answer: what comes after it is not ours.
    if (rest.length > 0) throw new FrameFault()
    if (this.#filled < LENGTHS + header.length + this.#body.length) return undefined
    const frame = { header: parseHeader(header), body: this.#body }
    this.#header = undefined
    this.#body = new Uint8Array()
    this.#filled = 0
    return frame
  }

  /** The two lengths first; then the place for what they announce. */
  #open(chunk: Uint8Array): Uint8Array {
    const rest = this.#fill(this.#lengths, this.#filled, chunk)
    if (this.#filled < LENGTHS) return rest
    const header = this.#lengths.readUInt32BE(0)
    const body = this.#lengths.readUInt32BE(4)
    if (header > MAX_HEADER || body > this.#maxBody) throw new FrameFault()
    this.#header = Buffer.alloc(header)
    this.#body = new Uint8Array(body)
    return rest
  }

  /** Copies what fits behind the first `at` bytes of `into`; returns what is left. */
  #fill(into: Uint8Array, at: number, chunk: Uint8Array): Uint8Array {
    if (chunk.length === 0 || at >= into.length) return chunk
    const taken = chunk.subarray(0, into.length - at)
    into.set(taken, at)
    this.#filled += taken.length
    return chunk.subarray(taken.length)
  }
}

const LENGTHS = 8

/** The other side does not keep to the protocol. */
export class FrameFault extends Error {
  constructor() {
    super('frame out of bounds')
    this.name = 'FrameFault'
  }
}

/** @throws FrameFault when it is no JSON in UTF-8 */
export function parseHeader(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)) as unknown
  } catch {
    throw new FrameFault()
  }
}
