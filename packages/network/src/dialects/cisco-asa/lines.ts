import type { Unread } from '../../filter/filter.ts'
import { blocksIn } from '../cisco-blocks.ts'
import type { Block, Grammar } from '../cisco-blocks.ts'

/** Commands that are read. */
const READ = new Set([
  'access-list',
  'access-group',
  'object',
  'object-group',
  'time-range',
  'interface',
  'name',
  'same-security-traffic',
  'class-map',
  'policy-map',
])
/** Of these, commands that have others inside. */
const OPENING = new Set([
  'object',
  'object-group',
  'time-range',
  'interface',
  'class-map',
  'policy-map',
])

/** Commands that say nothing about which packets are forwarded, with whatever stands inside them. */
const SILENT = new Set([
  'aaa',
  'aaa-server',
  'arp',
  'asdm',
  'banner',
  'boot',
  'call-home',
  'clock',
  'configure',
  'console',
  'coredump',
  'dhcpd',
  'dns',
  'domain-name',
  'dynamic-access-policy-record',
  'enable',
  'end',
  'exit',
  'failover',
  'flow-export',
  'ftp',
  'group-policy',
  'hostname',
  'http',
  'icmp',
  'jumbo-frame',
  'key',
  'license',
  'logging',
  'management-access',
  'monitor-interface',
  'mtu',
  'names',
  'ntp',
  'object-group-search',
  'pager',
  'passwd',
  'password',
  'privilege',
  'prompt',
  'quit',
  'route',
  'router',
  'service-policy',
  'snmp-server',
  'ssh',
  'ssl',
  'telnet',
  'terminal',
  'threat-detection',
  'timeout',
  'tunnel-group',
  'user-identity',
  'username',
  'xlate',
])

/** Commands of the edge that rewrite or open, and that some other command might seem to hold. */
const LOUD = new Set([
  'alias',
  'clear',
  'conduit',
  'context',
  'established',
  'firewall',
  'global',
  'mode',
  'nat',
  'outbound',
  'static',
])

/** @param begun verbs of which something stands above in the text */
const grammarWith = (begun: ReadonlySet<string>): Grammar => ({
  frame:
    /^(?:!|:|ASA Version|Cryptochecksum:|PIX Version|[\w./-]+(?:\([\w-]+\))?[#>] *(?:show\b.*)?$)/u,
  readAs: ([verb = '']) => (OPENING.has(verb) ? 'opening' : READ.has(verb) ? 'alone' : undefined),
  isOwn: ([verb = '', next = '']) =>
    READ.has(verb) || LOUD.has(verb) || (verb === 'no' && READ.has(next)),
  isSilent: (words) => isSilent(words) || clearsNothing(words, begun),
})

/** A configuration as commands; a command that is not known to be harmless is in `unread`. */
export const readBlocks = (
  text: string,
): { readonly blocks: readonly Block[]; readonly unread: readonly Unread[] } => {
  const begun = new Set<string>()
  const grammar = grammarWith(begun)
  const readAs: Grammar['readAs'] = (words) => {
    begun.add(words[0] ?? '')
    return grammar.readAs(words)
  }
  return blocksIn(text, { ...grammar, readAs })
}

/** `clear configure access-list` as a script begins with it: what is emptied is what stood on the machine before, as long as nothing of it stands above. */
function clearsNothing([verb, what = '', of = '']: readonly string[], begun: ReadonlySet<string>) {
  if (verb !== 'clear') return false
  if (what === 'xlate') return true
  const isWhole = what === 'config' || what === 'configure'
  return isWhole && (SILENT.has(of) || EMPTIED.has(of)) && !begun.has(of)
}

/** What a list may lead to, and what rewrites addresses. */
const EMPTIED = new Set(['access-list', 'global', 'nat', 'object', 'object-group', 'static'])

function isSilent(words: readonly string[]): boolean {
  const [verb = '', next = ''] = words
  switch (verb) {
    case 'no':
      return SILENT.has(next) || next === 'sysopt' || next === 'service'
    // What comes out of a tunnel is asked of no list (`sysopt connection permit-vpn` is the factory setting).
    case 'crypto':
      return !(next === 'map' && words.includes('interface'))
    case 'ip':
      return ['local', 'audit', 'verify'].includes(next)
    case 'ipv6':
      return ['route', 'icmp', 'unicast-routing'].includes(next)
    case 'sysopt':
      return ['noproxyarp', 'connection'].includes(next)
    default:
      return SILENT.has(verb)
  }
}
