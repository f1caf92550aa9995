/**
 * One conversation: messages one after another, each ended with an answer, or with knowing that there is none.
 */
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import { rejectedErrors, replyFault, transactionFault } from './fault.ts'
import type { Fault } from './fault.ts'
import { LetterStream } from './letter-stream.ts'

/** One message to the recipients of one delivery. */
export interface Letter {
  readonly sender: string
  readonly recipients: readonly string[]
  /** A field put before the message, ended by CR LF, or empty. */
  readonly note: string
  readonly bytes: Uint8Array
}

export interface RejectedRecipient {
  readonly address: string
  readonly fault: Fault
}

export type Sent =
  /** The next hop answered for it with 250. */
  | {
      readonly end: 'taken'
      readonly rejected: readonly RejectedRecipient[]
      readonly reply: string
    }
  /** It certainly has nothing. */
  | {
      readonly end: 'not-taken'
      readonly fault: Fault
      readonly rejected: readonly RejectedRecipient[]
    }
  /** Every byte was sent and no answer came: it may have it. */
  | { readonly end: 'unanswered'; readonly fault: Fault }

export class SmtpSession {
  readonly #connection: SMTPConnection
  readonly #longest: number
  #usable = true

  /** @param longest milliseconds for one message in all: a peer that trickles is never idle */
  constructor(connection: SMTPConnection, longest: number) {
    this.#connection = connection
    this.#longest = longest
    connection.once('end', () => {
      this.#usable = false
    })
  }

  /** Whether another message can follow. */
  usable(): boolean {
    return this.#usable
  }

  close(): void {
    if (this.#usable) this.#connection.quit()
    else this.#connection.close()
    this.#usable = false
  }

  /** @param leaving asked before the last byte leaves; when it says no or throws, that byte never does */
  async send(letter: Letter, leaving: () => Promise<boolean>): Promise<Sent> {
    const stream = new LetterStream([letter.note, letter.bytes], leaving)
    const answer = await this.#answer(letter, stream)
    await stream.stop()
    if (answer.ok && !answer.early)
      return { end: 'taken', reply: answer.reply, rejected: rejectedOf(answer.rejected) }
    const error = answer.ok ? undefined : answer.error
    const { fault, answered, goesOn } = transactionFault(error, stream.fault)
    if (stream.left && !answered) {
      this.#drop()
      return { end: 'unanswered', fault }
    }
    // After an answer before the end of the message, nobody knows which answer belongs to what.
    if (!goesOn || (stream.begun && answer.early)) this.#drop()
    else await this.#reset()
    return { end: 'not-taken', fault, rejected: rejectedOf(rejectedErrors(error)) }
  }

  #answer(letter: Letter, stream: LetterStream): Promise<Answer> {
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const tooLong = Object.assign(new Error('too long'), { code: 'ETIMEDOUT' })
    const timer = setTimeout(
      () => resolve({ ok: false, early: !stream.left, error: tooLong }),
      this.#longest,
    )
    const envelope = {
      from: letter.sender === '' ? (false as const) : letter.sender,
      to: [...letter.recipients],
      size: letter.bytes.length + letter.note.length,
    }
    this.#connection.send(envelope, stream, (error, info) => {
      const early = !stream.left
      if (error || !info) resolve({ ok: false, early, error })
      else resolve({ ok: true, early, reply: info.response, rejected: info.rejectedErrors ?? [] })
    })
    return promise.finally(() => clearTimeout(timer))
  }

  /** Ends what the peer may still hold of a transaction: it would answer 503 to the next one. */
  async #reset(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), this.#longest)
    this.#connection.reset((error) => resolve(!error))
    if (!(await promise)) this.#drop()
    clearTimeout(timer)
  }

  #drop(): void {
    this.#usable = false
    this.#connection.close()
  }
}

/** `early`: it came before the end of the message was let go. */
type Answer = { readonly early: boolean } & (
  | { readonly ok: true; readonly reply: string; readonly rejected: readonly unknown[] }
  | { readonly ok: false; readonly error: unknown }
)

function rejectedOf(errors: readonly unknown[]): readonly RejectedRecipient[] {
  return errors.flatMap((error) => {
    const address = error instanceof Error && 'recipient' in error ? error.recipient : undefined
    return typeof address === 'string' ? [{ address, fault: replyFault(error) }] : []
  })
}
