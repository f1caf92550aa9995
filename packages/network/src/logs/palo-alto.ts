import { readRange } from '@sekisho/town'
import { PROTOCOLS } from '../space/field.ts'
import { bytesOf, seconds, numberUpTo } from './use.ts'
import type { Use } from './use.ts'

/** Where a field stands in a line (PAN-OS Administrator's Guide, "Traffic Log Fields"); the first is for future use. */
const AT = {
  received: 1,
  type: 3,
  subtype: 4,
  generated: 6,
  source: 7,
  target: 8,
  targetAnew: 10,
  sourcePort: 24,
  port: 25,
  portAnew: 27,
  protocol: 29,
  action: 30,
  sent: 32,
  got: 33,
} as const

/**
 * A line of a Palo Alto's traffic log, CSV as it is sent to syslog, with or without the head of syslog, or as it is exported. A line at the start of a connection
 * (`start`) and the one at its end are of one connection: the end is counted.
 *
 * @returns `undefined` when it is none
 */
export function readPaloAltoLog(line: string): Use | undefined {
  const begin = line.search(/(?:^|[ ,>])[^,\s]{0,40},[^,]{0,40},[^,]{0,40},TRAFFIC,/u)
  if (begin < 0) return undefined
  const fields = fieldsOf(line.slice(begin), AT.action + 1)
  if (fields?.[AT.type] !== 'TRAFFIC' || fields[AT.subtype] === 'start') return undefined
  // Where the machine wrote the target anew, that is where the packet went; it writes zeros where it did not.
  const anew = !['', '0.0.0.0', '::', fields[AT.target]].includes(fields[AT.targetAnew])
  const source = readRange(fields[AT.source]!)
  const target = readRange(fields[anew ? AT.targetAnew : AT.target]!)
  const protocol = protocolOf(fields[AT.protocol]!)
  if (!source || !target || source.family !== target.family || protocol === undefined) {
    return undefined
  }
  const at = timeOf(fields[AT.generated]!) ?? timeOf(fields[AT.received]!)
  // A line that ends before its counts is one all the same.
  const counts = fieldsOf(line.slice(begin), AT.got + 1)
  const [up, down] = [bytesOf(counts?.[AT.sent]), bytesOf(counts?.[AT.got])]
  const icmp = protocol === PROTOCOLS.icmp || protocol === PROTOCOLS.icmpv6
  const [port, sourcePort] = icmp
    ? []
    : [
        numberUpTo(fields[anew ? AT.portAnew : AT.port], 65_535),
        numberUpTo(fields[AT.sourcePort], 65_535),
      ]
  return {
    source,
    target,
    protocol,
    ended: fields[AT.action] === 'allow' ? 'passed' : 'denied',
    seenBy: 'firewall',
    ...(at !== undefined && { at }),
    ...(port !== undefined && { port }),
    ...(sourcePort !== undefined && { sourcePort }),
    ...(up !== undefined && { up }),
    ...(down !== undefined && { down }),
  }
}

/** The first fields of a line; a field in quotes may hold commas, and two quotes in it are one (RFC 4180). */
function fieldsOf(line: string, most: number): readonly string[] | undefined {
  const fields: string[] = []
  let at = 0
  while (fields.length < most) {
    if (at > line.length) return undefined
    if (line[at] === '"') {
      const end = /"(?:,|$)/u.exec(line.slice(at + 1).replaceAll('""', '\u0000\u0000'))
      if (!end) return undefined
      fields.push(line.slice(at + 1, at + 1 + end.index).replaceAll('""', '"'))
      at += end.index + 3
    } else {
      const comma = line.indexOf(',', at)
      const until = comma < 0 ? line.length : comma
      fields.push(line.slice(at, until))
      at = until + 1
    }
  }
  return fields
}

const NAMES: Readonly<Record<string, number>> = {
  tcp: PROTOCOLS.tcp,
  udp: PROTOCOLS.udp,
  icmp: PROTOCOLS.icmp,
  icmp6: PROTOCOLS.icmpv6,
  'ipv6-icmp': PROTOCOLS.icmpv6,
  gre: 47,
  esp: 50,
  ah: 51,
  sctp: 132,
}

const protocolOf = (text: string): number | undefined =>
  Object.hasOwn(NAMES, text) ? NAMES[text] : numberUpTo(text, 255)

/** `2026/11/25 12:00:00`, by a clock in Japan time. */
const timeOf = (text: string): number | undefined =>
  seconds(text.replaceAll('/', '-').replace(' ', 'T'), '+0900')
