/** Cases of the corpus: a text, a line of four dashes, and what becomes of packets, one in a line. */
import { readRange } from '@sekisho/town'
import { evaluate, spansOf } from '../filter/evaluate.ts'
import type { Filter } from '../filter/filter.ts'
import { ENDING } from '../space/diagram.ts'
import { addressKey, STATES } from '../space/field.ts'
import { createSpace } from '../space/space.ts'
import type { Packet } from '../space/space.ts'

export interface Case {
  readonly text: string
  /** `pass new tcp lan 10.0.0.1:5 > wan 192.0.2.1:443`, and what is unread. */
  readonly lines: readonly string[]
  /** What of the text is not understood, in order. */
  readonly unread: readonly string[]
}

export function caseOf(file: string): Case {
  const [text = '', wanted = ''] = file.split('\n----\n')
  const lines = wanted.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const unread = lines.filter((line) => line.startsWith('unread ')).map((line) => line.slice(7))
  return { text, lines, unread: unread.toSorted() }
}

/** The line as the filter would have it. */
export function saidOf(filter: Filter, line: string): string {
  const rest = line.slice(line.indexOf(' ') + 1)
  return line.startsWith('unread ') ? line : `${verdictOf(filter, packetOf(rest))} ${rest}`
}

const PROTOCOLS: Readonly<Record<string, bigint>> = {
  tcp: 6n,
  udp: 17n,
  icmp: 1n,
  icmpv6: 58n,
  sctp: 132n,
}

/** `new tcp lan 10.0.0.1:5 > wan 192.0.2.1:443`. */
export function packetOf(line: string): Packet {
  const [state, protocol, from, source, , to, target, mac] = line.split(' ')
  const reply = state === 'reply'
  const end = (text: string): readonly [address: string, port: string] => {
    const parts = /^\[?(.*?)\]?:(\d+)$/u.exec(text)
    if (!parts) throw new Error(text)
    return [parts[1]!, parts[2]!]
  }
  const key = (text: string): bigint => {
    const { family, first } = readRange(text)!
    return addressKey(family, first)
  }
  const [[sender, sourcePort], [receiver, targetPort]] = [end(source!), end(target!)]
  return {
    family: sender.includes(':') ? 6n : 4n,
    in: from!,
    out: to!,
    state: BigInt(STATES.indexOf(reply ? 'established' : (state as 'new'))),
    direction: reply ? 1n : 0n,
    protocol: PROTOCOLS[protocol!]!,
    source: key(sender),
    sourceMac: BigInt(`0x${mac?.slice(4).replaceAll(':', '') ?? '0'}`),
    target: key(receiver),
    sourcePort: BigInt(sourcePort),
    targetPort: BigInt(targetPort),
  }
}

const VERDICTS: Readonly<Record<number, string>> = {
  [ENDING.accept]: 'pass',
  [ENDING.deny]: 'stop',
}

/** How a filter ends for one packet, compiled. */
export function verdictOf(filter: Filter, packet: Packet): string {
  const space = createSpace(spansOf(filter))
  return VERDICTS[space.end(evaluate(space, filter), packet)] ?? 'unsure'
}
