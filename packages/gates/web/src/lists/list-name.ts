/**
 * Which names a list may open. A wildcard is only the whole leftmost label, and never opens a place where anybody can rent a name: not
 * `*.cloudapp.net`, not `*.jp`, not `*.sharepoint.com` (every tenant of the world is under it; ask the feed with TenantName).
 */
import { getDomain, getPublicSuffix } from 'tldts'
import { readHost } from '../destination/host.ts'
import type { WideReason } from './destination-list.ts'

/** Zones of rented names that are not in the public suffix list; the list itself is in tldts. */
const RENTED = [
  'cloudapp.net',
  'cloudapp.azure.com',
  'azureedge.net',
  'azurefd.net',
  'windows.net',
  'onmicrosoft.com',
  'sharepoint.com',
  'googleusercontent.com',
  'amazonaws.com',
  'akamaihd.net',
  'edgekey.net',
] as const

/** Public names that CDNs give in the outer hello of ECH: whoever may reach one may reach all behind it. */
const ECH_NAMES = ['cloudflare-ech.com'] as const

export type ReadName =
  | { readonly ok: true; readonly name: string }
  | { readonly ok: false; readonly why: WideReason | 'name' }

/** Reads a name of a list. `name` is not one at all; the other reasons are names that would open more than the service. */
export function readName(written: string): ReadName {
  const base = written.startsWith('*.') ? written.slice(2) : written
  if (base.includes('*')) return misplaced(written)
  const host = readHost(base)
  if (host.form !== 'name') {
    const suffix = /^[A-Za-z]+$/u.test(base) && base !== written
    return { ok: false, why: suffix ? 'wildcard-public' : 'name' }
  }
  if (base === written)
    return isSuffix(host.host) || isEch(host.host) ? wide('wildcard-shared') : named(host.host)
  if (isRented(host.host) || isEch(host.host)) return wide('wildcard-shared')
  if (isSuffix(host.host)) return wide('wildcard-public')
  return named(`*.${host.host}`)
}

/** The domain that somebody registered, under which a name or wildcard is; `undefined` for a public suffix. */
export function registered(name: string): string | undefined {
  return getDomain(withoutStar(name), PRIVATE_TOO) ?? undefined
}

/** Does `name`, perhaps a wildcard, have this host? A wildcard is any depth below it, never the domain itself. */
export function covers(name: string, host: string): boolean {
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name
}

// `autodiscover.*.onmicrosoft.com` and `*-admin.sharepoint.com` are in the real feed: real patterns, for another kind of wildcard.
function misplaced(written: string): ReadName {
  const filled = readHost(written.replaceAll('*', 'x'))
  return { ok: false, why: filled.form === 'name' ? 'wildcard-place' : 'name' }
}

const PRIVATE_TOO = { allowPrivateDomains: true, extractHostname: false } as const

const isSuffix = (host: string): boolean => getPublicSuffix(host, PRIVATE_TOO) === host
const isRented = (host: string): boolean => (RENTED as readonly string[]).includes(host)
const isEch = (host: string): boolean => (ECH_NAMES as readonly string[]).includes(host)
const withoutStar = (name: string): string => (name.startsWith('*.') ? name.slice(2) : name)
const named = (name: string): ReadName => ({ ok: true, name })
const wide = (why: WideReason): ReadName => ({ ok: false, why })
