import type { EndpointReference, Flow, IsoDate } from '@sekisho/core'
import type { AddressRange } from './ranges.ts'

/** The part of an end that shares one machine: its addresses, and its MAC address when the flow is bound to it. */
export interface Part {
  readonly ranges: readonly AddressRange[]
  readonly mac?: bigint
}

/** One end of a permit: where it is plugged in, and who may speak or answer there. */
export interface Side {
  readonly end: EndpointReference
  readonly interface: string
  readonly parts: readonly Part[]
}

/** A declared flow as a firewall can hold it. */
export interface Permit {
  readonly flow: Flow
  readonly protocol: Flow['protocol']
  /** Inclusive ranges of target ports, apart and in order; empty for ICMP, where an echo is meant. */
  readonly ports: readonly (readonly [first: number, last: number])[]
  readonly from: Side
  readonly to: Side
  /** Last day on which it holds, in Japan. */
  readonly expires?: IsoDate
}

/** Why a declared flow is not in the firewall. */
export type LeftOutReason =
  | 'NET-EXPIRED'
  | 'NET-SAME-SIDE'
  | 'NET-NO-ADDRESS'
  | 'NET-NOT-FIXED'
  | 'NET-NO-MAC'
  | 'NET-UNKNOWN-END'

export interface LeftOut {
  readonly flow: Flow
  readonly reason: LeftOutReason
}

/** One plug of the firewall: a zone, or the lines to the parties of one outside network. */
export interface Plug {
  readonly name: string
  readonly zone?: string
  /** What may arrive here as a sender; everything but this is spoofed. Outside: all but the zones of the town. */
  readonly senders: readonly AddressRange[]
  /** Behind it is the My Number zone: nobody speaks there but registered machines, the firewall included. */
  readonly bound?: true
}

/** What a town lets its firewall pass: complete, and nothing else. */
export interface Declared {
  /** Digest of the town that was read (`modelDigest`). */
  readonly digest: string
  readonly town: string
  /** The day it holds for. */
  readonly at: IsoDate
  readonly plugs: readonly Plug[]
  readonly permits: readonly Permit[]
  /** Flows that are declared and not let through, each with its reason. */
  readonly leftOut: readonly LeftOut[]
}
