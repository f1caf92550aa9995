/**
 * The frames of a WebSocket (RFC 6455 5.2) as a terminal sends them, in the strict form only, and as they are written anew. What two readers could take apart differently is none.
 */
import { randomBytes } from 'node:crypto'
import { UnreadableBody } from './inner.ts'

const CONTINUES = 0
const TEXT = 1
const BINARY = 2
export const CLOSE = 8
export const PING = 9
const PONG = 10
/** RFC 6455 5.5. */
const CONTROL_MAX = 125
const FIN = 0x80
const RESERVED = 0x70
const MASKED = 0x80

/** What arrives, in order. A message has to be read to its end before the next is asked for. */
export type FromTerminal =
  | { readonly kind: 'message'; readonly text: boolean; readonly body: AsyncIterable<Uint8Array> }
  | { readonly kind: 'control'; readonly opcode: number; readonly payload: Buffer }

interface Frame {
  readonly opcode: number
  readonly last: boolean
  readonly length: number
  readonly mask: Buffer
}

/** Throws {@link UnreadableBody} for what is none. */
export class SocketFrames {
  readonly #source: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FromTerminal> {
    for (;;) {
      const frame = await this.#frame()
      if (!frame) return
      if (frame.opcode >= CLOSE) yield await this.#control(frame)
      else if (frame.opcode === CONTINUES) throw new UnreadableBody('a message without beginning')
      else {
        const controls: FromTerminal[] = []
        const body = this.#message(frame, controls)
        yield { kind: 'message', text: frame.opcode === TEXT, body }
        yield* controls
      }
    }
  }

  /** What comes between its frames waits for its end. */
  async *#message(first: Frame, controls: FromTerminal[]): AsyncGenerator<Uint8Array> {
    for (let frame = first; ;) {
      yield* this.#payload(frame)
      if (frame.last) return
      frame = await this.#next()
      for (; frame.opcode >= CLOSE; frame = await this.#next()) {
        if (controls.length >= CONTROLS_WAITING) throw new UnreadableBody('too much between')
        controls.push(await this.#control(frame))
      }
      if (frame.opcode !== CONTINUES) throw new UnreadableBody('a message inside a message')
    }
  }

  async #next(): Promise<Frame> {
    const frame = await this.#frame()
    if (!frame) throw new UnreadableBody('a message that broke off')
    return frame
  }

  async #frame(): Promise<Frame | undefined> {
    if (!(await this.#fill(2))) {
      if (this.#held.length > 0) throw new UnreadableBody('a frame that broke off')
      return undefined
    }
    const [first = 0, second = 0] = this.#take(2)
    const opcode = first & 0x0f
    const short = second & 0x7f
    const control = opcode >= CLOSE
    const known = opcode <= BINARY || (control && opcode <= PONG)
    // RFC 6455 5.1: a terminal masks, whatever it sends; reserved bits belong to extensions, and none was agreed on.
    if (!known || (first & RESERVED) !== 0 || (second & MASKED) === 0)
      throw new UnreadableBody('a frame that is none')
    const last = (first & FIN) !== 0
    if (control && (!last || short > CONTROL_MAX)) throw new UnreadableBody('a long control frame')
    const length = await this.#length(short)
    return { opcode, last, length, mask: await this.#exactly(4) }
  }

  /** In as few bytes as it takes. */
  async #length(short: number): Promise<number> {
    if (short < 126) return short
    const bytes = await this.#exactly(short === 126 ? 2 : 8)
    const length = short === 126 ? bytes.readUInt16BE() : Number(bytes.readBigUInt64BE())
    const least = short === 126 ? 126 : 0x1_00_00
    if (length < least || !Number.isSafeInteger(length))
      throw new UnreadableBody('a length that is none')
    return length
  }

  async #control({ opcode, length, mask }: Frame): Promise<FromTerminal> {
    return { kind: 'control', opcode, payload: masked(await this.#exactly(length), mask, 0) }
  }

  async *#payload({ length, mask }: Frame): AsyncGenerator<Uint8Array> {
    for (let done = 0; done < length;) {
      if (!(await this.#fill(1))) throw new UnreadableBody('a frame that broke off')
      const piece = this.#take(Math.min(this.#held.length, length - done))
      yield masked(piece, mask, done)
      done += piece.length
    }
  }

  async #exactly(length: number): Promise<Buffer> {
    if (!(await this.#fill(length))) throw new UnreadableBody('a frame that broke off')
    return this.#take(length)
  }

  #take(length: number): Buffer {
    const taken = this.#held.subarray(0, length)
    this.#held = this.#held.subarray(length)
    return taken
  }

  async #fill(length: number): Promise<boolean> {
    while (this.#held.length < length) {
      const { done = false, value } = await this.#source.next()
      if (done) return false
      this.#held = Buffer.concat([this.#held, value])
    }
    return true
  }
}

/** Control frames inside one message. */
const CONTROLS_WAITING = 16

/** One message, in as many frames as it has pieces. */
export async function* messageFrames(
  body: AsyncIterable<Uint8Array>,
  text: boolean,
): AsyncGenerator<Buffer> {
  let opcode = text ? TEXT : BINARY
  let held: Uint8Array = new Uint8Array()
  for await (const piece of body) {
    if (held.length > 0) {
      yield frameOf(opcode, held, false)
      opcode = CONTINUES
    }
    held = piece
  }
  yield frameOf(opcode, held, true)
}

/** A frame towards a destination, masked as RFC 6455 5.3 wants it of a client. */
export function frameOf(opcode: number, payload: Uint8Array, last = true): Buffer {
  const mask = randomBytes(4)
  return Buffer.concat([
    headOf(opcode, payload.length, last, MASKED),
    mask,
    masked(payload, mask, 0),
  ])
}

/** Tells a terminal that its connection is over, and why (RFC 6455 7.4.1). */
export function closeFrame(code: number, why: string): Buffer {
  const payload = Buffer.alloc(2)
  payload.writeUInt16BE(code)
  const text = Buffer.from(why).subarray(0, CONTROL_MAX - 2)
  return Buffer.concat([headOf(CLOSE, text.length + 2, true, 0), payload, text])
}

function headOf(opcode: number, length: number, last: boolean, mask: number): Buffer {
  const first = (last ? FIN : 0) | opcode
  if (length < 126) return Buffer.of(first, mask | length)
  const long = length > 0xff_ff
  const head = Buffer.alloc(long ? 10 : 4)
  head[0] = first
  head[1] = mask | (long ? 127 : 126)
  if (long) head.writeBigUInt64BE(BigInt(length), 2)
  else head.writeUInt16BE(length, 2)
  return head
}

/** @param at where in its frame the piece begins */
function masked(piece: Uint8Array, mask: Uint8Array, at: number): Buffer {
  const bytes = Buffer.from(piece)
  for (let nth = 0; nth < bytes.length; nth += 1) bytes[nth]! ^= mask[(at + nth) & 3]!
  return bytes
}
