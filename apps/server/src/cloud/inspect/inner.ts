/** A request inside an inspected connection and its answer, whichever version of HTTP they come in. */
import type { Field } from '@sekisho/gates/web'
import type { Socket } from 'node:net'

/** As the terminal sent it. Nothing of it has been believed yet. */
export interface InnerRequest {
  readonly version: 'h1' | 'h2'
  readonly method: string
  /** Path and query, as sent. */
  readonly path: string
  /** Every Host field and `:authority`. */
  readonly hosts: readonly string[]
  /** Names in lower case; without those that begin with a colon. */
  readonly headers: readonly Field[]
  /** Ends when the body does, whatever its framing was. Throws {@link UnreadableBody}. */
  readonly body: AsyncIterable<Uint8Array>
  /** Whether nobody waits for the answer any more. */
  readonly gone: () => boolean
  /** What the connection is asked to become, lower case (RFC 9110 7.8). */
  readonly upgrade?: string
}

export interface Reply {
  readonly status: number
  readonly headers: readonly Field[]
  /** Absent for an answer without one. */
  readonly body?: AsyncIterable<Uint8Array>
  /** Takes the connection over once the head was sent, with what the terminal had sent behind its request. */
  readonly join?: (terminal: Socket, held: Buffer) => Promise<void>
}

export type Answer = (request: InnerRequest) => Promise<Reply>

/** A body that two readers could read differently, or that broke off. */
export class UnreadableBody extends Error {}

/** Statuses whose answers have no body, whatever their fields say (RFC 9110 6.4.1). */
export function hasNoBody(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304 || status < 200
}
