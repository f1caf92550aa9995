import { loadNftables } from '../dialects/nftables/load.ts'
import { listing, single } from '../dialects/nftables/json.ts'
import type { Held } from './kernel.ts'
import { OWN_TABLE, rulesetDigest } from './ruleset.ts'

/** What is replaced: our own table, or everything that the kernel holds. */
export const SCOPES = ['table', 'all'] as const
export type Scope = (typeof SCOPES)[number]

const CLEAR = {
  table: `table ${OWN_TABLE}\ndelete table ${OWN_TABLE}\n`,
  all: 'flush ruleset\n',
} as const

/** The text that puts a declaration's rules in the place of those that are there, in one transaction. */
export const transactionOf = (text: string, scope: Scope): string =>
  scope === 'all' ? `${CLEAR.all}${text}` : text

/**
 * What the kernel will hold when `loaded`, the listing of a declaration's text, has taken its place.
 *
 * @returns `undefined` when one of them is no listing
 */
export function afterwards(before: unknown, loaded: unknown, scope: Scope): unknown {
  const [held, fresh] = [listing.safeParse(before).data, listing.safeParse(loaded).data]
  if (!held || !fresh) return undefined
  const stays = scope === 'all' ? [] : held.nftables.filter((object) => !isOwn(object))
  return { nftables: [...stays, ...fresh.nftables.filter((object) => !isMeta(object))] }
}

const isMeta = (object: object): boolean => single(object)?.[0] === 'metainfo'

function isOwn(object: Readonly<Record<string, unknown>>): boolean {
  const [kind, inner] = single(object) ?? []
  const named = (inner ?? {}) as Readonly<Record<string, unknown>>
  const table = kind === 'table' ? named['name'] : named['table']
  return [named['family'], table].join(' ') === OWN_TABLE
}

/** Digest of the part of a listing that a change of this scope replaces. */
export function scopeDigest(held: unknown, scope: Scope): string | undefined {
  const read = listing.safeParse(held).data
  if (!read || scope === 'all') return rulesetDigest(held)
  return rulesetDigest({ nftables: read.nftables.filter(isOwn) })
}

/**
 * The text that brings back what is replaced, tried before anything is left: loaded over itself into a namespace of its own it must give the same digest.
 *
 * @returns `undefined` when it does not: there is no way back
 */
export async function wayBack(held: Held, scope: Scope): Promise<string | undefined> {
  const former = scope === 'all' ? held.text : ownTable(held.text)
  const back = `${CLEAR[scope]}${former}`
  const tried = await loadNftables(`${former}\n${back}`)
  const same = tried.ok && scopeDigest(tried.listing, scope) === scopeDigest(held.listing, scope)
  return same ? back : undefined
}

/** Our table in a text of nft, which writes each table from the first column to a closing brace in the first column. */
const ownTable = (text: string): string =>
  /^table inet sekisho \{\n[^]*?^\}\n/mu.exec(text)?.[0] ?? ''
