import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, spansOf } from '../../filter/evaluate.ts'
import { untie } from '../../filter/untie.ts'
import { createSpace } from '../../space/space.ts'
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
