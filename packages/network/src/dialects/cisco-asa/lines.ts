import type { Unread } from '../../filter/filter.ts'

/** One command, and what stands inside it. */
export interface Block {
  readonly words: readonly string[]
  readonly inner: readonly (readonly string[])[]
}

/** Commands that are read, whether they stand at the edge or, as some texts are pasted, behind blanks. */
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

/** What is printed above and below a configuration. */
const FRAME =
  /^(?:!|:|ASA Version|Cryptochecksum:|PIX Version|[\w./-]+(?:\([\w-]+\))?[#>] *(?:show\b.*)?$)/u

/** A configuration as commands; a command that is not known to be harmless is in `unread`. */
export function readBlocks(text: string): {
  readonly blocks: readonly Block[]
  readonly unread: readonly Unread[]
} {
  const blocks: { words: string[]; inner: string[][] }[] = []
  const unread: Unread[] = []
  let open: string[][] | undefined
  let silent = false
  for (const line of text.split(/\r\n?|\n/u)) {
    const words = line.split(/[ \t]+/u).filter((word) => word !== '')
    const [verb = ''] = words
    const isInner = /^[ \t]/u.test(line)
    if (words.length === 0 || FRAME.test(line.trimStart())) continue
    // A machine takes a command of the edge also in the middle of another, so blanks hide nothing.
    const isOwn = READ.has(verb) || LOUD.has(verb) || (verb === 'no' && READ.has(words[1] ?? ''))
    if (isInner && open && !isOwn) open.push(words)
    else if (READ.has(verb)) {
      const block = { words, inner: [] }
      blocks.push(block)
      open = OPENING.has(verb) ? block.inner : undefined
      silent = false
    } else if (isInner && silent && !isOwn) continue
    else if (isSilent(words)) {
      open = undefined
      silent = true
    } else {
      unread.push({ place: '', text: words.join(' ') })
      open = undefined
      silent = false
    }
  }
  return { blocks, unread }
}

function isSilent(words: readonly string[]): boolean {
  const [verb = '', next = ''] = words
  switch (verb) {
    case 'no':
      return SILENT.has(next) || next === 'sysopt'
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
