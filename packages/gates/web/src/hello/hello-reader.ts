/**
 * Takes the first bytes of a tunnel as they come and says when they are a whole ClientHello. A hello of today does not fit one segment
 * (Chromium's is about 2,000 bytes), and one may be cut over several records (RFC 8446 §5.1).
 */
import { readClientHello } from './client-hello.ts'
import type { ClientHello, HelloProblem } from './client-hello.ts'

/** Most bytes kept while a hello is not yet whole. The largest real one we have seen is 2,026. */
export const MAX_HELLO_BYTES = 65_536
const RECORD_HEAD = 5
const MAX_RECORD = 16_384
const HANDSHAKE = 22
const CLIENT_HELLO = 1
const MESSAGE_HEAD = 4

export type HelloState =
  | { readonly state: 'more' }
  | { readonly state: 'hello'; readonly hello: ClientHello }
  | { readonly state: 'refused'; readonly why: HelloProblem }

export interface HelloReader {
  /** Adds what arrived. Once it said `hello` or `refused` it says the same for ever; the deadline is for whoever owns the socket. */
  readonly push: (chunk: Uint8Array) => HelloState
  /** Everything pushed so far, to be sent on unchanged when the hello is judged. */
  readonly bytes: () => Uint8Array
}

/** A reader for one tunnel. Never throws, and never says `hello` about part of one. */
export function createHelloReader(): HelloReader {
  const chunks: Uint8Array[] = []
  const message = new Message()
  let held = 0
  let last: HelloState = { state: 'more' }
  return {
    push(chunk) {
      if (last.state !== 'more') return last
      chunks.push(chunk.slice())
      held += chunk.length
      last = message.add(chunk)
      if (last.state === 'more' && held > MAX_HELLO_BYTES) last = refused('too-long')
      return last
    },
    bytes: () => Buffer.concat(chunks),
  }
}

/** Bytes of records on the one side, of one handshake message on the other. */
class Message {
  #head: number[] = []
  #left = 0
  /** Bytes of the message: the caller's own memory as long as `add` runs, ours from then on. */
  #kept: Buffer = Buffer.alloc(0)
  #ours = false
  #size = 0

  add(chunk: Uint8Array): HelloState {
    const state = this.#add(chunk)
    if (state.state === 'more') this.#own(this.#size)
    return state
  }

  #add(chunk: Uint8Array): HelloState {
    for (let at = 0; at < chunk.length;) {
      if (this.#left === 0) {
        this.#head.push(chunk[at]!)
        at += 1
        const wrong = this.#readHead()
        if (wrong) return refused(wrong)
        continue
      }
      const part = chunk.subarray(at, at + this.#left)
      at += part.length
      this.#left -= part.length
      this.#keep(part)
      const end = this.#judge()
      if (end) return end
    }
    return { state: 'more' }
  }

  // Judged byte by byte: what is no TLS is told from its first byte and is not waited for.
  #readHead(): HelloProblem | undefined {
    const [type, major, minor] = this.#head
    if (type !== HANDSHAKE) return this.#size === 0 ? 'not-tls' : 'record'
    if (major !== undefined && major !== 3) return 'not-tls'
    if (minor !== undefined && (minor < 1 || minor > 3)) return 'record'
    if (this.#head.length < RECORD_HEAD) return undefined
    this.#left = this.#head[3]! * 256 + this.#head[4]!
    this.#head = []
    // RFC 8446 §5.1: no empty fragments of the handshake, none longer than 2^14.
    return this.#left === 0 || this.#left > MAX_RECORD ? 'record' : undefined
  }

  // Most hellos come whole, in one record: they are read where they are.
  #keep(part: Uint8Array): void {
    if (this.#size === 0) {
      this.#kept = Buffer.from(part.buffer, part.byteOffset, part.length)
      this.#ours = false
    } else {
      this.#own(this.#size + part.length)
      this.#kept.set(part, this.#size)
    }
    this.#size += part.length
  }

  // Doubled when full: one byte a record must not cost a copy of all before it.
  #own(size: number): void {
    if (this.#ours && size <= this.#kept.length) return
    const larger = Buffer.alloc(Math.max(this.#kept.length * 2, size))
    this.#kept.copy(larger, 0, 0, this.#size)
    this.#kept = larger
    this.#ours = true
  }

  #judge(): HelloState | undefined {
    if (this.#kept[0] !== CLIENT_HELLO) return refused('not-a-hello')
    if (this.#size < MESSAGE_HEAD) return undefined
    const whole = MESSAGE_HEAD + this.#kept.readUIntBE(1, 3)
    if (whole > MAX_HELLO_BYTES) return refused('too-long')
    if (this.#size < whole) return undefined
    // A second message in the hello's own record: nothing may follow before the server speaks.
    if (this.#size > whole || this.#left > 0) return refused('length')
    const hello = readClientHello(this.#kept.subarray(MESSAGE_HEAD, whole))
    return typeof hello === 'string' ? refused(hello) : { state: 'hello', hello }
  }
}

const refused = (why: HelloProblem): HelloState => ({ state: 'refused', why })
