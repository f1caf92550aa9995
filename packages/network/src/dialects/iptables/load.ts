import { existsSync } from 'node:fs'
import { namespace, run } from '../nftables/load.ts'
import type { Family, SavedText } from './saved.ts'
import type { IptablesTexts } from './write.ts'

/** What iptables makes of texts. */
export type LoadedIptables =
  | { readonly ok: true; readonly texts: readonly SavedText[] }
  /** `NET-NO-IPTABLES`: the programs are not here; `NET-REFUSED`: the kernel or iptables does not take a text, and says why. */
  | {
      readonly ok: false
      readonly reason: 'NET-NO-IPTABLES' | 'NET-REFUSED'
      readonly says: string
    }

const WORD = { 4: 'iptables', 6: 'ip6tables' } as const

/**
 * Loads both texts, each into a network namespace of its own, and asks the kernel for what it holds. Nothing of the machine changes.
 *
 * @param texts may be hostile: iptables-restore reads no other file, and the namespace has no network to look up names in
 */
export async function loadIptables(texts: IptablesTexts): Promise<LoadedIptables> {
  const [four, six] = [await loadFamily(texts.v4, 4), await loadFamily(texts.v6, 6)]
  if (!four.ok) return four
  return six.ok ? { ok: true, texts: [...four.texts, ...six.texts] } : six
}

async function loadFamily(text: string, family: Family): Promise<LoadedIptables> {
  const restore = find(`${WORD[family]}-restore`)
  const save = find(`${WORD[family]}-save`)
  if (restore === undefined || save === undefined) {
    return { ok: false, reason: 'NET-NO-IPTABLES', says: WORD[family] }
  }
  const { code, out, errors } = await run(
    '/usr/bin/unshare',
    [...namespace(), '/bin/sh', '-c', `${restore} && exec ${save}`],
    text,
  )
  if (code !== 0) return { ok: false, reason: 'NET-REFUSED', says: errors.slice(0, 2_000) }
  return { ok: true, texts: [{ text: out, family }] }
}

const find = (name: string): string | undefined =>
  ['/usr/sbin', '/sbin', '/usr/bin']
    .map((place) => `${place}/${name}`)
    .find((path) => existsSync(path))
