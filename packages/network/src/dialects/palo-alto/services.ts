import { between, only, PROTOCOLS } from '../../space/field.ts'
import type { Span } from '../../space/field.ts'
import { lookup } from '../groups.ts'
import type { Service } from '../session.ts'
import { nodeAt, valuesAt } from './syntax.ts'
import type { Node } from './syntax.ts'

/** What is meant by names of services or of applications. */
export interface Services {
  readonly any: readonly Service[]
  readonly unread: readonly string[]
}

const NOTHING: Services = { any: [], unread: [] }

const ports = (protocol: number, ...spans: readonly Span[]): Service => ({
  protocol: [only(BigInt(protocol))],
  targetPort: spans,
})
const tcp = (...numbers: readonly number[]): Service =>
  ports(PROTOCOLS.tcp, ...numbers.map((one) => only(BigInt(one))))
const udp = (...numbers: readonly number[]): Service =>
  ports(PROTOCOLS.udp, ...numbers.map((one) => only(BigInt(one))))

/** Services that are there from the factory (PAN-OS Web Interface Help, "Objects > Services"). */
const FACTORY: Readonly<Record<string, readonly Service[]>> = {
  'service-http': [tcp(80, 8080)],
  'service-https': [tcp(443)],
}

/**
 * Applications by the ports that Applipedia calls their standard ports, as far as these are few and have stayed the same. Those that use what they like, or have others
 * inside them, are left out, so that they are not understood.
 */
const APPLICATIONS: Readonly<Record<string, readonly Service[]>> = {
  ping: [{ protocol: [only(BigInt(PROTOCOLS.icmp))], sourcePort: [only(8n)] }],
  ping6: [{ protocol: [only(BigInt(PROTOCOLS.icmpv6))], sourcePort: [only(128n)] }],
  'web-browsing': [tcp(80)],
  ssl: [tcp(443)],
  ssh: [tcp(22)],
  telnet: [tcp(23)],
  smtp: [tcp(25, 587)],
  pop3: [tcp(110)],
  imap: [tcp(143)],
  dns: [tcp(53), udp(53)],
  ntp: [udp(123)],
  snmp: [udp(161)],
  'snmp-trap': [udp(162)],
  ldap: [tcp(389, 3268, 3269, 636), udp(389, 3268)],
  'ms-rdp': [tcp(3389), udp(3389)],
  mysql: [tcp(3306)],
  postgres: [tcp(5432)],
  tftp: [udp(69)],
  syslog: [tcp(1468, 514, 6514), udp(514)],
}

/** What these applications are on their standard ports. */
export function applicationsOf(root: Node, names: readonly string[]): Services {
  const named = lookup<Services>(
    (name, others) => {
      const group = nodeAt(root, ['application-group', name])
      if (group) return together(valuesAt(group, 'members').map(others))
      // A town's own application of that name is another.
      const known = nodeAt(root, ['application', name]) ? undefined : APPLICATIONS[name]
      const any = Object.hasOwn(APPLICATIONS, name) ? (known ?? []) : []
      return any.length > 0 ? { any, unread: [] } : { any: [], unread: [`application ${name}`] }
    },
    (name) => ({ any: [], unread: [`application ${name}`] }),
  )
  return together(names.map(named))
}

/** Every packet that these services mean. */
export function servicesOf(root: Node, names: readonly string[]): Services {
  const named = lookup<Services>(
    (name, others) => {
      const group = nodeAt(root, ['service-group', name])
      if (group) return together(valuesAt(group, 'members').map(others))
      const object = nodeAt(root, ['service', name])
      const any = object ? serviceOf(object) : FACTORY[name]
      return any && (object || Object.hasOwn(FACTORY, name))
        ? { any, unread: [] }
        : { any: [], unread: [`service ${name}`] }
    },
    (name) => ({ any: [], unread: [`service ${name}`] }),
  )
  return together(names.map(named))
}

const together = (all: readonly Services[]): Services =>
  all.length === 0
    ? NOTHING
    : {
        any: [...new Set(all.flatMap(({ any }) => any))],
        unread: [...new Set(all.flatMap(({ unread }) => unread))],
      }

const SILENT = new Set(['description', 'tag', 'disable-override', 'override'])
const NUMBERS: Readonly<Record<string, number>> = {
  tcp: PROTOCOLS.tcp,
  udp: PROTOCOLS.udp,
  sctp: 132,
}

/** `protocol tcp port 443,8443-8444` and `source-port`. */
function serviceOf(object: Node): readonly Service[] | undefined {
  const odd = [...object.kids.keys()].some((key) => key !== 'protocol' && !SILENT.has(key))
  const protocols = [...(nodeAt(object, ['protocol'])?.kids ?? [])]
  const [first, ...more] = protocols
  if (odd || !first || more.length > 0 || !Object.hasOwn(NUMBERS, first[0])) return undefined
  const [name, node] = first
  if ([...node.kids.keys()].some((key) => !['port', 'source-port', 'override'].includes(key))) {
    return undefined
  }
  const target = portsOf(valuesAt(node, 'port'))
  const source = node.kids.has('source-port') ? portsOf(valuesAt(node, 'source-port')) : 'any'
  if (!target || !source) return undefined
  return [{ ...ports(NUMBERS[name]!, ...target), ...(source !== 'any' && { sourcePort: source }) }]
}

function portsOf(values: readonly string[]): readonly Span[] | undefined {
  if (values.length !== 1) return undefined
  const spans = values[0]!.split(',').map((text): Span | undefined => {
    if (!/^\d{1,5}(?:-\d{1,5})?$/u.test(text)) return undefined
    const [first, last] = [text.split('-')[0], text.split('-').at(-1)].map(Number)
    return first! <= last! && last! <= 65_535 ? between(BigInt(first!), BigInt(last!)) : undefined
  })
  return spans.every((span) => span !== undefined) ? spans : undefined
}
