import { noon } from '../declared/day.ts'
import { boxesOf } from '../declared/expect.ts'
import type { Declared } from '../declared/permit.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { writeNftables } from '../dialects/nftables/write.ts'
import type { Filter, Rule } from '../filter/filter.ts'

/** What reachability was computed on. */
export interface HeldFilter {
  readonly filter: Filter
  /** `text`: the generated text, loaded by nft and read back. `declaration`: the permits alone, for nft is not here or does not run. */
  readonly basis: 'text' | 'declaration'
}

/** The filter that a town's generated text comes to when a kernel has taken it; where there is none, what the declaration says it must be. */
export async function heldFilter(declared: Declared): Promise<HeldFilter> {
  const loaded = await loadNftables(writeNftables(declared))
  if (!loaded.ok) return { filter: declaredFilter(declared), basis: 'declaration' }
  return { filter: readNftables(loaded.listing, { at: noon(declared.at) }), basis: 'text' }
}

/** The declaration itself as a filter: one rule for each box of packets that it lets through, and nothing else. */
export function declaredFilter(declared: Declared): Filter {
  const rules = boxesOf(declared).map((box): Rule => {
    const fields = box.map(([field]) => field)
    const spans = box.map(([, of]) => of)
    return {
      place: DECLARED,
      conditions: [{ kind: 'in', fields, boxes: [spans], negated: false }],
      action: { kind: 'accept' },
    }
  })
  return {
    hooks: [{ chain: DECLARED, families: [4, 6], policy: 'deny' }],
    chains: new Map([[DECLARED, rules]]),
    unread: [],
  }
}

const DECLARED = 'declared'
