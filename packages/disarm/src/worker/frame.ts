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

/** Collects chunks until a frame is whole. `push` returns it, or throws `FrameFault` for anything out of bounds. */
export class FrameReader {
  readonly #maxBody: number
  #chunks: Buffer[] = []
  #size = 0

  constructor(maxBody: number) {
    this.#maxBody = maxBody
  }

  /** Bytes received for the next frame so far. */
  get pending(): number {
    return this.#size
  }

  push(chunk: Uint8Array): Frame | undefined {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
    this.#size += chunk.length
    if (this.#size < 8) return undefined
    const [headerLength, bodyLength] = this.#lengths()
    const whole = 8 + headerLength + bodyLength
    if (this.#size < whole) return undefined
    const all = Buffer.concat(this.#chunks)
    // One question, one answer: what comes after it is not ours.
    if (all.length > whole) throw new FrameFault()
    this.#chunks = []
    this.#size = 0
    return {
      header: parse(all.subarray(8, 8 + headerLength)),
      body: new Uint8Array(all.subarray(8 + headerLength)),
    }
  }

  #lengths(): [number, number] {
    const head = Buffer.concat(
      this.#chunks.length > 1 && (this.#chunks[0]?.length ?? 0) < 8
        ? this.#chunks
        : this.#chunks.slice(0, 1),
    )
    const header = head.readUInt32BE(0)
    const body = head.readUInt32BE(4)
    if (header > MAX_HEADER || body > this.#maxBody) throw new FrameFault()
    return [header, body]
  }
}

/** The other side does not keep to the protocol. */
export class FrameFault extends Error {
  constructor() {
    super('frame out of bounds')
    this.name = 'FrameFault'
  }
}

function parse(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)) as unknown
  } catch {
    throw new FrameFault()
  }
}
