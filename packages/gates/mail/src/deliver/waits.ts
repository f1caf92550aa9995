/**
 * How long to wait before trying again, and how long in all.
 */

/** Time and chance come in by the door. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** In [0, 1). */
  readonly random: () => number
}

/** All in milliseconds. */
export interface Waits {
  /** After the first attempt of a message. Doubles from there. */
  readonly first: number
  readonly longest: number
  /** After a next hop was first found down. Doubles from there; shorter, since one connection is all it costs. */
  readonly hopFirst: number
  readonly hopLongest: number
  /** From when the message may leave until it comes back. RFC 5321 §4.5.4.1 asks for four or five days. */
  readonly keep: number
}

const MINUTE = 60_000
export const DEFAULT_WAITS: Waits = {
  first: 5 * MINUTE,
  longest: 4 * 60 * MINUTE,
  hopFirst: 15_000,
  hopLongest: 5 * MINUTE,
  keep: 5 * 24 * 60 * MINUTE,
}

/**
 * The wait after so many attempts: doubled each time up to the longest, then up to a quarter more or less, so that
 * what was put off together does not come back together.
 */
export function waitAfter(
  attempts: number,
  first: number,
  longest: number,
  random: number,
): number {
  const doubled = Math.min(longest, first * 2 ** Math.min(attempts - 1, 40))
  return Math.round(doubled * (0.75 + random / 2))
}
