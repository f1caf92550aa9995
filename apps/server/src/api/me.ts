export interface Me {
  readonly side: 'low' | 'high'
  readonly town: string
  /** Shown in the same place and colour always, e.g. インターネット接続系. */
  readonly zone: string
  /** Where files given here go to, or come from. */
  readonly otherZone: string
  readonly user: {
    readonly id: string
    readonly name: string
    readonly email: string
    readonly department: string
    readonly roles: readonly string[]
    readonly passkeys: number
  }
  readonly limits: {
    readonly maxBytes: number
    readonly chunkBytes: number
    readonly accept: readonly string[]
  }
  /** Days the original is kept sealed. */
  readonly originalDays: number
  /** What the town runs for mail: `in` where mail from the internet comes by here, `out` where the office sends some to the outside. */
  readonly mail: { readonly in: boolean; readonly out: boolean }
  /** Whether this side shows what goes through a cloud gate. */
  readonly cloud: boolean
  /** ISO time when the session ends. */
  readonly sessionEnds: string
}
