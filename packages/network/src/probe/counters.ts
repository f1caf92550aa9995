import { z } from 'zod'

/** What a firewall's kernel counted. */
export interface Counters {
  /** Packets let through, by the id of the flow; only of a text that keeps such counters. */
  readonly flows: ReadonlyMap<string, number>
  /** Packets denied, by the name of the counter. */
  readonly denied: ReadonlyMap<string, number>
}

const counter = z.object({ name: z.string(), table: z.string(), packets: z.number() })
const element = z.object({
  elem: z.object({
    comment: z.string(),
    counter: z.object({ packets: z.number() }),
  }),
})
const listing = z.object({
  nftables: z.array(
    z.object({
      counter: counter.optional(),
      set: z.object({ table: z.string(), elem: z.array(z.unknown()).optional() }).optional(),
    }),
  ),
})

/** Reads the counters out of `nft -j list ruleset`. */
export function countersOf(value: unknown): Counters {
  const flows = new Map<string, number>()
  const denied = new Map<string, number>()
  for (const object of listing.parse(value).nftables) {
    if (object.counter?.table === 'sekisho') denied.set(object.counter.name, object.counter.packets)
    if (object.set?.table !== 'sekisho') continue
    for (const one of object.set.elem ?? []) {
      const read = element.safeParse(one)
      if (!read.success) continue
      const { comment, counter: counted } = read.data.elem
      flows.set(comment, (flows.get(comment) ?? 0) + counted.packets)
    }
  }
  return { flows, denied }
}
