import type { IsoDate } from '@sekisho/core'
import type { AlertWords, ReasonTotal, Total } from '@sekisho/gates/web'
import type { CutImpact } from '@sekisho/town'
import type { DeclarationPage } from './decision.ts'

export interface CloudTotal extends Total {
  /** Id, day or hour. */
  readonly key: string
  readonly name: string
}

export interface CloudReason extends ReasonTotal {
  readonly text: string
}

/** `target` was chosen by a terminal: hostile text. */
export interface CloudDestination extends Total {
  readonly target: string
  readonly service: string
  /** Let through only because the gate watches. */
  readonly watched: number
  readonly people: readonly string[]
  readonly first: string
  readonly last: string
}

export interface CloudAlertView extends AlertWords {
  readonly id: string
  readonly rule: string
  readonly since: string
  /** Whether the reader may take note of it. */
  readonly mayNote: boolean
  readonly noted?: { readonly by: string; readonly reason: string; readonly at: string }
}

/** クラウドの利用. */
export interface CloudPage {
  readonly from: IsoDate
  readonly to: IsoDate
  /** First day on record; absent when there is none. */
  readonly firstDay?: IsoDate
  readonly gateServices: readonly { readonly id: string; readonly name: string }[]
  readonly gateDepartments: readonly { readonly id: string; readonly name: string }[]
  readonly all: Total
  readonly services: readonly CloudTotal[]
  readonly departments: readonly CloudTotal[]
  readonly people: readonly CloudTotal[]
  readonly hours: readonly CloudTotal[]
  readonly days: readonly CloudTotal[]
  readonly reasons: readonly CloudReason[]
  /** The first of them. */
  readonly destinations: readonly CloudDestination[]
  readonly destinationCount: number
  readonly alerts: readonly CloudAlertView[]
  /** Too few days are on record to say which destination is new. */
  readonly learning: boolean
  /** Where the record does not hold; what comes behind is not counted. */
  readonly broken?: { readonly file: string; readonly line: number }
  /** Events whose destination did not fit into the tables. */
  readonly beyond: number
}

/** 止める前の見守り: what a gate that only watches would have stopped. `target` was chosen by a terminal: hostile text. */
export interface CloudRehearsal {
  readonly from: IsoDate
  readonly days: number
  /** Whether there is a record at all. */
  readonly recorded: boolean
  readonly enforces: boolean
  readonly ready: boolean
  /** Whether the gate may begin to stop, in a sentence. */
  readonly sentence: string
  /** What else the reader has to know about what was counted. */
  readonly notes: readonly string[]
  /** The first of them, most often asked for first. */
  readonly rows: readonly CloudRehearsalRow[]
  readonly total: number
}

export interface CloudRehearsalRow {
  readonly target: string
  /** Empty when it belongs to none that is declared. */
  readonly service: string
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly people: readonly string[]
  /** How many there are. */
  readonly askers: number
  readonly departments: readonly string[]
  readonly since: string
  readonly last: string
  /** What to do, in a sentence. */
  readonly todo: string
  /** Text to paste; empty when no declaration would make it pass. */
  readonly parts: DeclarationPage['parts']
}

/** Files that somebody approved for a cloud service, newest first. `file` is what the approver's file was called: hostile text. */
export interface CloudApprovals {
  readonly approvals: readonly {
    readonly file: string
    readonly sha256: string
    readonly service: string
    readonly sender: string
    readonly by: string
    readonly at: string
    readonly until: IsoDate
    readonly state: 'stands' | 'over' | 'replaced' | 'withdrawn'
  }[]
  /** Lines that no key of the town signed. */
  readonly unsigned: number
  readonly broken?: { readonly file: string; readonly line: number }
}

/** What a log that was brought tells, as a table. Cells are hostile text. */
export interface CloudFound {
  readonly title: string
  readonly columns: readonly string[]
  /** The first of them. */
  readonly rows: readonly (readonly string[])[]
  readonly total: number
  /** What was read, what was left out, and why. */
  readonly notes: readonly string[]
}

export interface CloudNote {
  readonly reason: string
}

/** 急いで止める: the services of the cloud gate, and which are cut. */
export interface CloudCuts {
  readonly services: readonly {
    readonly service: string
    readonly name: string
    readonly cut?: { readonly by: string; readonly at: string; readonly reason: string }
  }[]
  /** What stops with the service that was asked for. */
  readonly impact?: CutImpact
}

export interface NewCloudCut {
  readonly service: string
  readonly open: boolean
  /** The name of the service, typed by hand. */
  readonly typed: string
  readonly reason: string
}
