import type { CrossingState, DisarmOffer, Step } from '@sekisho/core'
import type { Changes } from '@sekisho/gates/file'
import type { Problem } from './problem.ts'

export interface NewTransfer {
  readonly idempotencyKey: string
  readonly fileName: string
  readonly size: number
  readonly purpose: string
}

/** Tries a refused file again: with its password, or (without one) as pictures. */
export interface AgainRequest {
  readonly idempotencyKey: string
  readonly password?: string
}

export interface Transfer {
  readonly id: string
  readonly number: string
  readonly fileName: string
  readonly size: number
  /** Bytes safely on disk. */
  readonly offset: number
  readonly purpose: string
  readonly state: CrossingState
  /** Step it is in, or was in when it ended. */
  readonly step: Step
  readonly createdAt: string
  readonly finishedAt?: string
  /** Present when refused or returned. */
  readonly problem?: Problem
  /** What was taken out, in sentences. */
  readonly removed: readonly string[]
  /** What may be tried next with the same file, when it was refused. */
  readonly offers: readonly DisarmOffer[]
  /** The same format again, or its pages as pictures. */
  readonly outcome: 'rebuild' | 'flatten'
  /** Number of the transfer that this one tries again. */
  readonly again?: string
  /** True while the other side has not fetched it: the line may be down. */
  readonly waitingForOtherSide: boolean
}

export interface InboxItem extends Changes {
  readonly id: string
  readonly number: string
  readonly from: { readonly name: string; readonly department: string }
  readonly fileName: string
  readonly outputName: string
  readonly size: number
  readonly outputSize: number
  readonly state: CrossingState
  readonly step: Step
  /** Number of the crossing that this one tries again. */
  readonly again?: string
  /** What the giver may try next with the same file, on the other side. */
  readonly offers: readonly DisarmOffer[]
  readonly inputSha256: string
  readonly outputSha256: string
  readonly receivedAt: string
  readonly deliveredAt?: string
  readonly takenAt?: string
  /** Last day it can be taken. */
  readonly until?: string
  readonly problem?: Problem
}
