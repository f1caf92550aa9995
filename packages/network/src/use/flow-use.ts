import { z } from 'zod'
import type { Counters } from '../probe/counters.ts'

/**
 * When each flow was last used, as the firewall's counters say. A counter says how much, never when; so it is looked at again and again, and what has grown
 * meanwhile was used.
 */
export interface FlowUse {
  /** Since when it is looked at without a day's gap, ISO: before that nobody can say that something was not used. */
  readonly since: string
  /** When it was last looked at. */
  readonly seen: string
  readonly flows: Readonly<Record<string, UseOfFlow>>
}

export interface UseOfFlow {
  /** Packets that the counter stood at. */
  readonly packets: number
  /** Since when this flow is looked at. */
  readonly since: string
  /** Not later than this it was used, and not before the look before it. */
  readonly last?: string
}

/** Without a look for so long, ms, what was used in between may have gone with rules that were loaded anew. */
const LONGEST_GAP_MS = 86_400_000
/** Flows that are kept: more than any town declares. */
const MOST_FLOWS = 20_000
/** Characters of an id (`a-z 0-9 -`, as the declaration has them). */
const ID = /^[a-z0-9-]{1,100}$/u

/**
 * What is known after another look.
 *
 * @param before what was known; `undefined` at the first look
 * @param now the clock. Set back, it starts anew
 */
export function noteUse(before: FlowUse | undefined, { flows }: Counters, now: Date): FlowUse {
  const at = now.toISOString()
  const gap = before === undefined ? Infinity : now.getTime() - Date.parse(before.seen)
  const whole = gap >= 0 && gap <= LONGEST_GAP_MS
  const counted = [...flows].filter(([id]) => ID.test(id)).slice(0, MOST_FLOWS)
  return {
    since: whole ? before!.since : at,
    seen: at,
    flows: Object.fromEntries(
      counted.map(([id, packets]) => {
        const known =
          before !== undefined && Object.hasOwn(before.flows, id) ? before.flows[id] : undefined
        // A counter that stands lower began anew: what it counts since then is use as well.
        const used = packets > (known && packets >= known.packets ? known.packets : 0)
        const last = used ? at : known?.last
        const since = whole && known ? known.since : at
        return [id, { packets, since, ...(last !== undefined && { last }) }]
      }),
    ),
  }
}

const instant = z.iso.datetime()
const file = z.strictObject({
  sekisho: z.literal('1'),
  kind: z.literal('FlowUse'),
  since: instant,
  seen: instant,
  flows: z.record(
    z.string().regex(ID),
    z.strictObject({ packets: z.int().min(0), since: instant, last: instant.optional() }),
  ),
})

/** What is known, as the text of a file. */
export const writeUse = (use: FlowUse): string =>
  `${JSON.stringify({ sekisho: '1', kind: 'FlowUse', ...use })}\n`

/** @returns `undefined` when the text is none of `writeUse` */
export function readUse(text: string): FlowUse | undefined {
  try {
    const { since, seen, flows } = file.parse(JSON.parse(text))
    return {
      since,
      seen,
      flows: Object.fromEntries(
        Object.entries(flows).map(([id, { last, ...rest }]) => [
          id,
          { ...rest, ...(last !== undefined && { last }) },
        ]),
      ),
    }
  } catch {
    return undefined
  }
}
