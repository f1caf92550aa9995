/** Matches that are known by their form alone (iptables-extensions(8)): what they ask for may hold or not. */
import { unknown } from './draft.ts'
import type { Match } from './draft.ts'

/** Depends on how many came before, on chance, or on a part of the packet that nothing here tells apart. */
const moving = (name: string, values: Readonly<Record<string, number>>): Match => ({
  options: Object.fromEntries(
    Object.entries(values).map(([option, count]) => [option, { values: count, read: () => true }]),
  ),
  begin: (draft) => void draft.conditions.push(unknown(name)),
})

const one = (...options: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(options.map((option) => [option, 1]))
const none = (...options: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(options.map((option) => [option, 0]))

export const MOVING: Readonly<Record<string, Match>> = {
  limit: moving('limit', one('--limit', '--limit-burst')),
  hashlimit: moving('hashlimit', {
    ...one('--hashlimit-upto', '--hashlimit-above', '--hashlimit', '--hashlimit-burst'),
    ...one('--hashlimit-mode', '--hashlimit-srcmask', '--hashlimit-dstmask', '--hashlimit-name'),
    ...one('--hashlimit-htable-size', '--hashlimit-htable-max', '--hashlimit-htable-expire'),
    ...one('--hashlimit-htable-gcinterval', '--hashlimit-rate-interval'),
    ...none('--hashlimit-rate-match'),
  }),
  connlimit: moving('connlimit', {
    ...one('--connlimit-upto', '--connlimit-above', '--connlimit-mask'),
    ...none('--connlimit-saddr', '--connlimit-daddr'),
  }),
  connbytes: moving('connbytes', one('--connbytes', '--connbytes-dir', '--connbytes-mode')),
  quota: moving('quota', one('--quota')),
  statistic: moving('statistic', one('--mode', '--probability', '--every', '--packet')),
  recent: moving('recent', {
    ...one('--name', '--seconds', '--hitcount', '--mask'),
    ...none(
      '--set',
      '--rcheck',
      '--update',
      '--remove',
      '--rttl',
      '--rsource',
      '--rdest',
      '--reap',
    ),
  }),
  length: moving('length', one('--length')),
  ttl: moving('ttl', one('--ttl-eq', '--ttl-lt', '--ttl-gt')),
  hl: moving('hl', one('--hl-eq', '--hl-lt', '--hl-gt')),
  dscp: moving('dscp', one('--dscp', '--dscp-class')),
  tos: moving('tos', one('--tos')),
  tcpmss: moving('tcpmss', one('--mss')),
  string: moving('string', {
    ...one('--string', '--hex-string', '--algo', '--from', '--to'),
    ...none('--icase'),
  }),
  pkttype: moving('pkttype', one('--pkt-type')),
  // What the machine knows beside the packet: its own addresses and routes, bridges, tunnels, marks, sockets.
  addrtype: moving('addrtype', {
    ...one('--src-type', '--dst-type'),
    ...none('--limit-iface-in', '--limit-iface-out'),
  }),
  rpfilter: moving('rpfilter', none('--loose', '--validmark', '--accept-local', '--invert')),
  physdev: moving('physdev', {
    ...one('--physdev-in', '--physdev-out'),
    ...none('--physdev-is-in', '--physdev-is-out', '--physdev-is-bridged'),
  }),
  policy: moving('policy', {
    ...one('--dir', '--pol', '--reqid', '--spi', '--proto', '--mode', '--tunnel-src'),
    ...one('--tunnel-dst'),
    ...none('--strict', '--next'),
  }),
  mark: moving('mark', one('--mark')),
  connmark: moving('connmark', one('--mark')),
  connlabel: moving('connlabel', { ...one('--label'), ...none('--set') }),
  realm: moving('realm', one('--realm')),
  helper: moving('helper', one('--helper')),
  socket: moving('socket', none('--transparent', '--nowildcard', '--restore-skmark')),
  devgroup: moving('devgroup', one('--src-group', '--dst-group')),
  cgroup: moving('cgroup', one('--cgroup', '--path')),
  ecn: moving('ecn', { ...one('--ecn-ip-ect'), ...none('--ecn-tcp-cwr', '--ecn-tcp-ece') }),
  esp: moving('esp', one('--espspi')),
  ah: moving('ah', one('--ahspi')),
  u32: moving('u32', one('--u32')),
  bpf: moving('bpf', one('--bytecode', '--object-pinned')),
  cpu: moving('cpu', one('--cpu')),
  nfacct: moving('nfacct', one('--nfacct-name')),
  geoip: moving('geoip', one('--source-country', '--destination-country', '--src-cc', '--dst-cc')),
  cluster: moving('cluster', {
    ...one('--cluster-total-nodes', '--cluster-local-node', '--cluster-local-nodemask'),
    ...one('--cluster-hash-seed'),
  }),
  osf: moving('osf', one('--genre', '--ttl', '--log')),
  rateest: moving('rateest', {
    ...one('--rateest', '--rateest1', '--rateest2', '--rateest-bps', '--rateest-pps'),
    ...one('--rateest-bps1', '--rateest-bps2', '--rateest-pps1', '--rateest-pps2'),
    ...none('--rateest-delta', '--rateest-lt', '--rateest-gt', '--rateest-eq'),
  }),
  ipcomp: moving('ipcomp', { ...one('--ipcompspi'), ...none('--compres') }),
  // Headers between those of IPv6 and of the protocol.
  dst: moving('dst', one('--dst-len', '--dst-opts')),
  hbh: moving('hbh', one('--hbh-len', '--hbh-opts')),
  rt: moving('rt', {
    ...one('--rt-type', '--rt-segsleft', '--rt-len', '--rt-0-addrs'),
    ...none('--rt-0-res', '--rt-0-not-strict'),
  }),
  frag: moving('frag', {
    ...one('--fragid', '--fraglen'),
    ...none('--fragres', '--fragfirst', '--fragmore', '--fraglast'),
  }),
  ipv6header: moving('ipv6header', { ...one('--header'), ...none('--soft') }),
  mh: moving('mh', one('--mh-type')),
  eui64: moving('eui64', {}),
}
