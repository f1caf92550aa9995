import { readTownValue } from '@sekisho/town'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import type { Declared } from '../declared/permit.ts'
import { skippedBecause, whyNoKernel } from '../dialects/nftables/kernel.test-support.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { writeNftables } from '../dialects/nftables/write.ts'
import type { Filter } from '../filter/filter.ts'
import { trace } from '../filter/trace.ts'
import { prove } from '../prove/prove.ts'
import { oracleOf } from './oracle.test-support.ts'
import { asPacket, asPlain, matrixOf } from './packets.test-support.ts'
import { DAY, generatedTown } from './town.test-support.ts'
import type { Declaration, GeneratedTown } from './town.test-support.ts'

/** The towns in which the most is open, so that a mutant has something to bite on. */
const TOWNS: readonly (GeneratedTown & { readonly declared: Declared })[] = fc
  .sample(generatedTown, { numRuns: 40, seed: 7 })
  .map((one) => ({ ...one, declared: declare(one.town, { at: DAY }) }))
  .toSorted((a, b) => b.declared.permits.length - a.declared.permits.length)
  .slice(0, 2)

const why = whyNoKernel()

/** @returns `undefined` when nft does not take the text: then nobody can load it either */
async function held(text: string): Promise<Filter | undefined> {
  const loaded = await loadNftables(text)
  return loaded.ok ? readNftables(loaded.listing, { at: noon(DAY) }) : undefined
}

const put =
  (pattern: RegExp, by: string) =>
  (text: string): string =>
    text.replace(pattern, by)

/** What a careless hand or a bad generator makes of a text of ours. Where there is nothing to change, the text stays. */
const MUTANTS: Readonly<Record<string, (text: string) => string>> = {
  'an element dropped': put(/elements = \{\n\t\t\t.*,\n/u, 'elements = {\n'),
  'a set made empty': put(/\t\telements = \{\n(?:\t\t\t.*\n)*\t\t\}\n/u, ''),
  'a prefix one bit wider': (text) =>
    text
      .replace(/\/28 \. (tcp|udp)/u, '/27 . $1')
      .replace(/ff::\/64 \. (tcp|udp)/u, 'ff::/63 . $1'),
  'a port more': (text) =>
    text.replace(/ \. (tcp|udp) \. (\d+) comment/u, (_, protocol: string, port: string) =>
      port === '65535' ? '' : ` . ${protocol} . ${port}-${Number(port) + 1} comment`,
    ),
  'another port': put(/ \. (tcp|udp) \. \d+ comment/u, ' . $1 . 9 comment'),
  'another protocol': put(/ \. tcp \. /u, ' . udp . '),
  'a MAC address of somebody else': put(/02:00:([0-9a-f]{2}):/u, '02:01:$1:'),
  'the way there taken for the way back': put(
    /ct state new,established ct direction original/u,
    'ct state new,established ct direction reply',
  ),
  'two pairs of plugs swapped': put(
    /("\S+") \. ("\S+") : goto (p\d+),\n\t\t\t("\S+") \. ("\S+") : goto (p\d+)/u,
    '$1 . $2 : goto $6,\n\t\t\t$4 . $5 : goto $3',
  ),
  'a pair of plugs turned round': put(
    /("\S+") \. ("\S+") : goto p1\b.*\n/u,
    '$2 . "x" : goto p1,\n',
  ),
  'answers let through whoever asked': put(
    /ct state invalid counter/u,
    'ct state established accept\n\t\tct state invalid counter',
  ),
  'answers taken without a connection': put(/ct state established ct direction reply /u, ''),
  'spoofed senders not looked at': put(/\t\tjump spoofs\n/u, ''),
  'spoofed senders not looked at behind one plug': (text) => {
    const plug = /vmap \{\n\t\t\t"(\S+)"/u.exec(text)?.[1] ?? ''
    return text.replaceAll(new RegExp(`\\t\\tiifname "${plug}" .*goto spoof\\n`, 'gu'), '')
  },
  'IPv6 let through': put(/ct state invalid/u, 'meta nfproto ipv6 accept\n\t\tct state invalid'),
  'IPv6 forgotten': (text) =>
    text.replaceAll(/\t\tct state (?:new|established).*(?:ip6|icmpv6) .*accept\n/gu, ''),
  'the policy open and the last line gone': (text) =>
    text
      .replace(
        'hook forward priority filter; policy drop',
        'hook forward priority filter; policy accept',
      )
      .replace('\t\tcounter name undeclared drop\n', ''),
  'a chain that ends open': put(/\t\tcounter name denied_p1 drop/u, '\t\tcounter accept'),
  'a rule that shadows those behind it': put(
    /\t\tjump spoofs\n/u,
    '\t\tjump spoofs\n\t\tmeta l4proto { tcp, udp, icmp, icmpv6 } counter drop\n',
  ),
  'denials moved before the questions': put(/(\tchain p1 \{\n)/u, '$1\t\tcounter drop\n'),
  'invalid packets let through': put(
    /ct state invalid counter name invalid drop/u,
    'ct state invalid accept',
  ),
  'a redirect taken for a fault': put(/icmp type \{ 3, 11, 12 \}/u, 'icmp type { 3, 5, 11, 12 }'),
  'a last day that is over': put(/meta time < \d+ /u, 'meta time < 1700000000 '),
  'a last day forgotten in favour of a rate': put(/meta time < \d+ /u, 'limit rate 1/second '),
}

let standing: readonly Filter[]
beforeAll(async () => {
  if (why !== undefined) return
  const all = await Promise.all(TOWNS.map(({ declared }) => held(writeNftables(declared))))
  standing = all.filter((one) => one !== undefined)
})

describe.skipIf(why !== undefined)(`texts of made-up towns${skippedBecause(why)}`, () => {
  it('stand, and have something open: the positive control', () => {
    expect(standing).toHaveLength(TOWNS.length)
    for (const { declared } of TOWNS) expect(declared.permits.length).toBeGreaterThan(10)
  })

  it('mean the same whatever the order of the declaration', async () => {
    for (const { declaration, declared } of TOWNS) {
      const read = readTownValue(turned(declaration))
      if (!read.ok) throw new Error(JSON.stringify(read.problems))
      const filter = await held(writeNftables(declare(read.town, { at: DAY })))
      expect(prove(declared, filter!)).toEqual({ kind: 'equal' })
    }
  })

  it.each(Object.entries(MUTANTS))('%s: seen, and each witness is one', async (_, change) => {
    let killed = 0
    for (const [at, { declaration, declared }] of TOWNS.entries()) {
      const text = writeNftables(declared)
      const mutant = change(text)
      if (mutant === text) continue
      const filter = await held(mutant)
      if (!filter) continue
      const oracle = oracleOf(declaration, DAY)
      const proof = prove(declared, filter)
      if (proof.kind === 'unreadable') throw new Error(JSON.stringify(proof.unread))
      if (proof.kind === 'equal') {
        // The change changed nothing, e.g. another element holds the same: then no packet may tell them apart.
        for (const packet of [...matrixOf(declaration, oracle)].slice(0, 2_000)) {
          const ends = trace(filter, asPacket(packet)).ends
          expect(ends === 'accept').toBe(oracle.passes(packet))
        }
        continue
      }
      killed += 1
      for (const { packet, reason } of proof.differences) {
        const before = trace(standing[at]!, packet).ends
        const after = trace(filter, packet).ends
        expect(before).toBe(oracle.passes(asPlain(packet)) ? 'accept' : 'deny')
        expect([before, after, reason]).toEqual([
          before,
          reason === 'NET-UNSURE' ? 'unsure' : before === 'accept' ? 'deny' : 'accept',
          reason === 'NET-UNSURE' ? reason : before === 'accept' ? 'NET-MISSING' : 'NET-EXTRA',
        ])
      }
    }
    expect(killed).toBeGreaterThan(0)
  })
})

/** The same declaration, told the other way round. */
const turned = (declaration: Declaration): unknown => ({
  ...declaration,
  zones: declaration.zones.toReversed(),
  peers: declaration.peers.toReversed(),
  flows: declaration.flows.toReversed(),
  systems: declaration.systems
    .toReversed()
    .map((one) => ({ ...one, hosts: one.hosts.toReversed() })),
})
