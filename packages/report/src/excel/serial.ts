/**
 * Days as Excel counts them. In the 1900 system day 60 is 29 February 1900, which never was (a mistake kept from Lotus 1-2-3): days before
 * 1 March 1900 are ambiguous between programs, so they are no numbers here. In the 1904 system day 0 is 1 January 1904.
 */
const DAY = 86_400_000
const EPOCH_1900 = Date.UTC(1899, 11, 30)
const EPOCH_1904 = Date.UTC(1904, 0, 1)
/** 1 March 1900. */
const FIRST = 61
/** 31 December 9999. */
const LAST = 2_958_465

/** The serial number of a day `YYYY-MM-DD` in the 1900 system; undefined before 1 March 1900. */
export function serialOf(day: string): number | undefined {
  const serial = (Date.parse(`${day}T00:00:00Z`) - EPOCH_1900) / DAY
  return serial >= FIRST && serial <= LAST ? serial : undefined
}

/** The day of a serial number; undefined for a time of day, and for a number that is no day in that system. */
export function dayOfSerial(serial: number, system: 1900 | 1904): string | undefined {
  if (!Number.isInteger(serial)) return undefined
  const since1900 = system === 1904 ? serial + (EPOCH_1904 - EPOCH_1900) / DAY : serial
  if (since1900 < FIRST || since1900 > LAST || serial < 0) return undefined
  return new Date(EPOCH_1900 + since1900 * DAY).toISOString().slice(0, 10)
}
