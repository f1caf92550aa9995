import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTown } from '@sekisho/town'
import { beforeAll, describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import type { Declared } from '../declared/permit.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { writeNftables } from '../dialects/nftables/write.ts'
import { prove } from './prove.ts'
import type { Proof } from './prove.ts'

const EXAMPLES = join(import.meta.dirname, '../../../../examples')
const AT = '2026-11-25'

function declaredOf(place: string): Declared {
  const read = readTown(readFileSync(join(EXAMPLES, place), 'utf8'))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return declare(read.town, { at: AT })
}

async function proveText(declared: Declared, text: string): Promise<Proof> {
  const loaded = await loadNftables(text)
  if (!loaded.ok) throw new Error(loaded.says)
  return prove(declared, readNftables(loaded.listing, { at: noon(declared.at) }))
}

const kasumi = declaredOf('kasumi/town.yaml')
let text: string
beforeAll(() => {
  text = writeNftables(kasumi)
})

/** What a careless hand or a bad generator does to a text, and what of it must be seen. */
const MUTANTS: readonly {
  readonly name: string
  readonly change: (text: string) => string
  readonly reason: 'NET-EXTRA' | 'NET-MISSING' | 'NET-UNSURE'
}[] = [
  {
    name: 'a flow dropped from its set',
    change: (of) => of.replace(/\t\t\t10\.30\.\S+ .* comment "hp-publish",?\n/u, ''),
    reason: 'NET-MISSING',
  },
  {
    name: 'a prefix one bit wider',
    change: (of) =>
      of.replaceAll('198.51.100.0/28 . tcp . 25 comment', '198.51.100.0/27 . tcp . 25 comment'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'a port range one port longer',
    change: (of) => of.replaceAll('tcp . 8443-8444', 'tcp . 8443-8445'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'a MAC address no longer asked for',
    change: (of) =>
      of
        .replace('typeof ether saddr . ip saddr', 'typeof ip saddr')
        .replace(/(set p1_1 [^}]*?)\}/u, (set) => set.replaceAll(/02:00:5e:[0-9a-f:]+ \. /gu, ''))
        .replace(/ether saddr \. (ip saddr . ip daddr . meta l4proto . th dport @p1_1)/u, '$1'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'UDP where TCP is declared',
    change: (of) => of.replace(/tcp \. 6514/u, 'udp . 6514'),
    reason: 'NET-MISSING',
  },
  {
    name: 'answers let through without a connection',
    change: (of) => of.replace('ct state established ct direction reply', 'ct direction reply'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'everything of an open connection let through',
    change: (of) =>
      of.replace(
        'ct state invalid counter',
        'ct state established accept\n\t\tct state invalid counter',
      ),
    reason: 'NET-EXTRA',
  },
  {
    name: 'a related redirect let through',
    change: (of) => of.replace('icmp type { 3, 11, 12 }', 'icmp type { 3, 5, 11, 12 }'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'spoofed senders not looked at',
    change: (of) => of.replace('\t\tjump spoofs\n', ''),
    reason: 'NET-EXTRA',
  },
  {
    name: 'IPv6 forgotten: let through where nothing is declared',
    change: (of) =>
      of.replace(
        'ct state invalid counter',
        'meta nfproto ipv6 accept\n\t\tct state invalid counter',
      ),
    reason: 'NET-EXTRA',
  },
  {
    name: 'the policy open, and the last line gone',
    change: (of) =>
      of
        .replace(
          'hook forward priority filter; policy drop',
          'hook forward priority filter; policy accept',
        )
        .replace('\t\tcounter name undeclared drop\n', ''),
    reason: 'NET-EXTRA',
  },
  {
    name: 'a pair of plugs swapped',
    change: (of) => of.replace('"lgwan" . "internet" : goto', '"internet" . "lgwan2" : goto'),
    reason: 'NET-MISSING',
  },
  {
    name: 'a rule that shadows one behind it',
    change: (of) =>
      of.replace('\t\tjump spoofs\n', '\t\tjump spoofs\n\t\ttcp dport 8443 counter drop\n'),
    reason: 'NET-MISSING',
  },
  {
    name: 'a flow limited by rate: sometimes through, sometimes not',
    change: (of) =>
      of.replace('\t\tjump spoofs\n', '\t\tjump spoofs\n\t\tlimit rate 5/second accept\n'),
    reason: 'NET-UNSURE',
  },
  {
    name: 'whoever knocks is let through: a set that packets write into',
    change: (of) =>
      of
        .replace(
          '\tset p1_1',
          '\tset knocked { type ipv4_addr; size 99; flags dynamic; }\n\tset p1_1',
        )
        .replace(
          '\t\tjump spoofs\n',
          '\t\tjump spoofs\n\t\ttcp dport 7 add @knocked { ip saddr }\n\t\tip saddr @knocked accept\n',
        ),
    reason: 'NET-UNSURE',
  },
  {
    name: 'a second table that drops what the first accepts',
    change: (of) =>
      `${of}table ip other { chain f { type filter hook forward priority 10; policy accept; tcp dport 443 drop; }\n}\n`,
    reason: 'NET-MISSING',
  },
  {
    name: 'a day that is over',
    change: (of) => of.replaceAll(/meta time < \d+/gu, 'meta time < 1700000000'),
    reason: 'NET-MISSING',
  },
]

describe('the proof', () => {
  it('finds the text of the example town equal to its declaration', async () => {
    expect(await proveText(kasumi, text)).toEqual({ kind: 'equal' })
  })

  it.each(['kasumi-alpha-prime/target.yaml', 'kasumi-beta-prime/target.yaml'])(
    'finds the text of %s equal to its declaration',
    async (place) => {
      const declared = declaredOf(place)
      expect(await proveText(declared, writeNftables(declared))).toEqual({ kind: 'equal' })
    },
  )

  it.each(MUTANTS)('sees $name, with a packet', async ({ change, reason }) => {
    const mutant = change(text)
    expect(mutant).not.toBe(text)
    const proof = await proveText(kasumi, mutant)
    expect(proof.kind).toBe('different')
    const reasons = proof.kind === 'different' ? proof.differences.map((one) => one.reason) : []
    expect(reasons).toContain(reason)
  })

  it.each([
    ['translates addresses', 'chain n { type nat hook postrouting priority 100; masquerade; }'],
    [
      'rewrites the target',
      'chain m { type filter hook prerouting priority -150; ip daddr set 10.0.0.1; }',
    ],
  ])('proves nothing of a text that %s', async (_, chain) => {
    const proof = await proveText(kasumi, `${text}table inet more { ${chain}\n}\n`)
    expect(proof.kind).not.toBe('equal')
  })

  it('reads a set that only people fill, whatever flags it has', async () => {
    const named =
      'table ip more {\n\tset s { type ipv4_addr; elements = { 10.9.9.9 } }\n\tchain f {\n' +
      '\t\ttype filter hook forward priority 5; policy accept;\n\t\tip saddr @s drop\n\t}\n}\n'
    const proof = await proveText(kasumi, `${text}${named}`)
    const reasons = proof.kind === 'different' ? proof.differences.map((one) => one.reason) : []
    expect(new Set(reasons)).toEqual(new Set(['NET-MISSING']))
  })

  // Not every kernel has queues; the listing is what one that has them prints.
  it('does not take a packet given to a program for a packet held', () => {
    const chain = { family: 'inet', table: 't', name: 'q' }
    const proof = prove(
      kasumi,
      readNftables(
        {
          nftables: [
            { chain: { ...chain, type: 'filter', hook: 'forward', prio: 0, policy: 'drop' } },
            { rule: { family: 'inet', table: 't', chain: 'q', expr: [{ queue: { num: 1 } }] } },
          ],
        },
        { at: 0 },
      ),
    )
    expect(proof.kind === 'different' && proof.differences[0]?.reason).toBe('NET-UNSURE')
  })

  it('proves nothing of no text at all', () => {
    expect(prove(kasumi, readNftables({ nftables: [] }, { at: 0 })).kind).not.toBe('equal')
    expect(prove(kasumi, readNftables('<html>', { at: 0 })).kind).toBe('unreadable')
  })
})
