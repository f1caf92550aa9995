import fc from 'fast-check'
import type { Flow, Town } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import type { Declared } from '../declared/permit.ts'
import { trace } from '../filter/trace.ts'
import { prove } from '../prove/prove.ts'
import type { Difference, Proof } from '../prove/prove.ts'
import { addressKey } from '../space/field.ts'
import { VENDORS } from './dialect.ts'
import { AT, townAt } from './town.test-support.ts'
import { readVendor, withheldFor, writeVendor } from './vendors.ts'

/** Makers whose texts are written here and read back. */
const READ = VENDORS
type Read = (typeof READ)[number]

const both = townAt('corpus/network/towns/both-families.yaml')
const declaredBoth = declare(both, { at: AT })

const written = (vendor: Read, declared: Declared): string =>
  Object.values(writeVendor(vendor, declared).files).join('\n')

/** Compares a text with what its dialect can say of a declaration. */
function proveText(vendor: Read, declared: Declared, text: string): Proof {
  const filter = readVendor(vendor, text, { at: noon(declared.at) })
  return prove(withheldFor(vendor, declared).declared, filter)
}

function differencesOf(proof: Proof): readonly Difference[] {
  expect(proof.kind).toBe('different')
  return proof.kind === 'different' ? proof.differences : []
}

interface Mutant {
  readonly name: string
  readonly change: (text: string) => string
  readonly reason: Difference['reason']
  /** What the witness must say, beside its reason. */
  readonly witness?: (packet: Difference['packet']) => boolean
}

const port = (number: bigint) => (packet: Difference['packet']) =>
  packet.targetPort === number || packet.sourcePort === number
const from4 = (text: string): bigint =>
  addressKey(
    4,
    text.split('.').reduce((all, part) => all * 256n + BigInt(part), 0n),
  )
const touches = (text: string) => (packet: Difference['packet']) =>
  packet.source === from4(text) || packet.target === from4(text)

const MUTANTS: Readonly<Record<Read, readonly Mutant[]>> = {
  fortigate: [
    {
      name: 'a policy dropped',
      change: (of) => of.replace(/ {4}edit \d+\n {8}set name "sks-hp-public"[^]*?next\n/u, ''),
      reason: 'NET-MISSING',
      witness: touches('10.30.1.10'),
    },
    {
      name: 'a policy switched off',
      change: (of) => of.replace('set status enable', 'set status disable'),
      reason: 'NET-MISSING',
    },
    {
      name: 'a prefix one bit wider',
      change: (of) => of.replace('198.51.100.0 255.255.255.240', '198.51.100.0 255.255.255.224'),
      reason: 'NET-EXTRA',
      witness: touches('198.51.100.16'),
    },
    {
      name: 'a prefix of IPv6 wider',
      change: (of) => of.replace('ip6 fd00:20::12/128', 'ip6 fd00:20::12/127'),
      reason: 'NET-EXTRA',
      witness: ({ family }) => family === 6n,
    },
    {
      name: 'a range one address longer',
      change: (of) => of.replace('set end-ip 10.20.1.14', 'set end-ip 10.20.1.15'),
      reason: 'NET-EXTRA',
      witness: touches('10.20.1.15'),
    },
    {
      name: 'the ends swapped',
      change: (of) =>
        of.replace(
          /set srcintf "port2"\n(\s+)set dstintf "wan1"/u,
          'set srcintf "wan1"\n$1set dstintf "port2"',
        ),
      reason: 'NET-MISSING',
    },
    {
      name: 'one port more',
      change: (of) => of.replace('tcp-portrange 443 8443-8444', 'tcp-portrange 443 8443-8445'),
      reason: 'NET-EXTRA',
      witness: port(8445n),
    },
    {
      name: 'another port',
      change: (of) => of.replace('set tcp-portrange 22\n', 'set tcp-portrange 23\n'),
      reason: 'NET-EXTRA',
      witness: port(23n),
    },
    {
      name: 'every ICMP instead of the echo',
      change: (of) => of.replace('set icmptype 8\n', ''),
      reason: 'NET-EXTRA',
      witness: ({ protocol }) => protocol === 1n,
    },
    {
      name: 'UDP as well',
      change: (of) =>
        of.replace('set tcp-portrange 443\n', 'set tcp-portrange 443\n set udp-portrange 443\n'),
      reason: 'NET-EXTRA',
      witness: ({ protocol }) => protocol === 17n,
    },
    {
      name: 'any interface instead of one',
      change: (of) => of.replace('set srcintf "port2"', 'set srcintf "any"'),
      reason: 'NET-EXTRA',
    },
    {
      name: 'everybody instead of one',
      change: (of) => of.replace(/set srcaddr "sks-10.20.1.12"/u, 'set srcaddr "all"'),
      reason: 'NET-EXTRA',
    },
    {
      name: 'all but one instead of one',
      change: (of) => of.replace('set srcaddr-negate disable', 'set srcaddr-negate enable'),
      reason: 'NET-EXTRA',
    },
    {
      name: 'all services but one instead of one',
      change: (of) => of.replace('set service-negate disable', 'set service-negate enable'),
      reason: 'NET-EXTRA',
    },
    {
      name: 'a denial before what is permitted',
      change: (of) =>
        of.replace(
          'config firewall policy\n',
          'config firewall policy\n edit 1\n set srcintf "any"\n set dstintf "any"\n set srcaddr "all"\n set dstaddr "all"\n set action deny\n set schedule "always"\n set service "HTTPS"\n next\n',
        ),
      reason: 'NET-MISSING',
      witness: port(443n),
    },
    {
      name: 'a last day that is over',
      change: (of) => of.replace('set end 23:59 2029/03/31', 'set end 23:59 2026/11/24'),
      reason: 'NET-MISSING',
    },
    {
      name: 'hours that come and go',
      change: (of) =>
        `config firewall schedule recurring\n edit "hours"\n set start 08:00\n set end 17:00\n next\nend\n${of.replace('set schedule "always"', 'set schedule "hours"')}`,
      reason: 'NET-UNSURE',
    },
    {
      name: 'a policy for a name instead of an address',
      change: (of) =>
        of.replace(
          /set subnet 198.51.100.0 255.255.255.240/u,
          'set type fqdn\n set fqdn "cloud.example"',
        ),
      reason: 'NET-UNSURE',
    },
    {
      name: 'the flow that a MAC address binds, without it',
      change: (of) =>
        of.replace(
          'config firewall policy\n',
          'config firewall policy\n edit 1\n set srcintf "port1"\n set dstintf "port5"\n set srcaddr "all"\n set dstaddr "all"\n set action accept\n set schedule "always"\n set service "HTTPS"\n next\n',
        ),
      reason: 'NET-EXTRA',
    },
  ],
  'cisco-ios': [
    {
      name: 'a line dropped from both lists',
      change: (of) => of.replaceAll(/ permit udp host 10\.20\.1\.12 .*\n/gu, ''),
      reason: 'NET-MISSING',
      witness: ({ protocol }) => protocol === 17n,
    },
    {
      name: 'a wildcard one bit wider',
      change: (of) => of.replaceAll('198.51.100.0 0.0.0.15', '198.51.100.0 0.0.0.31'),
      reason: 'NET-EXTRA',
      witness: touches('198.51.100.16'),
    },
    {
      name: 'a wildcard with a hole',
      change: (of) => of.replaceAll('198.51.100.0 0.0.0.15', '198.51.100.0 0.0.1.15'),
      reason: 'NET-EXTRA',
      witness: touches('198.51.101.0'),
    },
    {
      name: 'one port more',
      change: (of) => of.replaceAll('range 8443 8444', 'range 8443 8445'),
      reason: 'NET-EXTRA',
      witness: port(8445n),
    },
    {
      name: 'a second port behind the first',
      change: (of) => of.replaceAll('eq 22', 'eq 22 23'),
      reason: 'NET-EXTRA',
      witness: port(23n),
    },
    {
      name: 'every protocol instead of UDP',
      change: (of) => of.replaceAll('permit udp host 10', 'permit ip host 10'),
      reason: 'NET-EXTRA',
    },
    {
      name: 'flags instead of what was written down',
      change: (of) => of.replaceAll(/evaluate \S+-back4-\w+/gu, 'permit tcp any any established'),
      reason: 'NET-EXTRA',
      witness: ({ state, direction }) => state === 1n && direction === 0n,
    },
    {
      name: 'a way back that asks for nothing',
      change: (of) => of.replaceAll(/evaluate \S+-back4-\w+/gu, 'permit tcp any eq 443 any'),
      reason: 'NET-EXTRA',
      witness: ({ state }) => state === 0n,
    },
    {
      name: 'answers written down under another name',
      change: (of) => of.replace(/reflect (\S+-back4)-\w+/u, 'reflect $1-00000000'),
      reason: 'NET-MISSING',
      witness: ({ state, direction }) => state === 1n && direction === 1n,
    },
    {
      name: 'echoes written down, by which all of ICMP comes back',
      change: (of) =>
        of.replace(
          /(ip access-list extended \S+-port2-in4\n)([^]*?)reflect (\S+)/u,
          '$1 permit icmp any any echo reflect $3\n$2reflect $3',
        ),
      reason: 'NET-UNSURE',
      witness: ({ protocol }) => protocol === 1n,
    },
    {
      name: 'a denial before what is permitted',
      change: (of) =>
        of.replace(/(ip access-list extended \S+-port2-in4\n)/u, '$1 5 deny tcp any any eq 443\n'),
      reason: 'NET-MISSING',
      witness: port(443n),
    },
    {
      name: 'a number that puts the last line first',
      change: (of) =>
        of.replace(
          /(ip access-list extended \S+-port2-in4\n)([^]*?) deny ip any any log\n/u,
          '$1$2 1 deny ip any any log\n',
        ),
      reason: 'NET-MISSING',
    },
    {
      name: 'no list where packets go out',
      change: (of) => of.replace(/ ip access-group \S+-port3-out4 out\n/u, ''),
      reason: 'NET-EXTRA',
      witness: ({ out }) => out === 'port3',
    },
    {
      name: 'no list of IPv6 anywhere',
      change: (of) => of.replaceAll(/ ipv6 traffic-filter .*\n/gu, ''),
      reason: 'NET-EXTRA',
      witness: ({ family }) => family === 6n,
    },
    {
      name: 'an interface without any list to another',
      change: (of) =>
        of.replaceAll(
          / (?:ip access-group|ipv6 traffic-filter) \S+-(?:port1|port5)-\w+ \w+\n/gu,
          ' ip address 10.9.9.9 255.255.255.0\n',
        ),
      reason: 'NET-EXTRA',
    },
    {
      name: 'a last day that is over',
      change: (of) => of.replaceAll('2029\n', '2025\n'),
      reason: 'NET-MISSING',
    },
    {
      name: 'hours that come and go',
      change: (of) =>
        of.replace(
          /(sks-until-2029\S+\n) absolute end .*2029/u,
          '$1 periodic weekdays 8:00 to 17:00',
        ),
      reason: 'NET-UNSURE',
    },
    {
      name: 'a mark of quality that nobody can tell',
      change: (of) => of.replaceAll(' range 8443 8444 reflect', ' range 8443 8444 dscp ef reflect'),
      reason: 'NET-UNSURE',
    },
  ],
  'palo-alto': [
    {
      name: 'a rule switched off',
      change: (of) => `${of}set rulebase security rules sks-hp-public disabled yes\n`,
      reason: 'NET-MISSING',
      witness: touches('10.30.1.10'),
    },
    {
      name: 'a rule deleted',
      change: (of) => `${of}delete rulebase security rules sks-hp-public\n`,
      reason: 'NET-MISSING',
      witness: touches('10.30.1.10'),
    },
    {
      name: 'a prefix one bit wider',
      change: (of) => of.replace('ip-netmask 198.51.100.0/28', 'ip-netmask 198.51.100.0/27'),
      reason: 'NET-EXTRA',
      witness: touches('198.51.100.16'),
    },
    {
      name: 'a prefix of IPv6 wider',
      change: (of) => of.replace('ip-netmask fd00:20::12\n', 'ip-netmask fd00:20::12/127\n'),
      reason: 'NET-EXTRA',
      witness: ({ family }) => family === 6n,
    },
    {
      name: 'a range one address longer',
      change: (of) =>
        of.replace('ip-range 10.20.1.12-10.20.1.14', 'ip-range 10.20.1.12-10.20.1.15'),
      reason: 'NET-EXTRA',
      witness: touches('10.20.1.15'),
    },
    {
      name: 'one more in a list',
      change: (of) => `${of}set rulebase security rules sks-remote source 10.20.1.99\n`,
      reason: 'NET-EXTRA',
      witness: touches('10.20.1.99'),
    },
    {
      name: 'a group with one more',
      change: (of) =>
        `${of}set address-group g static [ sks-10.20.1.12 sks-10.20.0.0_16 ]\nset rulebase security rules sks-remote source g\n`,
      reason: 'NET-EXTRA',
      witness: ({ protocol }) => protocol === 17n,
    },
    {
      name: 'all but one instead of one',
      change: (of) => `${of}set rulebase security rules sks-remote negate-source yes\n`,
      reason: 'NET-EXTRA',
    },
    {
      name: 'one port more',
      change: (of) => of.replace('port 443,8443-8444', 'port 443,8443-8445'),
      reason: 'NET-EXTRA',
      witness: port(8445n),
    },
    {
      name: 'any service instead of one',
      change: (of) => of.replace('sks-hp-public service sks-tcp-443', 'sks-hp-public service any'),
      reason: 'NET-EXTRA',
    },
    {
      name: 'an application beside the echo',
      change: (of) => `${of}set rulebase security rules sks-hp-watch application ssh\n`,
      reason: 'NET-EXTRA',
      witness: port(22n),
    },
    {
      name: 'an application denied, which is known too late',
      change: (of) =>
        of
          .replace('sks_deny application any', 'sks_deny application ssh')
          .replace('sks_deny bottom', 'sks_deny top'),
      reason: 'NET-UNSURE',
    },
    {
      name: 'a zone more',
      change: (of) => `${of}set rulebase security rules sks-remote from port1\n`,
      reason: 'NET-EXTRA',
      witness: (packet) => packet.in === 'port1' || packet.out === 'port1',
    },
    {
      name: 'any zone',
      change: (of) => of.replace('sks-remote from port2', 'sks-remote from any'),
      reason: 'NET-EXTRA',
    },
    {
      name: 'what is within a zone instead of what is between zones',
      change: (of) =>
        of.replace('sks-hp-public rule-type interzone', 'sks-hp-public rule-type intrazone'),
      reason: 'NET-MISSING',
    },
    {
      name: 'a denial moved to the top',
      change: (of) => of.replace('sks_deny bottom', 'sks_deny top'),
      reason: 'NET-MISSING',
    },
    {
      name: 'what is between zones open from the start',
      change: (of) =>
        `${of}delete rulebase security rules sks_deny\nset rulebase default-security-rules rules interzone-default action allow\n`,
      reason: 'NET-EXTRA',
    },
    {
      name: 'a last day that is over',
      change: (of) =>
        of.replace('2001/01/01@00:00-2029/03/31@23:59', '2001/01/01@00:00-2026/11/24@23:59'),
      reason: 'NET-MISSING',
    },
    {
      name: 'hours that come and go',
      change: (of) =>
        of.replace(
          'schedule-type non-recurring 2001/01/01@00:00-2029/03/31@23:59',
          'schedule-type recurring daily 08:00-17:00',
        ),
      reason: 'NET-UNSURE',
    },
    {
      name: 'a name instead of an address',
      change: (of) => of.replace('ip-netmask 198.51.100.0/28', 'fqdn cloud.example'),
      reason: 'NET-UNSURE',
    },
    {
      name: 'only for some people',
      change: (of) =>
        `${of}set rulebase security rules sks-hp-public source-user "town\\\\admins"\n`,
      reason: 'NET-UNSURE',
    },
  ],
  'cisco-asa': [
    {
      name: 'a line dropped from both lists',
      change: (of) =>
        of.replaceAll(/access-list \S+ extended permit tcp \S+ sks-hp-public.*\n/gu, ''),
      reason: 'NET-MISSING',
      witness: touches('10.30.1.10'),
    },
    {
      name: 'a line switched off',
      change: (of) =>
        of.replace(/(access-list \S+-in extended permit tcp \S+ sks-hp-public.*)/u, '$1 inactive'),
      reason: 'NET-MISSING',
    },
    {
      name: 'a prefix one bit wider',
      change: (of) => of.replaceAll('198.51.100.0 255.255.255.240', '198.51.100.0 255.255.255.224'),
      reason: 'NET-EXTRA',
      witness: touches('198.51.100.16'),
    },
    {
      name: 'a group of IPv6 with one more',
      change: (of) =>
        of.replace(
          ' network-object host fd00:20::12\n',
          ' network-object host fd00:20::12\n network-object host fd00:20::13\n',
        ),
      reason: 'NET-EXTRA',
      witness: ({ family }) => family === 6n,
    },
    {
      name: 'one port more',
      change: (of) => of.replaceAll('range 8443 8444', 'range 8443 8445'),
      reason: 'NET-EXTRA',
      witness: port(8445n),
    },
    {
      name: 'every port',
      change: (of) => of.replaceAll(' eq 22', ''),
      reason: 'NET-EXTRA',
      witness: ({ protocol }) => protocol === 6n,
    },
    {
      name: 'every ICMP instead of the echo',
      change: (of) => of.replaceAll(/(permit icmp .*) echo$/gmu, '$1'),
      reason: 'NET-EXTRA',
      witness: ({ protocol }) => protocol === 1n,
    },
    {
      name: 'every protocol instead of UDP',
      change: (of) => of.replaceAll('permit udp', 'permit ip'),
      reason: 'NET-EXTRA',
    },
    {
      name: 'answers to an echo not kept track of',
      change: (of) => of.replace('  inspect icmp\n', ''),
      reason: 'NET-UNSURE',
    },
    {
      name: 'the ends swapped',
      change: (of) =>
        of.replaceAll(
          /(permit tcp) object-group (sks-hp-public-from-\w+) object-group (sks-hp-public-to-\w+)/gu,
          '$1 object-group $3 object-group $2',
        ),
      reason: 'NET-MISSING',
    },
    {
      name: 'a denial before what is permitted',
      change: (of) =>
        of.replace(
          /(access-list (\S+-port2-in) )/u,
          'access-list $2 extended deny tcp any any eq https\n$1',
        ),
      reason: 'NET-MISSING',
      witness: port(443n),
    },
    {
      name: 'the last line first',
      change: (of) =>
        of.replace(
          /(access-list (\S+-port2-in) [^]*?)(access-list \2 extended deny ip any any log\n)/u,
          '$3$1',
        ),
      reason: 'NET-MISSING',
    },
    {
      name: 'the list of what goes out not asked',
      change: (of) => of.replace(/access-group \S+-port3-out out interface port3\n/u, ''),
      reason: 'NET-EXTRA',
      witness: ({ out }) => out === 'port3',
    },
    {
      name: 'the list of one interface at another',
      change: (of) => of.replace(/(access-group \S+-port2-in in interface) port2/u, '$1 port1'),
      reason: 'NET-MISSING',
    },
    {
      name: 'a global list that permits',
      change: (of) => of.replace(/(access-list \S+-rest extended) deny/u, '$1 permit'),
      reason: 'NET-EXTRA',
    },
    {
      name: 'the denial at the end of a list gone, and the global one open',
      change: (of) =>
        of
          .replace(/access-list \S+-wan1-in extended deny ip any any log\n/u, '')
          .replace(
            /(access-list \S+-rest extended) deny ip any any/u,
            '$1 permit tcp any any eq 443',
          ),
      reason: 'NET-EXTRA',
    },
    {
      name: 'a last day that is over',
      change: (of) =>
        of.replace('absolute end 23:59 31 March 2029', 'absolute end 23:59 24 November 2026'),
      reason: 'NET-MISSING',
    },
    {
      name: 'hours that come and go',
      change: (of) => of.replace(/ absolute end .*2029/u, ' periodic weekdays 8:00 to 17:00'),
      reason: 'NET-UNSURE',
    },
    {
      name: 'two interfaces of one security level',
      change: (of) =>
        `interface GigabitEthernet0/1\n nameif port2\n security-level 50\ninterface GigabitEthernet0/2\n nameif wan1\n security-level 50\n${of}`,
      reason: 'NET-MISSING',
    },
  ],
}

describe('a text that was written here and is read back', () => {
  it.each(
    READ.flatMap((vendor) =>
      [
        'corpus/network/towns/both-families.yaml',
        'examples/kasumi/town.yaml',
        'examples/kasumi-beta-prime/target.yaml',
      ].map((place) => ({ vendor, place })),
    ),
  )('$vendor: lets through what $place declares and the dialect can say', ({ vendor, place }) => {
    const declared = declare(townAt(place), { at: AT })
    const proof = proveText(vendor, declared, written(vendor, declared))
    expect(proof).toEqual({ kind: 'equal' })
  })

  it.each(READ)('%s: means the same with the line ends of Windows', (vendor) => {
    const text = written(vendor, declaredBoth).replaceAll('\n', '\r\n')
    expect(proveText(vendor, declaredBoth, text)).toEqual({ kind: 'equal' })
  })

  it.each(READ)('%s: is not equal to a declaration of which nothing was left out', (vendor) => {
    const filter = readVendor(vendor, written(vendor, declaredBoth), { at: noon(AT) })
    const reasons = differencesOf(prove(declaredBoth, filter)).map(({ reason }) => reason)
    expect(new Set(reasons)).toEqual(new Set(['NET-MISSING']))
  })

  it.each(READ.flatMap((vendor) => MUTANTS[vendor].map((mutant) => ({ vendor, ...mutant }))))(
    '$vendor: $name is seen, with a packet',
    ({ vendor, change, reason, witness }) => {
      const text = written(vendor, declaredBoth)
      const mutant = change(text)
      expect(mutant).not.toBe(text)
      const filter = readVendor(vendor, mutant, { at: noon(AT) })
      const { declared } = withheldFor(vendor, declaredBoth)
      const proof = prove(declared, filter, { most: 2_000 })
      const found = differencesOf(proof).filter((one) => one.reason === reason)
      expect(found.length).toBeGreaterThan(0)
      if (witness) expect(found.some(({ packet }) => witness(packet))).toBe(true)
      // The second opinion: the same packet, followed line by line.
      const ends = { 'NET-EXTRA': 'accept', 'NET-MISSING': 'deny', 'NET-UNSURE': 'unsure' } as const
      for (const { packet } of found) expect(trace(filter, packet).ends).toBe(ends[reason])
    },
  )

  it.each(READ)('%s: any town that can be declared comes back equal', (vendor) => {
    const ends = [
      'zone:lgwan',
      'zone:internet',
      'host:hp-sv',
      'system:bunsho',
      'peer:cloud',
      'peer:anywhere',
    ] as const
    const flow = fc.record({
      from: fc.constantFrom(...ends),
      to: fc.constantFrom(...ends),
      protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
      ports: fc.array(
        fc.oneof(
          fc.integer({ min: 1, max: 65_535 }),
          fc
            .tuple(fc.integer({ min: 1, max: 65_000 }), fc.integer({ min: 0, max: 535 }))
            .map(([first, more]) => [first, first + more] as const),
        ),
        { maxLength: 3 },
      ),
      expires: fc.constantFrom(undefined, '2026-11-24', AT, '2035-12-31'),
    })
    fc.assert(
      fc.property(fc.array(flow, { maxLength: 6 }), (flows) => {
        const town: Town = {
          ...both,
          flows: flows.map(({ expires, ...rest }, at): Flow => {
            return {
              id: `f${at}`,
              name: 'f',
              via: [],
              ...rest,
              ...(expires !== undefined && { expires }),
              ports: rest.protocol === 'icmp' ? [] : rest.ports,
            }
          }),
        }
        const declared = declare(town, { at: AT })
        expect(proveText(vendor, declared, written(vendor, declared))).toEqual({ kind: 'equal' })
      }),
      { numRuns: 25 },
    )
  })
})
