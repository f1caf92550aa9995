/**
 * The one rule about lines: a line ends with CR LF, and neither stands alone (RFC 5321 2.3.8, 4.1.1.4).
 * Two servers that disagree on it read one stream as different messages: SMTP smuggling
 * (SEC Consult 2023; CVE-2023-51764, -51765, -51766).
 */
import type { MailReason } from './replies.ts'

const LF = 0x0a
const CR = 0x0d
const NUL = 0x00
const DOT = 0x2e

export interface Broken {
  /** Bytes of the chunk before the one that breaks the rule. */
  readonly at: number
  readonly reason: Extract<MailReason, 'SMTP-BARE-LINE-END' | 'SMTP-NUL'>
}

/** Watches a stream of bytes, in whatever chunks the sender cuts it. */
export class LineEnds {
  #afterCr = false

  /** The first byte of the chunk that breaks the rule, if any. Not to be asked again after that. */
  check(chunk: Uint8Array): Broken | undefined {
    let afterCr = this.#afterCr
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]
      if (afterCr !== (byte === LF)) return { at, reason: 'SMTP-BARE-LINE-END' }
      if (byte === NUL) return { at, reason: 'SMTP-NUL' }
      afterCr = byte === CR
    }
    this.#afterCr = afterCr
    return undefined
  }
}

/**
 * Cuts a stream into what may be handed on at once: each command line alone, and of a message what came until its end. So
 * whoever handles `DATA` can see whether anything was sent behind it. In a message the first dot of a line goes, whatever follows it (RFC 5321 4.5.2):
 * the parser behind takes it from two dots only, and a server in front or behind that does as the RFC says would read another message, under another
 * signature (DKIM).
 */
export class Framing {
  /** Bytes of the chunk in hand behind the piece that was handed on last. */
  left = 0
  #inMessage = false
  /** Bytes of the line so far, and whether the first was a dot that counts. */
  #column = 0
  #dot = false
  /** A chunk ended with a dot that began a line: what it is, the next byte says. */
  #held = false

  /** From here to the lone dot it is a message. Called while `DATA` is handled and nothing is waiting behind it. */
  startMessage(): void {
    this.#inMessage = true
    this.#column = 0
  }

  *pieces(chunk: Uint8Array): Generator<Uint8Array> {
    if (chunk.length === 0) return
    if (this.#held) yield* this.#released(chunk)
    let from = 0
    let line = 0
    while (line < chunk.length) {
      const lf = chunk.indexOf(LF, line)
      const end = lf === -1 ? chunk.length : lf + 1
      if (this.#column === 0 && this.#begins(chunk, line)) {
        yield* this.#piece(chunk, from, line)
        from = line + 1
      }
      this.#column += end - line
      line = end
      if (lf === -1) break
      const lone = this.#dot && this.#column === '.\r\n'.length
      this.#column = 0
      if (this.#inMessage && !lone) continue
      this.#inMessage = false
      yield* this.#piece(chunk, from, end)
      from = end
    }
    yield* this.#piece(chunk, from, chunk.length)
  }

  /** Looks at the first byte of a line. Returns whether it is a dot that does not go on, or not yet. */
  #begins(chunk: Uint8Array, at: number): boolean {
    this.#dot = chunk[at] === DOT
    if (!this.#dot || !this.#inMessage) return false
    this.#held = at + 1 === chunk.length
    return this.#held || this.#isSurplus(chunk[at + 1])
  }

  /** The parser needs the dot that ends the message, and of two it takes the first itself. */
  #isSurplus(next: number | undefined): boolean {
    const surplus = next !== CR && next !== DOT
    if (surplus) this.#dot = false
    return surplus
  }

  *#released(chunk: Uint8Array): Generator<Uint8Array> {
    this.#held = false
    if (this.#isSurplus(chunk[0])) return
    this.left = chunk.length
    yield Buffer.of(DOT)
  }

  *#piece(chunk: Uint8Array, from: number, end: number): Generator<Uint8Array> {
    if (from >= end) return
    this.left = chunk.length - end
    yield chunk.subarray(from, end)
  }
}
