import { readRange } from '@sekisho/town'
import type { AddressRange } from '../declared/ranges.ts'
import { PROTOCOLS } from '../space/field.ts'
import { bytesOf, LONGEST_NAME, MONTHS } from './use.ts'
import type { Use } from './use.ts'

/**
 * A line of squid's access.log, in the formats `squid` (`time elapsed client code/status bytes method URL user hierarchy/peer type`) and `combined`.
 *
 * @returns `undefined` when it is neither, or tells of no destination
 */
export function readSquid(line: string): Use | undefined {
  const parts = ownParts(line) ?? combinedParts(line)
  const destination = parts && destinationOf(parts.method, parts.url)
  if (!parts || !destination) return undefined
  const source = readRange(parts.client)
  const target = parts.peer ?? destination.address
  return {
    at: parts.at,
    protocol: PROTOCOLS.tcp,
    port: destination.port,
    ended: parts.ended,
    seenBy: parts.above ? 'proxy-below' : 'proxy',
    ...(source && { source }),
    ...(target && { target }),
    ...(destination.name !== undefined && { name: destination.name }),
    ...(parts.down !== undefined && { down: parts.down }),
  }
}

interface Parts {
  readonly at: number
  readonly client: string
  readonly ended: Use['ended']
  readonly method: string
  readonly url: string
  /** Who was really asked: the destination itself (`HIER_DIRECT/203.0.113.5`), or the proxy above (`FIRSTUP_PARENT/198.51.100.1`). */
  readonly peer?: AddressRange
  readonly above: boolean
  /** What the machine behind the proxy got; what it sent stands in no such line. */
  readonly down?: number
}

function ownParts(line: string): Parts | undefined {
  const words = line.trim().split(/\s+/u)
  const [time = '', , client = '', result = '', size, method = '', url = '', , hierarchy = ''] =
    words
  const down = bytesOf(size)
  if (!/^\d{9,11}(?:\.\d{1,3})?$/u.test(time) || !/^[A-Z_]+\/\d{3}$/u.test(result)) return undefined
  const [how = '', asked = ''] = hierarchy.split('/', 2)
  const peer = readRange(asked)
  const above = /PARENT|SIBLING|CARP|ROUNDROBIN|SOURCEHASH|USERHASH/u.test(how)
  const ended = endOf(`${result} ${how}`, Number(result.split('/')[1]))
  return {
    at: Number(time),
    client,
    ended,
    method,
    url,
    above,
    ...(peer && { peer }),
    ...(down !== undefined && { down }),
  }
}

/** `10.0.0.5 - - [25/Nov/2026:12:00:00 +0900] "CONNECT example.jp:443 HTTP/1.1" 200 39 … TCP_TUNNEL:HIER_DIRECT`: no address of who was asked. */
function combinedParts(line: string): Parts | undefined {
  const parts =
    /^(\S{1,64}) \S{1,64} \S{1,64} \[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)\] "([A-Z]{1,20}) (\S{1,8192}) HTTP\/[\d.]{1,4}" (\d{1,3}) /u.exec(
      line,
    )
  if (!parts) return undefined
  const [, client, day, month, year, time, hours, minutes, method, url, status] = parts
  const number = String(MONTHS.indexOf(month!) + 1).padStart(2, '0')
  const at = Date.parse(`${year}-${number}-${day}T${time}${hours}:${minutes}`) / 1000
  if (Number.isNaN(at)) return undefined
  const result = line.slice(line.lastIndexOf(' ') + 1)
  const above = /PARENT/u.test(result)
  return {
    at,
    client: client!,
    ended: endOf(result, Number(status)),
    method: method!,
    url: url!,
    above,
  }
}

/** A fault of the proxy's own, which asked nobody, lets nothing through and denies nothing: a name that is nowhere, or a wait that was cut off. */
function endOf(result: string, status: number): Use['ended'] {
  if (/DENIED/u.test(result)) return 'denied'
  return status >= 500 && /HIER_NONE/u.test(result) ? 'unknown' : 'passed'
}

interface Destination {
  readonly name?: string
  readonly address?: AddressRange
  readonly port: number
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, ftp: 21 }

function destinationOf(method: string, url: string): Destination | undefined {
  const parts =
    method === 'CONNECT'
      ? /^(?<host>\[[0-9a-f:.]+\]|[^\s/:@]+):(?<port>\d{1,5})$/iu.exec(url)
      : /^(?<scheme>https?|ftp):\/\/(?:[^\s/@]*@)?(?<host>\[[0-9a-f:.]+\]|[^\s/:@?#]+)(?::(?<port>\d{1,5}))?(?:[/?#]|$)/iu.exec(
          url,
        )
  const { scheme, host, port } = parts?.groups ?? {}
  const number = port === undefined ? PORTS[(scheme ?? '').toLowerCase()] : Number(port)
  if (host === undefined || host.length > LONGEST_NAME || number === undefined) return undefined
  if (number > 65_535) return undefined
  const address = readRange(host.replaceAll(/[[\]]/gu, ''))
  return address ? { address, port: number } : { name: host.toLowerCase(), port: number }
}
