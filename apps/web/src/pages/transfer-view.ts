/**
 * One row of 「渡したファイル」: what the server says about a transfer, joined with what this browser is doing for it.
 */
import type { Problem, Transfer } from '@sekisho/server/api'
import type { Step } from '@sekisho/core'
import type { Carried } from '../line/transfer-queue.ts'
import type { Shape } from '../ui/icon.tsx'
import type { Tone } from '../ui/badge.tsx'
import { say } from '../words/say.ts'
import type { WordKey } from '../words/say.ts'

export interface TransferView {
  readonly key: string
  readonly fileName: string
  readonly size: number
  readonly number: string
  readonly purpose: string
  readonly createdAt: string
  readonly carried?: Carried
  readonly transfer?: Transfer
  readonly problem?: Problem
  readonly percent: number
  /** Where it stands, finer than the server knows. */
  readonly standing: Standing
  /** Numbers of the later transfers that try it again, newest first. */
  readonly tries: readonly string[]
  /** The one of them that counts: not taken back. */
  readonly successor?: string
}

export type Standing =
  | 'waiting'
  | 'receiving'
  | 'cut'
  | 'signedOut'
  | 'half'
  | 'received'
  | 'curing'
  | 'held'
  | 'delivered'
  | 'refused'
  | 'returned'
  | 'cancelled'

export const STATION_KEYS = [
  'step.receive',
  'step.ask',
  'step.cure',
  'step.hold',
  'step.deliver',
] as const

/** Newest first; each transfer once, whether it is known here, there or on both sides. */
export function joinTransfers(
  carried: readonly Carried[],
  transfers: readonly Transfer[],
): readonly TransferView[] {
  const byId = new Map(carried.map((it) => [it.transfer?.id, it]))
  const known = new Set(transfers.map((it) => it.id))
  const here = carried.filter((it) => it.transfer === undefined || !known.has(it.transfer.id))
  return [
    ...here.toReversed().map((it) => view(it, it.transfer, transfers)),
    ...transfers.map((it) => view(byId.get(it.id), it, transfers)),
  ]
}

function view(
  carried: Carried | undefined,
  server: Transfer | undefined,
  transfers: readonly Transfer[],
): TransferView {
  const transfer = newer(carried?.transfer, server)
  const later = transfers.filter(({ again }) => again !== undefined && again === transfer?.number)
  const successor = later.find(({ state }) => state !== 'cancelled')?.number
  const size = transfer?.size ?? carried?.size ?? 0
  const sent = Math.max(carried?.sent ?? 0, transfer?.offset ?? 0)
  const problem = carried?.problem ?? transfer?.problem
  return {
    key: transfer?.id ?? carried?.key ?? '',
    fileName: transfer?.fileName ?? carried?.fileName ?? '',
    size,
    number: transfer?.number ?? '',
    purpose: transfer?.purpose ?? carried?.purpose ?? '',
    createdAt: transfer?.createdAt ?? '',
    percent: size === 0 ? 0 : Math.min(100, Math.floor((sent / size) * 100)),
    standing: standing(carried, transfer),
    tries: later.map(({ number }) => number),
    ...(successor !== undefined && { successor }),
    ...(carried !== undefined && { carried }),
    ...(transfer !== undefined && { transfer }),
    ...(problem !== undefined && { problem }),
  }
}

const ORDER: Readonly<Record<Transfer['state'], number>> = {
  receiving: 0,
  received: 1,
  curing: 2,
  held: 3,
  delivered: 4,
  refused: 4,
  returned: 4,
  cancelled: 4,
}

/** Of two reports about one transfer, the one that is further: an answer that took long must not turn time back. */
function newer(a: Transfer | undefined, b: Transfer | undefined): Transfer | undefined {
  if (a === undefined || b === undefined) return b ?? a
  if (ORDER[a.state] !== ORDER[b.state]) return ORDER[a.state] > ORDER[b.state] ? a : b
  return a.offset > b.offset ? a : b
}

function standing(carried: Carried | undefined, transfer: Transfer | undefined): Standing {
  if (transfer !== undefined && transfer.state !== 'receiving') return transfer.state
  switch (carried?.phase) {
    case 'waiting':
      return 'waiting'
    case 'cut':
      return 'cut'
    case 'signed-out':
      return 'signedOut'
    case 'stopped':
      return carried.problem === undefined ? 'cancelled' : 'refused'
    case 'sending':
    case 'sent':
      return 'receiving'
    case undefined:
      // Nobody here carries it: it was begun before a reload or on another terminal.
      return transfer !== undefined && transfer.offset < transfer.size ? 'half' : 'receiving'
  }
}

/** Position among the five stations. */
export function stationOf(it: TransferView): number {
  return it.transfer === undefined ? 0 : STATIONS[it.transfer.step]
}

const STATIONS: Readonly<Record<Step, number>> = {
  receive: 0,
  ask: 1,
  cure: 2,
  'ask-again': 2,
  hold: 3,
  record: 4,
  deliver: 4,
}

export function isMoving(it: TransferView): boolean {
  return !['delivered', 'refused', 'returned', 'cancelled'].includes(it.standing)
}

/** Word, shape and tone of each standing. */
export function standingLook(it: Standing): { word: string; shape: Shape; tone: Tone } {
  const [key, shape, tone] = LOOKS[it]
  return { word: say(key), shape, tone }
}

const LOOKS: Readonly<Record<Standing, readonly [WordKey, Shape, Tone]>> = {
  waiting: ['state.waiting', 'moving', 'plain'],
  receiving: ['state.receiving', 'moving', 'plain'],
  cut: ['state.cut', 'hold', 'wait'],
  signedOut: ['state.signedOut', 'hold', 'wait'],
  half: ['state.half', 'hold', 'wait'],
  received: ['state.received', 'moving', 'plain'],
  curing: ['state.curing', 'moving', 'plain'],
  held: ['state.held', 'hold', 'wait'],
  delivered: ['state.delivered', 'check', 'good'],
  refused: ['state.refused', 'stop', 'bad'],
  returned: ['state.returned', 'stop', 'bad'],
  cancelled: ['state.cancelled', 'ended', 'plain'],
}
