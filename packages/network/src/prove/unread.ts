import type words from '../../words/ja.json'

/** Parts of a text that are well known for letting packets by, told by what they do. */
const HAZARDS = [
  ['NET-SLEEPING', /^flags dormant$/u],
  ['NET-NOTRACK', /^\{"notrack"|\s(?:-j NOTRACK|--notrack)\b/u],
  ['NET-FLOWTABLE', /^flowtable$|^\{"flow"|\s-j FLOWOFFLOAD\b/u],
  [
    'NET-TRANSLATED',
    // As nft, iptables, FortiGate, Cisco and Palo Alto say it.
    /^rulebase nat$|^ip nat\b|^type nat\b|^nat(?:$| \()|^config firewall central-snat-map|^\{"(?:masquerade|snat|dnat|redirect|tproxy)"|\s-j (?:MASQUERADE|SNAT|DNAT|REDIRECT|NETMAP|TPROXY)\b/u,
  ],
  ['NET-BRIDGE', /^bridge$/u],
] as const satisfies readonly (readonly [UnreadReason, RegExp])[]

export type UnreadReason = keyof typeof words.unread

/** What kind of unread a text is: of some it is known what they do, and what can be said beside them. */
export const unreadReason = (text: string): UnreadReason =>
  HAZARDS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'NET-UNREAD'
