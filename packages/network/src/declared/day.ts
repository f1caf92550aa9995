import type { IsoDate } from '@sekisho/core'

const DAY = 86_400
/** Japan has had one time all year, nine hours before UTC, since 1952. */
const JAPAN = 9 * 3_600

/** The last second of a day in Japan, in seconds since 1970 (POSIX). */
export const lastSecond = (day: IsoDate): number =>
  Date.parse(`${day}T00:00:00Z`) / 1000 - JAPAN + DAY - 1

/** Noon of a day in Japan, in the same count: an instant that is on that day whatever clock is asked. */
export const noon = (day: IsoDate): number =>
  Date.parse(`${day}T00:00:00Z`) / 1000 - JAPAN + DAY / 2

/** An instant by the clocks of Japan, months from 1, in the same count. */
export const japanese = (
  year: number,
  month: number,
  date: number,
  hour: number,
  minute: number,
): number => Date.UTC(year, month - 1, date, hour, minute) / 1000 - JAPAN
