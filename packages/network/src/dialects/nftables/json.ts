import { z } from 'zod'

/** What `nft -j list ruleset` prints (libnftables-json(5)), as far as its outer shape goes; expressions are read one by one. */
const named = z.object({ family: z.string(), name: z.string() })
const object = z.record(z.string(), z.unknown())

export const tableObject = named.extend({ flags: z.unknown().optional() })
export const chainObject = named.extend({
  table: z.string(),
  type: z.string().optional(),
  hook: z.string().optional(),
  prio: z.number().optional(),
  policy: z.string().optional(),
  dev: z.union([z.string(), z.array(z.string())]).optional(),
})
export const ruleObject = z.object({
  family: z.string(),
  table: z.string(),
  chain: z.string(),
  handle: z.number().optional(),
  comment: z.string().optional(),
  expr: z.array(object),
})
export const setObject = named.extend({
  table: z.string(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  flags: z.array(z.string()).optional(),
  elem: z.array(z.unknown()).optional(),
  /** What is done at each element that matches. Other versions of nft print one alone, not in a list. */
  stmt: z.union([z.array(z.unknown()), z.unknown().transform((one) => [one])]).optional(),
})
export const unfaithfulObject = z.object({
  family: z.string(),
  table: z.string(),
  chain: z.string(),
  index: z.number(),
  is: z.enum(['narrower', 'other']),
})
export const listing = z.object({ nftables: z.array(object) })

export type ChainObject = z.infer<typeof chainObject>
export type RuleObject = z.infer<typeof ruleObject>
export type SetObject = z.infer<typeof setObject>

/** The one key of an object that has exactly one, with its value. */
export function single(value: unknown): readonly [string, unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries = Object.entries(value)
  return entries.length === 1 ? entries[0] : undefined
}

/** Whether a value has more than `most` objects or lists inside each other. It looks without going down itself, for the value may be made to be deep. */
export function deeperThan(value: unknown, most: number): boolean {
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > most) return true
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? (Object.values(one) as unknown[]) : [],
    )
  }
  return false
}
