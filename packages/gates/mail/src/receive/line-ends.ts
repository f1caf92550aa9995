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
 * whoever handles `DATA` can see whether anything was sent behind it.
 */
export class Framing {
  #inMessage = false
  /** Bytes of the line so far, and whether the first was a dot. */
  #column = 0
  #dot = false

  /** From here to the lone dot it is a message. Called while `DATA` is handled and nothing is waiting behind it. */
  startMessage(): void {
    this.#inMessage = true
    this.#column = 0
  }

  *pieces<Bytes extends Uint8Array>(chunk: Bytes): Generator<Bytes> {
    let from = 0
    let line = 0
    while (line < chunk.length) {
      const lf = chunk.indexOf(LF, line)
      const end = lf === -1 ? chunk.length : lf + 1
      if (this.#column === 0) this.#dot = chunk[line] === DOT
      this.#column += end - line
      line = end
      if (lf === -1) break
      const lone = this.#dot && this.#column === '.\r\n'.length
      this.#column = 0
      if (this.#inMessage && !lone) continue
      this.#inMessage = false
      yield chunk.subarray(from, end) as Bytes
      from = end
    }
    if (from < chunk.length) yield chunk.subarray(from) as Bytes
  }
}
