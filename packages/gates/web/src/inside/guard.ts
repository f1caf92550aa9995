/**
 * What is asked about the bodies of an inspected connection: whoever terminates TLS asks, whoever reads files answers. Neither side knows how the other does it.
 */
import type { CloudPattern } from '@sekisho/core'
import type { Refused } from '../tunnel/gatekeeper.ts'

/** One request inside an inspected connection, as both sides of the gate see it. */
export interface Exchange {
  /** Request number (`W-…`), also on the page that refuses it. */
  readonly number: string
  /** Id of the client. */
  readonly person: string
  /** Id of the declared cloud service. */
  readonly service: string
  readonly pattern: CloudPattern
  readonly method: string
  /** Inner Host or `:authority`, judged. */
  readonly host: string
  /** With its query, as sent. */
  readonly path: string
  /** Lower-case names, values as sent. */
  readonly headers: readonly (readonly [string, string])[]
  readonly version: 'h1' | 'h2'
}

/** What may leave. Without a `body` nothing but the head does. */
export type UploadAnswer =
  | {
      readonly result: 'pass'
      readonly body?: AsyncIterable<Uint8Array>
      /** Bytes of the body. */
      readonly bytes: number
      /** Of the body, lower-case hex. */
      readonly sha256?: string
    }
  | Refused

export interface ResponseHead {
  readonly status: number
  /** Lower-case names. */
  readonly headers: readonly (readonly [string, string])[]
}

/** What reaches the terminal. */
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
