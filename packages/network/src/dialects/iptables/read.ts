import type { Filter, Hook, Rule, Unread } from '../../filter/filter.ts'
import { untie } from '../../filter/untie.ts'
import { unreadReason } from '../../prove/unread.ts'
import type { Field } from '../../space/field.ts'
import type { Book } from './draft.ts'
import { readRule } from './rule.ts'
import { FAMILY_WORD, readSaved } from './saved.ts'
import type { Family, SavedRule, SavedTable, SavedText } from './saved.ts'
import { readSets } from './sets.ts'

export interface ReadIptablesOptions {
  /** The instant at which conditions about time are told, in seconds since 1970. */
  readonly at: number
}

interface Place {
  readonly table: string
  readonly chain: string
  /** What a packet does not have here: no way out before routing, no connection before conntrack, no way in behind the machine. */
  readonly blind: readonly Field[]
}

/** The ways of packets: through the firewall, to it, and from it. */
type Way = 'forward' | 'input' | 'output'
const WAYS: readonly Way[] = ['forward', 'input', 'output']

const BEFORE_ROUTING: readonly Place[] = [
  { table: 'raw', chain: 'PREROUTING', blind: ['out', 'state', 'direction'] },
  { table: 'mangle', chain: 'PREROUTING', blind: ['out'] },
  { table: 'nat', chain: 'PREROUTING', blind: ['out'] },
]
const BEHIND_ROUTING: readonly Place[] = [
  { table: 'mangle', chain: 'POSTROUTING', blind: ['in', 'sourceMac'] },
  { table: 'nat', chain: 'POSTROUTING', blind: ['in', 'sourceMac'] },
]
/** Where a packet is asked about on each way, in turn (order of netfilter hooks and priorities). */
const ON_THE_WAY: Readonly<Record<Way, readonly Place[]>> = {
  forward: [
    ...BEFORE_ROUTING,
    { table: 'mangle', chain: 'FORWARD', blind: [] },
    { table: 'filter', chain: 'FORWARD', blind: [] },
    { table: 'security', chain: 'FORWARD', blind: [] },
    ...BEHIND_ROUTING,
  ],
  input: [
    ...BEFORE_ROUTING,
    { table: 'mangle', chain: 'INPUT', blind: ['out'] },
    { table: 'filter', chain: 'INPUT', blind: ['out'] },
    { table: 'security', chain: 'INPUT', blind: ['out'] },
    { table: 'nat', chain: 'INPUT', blind: ['out'] },
  ],
  output: [
    { table: 'raw', chain: 'OUTPUT', blind: ['in', 'sourceMac', 'state', 'direction'] },
    { table: 'mangle', chain: 'OUTPUT', blind: ['in', 'sourceMac'] },
    { table: 'nat', chain: 'OUTPUT', blind: ['in', 'sourceMac'] },
    { table: 'filter', chain: 'OUTPUT', blind: ['in', 'sourceMac'] },
    { table: 'security', chain: 'OUTPUT', blind: ['in', 'sourceMac'] },
    ...BEHIND_ROUTING,
  ],
}
const TABLES = new Set(ON_THE_WAY.forward.map(({ table }) => table))

/**
 * Texts of iptables-save and ip6tables-save, and of `ipset save` where rules look into sets, as a filter. A family of which there is no text holds nothing
 * back, as in the kernel. Of what packets meet on their way through the firewall, to it and from it, all that is not understood is in `unread`.
 */
export function readIptables(texts: readonly SavedText[], options: ReadIptablesOptions): Filter {
  const saved = readSaved(texts)
  const { sets, unread } = readSets(saved.sets)
  const hooks = { forward: [], input: [], output: [] }
  const found: Found = { hooks, chains: new Map(), unread: [...saved.unread, ...unread] }
  if (saved.tables.length === 0) found.unread.push({ place: '', text: '*filter' })
  for (const { name, family } of saved.tables) {
    if (!TABLES.has(name)) found.unread.push({ place: FAMILY_WORD[family], text: `*${name}` })
  }
  const turns = new Set<number>()
  for (const family of [4, 6] as const) {
    const tables = saved.tables.filter((table) => table.family === family)
    for (const way of WAYS) readWay(tables, way, { family, sets, at: options.at, turns }, found)
  }
  const { forward, input, output } = found.hooks
  const told = { chains: found.chains, unread: onceEach(found.unread), turns: [...turns] }
  return untie({ ...told, hooks: forward, input, output })
}

/** What stands in a chain of several ways is read for each of them. */
const onceEach = (unread: readonly Unread[]): readonly Unread[] => [
  ...new Map(unread.map((one) => [`${one.place}\n${one.text}`, one])).values(),
]

interface Found {
  readonly hooks: Readonly<Record<Way, Hook[]>>
  readonly chains: Map<string, Rule[]>
  readonly unread: Unread[]
}

function readWay(tables: readonly SavedTable[], way: Way, book: Book, found: Found): void {
  const met = new Map<SavedTable, Map<string, Set<Field>>>()
  const translates = tables.some(isTranslating)
  for (const { table: name, chain, blind } of ON_THE_WAY[way]) {
    const table = tables.find((one) => one.name === name)
    if (!table) continue
    const chains = met.get(table) ?? new Map<string, Set<Field>>()
    met.set(table, chains)
    const early = translates && chain === 'PREROUTING' ? REWRITTEN : []
    spread(table, chain, [...blind, ...early], chains)
    const policy = table.chains.get(chain) ?? 'ACCEPT'
    if (policy !== 'ACCEPT' && (policy !== 'DROP' || name === 'nat')) {
      found.unread.push({ place: keyOf(book.family, name, chain), text: policy })
    }
    // The table nat may not hold anything back; what it translates is told as unread.
    if (name === 'nat') continue
    found.hooks[way].push({
      chain: keyFor(way, book.family, name, chain),
      families: [book.family],
      policy: policy === 'DROP' ? 'deny' : 'accept',
    })
  }
  for (const [table, chains] of met)
    readTable(table, chains, { ...book, ofBox: way !== 'forward', way }, found)
}

/**
 * A chain that is met on several ways is read for each: what a packet of the firewall itself does not have, a forwarded one has. Blanks are no part of the name of
 * a chain, so nobody can name one as if it were read for another way.
 */
const BEHIND: Readonly<Record<Way, string>> = { forward: '', input: ' in', output: ' out' }
/** Chains of the kernel that are met on one way alone. */
const OF_ONE_WAY = new Set(['INPUT', 'FORWARD', 'OUTPUT'])

const keyFor = (way: Way, family: Family, table: string, chain: string): string =>
  `${keyOf(family, table, chain)}${OF_ONE_WAY.has(chain) ? '' : BEHIND[way]}`

/**
 * A target is written anew behind raw and mangle (`NF_IP_PRI_NAT_DST`), also that of an answer to what left under another name: who looks at it before sees
 * another than the one that is forwarded. A sender is written anew behind everything that is asked here (`NF_IP_PRI_NAT_SRC`).
 */
const REWRITTEN: readonly Field[] = ['target', 'targetPort']
const isTranslating = ({ name, rules }: SavedTable): boolean =>
  name === 'nat' && rules.some(({ text }) => unreadReason(text) === 'NET-TRANSLATED')

/** Every chain that is reached from here, with what a packet does not have in any of the places it is reached from. */
function spread(
  table: SavedTable,
  chain: string,
  blind: readonly Field[],
  into: Map<string, Set<Field>>,
): void {
  const jumps = jumpsOf(table)
  const waiting = [chain]
  const seen = new Set<string>()
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const fields = into.get(name) ?? new Set()
    into.set(name, fields)
    for (const field of blind) fields.add(field)
    waiting.push(...(jumps.get(name) ?? []))
  }
}

/** Which chains the lines of a chain name behind `-j` or `-g`. */
function jumpsOf(table: SavedTable): ReadonlyMap<string, readonly string[]> {
  const jumps = new Map<string, string[]>()
  for (const { chain, rest } of table.rules) {
    for (const [at, word] of rest.entries()) {
      if (!JUMPS.has(rest[at - 1] ?? '') || !table.chains.has(word)) continue
      const known = jumps.get(chain)
      if (known) known.push(word)
      else jumps.set(chain, [word])
    }
  }
  return jumps
}

const JUMPS = new Set(['-j', '--jump', '-g', '--goto'])

function readTable(
  table: SavedTable,
  met: ReadonlyMap<string, ReadonlySet<Field>>,
  { way, ...book }: Book & { readonly way: Way },
  found: Found,
): void {
  const { family, name } = table
  const key = (chain: string): string => keyFor(way, family, name, chain)
  for (const chain of met.keys()) found.chains.set(key(chain), [])
  const counts = new Map<string, number>()
  for (const saved of table.rules) {
    const blind = met.get(saved.chain)
    if (!blind) {
      if (!table.chains.has(saved.chain))
        found.unread.push(unreadOf(saved, keyOf(family, name, saved.chain)))
      continue
    }
    const number = (counts.get(saved.chain) ?? 0) + 1
    counts.set(saved.chain, number)
    const place = `${keyOf(family, name, saved.chain)} #${number}`
    const around = {
      book,
      place,
      blind,
      chain: (wanted: string) => (table.chains.has(wanted) ? key(wanted) : undefined),
    }
    const { rules, unread } = readRule(saved, around)
    found.chains.get(key(saved.chain))!.push(...rules)
    if (unread.length > 0) found.unread.push(unreadOf(saved, place))
  }
}

const keyOf = (family: Family, table: string, chain: string): string =>
  `${FAMILY_WORD[family]} ${table} ${chain}`

const unreadOf = ({ text }: SavedRule, place: string): Unread => ({
  place,
  text: text.slice(0, 200),
})
