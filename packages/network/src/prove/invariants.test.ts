import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTown, readTownValue } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import { skippedBecause, whyNoKernel } from '../dialects/nftables/kernel.test-support.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { writeNftables } from '../dialects/nftables/write.ts'
import type { Filter } from '../filter/filter.ts'
import { trace } from '../filter/trace.ts'
import { breachFindings } from './breach-findings.ts'
import { unreadFindings } from './findings.ts'
import { hooksAt, invariants } from './invariants.ts'
import type { Breach, InvariantReason } from './invariants.ts'
import { prove } from './prove.ts'
import { wiringOf } from './wiring.ts'

const AT = '2026-11-25'

const example = readTown(
  readFileSync(join(import.meta.dirname, '../../../../examples/kasumi/town.yaml'), 'utf8'),
)
if (!example.ok) throw new Error(JSON.stringify(example.problems))
const kasumi = example.town
const declared = declare(kasumi, { at: AT })
const text = writeNftables(declared)

/** A small town whose firewall somebody else has set up by hand. */
const value = {
  town: { name: 'よその人が設定した町', staff: 10, model: 'α', edition: 'R8.3' },
  departments: [{ id: 'joho', name: '情報政策課' }],
  zones: [
    { id: 'core', name: '基幹', kind: 'mynumber', networks: ['10.1.0.0/24', '2001:db8:1::/64'] },
    { id: 'office', name: '庁内', kind: 'lgwan', networks: ['10.2.0.0/24', '2001:db8:2::/64'] },
    { id: 'dmz', name: '公開', kind: 'internet', networks: ['10.3.0.0/24'] },
  ],
  peers: [
    { id: 'isp', name: 'プロバイダー', network: 'internet', addresses: ['0.0.0.0/0', '::/0'] },
  ],
  systems: [
    {
      id: 'juki',
      name: '住民記録',
      zone: 'core',
      owner: 'joho',
      hosts: [
        {
          id: 'ap',
          name: 'サーバー',
          role: 'server',
          addresses: ['10.1.0.5'],
          mac: '02:00:00:00:00:05',
        },
      ],
    },
  ],
  firewall: {
    interfaces: [
      { name: 'eth1', zone: 'core' },
      { name: 'eth2', zone: 'office' },
      { name: 'eth3', zone: 'dmz' },
      { name: 'eth0', network: 'internet' },
    ],
  },
}
const small = readTownValue(value)
if (!small.ok) throw new Error(JSON.stringify(small.problems))
const strange = small.town

/** As it is found in the field: three zones, state first, one table, addresses checked at each plug. */
const STRANGER = `flush ruleset
table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iif lo accept
    ct state { established, related } accept
    icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state { invalid, untracked } drop
    iifname "eth1" ip saddr != 10.1.0.0/24 drop
    iifname "eth1" ip6 saddr != 2001:db8:1::/64 drop
    iifname "eth2" ip saddr != 10.2.0.0/24 drop
    iifname "eth2" ip6 saddr != 2001:db8:2::/64 drop
    iifname "eth3" ip saddr != 10.3.0.0/24 drop
    iifname "eth3" meta nfproto ipv6 drop
    iifname "eth0" ip saddr { 10.1.0.0/24, 10.2.0.0/24, 10.3.0.0/24 } drop
    iifname "eth0" ip6 saddr { 2001:db8:1::/64, 2001:db8:2::/64 } drop
    iifname "eth2" oifname "eth3" tcp dport { 80, 443 } accept
    iifname "eth3" oifname "eth2" ip daddr 10.2.0.0/24 tcp sport { 80, 443 } ct state established ct direction reply accept
    iifname "eth0" oifname "eth3" tcp dport 443 accept
    iifname "eth3" oifname "eth0" ip daddr != { 10.1.0.0/24, 10.2.0.0/24, 10.3.0.0/24 } tcp sport 443 ct state established ct direction reply accept
  }
  chain output {
    type filter hook output priority 0; policy accept;
    oifname "eth1" ct state { established, related } accept
    oifname "eth1" icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, mld2-listener-report } accept
    oifname "eth1" drop
  }
}
`

async function held(of: string): Promise<Filter> {
  const loaded = await loadNftables(of)
  if (!loaded.ok) throw new Error(loaded.says)
  const filter = readNftables(loaded.listing, { at: noon(AT) })
  expect(filter.unread).toEqual([])
  return filter
}

/** Each breach that was found lets its packet through when it is followed rule by rule. */
function confirmed(filter: Filter, breaches: readonly Breach[]): readonly InvariantReason[] {
  for (const { reason, packet, at } of breaches) {
    const { ends } = trace({ ...filter, hooks: hooksAt(filter, at) }, packet)
    const mute = reason === 'NET-BOX-NO-ND' || reason === 'NET-BOX-MUTE'
    expect([reason, ends]).toEqual([reason, mute ? 'deny' : 'accept'])
  }
  return [...new Set(breaches.map(({ reason }) => reason))]
}

const before = (line: string, by: string) => (of: string) => of.replace(line, `${by}\n    ${line}`)
const gone = (line: string) => (of: string) => of.replace(line, '')

/** Holes in the text of a stranger, as they are made in the field. */
const HOLES: readonly (readonly [InvariantReason, string, (of: string) => string])[] = [
  [
    'NET-OPEN-DEFAULT',
    'the policy of forward left open',
    (of) =>
      of.replace('hook forward priority 0; policy drop', 'hook forward priority 0; policy accept'),
  ],
  [
    'NET-OPEN-DEFAULT',
    'a second uplink that nobody declared',
    before('iifname "eth2" oifname "eth3" tcp', 'iifname "ppp0" accept'),
  ],
  [
    'NET-IPV6-OPEN',
    'a table about IPv4 alone',
    (of) =>
      of
        .replace('table inet filter', 'table ip filter')
        .replaceAll(/.*(?:ip6|icmpv6|nfproto).*\n/gu, ''),
  ],
  [
    'NET-SPOOF',
    'one plug without its addresses',
    gone('iifname "eth2" ip saddr != 10.2.0.0/24 drop'),
  ],
  [
    'NET-SPOOF',
    'the addresses of a plug asked too late',
    before(
      'ct state { invalid, untracked } drop',
      'iifname "eth2" oifname "eth3" udp dport 53 accept',
    ),
  ],
  [
    'NET-MYNUMBER-INTERNET',
    'the core reaches the public zone',
    before('iifname "eth0" oifname "eth3"', 'iifname "eth1" oifname "eth3" tcp dport 22 accept'),
  ],
  [
    'NET-MYNUMBER-UNBOUND',
    'everybody in the office reaches the core',
    before('iifname "eth0" oifname "eth3"', 'iifname "eth2" oifname "eth1" tcp dport 22 accept'),
  ],
  [
    'NET-MYNUMBER-UNBOUND',
    'a machine of the core known by its address alone',
    before(
      'iifname "eth0" oifname "eth3"',
      'iifname "eth1" oifname "eth2" ip saddr 10.1.0.5 tcp dport 22 accept',
    ),
  ],
  [
    'NET-UNTRACKED',
    'packets of no connection',
    (of) => of.replace('ct state { invalid, untracked } drop', ''),
  ],
  [
    'NET-BACK-FLOW',
    'everything of an open connection',
    before('iifname "eth1" ip saddr', 'ct state established,related accept'),
  ],
  [
    'NET-BACK-FLOW',
    'answers of a whole zone for one port that is open',
    (of) => of.replace('tcp sport { 80, 443 } ct state established', 'ct state established'),
  ],
  [
    'NET-BOX-OPEN',
    'the page of the administrator on the outside',
    before('icmpv6 type { nd-router-advert', 'iifname "eth0" tcp dport 443 accept'),
  ],
  [
    'NET-BOX-OPEN',
    'no question at all to the firewall itself',
    (of) => of.replace(/chain input \{[^}]*\{[^}]*\}[^}]*\{[^}]*\}[^}]*\}/u, ''),
  ],
  [
    'NET-BOX-OPEN',
    'more of ICMPv6 than discovery',
    (of) => of.replace(/icmpv6 type \{[^}]*\} accept/u, 'meta l4proto icmpv6 accept'),
  ],
  [
    'NET-BOX-SENDS',
    'the firewall speaks where only registered machines may',
    gone('oifname "eth1" drop'),
  ],
  [
    'NET-BOX-SENDS',
    'no question at all to what the firewall itself sends',
    (of) => of.replace(/chain output \{[^}]*\{[^}]*\}[^}]*\{[^}]*\}[^}]*\}/u, ''),
  ],
  [
    'NET-BOX-SENDS',
    'a port for which the firewall may ask there',
    before('oifname "eth1" drop', 'oifname "eth1" udp dport 123 accept'),
  ],
  [
    'NET-BOX-MUTE',
    'a firewall that asks for no neighbours where nobody thought of it',
    (of) =>
      of.replace('hook output priority 0; policy accept', 'hook output priority 0; policy drop'),
  ],
  [
    'NET-BOX-MUTE',
    'the same, at the last hook',
    (of) =>
      of.replace(
        /\}\n$/u,
        '  chain last {\n    type filter hook postrouting priority 0; policy accept;\n    oifname "eth2" icmpv6 type nd-neighbor-solicit drop\n  }\n}\n',
      ),
  ],
  [
    'NET-BOX-NO-ND',
    'IPv6 without neighbours',
    (of) => of.replace(/icmpv6 type \{[^}]*\} accept/u, ''),
  ],
]

const why = whyNoKernel()
describe.skipIf(why !== undefined)(`the invariants${skippedBecause(why)}`, () => {
  it('find nothing in the text of the example town', async () => {
    expect(invariants(wiringOf(kasumi), await held(text))).toEqual([])
  })

  it('find nothing in a text of a stranger that keeps them, though it is not what is declared', async () => {
    const filter = await held(STRANGER)
    expect(confirmed(filter, invariants(wiringOf(strange), filter))).toEqual([])
    expect(prove(declare(strange, { at: AT }), filter).kind).toBe('different')
  })

  it.each(HOLES)('%s: %s', async (reason, _, change) => {
    const holed = change(STRANGER)
    expect(holed).not.toBe(STRANGER)
    const filter = await held(holed)
    const breaches = invariants(wiringOf(strange), filter)
    expect(confirmed(filter, breaches)).toContain(reason)
    const own = declare(strange, { at: AT })
    const findings = breachFindings(strange, own, filter, breaches)
    const one = findings.find(({ rule }) => rule === reason)!
    expect(one.clause).not.toBe('')
    expect(`${one.message}${one.cure.sentence}`).not.toMatch(/\{|undefined/u)
  })

  it('see a hole that the declaration itself asks for, where the proof sees none', async () => {
    const read = readTownValue({
      ...value,
      flows: [
        {
          id: 'f',
          name: '直結',
          from: 'host:ap',
          to: 'peer:isp',
          protocol: 'tcp',
          ports: [443],
          fixed: { number: '1', approvedBy: '課長', date: '2026-04-01', macLimited: true },
        },
      ],
    })
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    const own = declare(read.town, { at: AT })
    const filter = await held(writeNftables(own))
    expect(prove(own, filter)).toEqual({ kind: 'equal' })
    const breaches = invariants(wiringOf(read.town), filter)
    expect(confirmed(filter, breaches)).toEqual(['NET-MYNUMBER-INTERNET'])
    expect(breachFindings(read.town, own, filter, breaches)[0]?.clause).toContain('ZN-01')
  })
})

/** What a firewall can hold and this kernel, or this nft, cannot load: listings as others print them. */
describe('a part that lets packets by', () => {
  const chain = { family: 'inet', table: 't', name: 'f' }
  const base = { chain: { ...chain, type: 'filter', hook: 'forward', prio: 0, policy: 'drop' } }
  const rule = (...expr: object[]) => ({
    rule: { family: 'inet', table: 't', chain: 'f', expr },
  })

  it.each([
    ['NET-FLOWTABLE', [base, rule({ flow: { op: 'add', flowtable: '@ft' } })]],
    [
      'NET-FLOWTABLE',
      [base, { flowtable: { family: 'inet', table: 't', name: 'ft', hook: 'ingress', prio: 0 } }],
    ],
    ['NET-NOTRACK', [base, rule({ notrack: null })]],
    ['NET-TRANSLATED', [base, rule({ masquerade: null })]],
    [
      'NET-BRIDGE',
      [base, { chain: { ...chain, family: 'bridge', type: 'filter', hook: 'forward', prio: 0 } }],
    ],
    ['NET-SLEEPING', [base, { table: { family: 'inet', name: 't', flags: 'dormant' } }]],
  ])('%s is told by its name, and nothing is proved', (reason, nftables) => {
    const proof = prove(declared, readNftables({ nftables }, { at: noon(AT) }))
    expect(proof.kind).toBe('unreadable')
    const unread = proof.kind === 'unreadable' ? unreadFindings(proof.unread) : []
    expect(unread.map(({ rule: id }) => id)).toContain(reason)
  })
})
