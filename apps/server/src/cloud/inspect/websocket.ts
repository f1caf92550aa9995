/** A connection that became a WebSocket: what the terminal sends is read message by message, decided whole and written anew; what comes back is counted. */
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Admitted } from '@sekisho/gates/web'
import { UnreadableBody } from './inner.ts'
import { CLOSE, PING, SocketFrames, closeFrame, frameOf, messageFrames } from './socket-frames.ts'
import type { FromTerminal } from './socket-frames.ts'
import { writeAll } from './write-all.ts'

export interface Joined {
  readonly socket: Duplex
  /** What came with the answer. */
  readonly held: Buffer
}

/** A message that may leave, or what the terminal is told when it may not. */
export type DecidedMessage =
  | { readonly result: 'pass'; readonly body: AsyncIterable<Uint8Array>; readonly bytes: number }
  | { readonly result: 'refuse'; readonly told: string }

export interface JoinOptions {
  readonly terminal: Socket
  /** What the terminal had sent behind its request. */
  readonly held: Buffer
  readonly joined: Joined
  readonly admitted: Admitted
  /** Asked with each message before a byte of it leaves. Also asked with a message that breaks its own form: it throws where the body does. */
  readonly decide: (body: AsyncIterable<Uint8Array>) => Promise<DecidedMessage>
}

export interface JoinEnd {
  /** Towards the outside; of them, those that were read and decided; back. */
  readonly up: number
  readonly read: number
  readonly down: number
  readonly reason: string
}

/** RFC 6455 7.4.1: a message that breaks the other side's rules. */
const POLICY = 1008

/** Resolves when both sides have ended, or one may go on no longer. */
export async function joinSockets(options: JoinOptions): Promise<JoinEnd> {
  const { terminal, held, joined } = options
  const outside = joined.socket as Socket
  outside.on('error', () => undefined)
  const joint = new Joint(options, outside)
  terminal.pause()
  if (held.length > 0) terminal.unshift(held)
  const back = joint.back().finally(() => terminal.end())
  await joint.there().catch((error: unknown) => {
    if (error instanceof UnreadableBody) joint.reason = 'HEAD-BODY'
    terminal.destroy()
  })
  outside.end()
  await back.catch(() => undefined)
  outside.destroy()
  const { up, read, down, reason } = joint
  return { up, read, down, reason }
}

class Joint implements JoinEnd {
  readonly #options: JoinOptions
  readonly #outside: Socket
  up = 0
  read = 0
  down = 0
  reason = ''

  constructor(options: JoinOptions, outside: Socket) {
    this.#options = options
    this.#outside = outside
  }

  async back(): Promise<void> {
    const { terminal, joined } = this.#options
    const pieces = this.#outside.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
    await writeAll(terminal, this.#counted(joined.held, pieces))
  }

  async *#counted(held: Buffer, pieces: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
    this.down += held.length
    if (held.length > 0) yield held
    for await (const piece of pieces) {
      this.down += piece.length
      yield piece
    }
  }

  /** Until the terminal ends, or sends what may not leave. */
  async there(): Promise<void> {
    const { terminal } = this.#options
    const source = terminal.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
    for await (const sent of new SocketFrames(source)) {
      const told = sent.kind === 'control' ? await this.#control(sent) : await this.#message(sent)
      if (told === undefined) continue
      terminal.end(closeFrame(POLICY, told))
      this.#outside.destroy()
      return
    }
  }

  async #message({ text, body }: FromTerminal & { kind: 'message' }): Promise<string | undefined> {
    const decided = await this.#options.decide(body)
    if (decided.result === 'refuse') return decided.told
    this.up += decided.bytes
    this.read += decided.bytes
    await writeAll(this.#outside, messageFrames(decided.body, text))
    return undefined
  }

  /** An answer to a ping says what the ping said, and is counted like a head; a question needs no words, and an end no reason. */
  async #control({
    opcode,
    payload,
  }: FromTerminal & { kind: 'control' }): Promise<string | undefined> {
    const said = opcode === PING ? EMPTY : payload.subarray(0, opcode === CLOSE ? 2 : undefined)
    if (!this.#options.admitted.maySend(said.length)) {
      this.reason = 'WEB-BUDGET'
      return this.reason
    }
    this.up += said.length
    await writeAll(this.#outside, alone(frameOf(opcode, said)))
    return undefined
  }
}

const EMPTY = Buffer.alloc(0)

async function* alone(frame: Buffer): AsyncGenerator<Uint8Array> {
  yield frame
}
