import { readRange } from '@sekisho/town'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Plug } from '../declared/permit.ts'
import { addressKey, FIELDS, STATES } from '../space/field.ts'
import type { Packet } from '../space/space.ts'
import { lifelike } from './lifelike.ts'

const key = (text: string): bigint => {
  const { family, first } = readRange(text)!
  return addressKey(family, first)
}
const plugs: readonly Plug[] = [
  { name: 'lgwan', zone: 'lgwan', senders: [readRange('10.20.0.0/16')!] },
  { name: 'wan', senders: [readRange('0.0.0.0/0')!] },
]
/** The smallest packet there is: no kernel forwards it. */
const SMALLEST: Packet = {
  family: 4n,
  in: 'wan',
  out: 'lgwan',
  state: 0n,
  direction: 0n,
  protocol: 0n,
  source: 0n,
  sourceMac: 0n,
  target: 0n,
  sourcePort: 0n,
  targetPort: 0n,
}

describe('a witness that somebody can send', () => {
  it('comes from somebody, goes to somebody, by TCP, to a port', () => {
    expect(lifelike(SMALLEST, plugs, () => true)).toEqual({
      ...SMALLEST,
      protocol: 6n,
      source: key('192.0.2.1'),
      target: key('10.20.0.1'),
      sourcePort: 50_000n,
      targetPort: 443n,
    })
  })

  it('keeps what may not be another', () => {
    const same = (one: Packet) => one.source === 0n && one.targetPort === 0n && one.protocol === 17n
    const udp = { ...SMALLEST, protocol: 17n }
    expect(lifelike(udp, plugs, same)).toMatchObject({
      source: 0n,
      targetPort: 0n,
      target: key('10.20.0.1'),
    })
    expect(lifelike(udp, plugs, () => false)).toEqual(udp)
  })

  it.each([
    ['new', 0n, 8n],
    ['established', 0n, 8n],
    ['established', 1n, 0n],
    ['related', 0n, 3n],
  ] as const)('of ICMP that is %s (direction %s) it is of type %s', (state, direction, type) => {
    const icmp = { ...SMALLEST, protocol: 1n, sourcePort: 1n, direction }
    const packet = { ...icmp, state: BigInt(STATES.indexOf(state)) }
    expect(lifelike(packet, plugs, () => true).sourcePort).toBe(type)
  })

  it('shows the same, whatever that is, and is told apart by nothing else', () => {
    const packets = fc.record({
      family: fc.constant(4n),
      in: fc.constantFrom('wan', 'lgwan', 'x'),
      out: fc.constantFrom('wan', 'lgwan', 'x'),
      state: fc.bigInt(0n, 4n),
      direction: fc.bigInt(0n, 1n),
      protocol: fc.constantFrom(0n, 1n, 6n, 17n, 47n),
      source: fc.bigInt(0n, (1n << 32n) - 1n),
      sourceMac: fc.constant(0n),
      target: fc.bigInt(0n, (1n << 32n) - 1n),
      sourcePort: fc.constantFrom(0n, 1n, 8n, 443n),
      targetPort: fc.constantFrom(0n, 80n, 443n),
    })
    fc.assert(
      fc.property(packets, fc.func(fc.boolean()), (packet, judged) => {
        const same = (one: Packet): boolean => judged(FIELDS.map((field) => String(one[field])))
        const found = lifelike(packet, plugs, same)
        if (found !== packet) expect(same(found)).toBe(true)
        for (const field of ['family', 'in', 'out', 'state', 'direction', 'sourceMac'] as const) {
          expect(found[field]).toBe(packet[field])
        }
      }),
    )
  })
})
