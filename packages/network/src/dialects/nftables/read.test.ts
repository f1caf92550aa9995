import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, spansOf } from '../../filter/evaluate.ts'
import { untie } from '../../filter/untie.ts'
import { ENDING } from '../../space/diagram.ts'
import { STATES } from '../../space/field.ts'
import { createSpace } from '../../space/space.ts'
import type { Packet } from '../../space/space.ts'
import { rulesetDigest } from '../../apply/ruleset.ts'
import { readNftables } from './read.ts'
import { ruleText } from './told.ts'

const word = fc.constantFrom(
  'ip',
  'inet',
  'arp',
  'bridge',
  't',
  'f',
  'forward',
  'accept',
  'drop',
  'state',
  'new',
  'saddr',
  'tcp',
  'dport',
  '10.0.0.0',
  '@s',
  '==',
  '!=',
  'in',
  '<',
  'constructor',
  '__proto__',
)
const leaf = fc.oneof(word, fc.integer(), fc.constant(null), fc.boolean(), fc.double())
const key = fc.constantFrom(
  'match',
  'op',
  'left',
  'right',
  'payload',
  'protocol',
  'field',
  'meta',
  'key',
  'ct',
  'dir',
  'set',
  'elem',
  'val',
  'range',
  'prefix',
  'addr',
  'len',
  'concat',
  'vmap',
  'data',
  'jump',
  'goto',
  'target',
  'accept',
  'drop',
  'counter',
  'log',
  'limit',
  'mangle',
  'queue',
  'masquerade',
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 3 }),
  ),
}))
const named = { family: word, table: fc.constant('t') }
const item = fc.oneof(
  fc.record({ chain: fc.record({ ...named, name: word, hook: word, prio: fc.integer() }) }),
  fc.record({
    chain: fc.constant({ family: 'ip', table: 't', name: 'f', hook: 'forward', prio: 0 }),
  }),
  fc.record({
    rule: fc.record({
      family: fc.constant('ip'),
      table: fc.constant('t'),
      chain: fc.constant('f'),
      expr: fc.array(fc.dictionary(key, value, { minKeys: 1, maxKeys: 1 }), { maxLength: 4 }),
    }),
  }),
  fc.record({ set: fc.record({ ...named, name: word, elem: fc.array(value, { maxLength: 3 }) }) }),
  value,
)

describe('any listing at all', () => {
  it('is a filter or is unread: nothing throws, and what is left over can be compiled and told', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.record({ nftables: fc.array(item, { maxLength: 6 }) }), value),
        (listing) => {
          const filter = untie(readNftables(listing, { at: 0 }))
          expect(evaluate(createSpace(spansOf(filter)), filter)).toBeGreaterThan(0)
        },
      ),
      { numRuns: 2_000 },
    )
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), (statements) => {
        expect(ruleText(statements).length).toBeLessThanOrEqual(301)
      }),
      { numRuns: 500 },
    )
  })

  it('may hold what has no text at all where a name is wanted', () => {
    const none = { toString: 0 }
    const rule = { family: 'ip', table: 't', chain: 'f' }
    const listing = {
      nftables: [
        { rule: { ...rule, expr: [{ set: { set: none } }] } },
        {
          rule: {
            ...rule,
            expr: [
              { match: { op: '==', left: { payload: { protocol: none, field: none } }, right: 1 } },
            ],
          },
        },
        { counter: { family: 'ip', table: none, name: none } },
      ],
    }
    expect(readNftables(listing, { at: 0 }).unread).not.toEqual([])
    expect(rulesetDigest(listing)).toMatch(/^[0-9a-f]{64}$/u)
  })
})

/** A forward chain that drops what none of these rules accepts. */
function listingOf(...rules: readonly (readonly object[])[]): unknown {
  const chain = { family: 'inet', table: 't', name: 'f' }
  return {
    nftables: [
      { chain: { ...chain, type: 'filter', hook: 'forward', prio: 0, policy: 'drop' } },
      ...rules.map((expr) => ({ rule: { family: 'inet', table: 't', chain: 'f', expr } })),
    ],
  }
}

const endOf = (listing: unknown, asked: Partial<Packet>): number => {
  const filter = readNftables(listing, { at: 0 })
  const space = createSpace(spansOf(filter))
  return space.end(evaluate(space, filter), {
    family: 4n,
    in: 'a',
    out: 'b',
    state: 0n,
    direction: 0n,
    protocol: 6n,
    source: 1n,
    sourceMac: 0n,
    target: 2n,
    sourcePort: 3n,
    targetPort: 4n,
    ...asked,
  })
}

describe('what a listing means', () => {
  const direction = (op: string, right: string) => ({
    match: { op, left: { ct: { key: 'direction' } }, right },
  })

  it.each([
    ['==', 'original'],
    ['!=', 'reply'],
  ])('a packet of no connection has no direction, also where ct direction %s %s', (op, right) => {
    const listing = listingOf([direction(op, right), { accept: null }])
    const ends = STATES.map((_, state) => endOf(listing, { state: BigInt(state) }))
    const { accept, deny } = ENDING
    expect(ends).toEqual([accept, accept, accept, deny, deny])
  })

  it.each([
    [
      'the size of segments',
      { mangle: { key: { 'tcp option': { name: 'maxseg', field: 'size' } } } },
    ],
    ['a class of service', { mangle: { key: { payload: { protocol: 'ip', field: 'dscp' } } } }],
    ['a helper', { 'ct helper': 'ftp' }],
    ['a mark', { mangle: { key: { meta: { key: 'mark' } }, value: 1 } }],
  ])('%s that is set changes nothing about what passes', (_, statement) => {
    const filter = readNftables(listingOf([statement, { accept: null }]), { at: 0 })
    expect(filter.unread).toEqual([])
    expect(endOf(listingOf([statement], [{ accept: null }]), {})).toBe(ENDING.accept)
  })

  it.each([
    [
      'a target',
      { mangle: { key: { payload: { protocol: 'ip', field: 'daddr' } }, value: '10.0.0.1' } },
    ],
    ['a port', { mangle: { key: { payload: { protocol: 'tcp', field: 'dport' } }, value: 80 } }],
    ['a key called constructor', { mangle: { key: { constructor: { key: 'mark' } }, value: 1 } }],
  ])('%s that is set is not read over', (_, statement) => {
    expect(readNftables(listingOf([statement]), { at: 0 }).unread).toHaveLength(1)
  })

  it('a statement that nobody knows may end the way of a packet, and the rest of the rule may follow', () => {
    const { accept, deny } = ENDING
    expect(endOf(listingOf([{ synproxy: null }], [{ accept: null }]), {})).toBe(accept | deny)
    expect(endOf(listingOf([{ masquerade: null }], [{ accept: null }]), {})).toBe(accept)
  })

  it('a target that is asked for before it is written anew is not taken for that of the forwarded packet', () => {
    const early = (...more: readonly object[]) => ({
      nftables: [
        { chain: { family: 'ip', table: 't', name: 'p', hook: 'prerouting', prio: -300 } },
        {
          chain: {
            family: 'ip',
            table: 't',
            name: 'n',
            type: 'nat',
            hook: 'prerouting',
            prio: -100,
          },
        },
        {
          rule: {
            family: 'ip',
            table: 't',
            chain: 'p',
            expr: [
              {
                match: {
                  op: '==',
                  left: { payload: { protocol: 'ip', field: 'daddr' } },
                  right: '0.0.0.2',
                },
              },
              { drop: null },
            ],
          },
        },
        ...more,
      ],
    })
    const dnat = {
      rule: { family: 'ip', table: 't', chain: 'n', expr: [{ dnat: { addr: '0.0.0.2' } }] },
    }
    expect(endOf(early(), {})).toBe(ENDING.deny)
    expect(endOf(early(dnat), {})).toBe(ENDING.deny | ENDING.accept)
  })

  it('a listing that is made deep, or chains that are, are unread and stop nothing', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown
    expect(readNftables(listingOf([{ match: deep }]), { at: 0 }).unread).toHaveLength(1)
    const names = Array.from({ length: 30_000 }, (_, number) => `c${number}`)
    const chains = names.map((name) => ({ chain: { family: 'inet', table: 't', name } }))
    const calls = names.slice(1).map((name, before) => ({
      rule: {
        family: 'inet',
        table: 't',
        chain: `c${before}`,
        expr: [{ jump: { target: name } }],
      },
    }))
    const filter = readNftables({ nftables: [...chains, ...calls] }, { at: 0 })
    expect(filter.unread.length).toBeGreaterThan(0)
  })
})

describe('a rule of a listing', () => {
  it.each([
    [
      'tcp dport { 22, 80-90 } accept',
      [
        {
          match: {
            op: '==',
            left: { payload: { protocol: 'tcp', field: 'dport' } },
            right: { set: [22, { range: [80, 90] }] },
          },
        },
        { accept: null },
      ],
    ],
    [
      'ip saddr != 10.0.0.0/8 counter drop',
      [
        {
          match: {
            op: '!=',
            left: { payload: { protocol: 'ip', field: 'saddr' } },
            right: { prefix: { addr: '10.0.0.0', len: 8 } },
          },
        },
        { counter: { packets: 0, bytes: 0 } },
        { drop: null },
      ],
    ],
    [
      'iifname . oifname vmap { lan . wan : goto p1, wan . lan : drop }',
      [
        {
          vmap: {
            key: { concat: [{ meta: { key: 'iifname' } }, { meta: { key: 'oifname' } }] },
            data: {
              set: [
                [{ concat: ['lan', 'wan'] }, { goto: { target: 'p1' } }],
                [{ concat: ['wan', 'lan'] }, { drop: null }],
              ],
            },
          },
        },
      ],
    ],
    [
      'ct state established,related accept',
      [
        { match: { op: 'in', left: { ct: { key: 'state' } }, right: ['established', 'related'] } },
        { accept: null },
      ],
    ],
  ])('is told as %s', (text, statements) => {
    expect(ruleText(statements)).toBe(text)
  })
})
