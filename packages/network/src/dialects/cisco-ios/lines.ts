import type { Unread } from '../../filter/filter.ts'
import { blocksIn } from '../cisco-blocks.ts'
import type { Block, Grammar } from '../cisco-blocks.ts'

/** Commands that say nothing about which packets are forwarded, with whatever stands inside them. */
const SILENT = new Set([
  'aaa',
  'alias',
  'archive',
  'arp',
  'boot',
  'boot-end-marker',
  'boot-start-marker',
  'call-home',
  'cdp',
  'clock',
  'configure',
  'control-plane',
  'controller',
  'diagnostic',
  'dial-peer',
  'dot1x',
  'enable',
  'end',
  'errdisable',
  'event',
  'exception',
  'exit',
  'hostname',
  'hw-module',
  'key',
  'license',
  'line',
  'lldp',
  'lacp',
  'logging',
  'login',
  'mac',
  'memory',
  'memory-size',
  'mgcp',
  'mls',
  'monitor',
  'multilink',
  'network-clock',
  'no',
  'ntp',
  'parser',
  'platform',
  'port-channel',
  'power',
  'privilege',
  'process',
  'process-max-time',
  'prompt',
  'quit',
  'radius',
  'radius-server',
  'redundancy',
  'rmon',
  'route-map',
  'router',
  'scheduler',
  'scripting',
  'security',
  'service',
  'snmp',
  'snmp-server',
  'spanning-tree',
  'standby',
  'stackwise-virtual',
  'subscriber',
  'switch',
  'system',
  'tacacs',
  'tacacs-server',
  'terminal',
  'time-period',
  'track',
  'transceiver',
  'udld',
  'username',
  'version',
  'vlan',
  'voice',
  'voice-card',
  'vrf',
  'vtp',
])
/** The same of `ip` and `ipv6`: what the router itself does, and where it sends what it forwards. */
const SILENT_IP = new Set([
  'address',
  'arp',
  'as-path',
  'bgp-community',
  'bootp',
  'cef',
  'classless',
  'community-list',
  'ddns',
  'default-gateway',
  'default-network',
  'device',
  'dhcp',
  'dns',
  'domain',
  'domain-list',
  'domain-lookup',
  'domain-name',
  'finger',
  'flow',
  'flow-cache',
  'flow-export',
  'forward-protocol',
  'ftp',
  'gratuitous-arps',
  'host',
  'http',
  'icmp',
  'igmp',
  'local',
  'mroute',
  'multicast',
  'multicast-routing',
  'name-server',
  'nbar',
  'options',
  'pim',
  'prefix-list',
  'radius',
  'rcmd',
  'reflexive-list',
  'route',
  'router',
  'routing',
  'scp',
  'sla',
  'source-route',
  'spd',
  'ssh',
  'subnet-zero',
  'tacacs',
  'tcp',
  'telnet',
  'tftp',
  'unicast-routing',
  'unreachables',
  'verify',
  'vrf',
])

/** Commands of the edge that rewrite, open or hold in a manner that is not read here. */
const LOUD = new Set(['bridge', 'zone', 'zone-pair', 'parameter-map'])

function readAs(words: readonly string[]): 'opening' | 'alone' | undefined {
  const [verb = '', next = ''] = words
  switch (verb) {
    case 'access-list':
      return 'alone'
    case 'object-group':
    case 'time-range':
    case 'interface':
    case 'policy-map':
      return 'opening'
    case 'ip':
    case 'ipv6':
      return next === 'access-list' && !isOfLists(words) ? 'opening' : undefined
    default:
      return undefined
  }
}

/** What is said about all lists, and not what is in one. */
const isOfLists = ([, , word = '']: readonly string[]): boolean =>
  ['log-update', 'logging', 'persistent', 'resequence'].includes(word)

const GRAMMAR: Grammar = {
  frame:
    /^(?:!|Building configuration|Current configuration|Load for |Time source|Using \d+ out of|NVRAM config|[\w./-]+(?:\([\w-]+\))?[#>] *(?:(?:show|terminal|wr|write)\b.*)?$)/u,
  readAs,
  isOwn: (words) => {
    const [verb = '', ...rest] = words
    if (verb === 'no') return readAs(rest) !== undefined
    return readAs(words) !== undefined || isNat(words) || LOUD.has(verb)
  },
  isSilent: (words) => {
    const [verb = '', next = ''] = words
    if (verb === 'no' && readAs(words.slice(1))) return false
    switch (verb) {
      case 'ip':
      case 'ipv6':
        return next === 'access-list'
          ? isOfLists(words) && words[2] !== 'resequence'
          : SILENT_IP.has(next)
      case 'crypto':
        return next !== 'map' || !words.includes('interface')
      case 'vlan':
        // Lists that hold within one VLAN, or between its ports.
        return next !== 'access-map' && next !== 'filter'
      case 'mac':
        return next !== 'access-list'
      case 'class-map':
        return true
      default:
        return SILENT.has(verb)
    }
  },
  // Pasted from a mail, the blanks are often gone; the machine takes such a line in the list or the interface that is open.
  belongs: (open, words) => {
    if (open[1] === 'access-list') return ENTRY.test(words[0]!)
    if (open[0] !== 'interface') return false
    return ['ip access-group', 'ipv6 traffic-filter'].includes(words.slice(0, 2).join(' '))
  },
}

const ENTRY = /^(?:permit|deny|remark|evaluate|sequence|\d{1,10})$/u

/** `ip nat inside source …` of the edge; within an interface it says which side that is. */
const isNat = ([verb, next, ...rest]: readonly string[]): boolean =>
  verb === 'ip' && next === 'nat' && rest.length > 1

/** A configuration as commands; a command that is not known to be harmless is in `unread`. */
export function readBlocks(text: string): {
  readonly blocks: readonly Block[]
  readonly unread: readonly Unread[]
} {
  const banners = withoutBanners(text)
  const { blocks, unread } = blocksIn(banners.text, GRAMMAR)
  return { blocks, unread: [...banners.unread, ...unread] }
}

const BANNER =
  /^[ \t]*banner +(?:motd|login|exec|incoming|slip-ppp|prompt-timeout|config-save)? *(\S.*)$/u

/** A banner runs from its first character to where that comes again, over as many lines as it likes: what looks like a command in it is none. */
function withoutBanners(text: string): { readonly text: string; readonly unread: Unread[] } {
  const kept: string[] = []
  let until: string | undefined
  for (const line of text.split(/\r\n?|\n/u)) {
    if (until !== undefined) {
      if (line.includes(until)) until = undefined
      kept.push('')
      continue
    }
    const [, body] = BANNER.exec(line) ?? []
    if (body === undefined) {
      kept.push(line)
      continue
    }
    // `^C` is how the machine prints the one character 03.
    const mark = body.startsWith('^C') ? '^C' : body[0]!
    if (!body.slice(mark.length).includes(mark)) until = mark
    kept.push('')
  }
  const unread = until === undefined ? [] : [{ place: '', text: 'banner' }]
  return { text: kept.join('\n'), unread }
}
