/** What others are told of the town's mail domains. */
import type { MailGate, Peer, Town } from '@sekisho/core'
import {
  addressesOf,
  mailHostsOf,
  mailPolicyOf,
  senderPoliciesOf,
  sentFrom,
} from '@sekisho/gates/mail'
import type { Resolve } from '@sekisho/gates/mail'
import { contains, readRange } from '@sekisho/town'
import type { Look } from './look.ts'
import { look } from './words.ts'

export interface DnsQuestion {
  readonly resolve: Resolve
  /** Address that the town's outgoing mail is seen to come from, when somebody says it. */
  readonly outside?: string
}

/** The town and one of its mail gates that takes mail. */
export interface RunGate {
  readonly town: Town
  readonly gate: MailGate & { readonly receive: NonNullable<MailGate['receive']> }
}

/** MX, SPF and DMARC of each domain, and the name that the gate greets with. */
export async function dnsLooks(of: RunGate, question: DnsQuestion): Promise<readonly Look[]> {
  const looks = await Promise.all([
    ...of.gate.domains.flatMap((domain) => [
      mx(domain, of, question),
      spf(domain, of, question),
      dmarc(domain, question),
    ]),
    ownName(of, question),
  ])
  return looks
}

async function mx(domain: string, of: RunGate, { resolve }: DnsQuestion): Promise<Look> {
  const name = `${domain} のMX`
  const gate = of.gate.receive.name
  const hosts = await mailHostsOf(domain, resolve)
  if (hosts === 'silent') return look('DOC-DNS-SILENT', name)
  const [host] = hosts
  if (host === undefined) return look('DOC-MX-NONE', name, { gate })
  if (host === '' || host === '.') return look('DOC-MX-REFUSES', name, { gate })
  if (host === gate) return look('DOC-MX-OK', name, { host, where: '関所' })
  const addresses = await addressesOf(host, resolve)
  if (addresses === 'silent') return look('DOC-DNS-SILENT', name)
  const where = addresses.map((address) => inFront(address, of)).find((one) => one !== undefined)
  return where === undefined
    ? look('DOC-MX-ELSEWHERE', name, { host })
    : look('DOC-MX-OK', name, { host, where })
}

/** Who stands in front of the gate at an address: a relay that it names, or the security cloud. */
function inFront(address: string, { town, gate }: RunGate): string | undefined {
  const relays = new Set(gate.receive.relays)
  const hosts = town.systems.flatMap((system) => system.hosts)
  const host = hosts.find((one) => relays.has(one.id) && one.addresses.some(holds(address)))
  const fits = (peer: Peer): boolean =>
    (relays.has(peer.id) || peer.securityCloud) && peer.addresses.some(holds(address))
  return (host ?? town.peers.find(fits))?.name
}

function holds(address: string): (range: string) => boolean {
  const one = readRange(address)
  return (text) => {
    const range = readRange(text)
    return one !== undefined && range !== undefined && contains(range, one)
  }
}

async function spf(domain: string, of: RunGate, question: DnsQuestion): Promise<Look> {
  const name = `${domain} のSPF`
  const { resolve } = question
  const records = await senderPoliciesOf(domain, resolve)
  if (records === 'silent') return look('DOC-DNS-SILENT', name)
  // Who sends nothing out loses nothing by it; who does, has mail refused.
  if (records.length === 0) return look('DOC-SPF-NONE', name, {}, of.gate.outward ? 'bad' : 'weak')
  if (records.length > 1) return look('DOC-SPF-MANY', name, { count: records.length })
  if (/(?:^| )\+?all(?: |$)/iu.test(records[0]!)) return look('DOC-SPF-EVERYBODY', name)
  const address = question.outside ?? outgoingAddress(of)
  if (address === undefined) return look('DOC-SPF-UNKNOWN', name)
  const verdict = await sentFrom(domain, address, resolve)
  if (verdict === 'temperror') return look('DOC-DNS-SILENT', name)
  return verdict === 'pass'
    ? look('DOC-SPF-OK', name, { address })
    : look('DOC-SPF-OUTSIDE', name, { address, verdict })
}

/** The declared outgoing server, when its address is one that the outside sees. */
function outgoingAddress({ town, gate }: RunGate): string | undefined {
  const server = gate.outward?.deliver.server
  const hosts = town.systems.flatMap((system) => system.hosts)
  const found = hosts.find(({ id }) => id === server) ?? town.peers.find(({ id }) => id === server)
  return found?.addresses.find((address) => !INSIDE.some((range) => holds(address)(range)))
}

/** Addresses that nobody outside sees (RFC 1918, RFC 6598, RFC 4193, RFC 1122). */
const INSIDE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  '127.0.0.0/8',
]

async function dmarc(domain: string, { resolve }: DnsQuestion): Promise<Look> {
  const name = `${domain} のDMARC`
  const policy = await mailPolicyOf(domain, resolve)
  if (policy === 'silent') return look('DOC-DNS-SILENT', name)
  if (policy === 'none') return look('DOC-DMARC-NONE', name, { domain })
  return policy === 'watch'
    ? look('DOC-DMARC-WATCH', name)
    : look('DOC-DMARC-OK', name, { policy: policy === 'reject' ? '受け取らない' : '隔てる' })
}

async function ownName({ gate }: RunGate, { resolve }: DnsQuestion): Promise<Look> {
  const own = gate.receive.name
  const name = `関所の名前 ${own}`
  const addresses = await addressesOf(own, resolve)
  if (addresses === 'silent') return look('DOC-DNS-SILENT', name)
  if (addresses.length === 0) return look('DOC-NAME-NONE', name, { gate: own })
  for (const address of addresses) {
    const names = await namesAt(address, resolve)
    if (!names.includes(own)) return look('DOC-NAME-PTR', name, { gate: own, address })
  }
  return look('DOC-NAME-OK', name, { gate: own, address: addresses.join('、') })
}

async function namesAt(address: string, resolve: Resolve): Promise<readonly string[]> {
  const names = await resolve(reversed(address), 'PTR').catch((): string[] => [])
  return names.map((one) => String(one).toLowerCase())
}

/** `192.0.2.1` → `1.2.0.192.in-addr.arpa` (RFC 1035 3.5), and the same for IPv6 by nibbles (RFC 3596 2.5). */
function reversed(address: string): string {
  const range = readRange(address)
  if (range === undefined) return ''
  const nibbles = range.family === 6
  const digits = nibbles ? [...range.first.toString(16).padStart(32, '0')] : address.split('.')
  return `${digits.toReversed().join('.')}.${nibbles ? 'ip6' : 'in-addr'}.arpa`
}
