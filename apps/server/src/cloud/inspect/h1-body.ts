/**
 * The body of an HTTP/1.1 request (RFC 9112 6–7), in the strict form only. Where a body ends is where the next request begins: whoever can make two readers disagree about it
 * smuggles a request past the first of them.
 */
import type { RequestHead } from '@sekisho/gates/web'
import { fieldOf } from '@sekisho/gates/web'
import type { FirstBytes } from '../first-bytes.ts'
import { UnreadableBody } from './inner.ts'

/** How a body is delimited; `undefined` for a head that leaves it open. */
export type Framing = { readonly chunked: true } | { readonly length: number }

/** A chunk's size line: no sign, no space, no extension. Nobody who sends to a service needs one, and readers differ about them. */
const CHUNK_LINE = /^[0-9A-Fa-f]{1,8}$/u
const CHUNK_LINE_MAX = 10
const TRAILERS_MAX = 8192

export function framingOf(head: RequestHead): Framing | undefined {
  const coded = fieldOf(head, 'transfer-encoding')
  if (coded !== undefined)
    return coded.toLowerCase() === 'chunked' && head.version === '1.1'
      ? { chunked: true }
      : undefined
  const length = fieldOf(head, 'content-length') ?? '0'
  return /^\d{1,15}$/u.test(length) ? { length: Number(length) } : undefined
}

export class H1Body implements AsyncIterable<Uint8Array> {
  readonly #from: FirstBytes
  readonly #framing: Framing
  readonly #idleMs: number
  readonly #begin: () => void
  #begun = false
  #ended: boolean

  /** @param begin called before the first byte is waited for: only then is the terminal asked to send it */
  constructor(from: FirstBytes, framing: Framing, idleMs: number, begin: () => void) {
    this.#from = from
    this.#framing = framing
    this.#idleMs = idleMs
    this.#begin = begin
    this.#ended = 'length' in framing && framing.length === 0
  }

  /** Whether all of it was read. */
  get ended(): boolean {
    return this.#ended
  }

  /** Whether anybody wanted to read it. */
  get begun(): boolean {
    return this.#begun
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#ended) return
    if (this.#begun) throw new UnreadableBody('a body is read once')
    this.#begun = true
    this.#begin()
    if ('length' in this.#framing) yield* this.#bytes(this.#framing.length)
    else yield* this.#chunks()
    this.#ended = true
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const line = await this.#line(CHUNK_LINE_MAX)
      if (!CHUNK_LINE.test(line)) throw new UnreadableBody('a chunk without a size')
      const size = Number.parseInt(line, 16)
      if (size === 0) return this.#trailers()
      yield* this.#bytes(size)
      if ((await this.#line(2)) !== '') throw new UnreadableBody('a chunk longer than its size')
    }
  }

  /** Trailers are read to find the end, and go no further: no service needs them, and they come after everything was decided. */
  async #trailers(): Promise<void> {
    let left = TRAILERS_MAX
    for (;;) {
      const line = await this.#line(left)
      if (line === '') return
      if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}:[\t -~\u0080-\u00ff]*$/u.test(line))
        throw new UnreadableBody('a trailer that is none')
      left -= line.length + 2
    }
  }

  async *#bytes(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0;) {
      await this.#until((held) => (held.length > 0 ? true : undefined))
      const piece = this.#from.held.subarray(0, left)
      this.#from.take(piece.length)
      left -= piece.length
      yield piece
    }
  }

  /** A line without its end, which is CR LF and nothing else. */
  async #line(most: number): Promise<string> {
    const line = await this.#until((held) => {
      const end = held.indexOf(10)
      if (end === -1) return held.length > most ? false : undefined
      const text = held.toString('latin1', 0, end)
      return text.endsWith('\r') && text.indexOf('\r') === end - 1 ? text.slice(0, -1) : false
    })
    if (line === false) throw new UnreadableBody('a line that does not end')
    this.#from.take(line.length + 2)
    return line
  }

  async #until<T extends string | boolean>(read: (held: Buffer) => T | undefined): Promise<T> {
    const got = await this.#from.until((held) => {
      const value = read(held)
      return value === undefined ? undefined : { value }
    }, this.#idleMs)
    if (typeof got === 'string') throw new UnreadableBody(`the body is ${got}`)
    return got.value
  }
}
