/** Two snapshots, in words: what opens, what closes, and what the provider has announced. */
import type { IsoDate } from '@sekisho/core'
import { daysAfter, portsText } from '@sekisho/town'
import ja from '../../words/lists.json' with { type: 'json' }
import type { ComingChange, Destination, DestinationList } from './destination-list.ts'
import { filled } from './list-problem.ts'

/** Microsoft announces new destinations 30 days before they are used. */
export const NOTICE_DAYS = 30

export interface ListLine {
  readonly what: 'name' | 'range' | 'tcp' | 'udp' | 'set'
  readonly destination: string
  readonly value: string
  /** The day from which it is used, where announced. */
  readonly effective?: IsoDate
  readonly sentence: string
}

export interface ListDiff {
  readonly gains: readonly ListLine[]
  readonly loses: readonly ListLine[]
  /** Announced for the next 30 days, whether already in the list or not. */
  readonly soon: readonly ListLine[]
  readonly later: readonly ListLine[]
  readonly changes: readonly ListLine[]
}

/** @param before the snapshot in use; `undefined` when there is none, then everything is new */
export function diffLists(
  before: DestinationList | undefined,
  after: DestinationList,
  at: IsoDate,
): ListDiff {
  const old = new Map(before?.destinations.map((one) => [one.id, one]))
  const now = new Map(after.destinations.map((one) => [one.id, one]))
  const announced = after.coming
    .filter(({ effective }) => effective > at)
    .flatMap((one) => comingLines(one, now))
  const isAnnounced = new Set(announced.map(keyOf))
  const limit = daysAfter(at, NOTICE_DAYS)
  return {
    gains: after.destinations
      .flatMap((one) => linesOf(one).filter((line) => !holds(old.get(one.id), line)))
      .filter((line) => !isAnnounced.has(keyOf(line))),
    loses: (before?.destinations ?? []).flatMap((one) =>
      linesOf(one).filter((line) => !holds(now.get(one.id), line)),
    ),
    soon: announced.filter(({ effective }) => effective! <= limit),
    later: announced.filter(({ effective }) => effective! > limit),
    changes: after.destinations.flatMap((one) => changeLines(old.get(one.id), one)),
  }
}

/** True when both snapshots open the same. */
export const isSame = ({ gains, loses, soon, later, changes }: ListDiff): boolean =>
  [gains, loses, soon, later, changes].every((lines) => lines.length === 0)

const keyOf = ({ what, destination, value }: ListLine): string => `${what} ${destination} ${value}`

function linesOf(one: Destination): readonly ListLine[] {
  return [
    ...one.names.map((value) => lineOf(one, 'name', value)),
    ...one.ranges.map((value) => lineOf(one, 'range', value)),
    ...one.tcp.map((port) => lineOf(one, 'tcp', portsText([port]))),
    ...one.udp.map((port) => lineOf(one, 'udp', portsText([port]))),
  ]
}

function lineOf(
  { id, area }: Pick<Destination, 'id' | 'area'>,
  what: 'name' | 'range' | 'tcp' | 'udp',
  value: string,
): ListLine {
  return { what, destination: id, value, sentence: filled(ja.diff[what], { value, area, id }) }
}

function holds(one: Destination | undefined, { what, value }: ListLine): boolean {
  if (!one) return false
  if (what === 'name') return one.names.includes(value)
  if (what === 'range') return one.ranges.includes(value)
  return (what === 'tcp' ? one.tcp : one.udp).some((port) => portsText([port]) === value)
}

function comingLines(
  { destination, effective, names, ranges }: ComingChange,
  now: ReadonlyMap<string, Destination>,
): readonly ListLine[] {
  const set = now.get(destination) ?? { id: destination, area: '—' }
  const lines = [
    ...names.map((value) => lineOf(set, 'name', value)),
    ...ranges.map((value) => lineOf(set, 'range', value)),
  ]
  return lines.map((one) => ({
    ...one,
    effective,
    sentence: filled(ja.diff.from, { day: effective, what: one.sentence }),
  }))
}

function changeLines(before: Destination | undefined, after: Destination): readonly ListLine[] {
  if (!before) return []
  const { id, area } = after
  const told = (sentence: string, values: Readonly<Record<string, string>>): ListLine => ({
    what: 'set',
    destination: id,
    value: '',
    sentence: filled(sentence, { id, area, ...values }),
  })
  return [
    ...(before.required === after.required
      ? []
      : [told(after.required ? ja.diff.nowRequired : ja.diff.nowOptional, { note: after.note })]),
    ...(before.area === area ? [] : [told(ja.diff.moved, { before: before.area, after: area })]),
    ...(before.category === after.category
      ? []
      : [told(ja.diff.category, { before: before.category, after: after.category })]),
  ]
}
