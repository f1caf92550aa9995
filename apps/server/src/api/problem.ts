/** Error body: a refusal in four lines, never a stack trace. */
export interface Problem {
  /** Reason id, e.g. `FILE-TOO-LARGE`. */
  readonly reason: string
  /** 1 what happened. */
  readonly what: string
  /** 2 why, with the clause when there is one. */
  readonly why: string
  /** 3 what you can do now. */
  readonly cure: string
  /** 4 number for the help desk, e.g. `S-1042`; empty when there is no crossing. */
  readonly number: string
  readonly at: string
}
