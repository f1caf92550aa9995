import type { Reason } from './words.ts'

/** What a check found wrong. A value, so that no step can forget it. */
export interface Problem {
  readonly problem: true
  readonly reason: Reason
  readonly where: string
  readonly firstBad: number | undefined
  readonly until?: number
}

export function problem(reason: Reason, where: string, firstBad?: number): Problem {
  return { problem: true, reason, where, firstBad }
}

export function isProblem(value: object): value is Problem {
  return 'problem' in value
}
