/**
 * What went through the gate in one day, counted. A town's browsers write a million lines a day; a year of them is looked at as 365 of these. Each count is bounded, and what no longer fits is said.
 */
import type { IsoDate } from '@sekisho/core'
import { z } from 'zod'

const count = z.number().int().min(0)
const name = z.string().max(400)

/** One hour of one person with one service. */
const amount = z.strictObject({
  hour: z.number().int().min(0).max(23),
  service: name,
  department: name,
  person: name,
  opened: count,
  refused: count,
  /** Bytes of connections that ended in this hour. */
  up: count,
  down: count,
  /** Bytes that connections begun in this hour sent until they ended: what is on its way when everybody goes home is not work at night. */
  begunUp: count,
})

/** One destination. */
const destination = z.strictObject({
  target: name,
  service: name,
  departments: z.array(name),
  /** Who asked, the first of them; `askers` counts all that were told apart. */
  people: z.array(name),
  opened: count,
  refused: count,
  /** Opened although not permitted: the gate only watches (`report`). */
  watched: count,
  up: count,
  down: count,
  first: name,
  last: name,
})

/** One reason for which requests of one person were stopped. */
const refusal = z.strictObject({
  reason: name,
  service: name,
  department: name,
  person: name,
  /** Address of the terminal. */
  from: name,
  count,
  first: name,
  last: name,
  /** One of the destinations. */
  target: name,
})

/** Who was seen at an address. */
const seat = z.strictObject({ from: name, person: name, department: name })

const shape = z.strictObject({
  day: name,
  lines: count,
  amounts: z.array(amount),
  destinations: z.array(destination),
  refusals: z.array(refusal),
  seats: z.array(seat),
  /** Events whose destination, reason or address no longer fitted. Bytes and requests are counted all the same. */
  beyond: count,
})

export type DayAmount = z.infer<typeof amount>
export type DayDestination = z.infer<typeof destination>
export type DayRefusal = z.infer<typeof refusal>
export type DaySeat = z.infer<typeof seat>
export interface DayTotals extends z.infer<typeof shape> {
  readonly day: IsoDate
}

/** @returns undefined for what is not exactly of the form above */
export function readDayTotals(value: unknown): DayTotals | undefined {
  const read = shape.safeParse(value)
  return read.success ? read.data : undefined
}
