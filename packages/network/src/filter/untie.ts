import type { Action, Filter, Rule, Unread } from './filter.ts'

/** Chains inside chains at most; nftables takes 16 (`NFT_JUMP_STACK_SIZE`). */
const DEEPEST = 64

/**
 * The same filter without calls that nobody can follow: chains that call each other in a ring, chains that are not there, chains deeper than any firewall
 * has. Such a call ends in any way, and stands in `unread`: who wrote the text must not be able to stop the reading.
 */
export function untie(filter: Filter): Filter {
  const unread: Unread[] = [...filter.unread]
  const told = new Set(unread.map(({ place, text }) => `${place}\n${text}`))
  const chains = new Map<string, readonly Rule[]>()
  const heights = new Map<string, number>()
  const open = new Set<string>()
  const heightOf = (name: string, depth: number): number | undefined => {
    const known = heights.get(name)
    if (known !== undefined) return known
    const rules = filter.chains.get(name)
    if (!rules || open.has(name) || depth > DEEPEST) return undefined
    open.add(name)
    let height = 0
    const kept = rules.map((rule) => {
      if (!('chain' in rule.action)) return rule
      const below = heightOf(rule.action.chain, depth + 1)
      if (below === undefined || below >= DEEPEST) return cut(rule, rule.action.chain)
      height = Math.max(height, below + 1)
      return rule
    })
    open.delete(name)
    chains.set(name, kept)
    heights.set(name, height)
    return height
  }
  const cut = (rule: Rule, chain: string): Rule => {
    const key = `${rule.place}\n${chain}`
    if (!told.has(key)) unread.push({ place: rule.place, text: chain })
    told.add(key)
    return { ...rule, action: { kind: 'unknown', text: chain } satisfies Action }
  }
  for (const name of filter.chains.keys()) heightOf(name, 0)
  return { ...filter, chains, unread }
}
