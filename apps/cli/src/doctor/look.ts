/** One thing looked at. `bad` stops the work; `weak` works with less protection. */
export interface Look {
  readonly name: string
  readonly state: 'good' | 'weak' | 'bad'
  readonly about: string
  /** What mends it, and who does. */
  readonly cure?: string
  /** Reason id, where there is one. */
  readonly reason?: string
}
