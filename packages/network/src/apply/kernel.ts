import { nftProgram, run, withUnfaithful } from '../dialects/nftables/load.ts'
import { unfaithfulIn } from '../dialects/nftables/faithful.ts'
import type { Unfaithful } from '../dialects/nftables/faithful.ts'
import { rulesetDigest, sha256, townInForce } from './ruleset.ts'

/** What the kernel of this machine holds (of the network namespace we run in). */
export interface Held {
  /** Output of `nft -j list ruleset`. */
  readonly listing: unknown
  /** The same as text that can be loaded again, without the values of counters. */
  readonly text: string
  readonly digest: string
  /** Digest of the town whose rules these are, as our table says of itself. */
  readonly town?: string
}

/** `NET-NO-NFT`: the program is not here; `NET-NO-KERNEL`: the kernel does not show its rules to us, with what nft says. */
export type ReadKernel =
  | ({ readonly ok: true } & Held)
  | { readonly ok: false; readonly reason: 'NET-NO-NFT' | 'NET-NO-KERNEL'; readonly says: string }

/** A listing is two calls; the rules must not change in between. */
const TRIES = 5

/** What the kernel holds now. */
export async function readKernel(): Promise<ReadKernel> {
  const nft = nftProgram()
  if (nft === undefined) return { ok: false, reason: 'NET-NO-NFT', says: 'nftables' }
  for (let tries = 0; tries < TRIES; tries += 1) {
    const first = await listed(nft)
    if (typeof first === 'string') return { ok: false, reason: 'NET-NO-KERNEL', says: first }
    const { code, out, errors } = await run(nft, ['-s', 'list', 'ruleset'], '')
    if (code !== 0) return { ok: false, reason: 'NET-NO-KERNEL', says: errors.slice(0, 2_000) }
    const again = await listed(nft)
    if (typeof again === 'string' || again.digest !== first.digest) continue
    const town = townInForce(out)
    return { ok: true, ...first, text: out, ...(town !== undefined && { town }) }
  }
  return { ok: false, reason: 'NET-NO-KERNEL', says: 'the rules change all the time' }
}

/** The listing alone: half the work, for whoever only looks whether anything changed. */
export async function readListing(): Promise<
  | { readonly ok: true; readonly listing: unknown; readonly digest: string }
  | { readonly ok: false; readonly reason: 'NET-NO-NFT' | 'NET-NO-KERNEL'; readonly says: string }
> {
  const nft = nftProgram()
  if (nft === undefined) return { ok: false, reason: 'NET-NO-NFT', says: 'nftables' }
  const read = await listed(nft)
  if (typeof read === 'string') return { ok: false, reason: 'NET-NO-KERNEL', says: read }
  return { ok: true, ...read }
}

/** @returns what nft says when it does not list */
async function listed(
  nft: string,
): Promise<string | { readonly listing: unknown; readonly digest: string }> {
  const { code, out, errors } = await run(nft, ['-j', 'list', 'ruleset'], '')
  // A listing with anything to be said about it may be half a listing; that another program made a table is no such thing.
  const said = errors.replaceAll(/^# Warning: .*\n?/gmu, '')
  if (code !== 0 || said !== '') return said.slice(0, 2_000)
  try {
    const found = await unfaithful(nft)
    if (typeof found === 'string') return found
    const listing = withUnfaithful(JSON.parse(out), found)
    const digest = rulesetDigest(listing)
    return digest === undefined ? out.slice(0, 200) : { listing, digest }
  } catch (cause) {
    return String(cause).slice(0, 200)
  }
}

/** What was found of the last listing that was held against the kernel's instructions: as long as both stay, so does it. */
let known: { readonly of: string; readonly found: readonly Unfaithful[] } | undefined

/**
 * Rules of which the listing does not say what the kernel does. Nothing is loaded: the listing is only put into instructions again.
 *
 * @returns what nft says when it does not list
 */
async function unfaithful(nft: string): Promise<string | readonly Unfaithful[]> {
  const { code, out, errors } = await run(nft, ['-s', '--debug=netlink', 'list', 'ruleset'], '')
  if (code !== 0) return errors.slice(0, 2_000) || `nft: ${code}`
  const of = sha256(out)
  if (known?.of === of) return known.found
  const text = out.slice(/^table /mu.exec(out)?.index ?? out.length)
  const again = await run(nft, ['-c', '--debug=netlink', '-f', '-'], `flush ruleset\n${text}`)
  known = { of, found: unfaithfulIn(out, again.out) }
  return known.found
}

/**
 * Loads a text into the kernel in one transaction: all of it or nothing.
 *
 * @returns what nft says when the kernel did not take it
 */
export async function loadKernel(text: string): Promise<string | undefined> {
  const nft = nftProgram()
  if (nft === undefined) return 'nftables'
  const { code, errors } = await run(nft, ['-f', '-'], text)
  return code === 0 ? undefined : errors.slice(0, 2_000) || `nft: ${code}`
}
