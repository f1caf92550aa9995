import { readRange } from '@sekisho/town'
import { PROTOCOLS } from '../space/field.ts'
import { MONTHS, numberUpTo } from './use.ts'
import type { Use } from './use.ts'

/**
 * A line of the kernel's log as nftables `log` and iptables `-j LOG` write it: `PREFIX IN=… OUT=… SRC=… DST=… PROTO=… SPT=… DPT=…`.
 *
 * @param now the instant of reading: a date without a year is the last of that name before it, in Japan
 * @returns `undefined` when it is none
 */
export function readKernel(line: string, now: number): Use | undefined {
  // A prefix without a blank behind it runs into the first key: `DROPIN=eth0`.
  const begin = line.search(/IN=\S{0,32} OUT=/u)
  if (begin < 0) return undefined
  // Of an error of ICMP the packet it is about stands behind, in brackets.
  const body = line.slice(begin).split(' [')[0]!
  const values = new Map<string, string>()
  for (const word of body.split(/\s+/u)) {
    const equals = word.indexOf('=')
    // The first of each: the kernel writes no key twice.
    if (equals > 0 && !values.has(word.slice(0, equals))) {
      values.set(word.slice(0, equals), word.slice(equals + 1))
    }
  }
  const source = readRange(values.get('SRC') ?? '')
  const target = readRange(values.get('DST') ?? '')
  const protocol = protocolOf(values.get('PROTO'))
  if (!source || !target || source.family !== target.family || protocol === undefined)
    return undefined
  const at = timeOf(line.slice(0, begin), now)
  const [port, sourcePort] = [
    numberUpTo(values.get('DPT'), 65_535),
    numberUpTo(values.get('SPT'), 65_535),
  ]
  return {
    source,
    target,
    protocol,
    ended: endOf(line.slice(0, begin)),
    seenBy: 'firewall',
    ...(at !== undefined && { at }),
    ...(port !== undefined && { port }),
    ...(sourcePort !== undefined && { sourcePort }),
  }
}

const NAMES: Readonly<Record<string, number>> = {
  TCP: PROTOCOLS.tcp,
  UDP: PROTOCOLS.udp,
  ICMP: PROTOCOLS.icmp,
  ICMPv6: PROTOCOLS.icmpv6,
  UDPLITE: 136,
  ESP: 50,
  AH: 51,
  SCTP: 132,
}

function protocolOf(text: string | undefined): number | undefined {
  if (text !== undefined && Object.hasOwn(NAMES, text)) return NAMES[text]
  return numberUpTo(text, 255)
}

/** A prefix is whatever somebody wrote; these words are usual, and any other says nothing. */
function endOf(prefix: string): Use['ended'] {
  if (/deny|denied|drop|block|reject|spoof|invalid/iu.test(prefix)) return 'denied'
  return /accept|allow|pass|permit/iu.test(prefix) ? 'passed' : 'unknown'
}

const JAPAN_HOURS = 9
const DAY = 86_400

function timeOf(head: string, now: number): number | undefined {
  const whole = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)/u.exec(head)
  if (whole) {
    const zone = whole[2]!.replace(/^([+-]\d\d):?(\d\d)$/u, '$1:$2')
    return known(Date.parse(`${whole[1]}${zone}`) / 1000)
  }
  const short = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) /u.exec(head)
  const month = MONTHS.indexOf(short?.[1] ?? '')
  if (!short || month < 0) return undefined
  const [day, hour, minute, second] = short.slice(2).map(Number)
  const year = new Date(now * 1000).getUTCFullYear()
  // Tomorrow is still near: clocks differ, and Japan is ahead.
  const times = [year + 1, year, year - 1].map(
    (one) => Date.UTC(one, month, day, hour! - JAPAN_HOURS, minute, second) / 1000,
  )
  return known(times.find((one) => one <= now + DAY))
}

const known = (seconds: number | undefined): number | undefined =>
  seconds === undefined || Number.isNaN(seconds) ? undefined : seconds
