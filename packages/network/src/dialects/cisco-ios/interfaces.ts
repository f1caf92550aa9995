import type { Unread } from '../../filter/filter.ts'
import type { Block } from '../cisco-blocks.ts'

/** A list where it is asked. */
export interface Used {
  readonly plug: string
  readonly way: 'in' | 'out'
  readonly family: 4 | 6
  readonly list: string
}

export interface Plugs {
  readonly names: readonly string[]
  readonly used: readonly Used[]
  /** Whether an interface carries packets of a family at all. */
  readonly carries: (plug: string, family: 4 | 6) => boolean
  /** Where an interface stands in the text. */
  readonly lines: ReadonlyMap<string, number>
  readonly unread: readonly Unread[]
}

/** Lines of an interface that open or hold, or rewrite, in a manner that is not read here. */
const LOUD: readonly RegExp[] = [
  /^ip nat\b/u,
  /^(?:ip|ipv6) (?:inspect|ips|admission|auth-proxy|wccp|port-access-group)\b/u,
  /^zone-member\b/u,
  /^crypto map\b/u,
  /^(?:bridge-group|xconnect|service instance|l2protocol-tunnel)\b/u,
  /^mac access-group\b/u,
  /^nat64\b/u,
  /^(?:ip|ipv6) access-group\b|^ipv6 traffic-filter\b/u,
]

const GROUP = /^(?:ip access-group|ipv6 traffic-filter) (\S+) (in|out)$/u

/** The interfaces that a configuration names, and which lists are asked where. */
export function plugsOf(blocks: readonly Block[]): Plugs {
  const unread: Unread[] = []
  const used = new Map<string, Used>()
  const said = new Map<string, string[]>()
  const lines = new Map<string, number>()
  for (const { words, inner, line } of blocks) {
    if (words[0] !== 'interface') continue
    // `interface GigabitEthernet 0/1` and `interface GigabitEthernet0/1` are one.
    const plug = words.slice(1, 3).join('')
    const all = inner.map((each) => each.join(' '))
    said.set(plug, [...(said.get(plug) ?? []), ...all])
    if (!lines.has(plug)) lines.set(plug, line)
    for (const each of all) {
      const [, list = '', way] = GROUP.exec(each) ?? []
      const family = each.startsWith('ipv6') ? 6 : 4
      // One list for each interface, way and family: the last takes the place of the one before.
      if (way === 'in' || way === 'out') {
        used.set(`${plug} ${way} ${family}`, { plug, way, family, list })
      } else if (LOUD.some((one) => one.test(each))) {
        unread.push({ place: `interface ${plug}`, text: each })
      }
    }
  }
  const names = [...said].filter(([, all]) => all.some(isRouted)).map(([name]) => name)
  return {
    names: names.toSorted(),
    used: [...used.values()].toSorted((a, b) => (a.plug < b.plug ? -1 : a.plug > b.plug ? 1 : 0)),
    carries: (plug, family) => carriesFamily(said.get(plug) ?? [], family),
    lines,
    unread,
  }
}

/** What an interface between networks has, and a port of a switch has not. */
const isRouted = (line: string): boolean =>
  /^(?:ip address|ip unnumbered|ip access-group|ipv6 (?:address|enable|unnumbered|traffic-filter))\b/u.test(
    line,
  )

/** A part of a configuration, without addresses, says nothing about which family there is: then both are. */
function carriesFamily(all: readonly string[], family: 4 | 6): boolean {
  const has = (one: RegExp): boolean => all.some((line) => one.test(line))
  const [four, six] = [
    has(/^ip (?:address|unnumbered)\b/u),
    has(/^ipv6 (?:address|enable|unnumbered)\b/u),
  ]
  if (!four && !six) return true
  return family === 4 ? four : six
}
