import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readRange } from '@sekisho/town'
import { noon } from '../declared/day.ts'
import type { Filter } from '../filter/filter.ts'
import { evaluate, spansOf } from '../filter/evaluate.ts'
import { trace } from '../filter/trace.ts'
import { ENDING } from '../space/diagram.ts'
import { addressKey, DIRECTIONS, FIELDS, only, PROTOCOLS, STATES } from '../space/field.ts'
import { createSpace } from '../space/space.ts'
import type { Packet } from '../space/space.ts'
import { VENDORS } from './dialect.ts'
import { CORPUS } from './town.test-support.ts'
import { readVendor, vendorOf } from './vendors.ts'

const ask = z.strictObject({
  what: z.string(),
  answer: z.boolean().default(false),
  in: z.string(),
  out: z.string(),
  protocol: z.enum(['tcp', 'udp', 'icmp', 'icmpv6']),
  from: z.string(),
  mac: z.string().default('00:00:00:00:00:00'),
  to: z.string(),
  /** The port of the one who is asked, in a question and in its answer. */
  port: z.number().default(0),
  sourcePort: z.number().default(50_000),
  type: z.number().default(0),
  expect: z.enum(['pass', 'deny', 'unsure']),
  by: z.string().optional(),
})
const expected = z.strictObject({
  at: z.string(),
  asks: z.array(ask),
  unread: z.array(z.string()),
})

const cases = VENDORS.flatMap((vendor) =>
  readdirSync(join(CORPUS, vendor, 'read'))
    .filter((file) => !file.endsWith('.json'))
    .map((file) => {
      const text = readFileSync(join(CORPUS, vendor, 'read', file), 'utf8')
      const name = join(CORPUS, vendor, 'read', file.replace(/\.\w+$/u, '.json'))
      return { vendor, file, text, want: expected.parse(JSON.parse(readFileSync(name, 'utf8'))) }
    }),
)

const keyOf = (text: string): bigint => {
  const read = readRange(text)!
  return addressKey(read.family, read.first)
}

function packetOf(one: z.infer<typeof ask>): Packet {
  const icmp = one.protocol.startsWith('icmp')
  const [client, server] = [BigInt(one.sourcePort), BigInt(one.port)]
  const [source, target] = one.answer ? [server, client] : [client, server]
  return {
    family: one.from.includes(':') ? 6n : 4n,
    in: one.in,
    out: one.out,
    state: BigInt(STATES.indexOf(one.answer ? 'established' : 'new')),
    direction: BigInt(DIRECTIONS.indexOf(one.answer ? 'reply' : 'original')),
    protocol: BigInt(PROTOCOLS[one.protocol]),
    source: keyOf(one.from),
    sourceMac: BigInt(`0x${one.mac.replaceAll(':', '')}`),
    target: keyOf(one.to),
    sourcePort: icmp ? BigInt(one.type) : source,
    targetPort: icmp ? 0n : target,
  }
}

/** The same packet asked of the compiled filter. */
function compiled(filter: Filter, packet: Packet): number {
  const space = createSpace([
    ...spansOf(filter),
    ...FIELDS.map((field) => [field, only(packet[field])] as const),
  ])
  return space.end(evaluate(space, filter), packet)
}

describe('a text that somebody else wrote', () => {
  it.each(cases)('$vendor: $file is known for what it is', ({ vendor, text }) => {
    expect(vendorOf(text)).toBe(vendor)
  })

  it.each(cases)('$vendor: of $file exactly that is unread which is in its list', (one) => {
    const filter = readVendor(one.vendor, one.text, { at: noon(one.want.at) })
    expect(filter.unread.map(({ text }) => text).toSorted()).toEqual(one.want.unread.toSorted())
  })

  it.each(
    cases.flatMap(({ vendor, file, text, want }) =>
      want.asks.map((each) => ({ vendor, file, text, at: want.at, each, what: each.what })),
    ),
  )('$vendor: $file: $what', ({ vendor, text, at, each }) => {
    const filter = readVendor(vendor, text, { at: noon(at) })
    const packet = packetOf(each)
    const followed = trace(filter, packet)
    expect(followed.ends).toBe({ pass: 'accept', deny: 'deny', unsure: 'unsure' }[each.expect])
    if (each.by !== undefined) expect(followed.place).toBe(each.by)
    const end = compiled(filter, packet)
    if (each.expect === 'pass') expect(end).toBe(ENDING.accept)
    if (each.expect === 'deny') expect(end).toBe(ENDING.deny)
    if (each.expect === 'unsure') expect(end).toBe(ENDING.accept | ENDING.deny)
  })
})
