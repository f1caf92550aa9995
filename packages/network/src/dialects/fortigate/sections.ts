import type { Unread } from '../../filter/filter.ts'
import type { Node } from './syntax.ts'

/** Tables that say who may pass and are read elsewhere. */
const READ = new Set([
  'firewall policy',
  'firewall address',
  'firewall address6',
  'firewall addrgrp',
  'firewall addrgrp6',
  'firewall service custom',
  'firewall service group',
  'firewall service category',
  'firewall schedule onetime',
  'firewall schedule recurring',
  'firewall schedule group',
  'firewall vip',
  'firewall vipgrp',
  'system zone',
])

/** Tables, or beginnings of their names, that say nothing about which packets the machine forwards. */
const SILENT = [
  'antivirus ',
  'application ',
  'certificate ',
  'dlp ',
  'dnsfilter ',
  'emailfilter ',
  'endpoint-control ',
  'file-filter ',
  'icap ',
  'ips ',
  'log ',
  'report ',
  'router ',
  'ssh-filter ',
  'switch-controller ',
  'system ',
  'user ',
  'videofilter ',
  'virtual-patch ',
  'voip ',
  'vpn ',
  'waf ',
  'webfilter ',
  'web-proxy ',
  'wireless-controller ',
  'firewall internet-service-name',
  'firewall ippool',
  'firewall ippool6',
  'firewall sniffer',
  'firewall internet-service-definition',
  'firewall local-in-policy',
  'firewall local-in-policy6',
  'firewall profile-group',
  'firewall profile-protocol-options',
  'firewall shaper ',
  'firewall shaping-policy',
  'firewall shaping-profile',
  'firewall ssh ',
  'firewall ssl ',
  'firewall ssl-ssh-profile',
  'firewall ssl-server',
  'firewall traffic-class',
  'firewall vendor-mac',
  'firewall wildcard-fqdn ',
  'firewall multicast-address',
  'firewall multicast-address6',
  'firewall auth-portal',
  'firewall city',
  'firewall country',
  'firewall region',
]

/** Tables of a silent family that do say something once they are filled. */
const LOUD = new Set(['system virtual-wire-pair', 'system switch-interface'])
/** The same for tables that are filled from the factory and switched off. */
const SWITCHED = new Set(['system sdwan', 'system virtual-wan-link', 'system nat64'])

/** Settings with which a machine is no router that keeps track of connections, or takes its rules from elsewhere; each with the only value that is read. */
const SETTINGS: Readonly<Record<string, string>> = {
  opmode: 'nat',
  'ngfw-mode': 'profile-based',
  'central-nat': 'disable',
  asymroute: 'disable',
  asymroute6: 'disable',
  'asymroute-icmp': 'disable',
  'asymroute6-icmp': 'disable',
  'tcp-session-without-syn': 'disable',
  'multicast-skip-policy': 'disable',
  'implicit-allow-dns': 'disable',
}

/** Tables and settings that may let packets through, or rewrite them, in a manner that is not read here. */
export function strangeTables(root: Node): readonly Unread[] {
  const tables = [...root.tables].filter(([name, node]) => isStrange(name, node))
  const settings = root.tables.get('system settings')
  // What is set beside the entries of a table belongs to no policy and to no address.
  const beside = [...root.tables].filter(([name, { sets }]) => READ.has(name) && sets.size > 0)
  const odd = Object.entries(SETTINGS).filter(
    ([key, value]) => (settings?.sets.get(key)?.[0] ?? value) !== value,
  )
  return [
    ...[...tables, ...beside].map(([name]) => ({ place: name, text: `config ${name}` })),
    ...odd.map(([key]) => ({
      place: 'system settings',
      text: `${key} ${settings!.sets.get(key)!.join(' ')}`,
    })),
  ]
}

function isStrange(name: string, node: Node): boolean {
  if (READ.has(name) || node.sets.size + node.tables.size + node.entries.size === 0) return false
  if (LOUD.has(name)) return true
  if (SWITCHED.has(name)) return node.sets.get('status')?.[0] === 'enable'
  return !SILENT.some((one) => (one.endsWith(' ') ? name.startsWith(one) : name === one))
}
