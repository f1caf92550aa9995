/**
 * What an agent does at most, whoever commands it. They stand in the agent and not in the command: a stolen key must not make it a weapon.
 */
export const AGENT_LIMITS = {
  /** Packets that begin a connection, per second. */
  perSecond: 20,
  /** Such packets in one run. */
  perRun: 2_000,
  /** Ports opened for one run. */
  ports: 64,
  /** Milliseconds for one answer. */
  wait: 2_000,
  /** Minutes from the start of the program to its end, used or not. */
  minutes: 60,
  /** Characters of one line between operator and agent. */
  line: 65_536,
  /** Questions in one line. */
  questions: 200,
} as const

/** Lets something happen so many times a second, and so many times in all. */
export interface Pace {
  /** Milliseconds to wait before the next; `undefined` when there is no next. */
  next(now: number): number | undefined
}

export function paceOf(perSecond: number, most: number): Pace {
  const gap = 1_000 / perSecond
  let free = 0
  let left = most
  return {
    next: (now) => {
      if (left === 0) return undefined
      left -= 1
      const wait = Math.max(0, free - now)
      free = Math.max(free, now) + gap
      return wait
    },
  }
}
