/**
 * What most questions about the town have in common: as of which day, by which edition. Both stand in the address.
 */
import { EDITIONS } from '@sekisho/core'
import type { Edition, IsoDate } from '@sekisho/core'
import { isDate, todayInJapan } from '@sekisho/town'
import type { WebContext } from '../host/web.ts'

/** The day asked for, today without one; `undefined` when it is no day of the calendar. */
export function dayOf(context: WebContext): IsoDate | undefined {
  return dayFrom(context.req.query('at'))
}

/** The same for a day that came another way. */
export function dayFrom(asked = ''): IsoDate | undefined {
  if (asked === '') return todayInJapan(new Date())
  return isDate(asked) ? asked : undefined
}

/** The edition asked for; `undefined` without one, and for one that nobody knows. */
export function editionOf(context: WebContext): Edition | undefined {
  return EDITIONS.find((one) => one === context.req.query('edition'))
}
