/**
 * What the gate asks about each request inside a connection that it reads, and what it is told. Who speaks TLS and HTTP knows nothing of bodies; who judges bodies knows no socket.
 */
import type { CloudPattern } from '@sekisho/core'
import type { Refused } from '../tunnel/gatekeeper.ts'

/** One request inside an inspected connection, as both sides of the gate see it. */
export interface Exchange {
  /** Request number (W-…). */
  readonly number: string
  /** Id of the client. */
  readonly person: string
  /** Id of the declared cloud service. */
  readonly service: string
  readonly pattern: CloudPattern
  readonly method: string
  /** Judged inner Host or `:authority`. */
  readonly host: string
  /** With query, as sent. */
  readonly path: string
  /** Lower-case names, as sent. */
  readonly headers: readonly (readonly [string, string])[]
  readonly version: 'h1' | 'h2'
}

/** What leaves. `bytes` are those of the body; without a body it is 0. */
export type UploadAnswer =
  | {
      readonly result: 'pass'
      readonly body?: AsyncIterable<Uint8Array>
      readonly bytes: number
      /** Of the body, lower-case hex. */
      readonly sha256?: string
    }
  | Refused

export interface ResponseHead {
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
}

/** What reaches the terminal: these fields in place of those that came, and this body. */
export type DownloadAnswer =
  | {
      readonly result: 'pass'
      readonly headers: readonly (readonly [string, string])[]
      readonly body: AsyncIterable<Uint8Array>
    }
  | Refused

export interface InsideGuard {
  /** Asked with the head and the body as it comes from the terminal; nothing of either has left yet. The answer's body is what leaves, whole. */
  upload(exchange: Exchange, body: AsyncIterable<Uint8Array>): Promise<UploadAnswer>
  /** Asked with the head and body as they come from outside; nothing has reached the terminal yet. */
  download(
    exchange: Exchange,
    head: ResponseHead,
    body: AsyncIterable<Uint8Array>,
  ): Promise<DownloadAnswer>
}
