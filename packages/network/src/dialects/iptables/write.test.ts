import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTown } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import { noon } from '../../declared/day.ts'
import { declare } from '../../declared/declare.ts'
import type { Declared } from '../../declared/permit.ts'
import { prove } from '../../prove/prove.ts'
import type { Proof } from '../../prove/prove.ts'
import { loadNftables } from '../nftables/load.ts'
import { readNftables } from '../nftables/read.ts'
import { ask, noKernel, whyNot } from './kernel.test-support.ts'
import { loadIptables } from './load.ts'
import { readIptables } from './read.ts'
import { writeIptables } from './write.ts'

const EXAMPLES = join(import.meta.dirname, '../../../../../examples')
const AT = '2026-11-25'
const TOWNS = [
  'kasumi/town.yaml',
  'kasumi-alpha-prime/target.yaml',
  'kasumi-beta-prime/target.yaml',
] as const

function declaredOf(place: string, change: (text: string) => string = (text) => text): Declared {
  const read = readTown(change(readFileSync(join(EXAMPLES, place), 'utf8')))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return declare(read.town, { at: AT })
}

const proofOf = (declared: Declared, ...texts: readonly string[]): Proof =>
  prove(
    declared,
    readIptables(
      texts.map((text) => ({ text })),
      { at: noon(declared.at) },
    ),
    { most: 1_000 },
  )

const kasumi = declaredOf('kasumi/town.yaml')
const { v4, v6 } = writeIptables(kasumi)

/** The same town with a network of IPv6 and one flow over it. */
const both = declaredOf('kasumi/town.yaml', (text) =>
  text
    .replace('networks: [10.20.0.0/16]', "networks: [10.20.0.0/16, '2001:db8:20::/48']")
    .replace('networks: [10.90.0.0/24]', "networks: [10.90.0.0/24, '2001:db8:90::/64']")
    .replace('addresses: [10.90.0.11]', "addresses: [10.90.0.11, '2001:db8:90::11']"),
)

describe('texts for iptables', () => {
  it.each(TOWNS)('of %s let through exactly what is declared', (place) => {
    const declared = declaredOf(place)
    const texts = writeIptables(declared)
    expect(proofOf(declared, texts.v4, texts.v6)).toEqual({ kind: 'equal' })
  })

  it('let through exactly what is declared over both families', () => {
    const texts = writeIptables(both)
    expect(texts.v6).toContain('-d 2001:db8:90::11/128')
    expect(proofOf(both, texts.v4, texts.v6)).toEqual({ kind: 'equal' })
  })

  it('are the same each time, bear the digest where the kernel keeps it, and each line of a flow its id', () => {
    expect(writeIptables(kasumi)).toEqual({ v4, v6 })
    for (const text of [v4, v6]) {
      expect(text).toContain(`-A FORWARD -m comment --comment "town ${kasumi.digest}"`)
      const open = text.split('\n').filter((line) => /ESTABLISHED(?! --ctdir)/u.test(line))
      expect(open.filter((line) => !line.startsWith('-A INPUT'))).toEqual([])
    }
    const ids = new Set(kasumi.permits.map(({ flow }) => flow.id))
    const named = [...v4.matchAll(/--comment ([a-z0-9-]+) -j ACCEPT/gu)].map(([, id]) => id)
    expect(new Set(named)).toEqual(ids)
  })

  it('write down each denial, not more often than ten times a second', () => {
    for (const text of [v4, v6]) {
      const dropping = [...text.matchAll(/^-A (\S+) -j DROP$/gmu)].map(([, chain]) => chain)
      expect(dropping.length).toBeGreaterThan(1)
      for (const chain of dropping) {
        expect(text).toMatch(
          new RegExp(
            `^-A ${chain} -m limit --limit 10/sec --limit-burst 50 -j LOG .*\n-A ${chain} -j DROP$`,
            'mu',
          ),
        )
      }
    }
  })

  it('do not open a flow whose last day they cannot say, and tell it', () => {
    const late = declaredOf('kasumi/town.yaml', (text) =>
      text.replace(/(id: log-lgwan[\s\S]*?expires: )\S+/u, '$12040-03-31'),
    )
    const texts = writeIptables(late)
    expect(texts.v4).toMatch(/^# +NOT_SUPPORTED +log-lgwan /mu)
    expect(texts.v4).not.toContain('--comment log-lgwan')
    const proof = proofOf(late, texts.v4, texts.v6)
    const reasons = proof.kind === 'different' ? proof.differences.map(({ reason }) => reason) : []
    expect(new Set(reasons)).toEqual(new Set(['NET-MISSING']))
  })

  it('keep a hostile name of the town on its comment line', () => {
    const bad = writeIptables({ ...kasumi, town: 'x\n-I FORWARD -j ACCEPT\u2028\u202e' })
    expect(bad.v4).not.toMatch(/^-I/mu)
    expect(proofOf(kasumi, bad.v4, bad.v6)).toEqual({ kind: 'equal' })
  })
})

/** What a careless hand does to the text of IPv4, and what of it must be seen, each with a packet. */
const MUTANTS: readonly {
  readonly name: string
  readonly change: (text: string) => string
  readonly reason: 'NET-EXTRA' | 'NET-MISSING' | 'NET-UNSURE'
}[] = [
  {
    name: 'a line dropped',
    change: (of) => of.replace(/^-A .*--ctstate NEW.*--comment hp-publish -j ACCEPT\n/mu, ''),
    reason: 'NET-MISSING',
  },
  {
    name: 'a prefix one bit wider',
    change: (of) => of.replace('-d 198.51.100.0/28', '-d 198.51.100.0/27'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'a prefix one bit narrower',
    change: (of) => of.replace('-d 198.51.100.0/28', '-d 198.51.100.0/29'),
    reason: 'NET-MISSING',
  },
  {
    name: 'a port range one port longer',
    change: (of) => of.replace('--dports 443,8443:8444', '--dports 443,8443:8445'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'source port where target port is meant',
    change: (of) => of.replace('--dport 6514', '--sport 6514'),
    reason: 'NET-MISSING',
  },
  {
    name: 'a direction swapped',
    change: (of) => of.replace('--ctdir REPLY', '--ctdir ORIGINAL'),
    reason: 'NET-MISSING',
  },
  {
    name: 'a pair of plugs swapped',
    change: (of) => of.replace('-i lgwan -o internet -g', '-i internet -o lgwan -g'),
    reason: 'NET-MISSING',
  },
  {
    name: 'UDP where TCP is declared',
    change: (of) => of.replace(/-p tcp (.*) -m tcp --dport 6514/u, '-p udp $1 -m udp --dport 6514'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'everything of an open connection let through',
    change: (of) =>
      of.replace(
        '-A FORWARD -j spoofs',
        '-A FORWARD -m state --state RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -j spoofs',
      ),
    reason: 'NET-EXTRA',
  },
  {
    name: 'an answer let through without a connection',
    change: (of) =>
      of
        .replace(
          '--ctstate ESTABLISHED --ctdir REPLY',
          '--ctstate ESTABLISHED,INVALID --ctdir REPLY',
        )
        .replace('-A FORWARD -m conntrack --ctstate INVALID -j DROP\n', ''),
    reason: 'NET-EXTRA',
  },
  {
    name: 'the MAC address no longer asked for',
    change: (of) => of.replace(/-m mac --mac-source \S+ /u, ''),
    reason: 'NET-EXTRA',
  },
  {
    name: 'spoofed senders not looked at',
    change: (of) => of.replace('-A FORWARD -j spoofs\n', ''),
    reason: 'NET-EXTRA',
  },
  {
    name: 'a range of a zone sent on instead of back',
    change: (of) => of.replace(/(-A from1 -s \S+ )-j RETURN/u, '$1-j ACCEPT'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'the policy open, and the last line gone',
    change: (of) =>
      of.replace(':FORWARD DROP', ':FORWARD ACCEPT').replace('-A FORWARD -j DROP\n', ''),
    reason: 'NET-EXTRA',
  },
  {
    name: 'the last line moved to the front',
    change: (of) =>
      of
        .replace('-A FORWARD -j DROP\n', '')
        .replace('-A FORWARD -j spoofs', '-A FORWARD -j DROP\n-A FORWARD -j spoofs'),
    reason: 'NET-MISSING',
  },
  {
    name: 'a line that shadows those behind it',
    change: (of) =>
      of.replace('-A FORWARD -j spoofs', '-A FORWARD -p tcp -j DROP\n-A FORWARD -j spoofs'),
    reason: 'NET-MISSING',
  },
  {
    name: 'a jump where the chain was gone to, and a line behind it that opens',
    change: (of) =>
      of
        .replace('-A FORWARD -i lgwan -o internet -g', '-A FORWARD -i lgwan -o internet -j')
        .replace(/-A (p9) -j DROP/u, '-A $1 -j RETURN')
        .replace('-A FORWARD -j DROP', '-A FORWARD -i lgwan -j ACCEPT'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'a flow that only passes while there are few packets',
    change: (of) => of.replace('-m tcp --dport 6514', '-m tcp --dport 6514 -m limit --limit 5/sec'),
    reason: 'NET-UNSURE',
  },
  {
    name: 'a day that is over',
    change: (of) => of.replaceAll(/--datestop \S+/gu, '--datestop 2025-03-31T14:59:59'),
    reason: 'NET-MISSING',
  },
  {
    name: 'a redirect reported as a fault',
    change: (of) => of.replace('--icmp-type 12 -j ACCEPT', '--icmp-type 5 -j ACCEPT'),
    reason: 'NET-EXTRA',
  },
  {
    name: 'a sign of negation',
    change: (of) =>
      of.replace('-A FORWARD -i lgwan -o internet', '-A FORWARD -i lgwan ! -o internet'),
    reason: 'NET-MISSING',
  },
  {
    name: 'a second table that drops what the first accepts',
    change: (of) =>
      `${of}*mangle\n:FORWARD ACCEPT [0:0]\n-A FORWARD -p tcp --dport 443 -j DROP\nCOMMIT\n`,
    reason: 'NET-MISSING',
  },
]

describe('the proof', () => {
  it.each(MUTANTS)('sees $name, with a packet', ({ change, reason }) => {
    const mutant = change(v4)
    expect(mutant).not.toBe(v4)
    const proof = proofOf(kasumi, mutant, v6)
    const reasons = proof.kind === 'different' ? proof.differences.map((one) => one.reason) : []
    expect(reasons).toContain(reason)
  })

  it('sees that the text of IPv6 is forgotten', () => {
    const proof = proofOf(kasumi, v4)
    const packets = proof.kind === 'different' ? proof.differences.map(({ packet }) => packet) : []
    expect(packets.map(({ family }) => family)).toContain(6n)
  })

  it.each([
    [
      'a table that translates',
      '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n',
    ],
    ['a copy to elsewhere', '*mangle\n-A FORWARD -j TEE --gateway 10.0.0.1\nCOMMIT\n'],
    ['an untied connection', '*raw\n-A PREROUTING -j CT --notrack\nCOMMIT\n'],
    ['a text that was cut off', '*mangle\n:FORWARD ACCEPT [0:0]\n'],
    ['the same table again', v4],
  ])('proves nothing of %s', (_, more) => {
    expect(proofOf(kasumi, `${v4}${more}`, v6).kind).toBe('unreadable')
  })
})

describe.skipIf(noKernel !== undefined)(`iptables itself${whyNot}`, () => {
  it.each(['v4', 'v6'] as const)(
    'takes our text of %s, and prints the same lines back',
    async (which) => {
      const text = writeIptables(both)[which]
      const program = which === 'v4' ? 'iptables' : 'ip6tables'
      const tested = await ask(`exec /usr/sbin/${program}-restore --test`, text)
      expect(tested).toMatchObject({ code: 0, errors: '' })
      const saved = await ask(
        `/usr/sbin/${program}-restore && exec /usr/sbin/${program}-save`,
        text,
      )
      const lines = (of: string) => of.split('\n').filter((line) => line.startsWith('-A'))
      expect(lines(saved.out).toSorted()).toEqual(lines(text).toSorted())
    },
  )

  it('holds exactly what is declared', async () => {
    const loaded = await loadIptables(writeIptables(both))
    if (!loaded.ok) throw new Error(loaded.says)
    expect(prove(both, readIptables(loaded.texts, { at: noon(AT) }))).toEqual({ kind: 'equal' })
  })

  it('says of a text it does not take what is wrong with it', async () => {
    const loaded = await loadIptables({ v4: v4.replace('-j spoofs', '-j nowhere'), v6 })
    expect(loaded).toMatchObject({ ok: false, reason: 'NET-REFUSED' })
  })

  // Two readers that know nothing of each other, and a translator that is neither of ours.
  it('translates our text to nftables that lets through exactly what is declared', async () => {
    const texts = writeIptables(both)
    const translated = await Promise.all(
      (['v4', 'v6'] as const).map(async (which) => {
        const program = which === 'v4' ? 'iptables' : 'ip6tables'
        // The day is written by the translator in a form that depends on the clock of the machine.
        const text = texts[which].replaceAll(/-m time --datestop \S+ /gu, '')
        return ask(`cat | /usr/sbin/${program}-restore-translate -f /dev/stdin`, text)
      }),
    )
    for (const { code } of translated) expect(code).toBe(0)
    const loaded = await loadNftables(translated.map(({ out }) => out).join('\n'))
    if (!loaded.ok) throw new Error(loaded.says)
    expect(prove(both, readNftables(loaded.listing, { at: noon(AT) }))).toEqual({ kind: 'equal' })
  })
})
