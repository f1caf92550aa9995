import { readRange } from '@sekisho/town'
import { bytesOf, isName, seconds, numberUpTo } from './use.ts'
import type { Use } from './use.ts'

/**
 * A line of a FortiGate's traffic log, `key=value` with or without the head of syslog: `date=… time=… type="traffic" subtype="forward" srcip=… dstip=… action="accept"`.
 *
 * Source: FortiOS Log Message Reference, "Log field format" and "Traffic log" (`action`, `proto`, `eventtime`, `tz`, `sentbyte`, `rcvdbyte`).
 *
 * @returns `undefined` when it is none, or tells of no forwarded connection
 */
export function readFortigateLog(line: string): Use | undefined {
  if (!/\btype="?traffic"?(?: |$)/u.test(line)) return undefined
  const values = valuesOf(line)
  // `local` is what the machine itself was asked or asked; `sniffer` is a copy.
  if (!['forward', 'multicast'].includes(values.get('subtype') ?? '')) return undefined
  // A line at the start of a connection is followed by one at its end, which is counted.
  if (values.get('action') === 'start') return undefined
  // Where the machine wrote the target anew, that is where the packet went.
  const anew = /dnat/u.test(values.get('trandisp') ?? '')
  const source = readRange(values.get('srcip') ?? '')
  const target = readRange(values.get(anew ? 'tranip' : 'dstip') ?? '')
  const protocol = numberUpTo(values.get('proto'), 255)
  if (!source || !target || source.family !== target.family || protocol === undefined) {
    return undefined
  }
  const at = timeOf(values)
  const name = values.get('hostname')
  const [up, down] = [bytesOf(values.get('sentbyte')), bytesOf(values.get('rcvdbyte'))]
  const [port, sourcePort] = [
    numberUpTo(values.get(anew ? 'tranport' : 'dstport'), 65_535),
    numberUpTo(values.get('srcport'), 65_535),
  ]
  return {
    source,
    target,
    protocol,
    ended: endOf(values.get('action')),
    seenBy: 'firewall',
    ...(at !== undefined && { at }),
    ...(port !== undefined && { port }),
    ...(sourcePort !== undefined && { sourcePort }),
    ...(up !== undefined && { up }),
    ...(down !== undefined && { down }),
    ...(name !== undefined && isName(name) && { name: name.toLowerCase() }),
  }
}

/** The first of each key: what a machine wrote of somebody's making stands behind, and in quotes. */
function valuesOf(line: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const [, key, quoted, bare] of line.matchAll(
    /(?:^|[ \t>])([a-z_]{1,40})=(?:"([^"]*)"|([^\s"]*))/gu,
  )) {
    if (!values.has(key!)) values.set(key!, quoted ?? bare ?? '')
  }
  return values
}

/** `accept`, `close`, `timeout`, `client-rst`, `server-rst`, `ip-conn` and `dns` are ends of what was let through. */
function endOf(action: string | undefined): Use['ended'] {
  if (action === 'deny' || action === 'blocked' || action === 'block') return 'denied'
  return action === undefined ? 'unknown' : 'passed'
}

/** `eventtime` is in seconds, or since 6.2 in billionths; else the clock of the machine with its zone, Japan's where it says none. */
function timeOf(values: ReadonlyMap<string, string>): number | undefined {
  const event = values.get('eventtime') ?? ''
  if (/^\d{10}$/u.test(event)) return Number(event)
  if (/^\d{19}$/u.test(event)) return Number(event.slice(0, 10))
  const zone = /^[+-]\d{4}$/u.test(values.get('tz') ?? '') ? values.get('tz')! : '+0900'
  return seconds(`${values.get('date')}T${values.get('time')}`, zone)
}
