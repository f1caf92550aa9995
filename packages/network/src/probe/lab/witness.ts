import { z } from 'zod'

/** What a segment's kernel remembers, as `source target protocol port port`: packets that left, and packets that came. */
export interface Memory {
  readonly left: ReadonlySet<string>
  readonly came: ReadonlySet<string>
}

const listing = z.object({
  nftables: z.array(
    z.object({
      set: z.object({ name: z.string(), elem: z.array(z.unknown()).optional() }).optional(),
    }),
  ),
})
const tuple = z.union([
  z.object({ concat: z.array(z.union([z.string(), z.number()])) }),
  z.object({
    elem: z.object({ val: z.object({ concat: z.array(z.union([z.string(), z.number()])) }) }),
  }),
])

/** Reads `nft -j list table inet witness`. */
export function remembered(value: unknown): Memory {
  const sets = listing.parse(value).nftables.flatMap(({ set }) => (set ? [set] : []))
  const keys = (prefix: string): ReadonlySet<string> =>
    new Set(
      sets
        .filter(({ name }) => name.startsWith(prefix))
        .flatMap(({ elem = [] }) => elem.map((one) => keyOf(tuple.parse(one)))),
    )
  return { left: keys('left'), came: keys('came') }
}

function keyOf(one: z.infer<typeof tuple>): string {
  const parts = 'concat' in one ? one.concat : one.elem.val.concat
  return parts.join(' ')
}
