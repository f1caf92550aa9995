import type { Rule, Unread } from '../../filter/filter.ts'
import { only } from '../../space/field.ts'
import type { Block } from '../cisco-blocks.ts'
import { sessionRules } from '../session.ts'

/** The interfaces that a configuration names, and which lists are asked where. */
export interface Plugs {
  readonly names: readonly string[]
  readonly lists: readonly {
    readonly list: string
    readonly way: 'in' | 'out'
    readonly plug: string
  }[]
  readonly global: readonly string[]
  /** What is denied whatever a list says: between interfaces of one level, and back out where it came in, unless that is switched on. */
  readonly sameRules: readonly Rule[]
  /** What becomes of a packet that no list has spoken about. */
  readonly endRules: readonly Rule[]
  readonly unread: readonly Unread[]
}

/** Lines of an interface that say nothing about which packets are forwarded. */
const SILENT = new Set([
  'channel-group',
  'cts',
  'delay',
  'description',
  'dhcprelay',
  'duplex',
  'exit',
  'flowcontrol',
  'ip',
  'ipv6',
  'lacp',
  'mac-address',
  'management-only',
  'member-interface',
  'nameif',
  'no',
  'ospf',
  'port-channel',
  'power',
  'security-level',
  'shutdown',
  'speed',
  'standby',
  'vlan',
])

export function plugsOf(blocks: readonly Block[]): Plugs {
  const unread: Unread[] = []
  const levels = levelsOf(blocks, unread)
  const { lists, global } = groupsOf(blocks, unread)
  const names = [...new Set([...levels.keys(), ...lists.map(({ plug }) => plug)])].toSorted()
  const permits = (word: string): boolean =>
    blocks.some(({ words }) => words.join(' ') === `same-security-traffic permit ${word}`)
  return {
    names,
    lists,
    global,
    sameRules: sameRules(names, levels, permits),
    endRules: global.length > 0 ? [] : endRules(names, levels, lists),
    unread,
  }
}

/** Security levels by name of interface; an interface that is named and has none has 0, but for `inside`. */
function levelsOf(blocks: readonly Block[], unread: Unread[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>()
  for (const { words, inner } of blocks) {
    if (words[0] !== 'interface') continue
    for (const line of inner) {
      if (!SILENT.has(line[0]!)) unread.push({ place: words.join(' '), text: line.join(' ') })
    }
    const name = inner.find(([word]) => word === 'nameif')?.[1]
    const level = inner.find(([word]) => word === 'security-level')?.[1]
    if (name !== undefined) levels.set(name, Number(level ?? (name === 'inside' ? 100 : 0)))
  }
  return levels
}

function groupsOf(
  blocks: readonly Block[],
  unread: Unread[],
): Pick<Plugs, 'lists'> & { readonly global: string[] } {
  const lists = new Map<string, Plugs['lists'][number]>()
  let global: string[] = []
  for (const { words } of blocks) {
    if (words[0] !== 'access-group') continue
    const [, list = '', way, word, plug = '', ...more] = words
    const said = more.join(' ')
    if (words.length === 3 && way === 'global') global = [list]
    else if ((way === 'in' || way === 'out') && word === 'interface' && said === '') {
      // One list for each interface and way: the last takes the place of the one before.
      lists.set(`${way} ${plug}`, { list, way, plug })
    } else if (said !== 'control-plane') unread.push({ place: '', text: words.join(' ') })
  }
  return { lists: [...lists.values()], global }
}

function sameRules(
  names: readonly string[],
  levels: ReadonlyMap<string, number>,
  permits: (word: string) => boolean,
): readonly Rule[] {
  const denied = names.map((name) => {
    const peers = names.filter(
      (other) => other !== name && levels.has(name) && levels.get(other) === levels.get(name),
    )
    return [
      ...(permits('intra-interface') ? [] : [name]),
      ...(permits('inter-interface') ? [] : peers),
    ]
  })
  return names.flatMap((name, at) => {
    const out = denied[at]!.map((other) => only(other))
    if (out.length === 0) return []
    const place = 'same-security-traffic'
    return sessionRules({
      place,
      action: { kind: 'deny' },
      families: [4, 6],
      in: [only(name)],
      out,
    })
  })
}

/** Without a list, what comes in at a higher level may go out at a lower one; nobody can tell where a level is not in the text. */
function endRules(
  names: readonly string[],
  levels: ReadonlyMap<string, number>,
  lists: Plugs['lists'],
): readonly Rule[] {
  return names.flatMap((name) => {
    const ends = (action: Rule['action'], out?: readonly string[]): readonly Rule[] =>
      out?.length === 0
        ? []
        : sessionRules({
            place: `interface ${name}`,
            action,
            families: [4, 6],
            in: [only(name)],
            ...(out && { out: out.map((other) => only(other)) }),
          })
    if (lists.some(({ way, plug }) => way === 'in' && plug === name)) return ends({ kind: 'deny' })
    const level = levels.get(name)
    if (level === undefined) return ends({ kind: 'unknown', text: 'security-level' })
    const lower = names.filter((other) => (levels.get(other) ?? 101) <= level && other !== name)
    const untold = names.filter((other) => !levels.has(other) && other !== name)
    return [
      ...ends({ kind: 'unknown', text: 'security-level' }, untold),
      ...ends({ kind: 'accept' }, lower),
      ...ends({ kind: 'deny' }),
    ]
  })
}
