import type { Condition, Filter, Hook, Rule, Unread } from '../../filter/filter.ts'
import { untie } from '../../filter/untie.ts'
import { only } from '../../space/field.ts'
import { blindness } from './blind.ts'
import {
  chainObject,
  deeperThan,
  listing,
  ruleObject,
  setObject,
  single,
  tableObject,
  unfaithfulObject,
} from './json.ts'
import type { ChainObject, RuleObject, SetObject } from './json.ts'
import { held, unknown } from './match.ts'
import { learntSets } from './learnt.ts'
import { readRule } from './rule.ts'
import type { Book } from './rule.ts'
import { ruleText } from './told.ts'

export interface ReadOptions {
  /** The instant at which conditions about time are told, in seconds since 1970. */
  readonly at: number
}

/** The hooks that a forwarded packet meets, in turn (netfilter hook order). */
const ON_THE_WAY = ['ingress', 'prerouting', 'forward', 'postrouting', 'egress']
/** Those that a packet to the firewall itself meets. */
const TO_THE_BOX = ['ingress', 'prerouting', 'input']
/** Those that a packet of the firewall itself meets. */
const FROM_THE_BOX = ['output', 'postrouting', 'egress']
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
  const parsed = deeperThan(value, DEEPEST) ? undefined : listing.safeParse(value)
  if (!parsed?.success) {
    return { hooks: [], chains: new Map(), unread: [{ place: '', text: 'nft -j list ruleset' }] }
  }
  const found = sort(parsed.data.nftables)
  const book: Book = { sets: settled(found), at: options.at, turns: new Set() }
  const chains = new Map<string, Rule[]>(found.chains.map((chain) => [nameOf(chain), []]))
  const unread: Unread[] = [...found.unread]
  const turns = new Map<string, number>()
  const blind = blindness(found.chains, found.rules, found.sets)
  for (const rule of found.rules) {
    const chain = `${rule.family} ${rule.table} ${rule.chain}`
    const rules = chains.get(chain)
    if (!rules) {
      unread.push({ place: chain, text: 'chain' })
      continue
    }
    const place = `${rule.table} ${rule.chain} #${rules.length + 1}`
    const read = readRule(rule, place, book, blind(chain))
    const index = turns.get(chain) ?? 0
    turns.set(chain, index + 1)
    const unfaithful = found.unfaithful.get(`${chain} ${index}`)
    rules.push(...(unfaithful === undefined ? read.rules : read.rules.map(maybe)))
    unread.push(...read.unread)
    // Of such a rule nobody here can say what it does.
    if (unfaithful === 'other') unread.push({ place, text: ruleText(rule.expr) })
  }
  return untie({
    hooks: hooksOf(found.chains, ON_THE_WAY),
    input: hooksOf(found.chains, TO_THE_BOX),
    output: hooksOf(found.chains, FROM_THE_BOX),
    chains,
    unread,
    turns: [...book.turns],
  })
}

/** Objects inside objects at most: nft itself prints some ten. Whoever wrote a deeper listing wants the reader's stack to end. */
const DEEPEST = 64

interface Found {
  readonly chains: readonly ChainObject[]
  readonly rules: readonly RuleObject[]
  readonly sets: ReadonlyMap<string, SetObject>
  readonly unread: readonly Unread[]
  /** Rules that do not what is listed, by `family table chain index`. */
  readonly unfaithful: ReadonlyMap<string, 'narrower' | 'other'>
}

/** Kinds that say nothing about which packets pass. */
const SILENT = new Set([
  'metainfo',
  'counter',
  'quota',
  'limit',
  'secmark',
  'ct helper',
  'ct timeout',
  'ct expectation',
])
/** A table of this family is about other things than forwarded IP packets. */
const ELSEWHERE = new Set(['arp'])

function sort(objects: readonly Record<string, unknown>[]): Found {
  const chains: ChainObject[] = []
  const rules: RuleObject[] = []
  const sets = new Map<string, SetObject>()
  const unread: Unread[] = []
  const unfaithful = new Map<string, 'narrower' | 'other'>()
  for (const object of objects) {
    const [kind, inner] = single(object) ?? ['', object]
    if (SILENT.has(kind) || isElsewhere(inner)) continue
    const chain = kind === 'chain' ? chainObject.safeParse(inner).data : undefined
    const rule = kind === 'rule' ? ruleObject.safeParse(inner).data : undefined
    const set = kind === 'set' || kind === 'map' ? setObject.safeParse(inner).data : undefined
    const table = kind === 'table' ? tableObject.safeParse(inner).data : undefined
    // A table that sleeps (`flags dormant`) is listed with all its rules, and none of them is asked. nft 1.0.6 prints a wrong word for the flag.
    if (table && table.flags === undefined) continue
    const lie = kind === 'unfaithful' ? unfaithfulObject.safeParse(inner).data : undefined
    if (lie) unfaithful.set(`${lie.family} ${lie.table} ${lie.chain} ${lie.index}`, lie.is)
    if (lie) continue
    if (table) unread.push({ place: `${table.family} ${table.name}`, text: 'flags dormant' })
    else if (chain) chains.push(chain)
    else if (rule) rules.push(rule)
    else if (set) sets.set(`${set.family} ${set.table} ${set.name}`, set)
    else unread.push({ place: '', text: kind === '' ? '?' : kind })
  }
  for (const name of learntSets(rules)) {
    const set = sets.get(name)
    if (set) sets.set(name, { ...set, flags: [...(set.flags ?? []), 'dynamic'] })
  }
  const bridged = chains.filter(({ family }) => !Object.hasOwn(FAMILIES, family))
  unread.push(...bridged.map((chain) => ({ place: nameOf(chain), text: chain.family })))
  // A chain for translation is asked about the first packet of a connection alone: what it holds, it does not hold.
  const holding = chains.filter(({ type, policy }) => type === 'nat' && policy === 'drop')
  unread.push(...holding.map((chain) => ({ place: nameOf(chain), text: 'type nat; policy drop' })))
  return { chains, rules, sets, unread, unfaithful }
}

/** A rule that asks for more than is listed: where the listing says that it holds, it may hold or not. */
const maybe = (rule: Rule): Rule => ({
  ...rule,
  conditions: [...rule.conditions, unknown(rule.text ?? '')],
})

/** Sets as they will stay. One that a rule adds to changes by itself, whether it says so (`flags dynamic`) or not. */
function settled({ sets, rules }: Found): ReadonlyMap<string, SetObject> {
  const moving = new Map(sets)
  for (const { family, table, expr } of rules) {
    for (const statement of expr) {
      const [kind, inner] = single(statement) ?? []
      if (kind !== 'set' && kind !== 'map') continue
      const name = typeof inner === 'object' && inner !== null && Reflect.get(inner, kind)
      // Whoever wrote the listing may put there what has no text at all, e.g. `{"toString": 0}`.
      if (typeof name !== 'string') continue
      const key = `${family} ${table} ${name.slice(1)}`
      const set = moving.get(key)
      if (set) moving.set(key, { ...set, flags: [...(set.flags ?? []), 'dynamic'] })
    }
  }
  return moving
}

const isElsewhere = (inner: unknown): boolean =>
  typeof inner === 'object' &&
  inner !== null &&
  'family' in inner &&
  typeof inner.family === 'string' &&
  ELSEWHERE.has(inner.family)

const nameOf = ({ family, table, name }: ChainObject): string => `${family} ${table} ${name}`

function hooksOf(chains: readonly ChainObject[], way: readonly string[]): readonly Hook[] {
  const turn = (chain: ChainObject): number => way.indexOf(chain.hook ?? '')
  return chains
    .filter((chain) => turn(chain) >= 0)
    .toSorted((a, b) => turn(a) - turn(b) || (a.prio ?? 0) - (b.prio ?? 0))
    .map((chain) => ({
      chain: nameOf(chain),
      // Who wrote the listing may call a family `constructor`.
      families: Object.hasOwn(FAMILIES, chain.family) ? FAMILIES[chain.family]! : [4, 6],
      conditions: atDevice(chain),
      policy: chain.policy === 'drop' ? 'deny' : 'accept',
    }))
}

// An early hook sits at one interface. Not every nft says at which; then it is asked about this packet or not.
function atDevice({ hook, family, dev }: ChainObject): readonly Condition[] {
  if (hook !== 'ingress' && hook !== 'egress') return []
  if (dev === undefined) return [unknown({ hook, family })]
  const names = [dev].flat().map((name) => [[only(name)]])
  return [held([hook === 'ingress' ? 'in' : 'out'], names, false)]
}
