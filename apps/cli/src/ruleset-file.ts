import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { loadNftables, readIptables, readNftables, readVendor, vendorOf } from '@sekisho/network'
import type { Filter, SavedText, Vendor } from '@sekisho/network'
import { visible } from '@sekisho/report'

/** Bytes of one file: a listing of 5,000 flows is about 2 MiB. */
const MAX_RULESET_BYTES = 64 * 1024 * 1024

/** Files of a firewall, read. Notices are for people: what was taken for granted. */
export type RulesetReading =
  | {
      readonly ok: true
      readonly filter: Filter
      /** The same texts, as conditions about time are told at another instant. */
      readonly readAt: (at: number) => Filter
      readonly notices: readonly string[]
      /** Of whose machine the text is, when it is none of netfilter. */
      readonly vendor?: Vendor
    }
  /** Nothing could be read; the sentence says why, and what to do. */
  | { readonly ok: false; readonly says: string }

/**
 * Reads the files of one firewall: a text or a listing (`nft -j list ruleset`) of nftables, the texts of iptables-save, ip6tables-save and `ipset save`,
 * or what a FortiGate, a Cisco ASA, a router of Cisco (IOS) or a Palo Alto shows.
 * What they are is told by what they say, not by their names.
 *
 * @param at the instant at which conditions about time are told, in seconds since 1970
 * @throws when a file cannot be read
 */
export async function readRuleset(files: readonly string[], at: number): Promise<RulesetReading> {
  const texts: { readonly file: string; readonly text: string }[] = []
  for (const file of files) {
    const { size } = await stat(file)
    if (size > MAX_RULESET_BYTES) return { ok: false, says: `${visible(file)} は大きすぎます。` }
    const text = (await readFile(file)).toString('utf8')
    // An empty text would mean "nothing is held back"; an empty file means that something went wrong before.
    if (text.trim() === '') return { ok: false, says: `${visible(file)} は空です。` }
    texts.push({ file, text })
  }
  if (texts.some(({ text }) => isSaved(text))) return readSavedTexts(texts, at)
  const [only, ...rest] = texts
  if (!only || rest.length > 0) {
    return { ok: false, says: 'iptables のほかの文は、1つのファイルにまとめて渡してください。' }
  }
  const vendor = vendorOf(only.text)
  if (vendor) {
    const readAt = (instant: number): Filter => readVendor(vendor, only.text, { at: instant })
    return { ok: true, filter: readAt(at), readAt, notices: [], vendor }
  }
  return readRulesetText(only.text, at)
}

/** A text of iptables-save begins its tables with a star, or is one of `ipset save`. */
const isSaved = (text: string): boolean =>
  !text.trimStart().startsWith('{') && /^\s*\*[a-z]+\s*$/mu.test(text)

function readSavedTexts(
  texts: readonly { readonly file: string; readonly text: string }[],
  at: number,
): RulesetReading {
  const saved = texts.map(({ file, text }): SavedText => {
    const family = familyOf(basename(file))
    return family === undefined ? { text } : { text, family }
  })
  const readAt = (instant: number): Filter => readIptables(saved, { at: instant })
  const filter = readAt(at)
  const missing = ([4, 6] as const).filter(
    (family) => !filter.hooks.some(({ families }) => families.includes(family)),
  )
  const notices = missing.map(
    (family) =>
      `IPv${family} の文がないので、IPv${family} は何も止めないものとして読みました。「${family === 4 ? 'iptables-save' : 'ip6tables-save'}」の出力も一緒に渡してください。`,
  )
  return { ok: true, filter, readAt, notices }
}

/** `rules.v6`, `ip6tables.rules`: as Debian and Red Hat name them. The ending says more than the name before it: `fw-ipv6-1.v4`. */
function familyOf(name: string): 4 | 6 | undefined {
  if (/\.v[46]$/iu.test(name)) return name.endsWith('6') ? 6 : 4
  if (/(?:^|[^a-z0-9])(?:v6|ip6tables|ipv6)(?:[^a-z0-9]|$)/iu.test(name)) return 6
  return /(?:^|[^a-z0-9])(?:v4|ipv4)(?:[^a-z0-9]|$)/iu.test(name) ? 4 : undefined
}

/** Reads one text of nftables. */
export async function readRulesetText(text: string, at: number): Promise<RulesetReading> {
  if (text.trimStart().startsWith('{')) {
    const listing = parsed(text)
    if (listing !== undefined) return readListed(listing, at)
    return {
      ok: false,
      says: 'この JSON は読めません。「nft -j list ruleset」の出力を、そのまま渡してください。',
    }
  }
  const loaded = await loadNftables(text)
  if (loaded.ok) return readListed(loaded.listing, at)
  return {
    ok: false,
    says:
      loaded.reason === 'NET-NO-NFT'
        ? 'nft がないので、文を読み直せません。パッケージ「nftables」を入れてください（apt-get install nftables）。'
        : `nft がこの文を受け取りません。文を直してから、もう一度確かめてください。\n${visible(loaded.says)}`,
  }
}

function readListed(listing: unknown, at: number): RulesetReading {
  const readAt = (instant: number): Filter => readNftables(listing, { at: instant })
  return { ok: true, filter: readAt(at), readAt, notices: [] }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
