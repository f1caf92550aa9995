/** Words that Cisco machines print for numbers, and take. */
import { japanese } from '../declared/day.ts'
import { PROTOCOLS } from '../space/field.ts'

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** `31 March 2029`, as `absolute end` takes it. */
export function dayText(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${date} ${MONTHS[month! - 1]} ${year}`
}

/** `23:59 31 March 2029` in Japan, in seconds since 1970. */
export function instantOf(words: readonly string[]): number | undefined {
  const [, hour, minute, date, name, year] =
    /^(\d{1,2}):(\d{2}) (\d{1,2}) ([a-z]+) (\d{4})$/u.exec(words.join(' ').toLowerCase()) ?? []
  const month = MONTHS.findIndex((one) => one.toLowerCase() === name)
  if (year === undefined || month < 0) return undefined
  return japanese(Number(year), month + 1, Number(date), Number(hour), Number(minute))
}

/**
 * Ports by name (ASA General Operations CLI Configuration Guide, "TCP and UDP Ports"; Cisco IOS Security Command Reference, `permit`). Names whose number has changed from release to release (kerberos, sqlnet)
 * are left out, so that they are not understood.
 */
const TCP_PORTS: Readonly<Record<string, number>> = {
  aol: 5190,
  bgp: 179,
  chargen: 19,
  cifs: 3020,
  'citrix-ica': 1494,
  cmd: 514,
  ctiqbe: 2748,
  daytime: 13,
  discard: 9,
  domain: 53,
  drip: 3949,
  echo: 7,
  exec: 512,
  finger: 79,
  ftp: 21,
  'ftp-data': 20,
  gopher: 70,
  h323: 1720,
  hostname: 101,
  http: 80,
  https: 443,
  ident: 113,
  imap4: 143,
  irc: 194,
  klogin: 543,
  kshell: 544,
  ldap: 389,
  ldaps: 636,
  login: 513,
  lotusnotes: 1352,
  lpd: 515,
  msrpc: 135,
  'netbios-ssn': 139,
  nfs: 2049,
  nntp: 119,
  'pim-auto-rp': 496,
  'pcanywhere-data': 5631,
  pop2: 109,
  pop3: 110,
  pptp: 1723,
  rsh: 514,
  rtsp: 554,
  sip: 5060,
  smtp: 25,
  ssh: 22,
  sunrpc: 111,
  syslog: 514,
  tacacs: 49,
  talk: 517,
  telnet: 23,
  time: 37,
  uucp: 540,
  whois: 43,
  www: 80,
}
const UDP_PORTS: Readonly<Record<string, number>> = {
  biff: 512,
  bootpc: 68,
  bootps: 67,
  cifs: 3020,
  discard: 9,
  dnsix: 195,
  domain: 53,
  echo: 7,
  isakmp: 500,
  'mobile-ip': 434,
  nameserver: 42,
  'netbios-dgm': 138,
  'netbios-ns': 137,
  'netbios-ss': 139,
  nfs: 2049,
  'non500-isakmp': 4500,
  ntp: 123,
  'pcanywhere-status': 5632,
  'pim-auto-rp': 496,
  radius: 1645,
  'radius-acct': 1646,
  rip: 520,
  rtsp: 554,
  sip: 5060,
  snmp: 161,
  snmptrap: 162,
  sunrpc: 111,
  syslog: 514,
  tacacs: 49,
  talk: 517,
  tftp: 69,
  time: 37,
  vxlan: 4789,
  who: 513,
  www: 80,
  xdmcp: 177,
}

/** A port; a name that means two numbers in two protocols means neither where both are meant. */
export function portOf(text: string, protocols: readonly number[]): number | undefined {
  if (/^\d{1,5}$/u.test(text)) return Number(text) <= 65_535 ? Number(text) : undefined
  const tables = protocols.map((one) =>
    one === PROTOCOLS.tcp ? TCP_PORTS : one === PROTOCOLS.udp ? UDP_PORTS : {},
  )
  const found = tables.map((table) => (Object.hasOwn(table, text) ? table[text] : undefined))
  return found.every((one) => one === found[0]) ? found[0] : undefined
}

const NAMED_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipinip: 4,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  ahp: 51,
  icmp6: 58,
  eigrp: 88,
  ospf: 89,
  nos: 94,
  pim: 103,
  pcp: 108,
  snp: 109,
  sctp: 132,
}

/** The number of a protocol; `ip` is every one. */
export function protocolOf(text: string): number | 'ip' | undefined {
  if (text === 'ip') return 'ip'
  if (/^\d{1,3}$/u.test(text)) {
    // Number 0 is IPv6's hop by hop for a packet, and every protocol for some machines.
    return Number(text) > 0 && Number(text) <= 255 ? Number(text) : undefined
  }
  return Object.hasOwn(NAMED_PROTOCOLS, text) ? NAMED_PROTOCOLS[text] : undefined
}

/** Types of ICMP by name (the same guide, "ICMP Types"). */
const ICMP_TYPES: Readonly<Record<string, number>> = {
  'echo-reply': 0,
  unreachable: 3,
  'source-quench': 4,
  redirect: 5,
  'alternate-address': 6,
  echo: 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'information-request': 15,
  'information-reply': 16,
  'mask-request': 17,
  'mask-reply': 18,
  traceroute: 30,
  'conversion-error': 31,
  'mobile-redirect': 32,
}
const ICMP6_TYPES: Readonly<Record<string, number>> = {
  unreachable: 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  echo: 128,
  'echo-reply': 129,
  'membership-query': 130,
  'membership-report': 131,
  'membership-reduction': 132,
  'router-solicitation': 133,
  'router-advertisement': 134,
  'neighbor-solicitation': 135,
  'neighbor-advertisement': 136,
  'neighbor-redirect': 137,
  'router-renumbering': 138,
}

/** A type of ICMP, by number or name. */
export function icmpTypeOf(text: string, protocol: number): number | undefined {
  if (/^\d{1,3}$/u.test(text)) return Number(text) <= 255 ? Number(text) : undefined
  const table = protocol === PROTOCOLS.icmp ? ICMP_TYPES : ICMP6_TYPES
  return Object.hasOwn(table, text) ? table[text] : undefined
}
