/**
 * A packet filter as it stands, whatever wrote it: chains of rules, the first that speaks decides. Every reader of a dialect gives this, and nothing else is
 * judged, so a text is judged by what it says and not by who made it.
 */
import type { Field, Span } from '../space/field.ts'

/** What a rule asks of a packet. */
export type Condition =
  | {
      readonly kind: 'in'
      /** Looked at together: a packet is inside when one of the boxes holds all of them. */
      readonly fields: readonly Field[]
      /** Per box and field the spans of which one must hold. */
      readonly boxes: readonly (readonly (readonly Span[])[])[]
      readonly negated: boolean
    }
  /** May hold or not: nobody here can tell. Never taken as harmless. */
  | { readonly kind: 'unknown'; readonly text: string }

export type Action =
  | { readonly kind: 'accept' | 'deny' | 'back' }
  | { readonly kind: 'call' | 'go'; readonly chain: string }
  /** Something that ends the way in a manner nobody here can tell: both endings are possible. */
  | { readonly kind: 'unknown'; readonly text: string }

export interface Rule {
  /** Where it stands, for people: chain and number. */
  readonly place: string
  readonly conditions: readonly Condition[]
  readonly action: Action
  /** The comment that stands with it. */
  readonly comment?: string
  /** As the text that was read says it, and the line of that text, counted from 1. */
  readonly text?: string
  readonly line?: number
}

/** A chain that the kernel itself calls. */
export interface Hook {
  readonly chain: string
  /** Which packets come here: one family, or both. */
  readonly families: readonly (4 | 6)[]
  /** What else must hold for a packet to come here, e.g. the interface the hook sits at. */
  readonly conditions?: readonly Condition[]
  readonly policy: 'accept' | 'deny'
}

export interface Filter {
  /** In the order in which a forwarded packet meets them. Each must accept. */
  readonly hooks: readonly Hook[]
  /** The same for a packet to the firewall itself; absent when the reader cannot tell. */
  readonly input?: readonly Hook[]
  /** The same for a packet that the firewall itself sends. */
  readonly output?: readonly Hook[]
  readonly chains: ReadonlyMap<string, readonly Rule[]>
  /** What could not be read: while one is left, nothing is proved. */
  readonly unread: readonly Unread[]
  /** Packets about which a text of this dialect says nothing, for the machine decides by itself: they are not compared, and that is told. */
  readonly unsaid?: readonly Unsaid[]
  /** Instants at which a condition about time turns, in seconds since 1970: between two of them the text is the same. Absent when the reader cannot tell. */
  readonly turns?: readonly number[]
}

/**
 * - `STATES`: reports of faults, and packets of no connection (`related`, `invalid`, `untracked`)
 * - `PLUGS`: packets of an interface which the text does not name
 * - `WITHIN`: packets that stay in one zone of the machine
 * - `APPLICATIONS`: what is inside a connection, where a rule asks for that; of packets it is none
 */
export interface Unsaid {
  readonly about: 'STATES' | 'PLUGS' | 'WITHIN' | 'APPLICATIONS'
  /** Those of which each field named lies in one of its spans. */
  readonly box: readonly (readonly [Field, readonly Span[]])[]
}

export interface Unread {
  readonly place: string
  readonly text: string
}
