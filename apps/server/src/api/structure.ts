import type { Drawing } from '@sekisho/network'

/** まちの構成: the picture of the town in force, and its flows as a table. */
export interface StructurePage {
  readonly drawing: Drawing
  /** Every flow, by number, also those that a narrowed picture does not hold. */
  readonly flows: readonly FlowRow[]
  /** The gates in the picture. */
  readonly gates: readonly GateRow[]
  /** What the picture can be narrowed to: zones and outside networks. */
  readonly groups: readonly { readonly id: string; readonly name: string }[]
  /** Where one can ask from: systems, parties outside and people, by their group. */
  readonly starts: readonly {
    readonly group: string
    readonly items: readonly { readonly id: string; readonly name: string }[]
  }[]
  readonly at: string
}

/** A flow with all that is known of it. */
export interface FlowRow {
  readonly id: string
  /** Its number in the declaration, as in the picture. */
  readonly number: number
  readonly name: string
  readonly from: string
  readonly to: string
  /** e.g. 「TCP 443」. */
  readonly what: string
  readonly purpose: string
  readonly owner: string
  readonly expires?: string
  readonly expired: boolean
  /** Number, approver and day of a 特定通信. */
  readonly fixed?: { readonly number: string; readonly approvedBy: string; readonly date: string }
  /** Why the firewall does not let it through, and what to do; absent when it does. */
  readonly shut?: { readonly message: string; readonly cure: string }
  /** By what it is judged, with the clause of each. */
  readonly rules: readonly {
    readonly rule: string
    readonly clause: string
    readonly verified: boolean
    readonly message?: string
    readonly cure?: string
  }[]
  /** ISO time of the last use on record, of a gate by the evidence, of a flow by the firewall's counters; absent where nothing is recorded. */
  readonly lastUse?: string
  /** For this many days and longer the firewall counted nothing. */
  readonly unusedDays?: number
}

export interface GateRow {
  readonly kind: 'file' | 'mail' | 'screen'
  readonly id: string
  readonly name: string
  readonly from: string
  readonly to: string
  readonly lastUse?: string
}

/** What somebody can reach, and by which flows. */
export interface ReachPage {
  readonly name: string
  /** What must be known before it is read, e.g. by what the terminals of a person were found. */
  readonly caution?: string
  /** Whether it was computed on the firewall's text, read back, or on the declaration. */
  readonly basis: string
  readonly direct: readonly {
    readonly to: string
    readonly what: string
    /** Name of the flow, or where the text lets it through undeclared. */
    readonly by: string
    /** Its number in the picture. */
    readonly number?: number
    readonly flow?: string
  }[]
  readonly gates: readonly string[]
  readonly relayed: readonly string[]
  readonly zones: readonly string[]
  /** Ids of what is lit in the picture. */
  readonly lit: { readonly flows: readonly string[]; readonly boxes: readonly string[] }
}
