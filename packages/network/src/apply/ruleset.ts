import { createHash } from 'node:crypto'
import { canonical } from '@sekisho/town'
import { listing, ruleObject, setObject, single } from '../dialects/nftables/json.ts'
import { learntSets } from '../dialects/nftables/learnt.ts'

/** Our table, the only one that is replaced. */
export const OWN_TABLE = 'inet sekisho'

/**
 * Digest of what a kernel holds: SHA-256 over its listing without what changes by itself (counters, handles, what a set learned from packets), tables and
 * the elements of sets in one order. Two kernels with the same digest treat every packet alike; any rule, element or policy that changes, changes it.
 *
 * @param value output of `nft -j list ruleset`
 * @returns `undefined` when it is no such output
 */
export function rulesetDigest(value: unknown): string | undefined {
  const parsed = listing.safeParse(value)
  if (!parsed.success) return undefined
  const objects = withoutLearnt(
    parsed.data.nftables.filter((object) => single(object)?.[0] !== 'metainfo'),
  )
  // Rules keep their order within a chain; which table was loaded first says nothing, for each must accept.
  const lines = objects.map((object) => [placeOf(object), canonical(still(object))] as const)
  const sorted = lines.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return sha256(sorted.map(([place, text]) => `${place}\n${text}\n`).join(''))
}

/** The town whose rules these are, as our table says of itself; `undefined` when it says nothing. */
export function townInForce(text: string): string | undefined {
  const table = /^table inet sekisho \{[^]*?^\}/mu.exec(text)?.[0]
  return /^\tcomment "town ([0-9a-f]{64})"$/mu.exec(table ?? '')?.[1]
}

export const sha256 = (text: string): string =>
  createHash('sha256').update(text, 'utf8').digest('hex')

/** Kind, table and name: rules of one chain stand together and in turn. */
function placeOf(object: Readonly<Record<string, unknown>>): string {
  const [kind, inner] = single(object) ?? ['', undefined]
  const named = (inner ?? {}) as Readonly<Record<string, unknown>>
  const [family, table, name] = [named['family'], named['table'], named['chain'] ?? named['name']]
  // Whoever wrote the listing may put there what has no text at all, e.g. `{"toString": 0}`.
  const text = (one: unknown): string => (nested(one) ? canonical(one) : String(one))
  return [family, table ?? name, kind, name].map(text).join(' ')
}

type Objects = readonly Readonly<Record<string, unknown>>[]

/** Sets that are filled by packets lose their elements: rules that ask them are `unknown` to every reader, whatever they hold. */
function withoutLearnt(objects: Objects): Objects {
  const rules = objects.flatMap((object) => ruleObject.safeParse(single(object)?.[1]).data ?? [])
  const learnt = learntSets(rules)
  return objects.map((object) => {
    const [kind, inner] = single(object) ?? ['', undefined]
    const set = kind === 'set' || kind === 'map' ? setObject.safeParse(inner).data : undefined
    if (!set) return object
    const moves = set.flags?.some((flag) => flag === 'dynamic' || flag === 'timeout') ?? false
    const changing = moves || learnt.has(`${set.family} ${set.table} ${set.name}`)
    return changing ? { [kind]: { ...(inner as object), elem: [] } } : object
  })
}

/** Values that change with every packet, or that the kernel gives out anew at each loading. */
const MOVING = new Set(['handle', 'index', 'packets', 'bytes', 'used', 'expires'])

function still(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(still)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([key, inner]) => !MOVING.has(key) || nested(inner))
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      const unordered = (key === 'elem' || key === 'set') && Array.isArray(inner)
      return [key, unordered ? inOrder(inner.map(still)) : still(inner)]
    }),
  )
}

// A counter that is written as one number is its value; an object under the same key is something to be looked at.
const nested = (inner: unknown): boolean => typeof inner === 'object' && inner !== null

const inOrder = (elements: readonly unknown[]): readonly unknown[] =>
  elements
    .map((one) => [canonical(one), one] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, one]) => one)
