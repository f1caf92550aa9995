/**
 * What the proxy asks and tells. It decides nothing itself: who somebody is, whether a name and its addresses may be reached and what is written down comes from
 * here.
 */

import type { CloudPattern, Finding } from '@sekisho/core'
import type { Field } from '../inside/passed-on.ts'

/** Who is at the terminal. */
export interface Client {
  /** Person id, or the id of a machine for updates. */
  readonly id: string
  readonly department: string
}

/** A person, the place their connection comes from, and what they ask for. */
export interface Asked {
  readonly client: Client
  /** Address of the terminal. */
  readonly from: string
  /** `host:port` as sent. */
  readonly target: string
  /** The Host field, if there was one. */
  readonly host: string | undefined
}

/** What a connection shows of who it is. */
export interface Shown {
  /** Address of the terminal. */
  readonly from: string
  /** Value of Proxy-Authorization, if it was sent. */
  readonly credentials: string | undefined
  /** SHA-256 of the client certificate, lower-case hex, verified by TLS against the town's authority; absent without one. */
  readonly certificate: string | undefined
}

/** Why something may not go out. */
export interface Refused {
  readonly result: 'refuse'
  /** Reason id: of a rule, or of this room. */
  readonly reason: string
  /** What the rule says, when one refused; a reason of this room has its own words. */
  readonly finding?: Finding
  /** Declared service it would belong to; empty when none. */
  readonly service: string
}

/** What may go out, and where to. */
export interface Admitted {
  readonly result: 'pass'
  readonly service: string
  /** Canonical name, as the list has it. */
  readonly host: string
  readonly port: number
  /** Every address was looked at; one of these literals is dialled and no name again, so that a second answer of the name server changes nothing. */
  readonly addresses: readonly string[]
  /** Bytes towards the outside that are still allowed; asked for each piece. */
  readonly maySend: (bytes: number) => boolean
  /** Aborted when the town cuts the service. */
  readonly cut: AbortSignal
  /** Reason id, where the gate only watches (`report`) and would otherwise have refused. */
  readonly wouldRefuse?: string
  /** How the connection is read inside; absent when it is not, and then nobody may. */
  readonly inside?: InsideTerms
}

/** What the town said about reading inside one host. */
export interface InsideTerms {
  readonly pattern: CloudPattern
  /** WebSocket may be spoken; what it carries is counted and not read. */
  readonly websocket: boolean
  /** What is written into every request in place of what the client sent. */
  readonly writes: readonly Field[]
}

/** The certificate that a destination showed. */
export interface SeenCertificate {
  /** A public authority vouches for it, today, and it is for the host. */
  readonly trusted: boolean
  /** Its DNS names as written. */
  readonly names: readonly string[]
}

/** A request outside a tunnel, or inside one that is read: it is seen whole. */
export interface PlainRequest {
  readonly method: string
  /** Every Host field and `:authority`, as sent. */
  readonly hosts: readonly string[]
}

/** What the first bytes in the tunnel say. `more`: not all of it is here. */
export type FirstBytes =
  | {
      readonly result: 'pass'
      /** What the terminal offers to speak (ALPN), where the connection is read inside. */
      readonly protocols?: readonly string[]
    }
  | { readonly result: 'more' }
  | Refused

export type Judged = { readonly result: 'pass' } | Refused

/** One canonical record for each request. */
export interface TunnelRecord {
  /** Number of the request, also on the page that refuses it. */
  readonly number: string
  /**
   * `opened` with a reason: the gate only watches, and would otherwise have refused. `request`: one inside a connection; what it sends is counted again when the connection has
   * `ended`. `noticed`: something about an answer that the town wants to know.
   */
  readonly kind: 'opened' | 'request' | 'noticed' | 'refused' | 'ended'
  readonly client: string
  readonly department: string
  readonly from: string
  /** As asked for, visible characters only. */
  readonly target: string
  readonly service: string
  readonly address: string
  /** Reason id; empty when nothing was refused. */
  readonly reason: string
  readonly up: number
  readonly down: number
  /** Of `up`, bytes that were read and decided before they left; the day's limit is for the others. */
  readonly read?: number
  /** Number of the connection that a `request` came in: what it sent counts for the day also when the connection never ended, because the gate did. */
  readonly within?: string
}

export interface Gatekeeper {
  /** Next request number. */
  number(): string
  /** Who is at the other end; a promise where something has to be tried first. */
  identify(shown: Shown): Client | Refused | Promise<Client | Refused>
  /** Asked before anything is dialled. */
  admit(asked: Asked): Promise<Admitted | Refused>
  /** Asked about a request in clear (`http://`), before anything is dialled. */
  admitPlain(asked: Asked, request: PlainRequest): Promise<Admitted | Refused>
  /** Asked with what the terminal sends first, before a byte of it goes out. */
  firstBytes(asked: Asked, admitted: Admitted, bytes: Buffer): FirstBytes
  /** Asked about each request in a connection that is read inside, with the certificate at its other end. */
  inside(asked: Asked, request: PlainRequest, certificate: SeenCertificate): Judged
  /**
   * Resolves when it is durable. Rejects when it cannot be: then nothing goes out.
   *
   * @param refused what the terminal is told, so that it can be told again
   */
  record(entry: TunnelRecord, refused?: Refused): Promise<void>
}
