/**
 * Bounds of one message while it arrives: bytes, length of lines, size of the header, number of hops. Nothing is parsed here.
 */
import type { MailLimits } from './limits.ts'
import type { MailReason } from './replies.ts'

const LF = 0x0a
/** The old syntax lets blanks stand before the colon (RFC 5322 4.5); a loop may hide behind them. */
const RECEIVED = /^received[: \t]/iu
const NAME_BYTES = 'received:'.length
const NOTHING = Buffer.alloc(0)

export class MessageMeter {
  readonly #limits: MailLimits
  #bytes = 0
  #headerBytes = 0
  #inHeader = true
  #fields = 0
  #hops = 0
  /** Bytes of the line so far with its CRLF, and as many of its first as `Received:` has. */
  #column = 0
  #start = NOTHING
  #reason: MailReason | undefined

  constructor(limits: MailLimits) {
    this.#limits = limits
  }

  /** The first bound that was passed; once passed it stays so. */
  get reason(): MailReason | undefined {
    return this.#reason
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length
    if (this.#bytes > this.#limits.messageBytes) this.#pass('SMTP-SIZE')
    for (let from = 0; from < chunk.length && this.#reason === undefined;) {
      const lf = chunk.indexOf(LF, from)
      const end = lf === -1 ? chunk.length : lf + 1
      this.#lineGrew(end - from)
      if (this.#inHeader) this.#headerGrew(chunk.subarray(from, end))
      if (lf !== -1) this.#lineEnded()
      from = end
    }
  }

  #lineGrew(bytes: number): void {
    this.#column += bytes
    if (this.#column > this.#limits.lineBytes + 2) this.#pass('SMTP-LINE')
  }

  #headerGrew(piece: Uint8Array): void {
    this.#headerBytes += piece.length
    if (this.#headerBytes > this.#limits.headerBytes) this.#pass('SMTP-HEADER')
    const missing = NAME_BYTES - this.#start.length
    if (missing > 0) this.#start = Buffer.concat([this.#start, piece.subarray(0, missing)])
  }

  #lineEnded(): void {
    if (this.#inHeader) this.#headerLine()
    this.#column = 0
    this.#start = NOTHING
  }

  #headerLine(): void {
    if (this.#column <= 2) {
      this.#inHeader = false
      return
    }
    const first = this.#start[0]
    if (first === 0x20 || first === 0x09) return
    this.#fields += 1
    if (this.#fields > this.#limits.headerFields) this.#pass('SMTP-HEADER')
    if (!RECEIVED.test(this.#start.toString('latin1'))) return
    this.#hops += 1
    if (this.#hops > this.#limits.hops) this.#pass('SMTP-LOOP')
  }

  #pass(reason: MailReason): void {
    this.#reason ??= reason
  }
}
