import { between, only, PROTOCOLS } from '../../space/field.ts'
import type { Span } from '../../space/field.ts'
import { lookup } from '../groups.ts'
import type { Service } from '../session.ts'
import type { Node } from './syntax.ts'

/** What is meant by names of services. */
export interface Services {
  readonly any: readonly Service[]
  readonly unread: readonly string[]
}

const SCTP = 132

const protocol = (number: number): readonly Span[] => [only(BigInt(number))]
const ports = (first: number, last = first): readonly Span[] => [
  between(BigInt(first), BigInt(last)),
]
const tcp = (first: number, last = first): Service => ({
  protocol: protocol(PROTOCOLS.tcp),
  targetPort: ports(first, last),
})
const udp = (first: number, last = first): Service => ({
  protocol: protocol(PROTOCOLS.udp),
  targetPort: ports(first, last),
})

/** Services that are there from the factory, for texts without the table of them (FortiOS Administration Guide, "Predefined services"). */
const FACTORY: Readonly<Record<string, readonly Service[]>> = {
  ALL: [{}],
  ALL_TCP: [tcp(1, 65_535)],
  ALL_UDP: [udp(1, 65_535)],
  ALL_ICMP: [{ protocol: protocol(PROTOCOLS.icmp) }],
  ALL_ICMP6: [{ protocol: protocol(PROTOCOLS.icmpv6) }],
  HTTP: [tcp(80)],
  HTTPS: [tcp(443)],
  DNS: [tcp(53), udp(53)],
  SSH: [tcp(22)],
  TELNET: [tcp(23)],
  SMTP: [tcp(25)],
  SMTPS: [tcp(465)],
  POP3: [tcp(110)],
  IMAP: [tcp(143)],
  IMAPS: [tcp(993)],
  NTP: [tcp(123), udp(123)],
  SYSLOG: [udp(514)],
  RDP: [tcp(3389)],
  PING: [{ protocol: protocol(PROTOCOLS.icmp), sourcePort: ports(8) }],
  PING6: [{ protocol: protocol(PROTOCOLS.icmpv6), sourcePort: ports(128) }],
}

/** Settings of a service that say nothing about which packets it is. */
const SILENT = new Set([
  'uuid',
  'comment',
  'color',
  'visibility',
  'category',
  'fabric-object',
  'helper',
  'session-ttl',
  'udp-idle-timer',
  'tcp-halfclose-timer',
  'tcp-halfopen-timer',
  'tcp-timewait-timer',
  'tcp-rst-timer',
  'check-reset-range',
])
const KNOWN = new Set([
  'protocol',
  'protocol-number',
  'icmptype',
  'icmpcode',
  'tcp-portrange',
  'udp-portrange',
  'sctp-portrange',
])

/** Every packet that these services mean. */
export function servicesOf(root: Node, names: readonly string[]): Services {
  const named = lookup<Services>(
    (name, others) => meant(root, name, others),
    (name) => ({ any: [], unread: [name] }),
  )
  return together(names.map(named))
}

const together = (all: readonly Services[]): Services => ({
  any: [...new Set(all.flatMap(({ any }) => any))],
  unread: [...new Set(all.flatMap(({ unread }) => unread))],
})

function meant(root: Node, name: string, named: (name: string) => Services): Services {
  const entry = root.tables.get('firewall service custom')?.entries.get(name)
  if (entry) return serviceOf(entry, name)
  const group = root.tables.get('firewall service group')?.entries.get(name)
  if (!group) {
    const factory = Object.hasOwn(FACTORY, name) ? FACTORY[name] : undefined
    return factory ? { any: factory, unread: [] } : { any: [], unread: [name] }
  }
  const strange = [...group.sets.keys()].filter((key) => !SILENT.has(key) && key !== 'member')
  const members = together((group.sets.get('member') ?? []).map(named))
  return { ...members, unread: [...members.unread, ...strange.map((key) => `${name} ${key}`)] }
}

function serviceOf({ sets }: Node, name: string): Services {
  const strange = [...sets.keys()].find((key) => !SILENT.has(key) && !KNOWN.has(key))
  const any = strange === undefined ? boxesOf(sets) : undefined
  const unread = strange === undefined ? name : `${name} ${strange}`
  return any ? { any, unread: [] } : { any: [], unread: [unread] }
}

function boxesOf(sets: Node['sets']): readonly Service[] | undefined {
  const kind = sets.get('protocol')?.[0] ?? 'TCP/UDP/SCTP'
  const number = numberOf(sets.get('protocol-number'), 0, 255)
  switch (kind) {
    case 'IP':
      if (number === undefined) return undefined
      return number === 0 ? [{}] : [{ protocol: protocol(number) }]
    case 'ICMP':
      return icmp(sets, PROTOCOLS.icmp)
    case 'ICMP6':
      return icmp(sets, PROTOCOLS.icmpv6)
    case 'TCP/UDP/SCTP':
    case 'TCP/UDP/UDP-Lite/SCTP':
      return portBoxes(sets)
    default:
      return undefined
  }
}

/** Without a type it is every type; a code without a type is not understood. */
function icmp(sets: Node['sets'], of: number): readonly Service[] | undefined {
  const [type, code] = ['icmptype', 'icmpcode'].map((key) =>
    sets.has(key) ? numberOf(sets.get(key), 0, 255) : 'any',
  )
  if (type === undefined || code === undefined || (type === 'any' && code !== 'any')) {
    return undefined
  }
  return [
    {
      protocol: protocol(of),
      ...(type !== 'any' && { sourcePort: ports(type) }),
      ...(code !== 'any' && { targetPort: ports(code) }),
    },
  ]
}

/** One number; without any, the smallest: what `show` leaves out is 0. */
function numberOf(words: readonly string[] = ['0'], least: number, most: number) {
  const [text = '', ...more] = words
  const value = /^-?\d{1,5}$/u.test(text) && more.length === 0 ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

const PORT_TABLES = [
  ['tcp-portrange', PROTOCOLS.tcp],
  ['udp-portrange', PROTOCOLS.udp],
  ['sctp-portrange', SCTP],
] as const

function portBoxes(sets: Node['sets']): readonly Service[] | undefined {
  const boxes = PORT_TABLES.flatMap(([key, number]) =>
    (sets.get(key) ?? []).map((text): Service | undefined => {
      const [target, source, ...more] = text.split(':').map(portSpan)
      if (more.length > 0 || !target || (text.includes(':') && !source)) return undefined
      return {
        protocol: protocol(number),
        targetPort: [target],
        ...(source && { sourcePort: [source] }),
      }
    }),
  )
  return boxes.length > 0 && boxes.every((box) => box !== undefined) ? boxes : undefined
}

function portSpan(text: string): Span | undefined {
  if (!/^\d{1,5}(?:-\d{1,5})?$/u.test(text)) return undefined
  const [first, last] = [text.split('-')[0], text.split('-').at(-1)].map(Number)
  return first! <= last! && last! <= 65_535 ? between(BigInt(first!), BigInt(last!)) : undefined
}
