import type { Filter, Hook, Rule, Unread } from '../../filter/filter.ts'
import { chainObject, listing, ruleObject, setObject, single } from './json.ts'
import type { ChainObject, RuleObject, SetObject } from './json.ts'
import { readRule } from './rule.ts'
import type { Book } from './rule.ts'

export interface ReadOptions {
  /** The instant at which conditions about time are told, in seconds since 1970. */
  readonly at: number
}

/** The hooks that a forwarded packet meets, in turn (netfilter hook order). */
const ON_THE_WAY = ['ingress', 'prerouting', 'forward', 'postrouting', 'egress']
const FAMILIES: Readonly<Record<string, readonly (4 | 6)[]>> = {
  ip: [4],
  ip6: [6],
  inet: [4, 6],
  netdev: [4, 6],
}

/**
 * The output of `nft -j list ruleset` as a filter. Whatever is not understood is in `unread` with its place, or becomes a condition that may hold or not;
 * nothing is skipped because it looks harmless.
 */
export function readNftables(value: unknown, options: ReadOptions): Filter {
  const parsed = listing.safeParse(value)
  if (!parsed.success) {
    return { hooks: [], chains: new Map(), unread: [{ place: '', text: 'nft -j list ruleset' }] }
  }
  const found = sort(parsed.data.nftables)
  const book: Book = { sets: found.sets, at: options.at }
  const chains = new Map<string, Rule[]>(found.chains.map((chain) => [nameOf(chain), []]))
  const unread: Unread[] = [...found.unread]
  const hookOf = new Map(found.chains.map((chain) => [nameOf(chain), chain.hook]))
  for (const rule of found.rules) {
    const chain = `${rule.family} ${rule.table} ${rule.chain}`
    const rules = chains.get(chain)
    if (!rules) {
      unread.push({ place: chain, text: 'chain' })
      continue
    }
    const place = `${rule.table} ${rule.chain} #${rules.length + 1}`
    const read = readRule(rule, place, book, hookOf.get(chain))
    rules.push(...read.rules)
    unread.push(...read.unread)
  }
  unread.push(...missingChains(chains), ...rings(chains))
  return { hooks: hooksOf(found.chains), chains, unread }
}

interface Found {
  readonly chains: readonly ChainObject[]
  readonly rules: readonly RuleObject[]
  readonly sets: ReadonlyMap<string, SetObject>
  readonly unread: readonly Unread[]
}

/** Kinds that say nothing about which packets pass. */
const SILENT = new Set(['metainfo', 'table', 'counter', 'quota', 'limit', 'secmark'])
/** A table of this family is about other things than forwarded IP packets. */
const ELSEWHERE = new Set(['arp'])

function sort(objects: readonly Record<string, unknown>[]): Found {
  const chains: ChainObject[] = []
  const rules: RuleObject[] = []
  const sets = new Map<string, SetObject>()
  const unread: Unread[] = []
  for (const object of objects) {
    const [kind, inner] = single(object) ?? ['', object]
    if (SILENT.has(kind) || isElsewhere(inner)) continue
    const chain = kind === 'chain' ? chainObject.safeParse(inner).data : undefined
    const rule = kind === 'rule' ? ruleObject.safeParse(inner).data : undefined
    const set = kind === 'set' || kind === 'map' ? setObject.safeParse(inner).data : undefined
    if (chain) chains.push(chain)
    else if (rule) rules.push(rule)
    else if (set) sets.set(`${set.family} ${set.table} ${set.name}`, set)
    else unread.push({ place: '', text: kind === '' ? '?' : kind })
  }
  const bridged = chains.filter(({ family }) => !Object.hasOwn(FAMILIES, family))
  unread.push(...bridged.map((chain) => ({ place: nameOf(chain), text: chain.family })))
  return { chains, rules, sets, unread }
}

const isElsewhere = (inner: unknown): boolean =>
  typeof inner === 'object' &&
  inner !== null &&
  'family' in inner &&
  typeof inner.family === 'string' &&
  ELSEWHERE.has(inner.family)

const nameOf = ({ family, table, name }: ChainObject): string => `${family} ${table} ${name}`

function hooksOf(chains: readonly ChainObject[]): readonly Hook[] {
  const turn = (chain: ChainObject): number => ON_THE_WAY.indexOf(chain.hook ?? '')
  return chains
    .filter((chain) => turn(chain) >= 0)
    .toSorted((a, b) => turn(a) - turn(b) || (a.prio ?? 0) - (b.prio ?? 0))
    .map((chain) => ({
      chain: nameOf(chain),
      // Who wrote the listing may call a family `constructor`.
      families: Object.hasOwn(FAMILIES, chain.family) ? FAMILIES[chain.family]! : [4, 6],
      policy: chain.policy === 'drop' ? 'deny' : 'accept',
    }))
}

function missingChains(chains: ReadonlyMap<string, readonly Rule[]>): readonly Unread[] {
  return [...chains.values()].flat().flatMap(({ place, action }) => {
    const known = !('chain' in action) || chains.has(action.chain)
    return known ? [] : [{ place, text: action.chain }]
  })
}

/** Chains that call each other in a ring; the kernel loads none, so such a text was made by hand. */
function rings(chains: ReadonlyMap<string, readonly Rule[]>): readonly Unread[] {
  const done = new Set<string>()
  const open = new Set<string>()
  const found: Unread[] = []
  const visit = (name: string): void => {
    if (done.has(name)) return
    open.add(name)
    for (const { place, action } of chains.get(name) ?? []) {
      if (!('chain' in action)) continue
      if (open.has(action.chain)) found.push({ place, text: action.chain })
      else visit(action.chain)
    }
    open.delete(name)
    done.add(name)
  }
  for (const name of chains.keys()) visit(name)
  return found
}
