import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import { prove } from '../prove/prove.ts'
import { VENDORS } from './dialect.ts'
import { AT, CORPUS, townAt } from './town.test-support.ts'
import { readVendor, vendorOf, withheldFor } from './vendors.ts'

const READ = VENDORS
const at = noon(AT)

/** Lines of every text of the corpus in this dialect. */
const linesOf = (vendor: (typeof READ)[number]): readonly string[] =>
  ['read', 'written'].flatMap((folder) =>
    readdirSync(join(CORPUS, vendor, folder))
      .filter((file) => !file.endsWith('.json'))
      .flatMap((file) => readFileSync(join(CORPUS, vendor, folder, file), 'utf8').split('\n')),
  )

/** Texts of real lines in any order, of words of real lines, and of anything at all. */
function texts(vendor: (typeof READ)[number]): fc.Arbitrary<string> {
  const lines = linesOf(vendor)
  const words = [...new Set(lines.flatMap((line) => line.split(/ +/u)))]
  const line = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...lines) },
    {
      weight: 3,
      arbitrary: fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((all) => all.join(' ')),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  )
  return fc.array(line, { maxLength: 60 }).map((all) => all.join('\n'))
}

describe('a text that nobody should have written', () => {
  it.each(READ)('%s: is a filter or is told to be unread, and never stops the reader', (vendor) => {
    const { declared } = withheldFor(
      vendor,
      declare(townAt('corpus/network/towns/both-families.yaml'), { at: AT }),
    )
    fc.assert(
      fc.property(texts(vendor), (text) => {
        const filter = readVendor(vendor, text, { at })
        const { kind } = prove(declared, filter, { most: 5 })
        // The text lets something through by chance, or is not understood; that it is the declaration by chance is not to be believed.
        expect(['different', 'unreadable']).toContain(kind)
      }),
      { numRuns: 80 },
    )
  })

  // Found by chance: what such a text says of one interface agreed with the declaration, and of the others it says nothing.
  it.each([
    [
      'cisco-asa',
      'access-list a extended deny ip any any log\naccess-group a out interface wan1\n',
    ],
    [
      'cisco-ios',
      'ip access-list extended a\n deny ip any any\ninterface wan1\n ip access-group a in\n ip access-group a out\n',
    ],
  ] as const)('%s: with an interface of the town left out nothing is proved', (vendor, text) => {
    const town = townAt('corpus/network/towns/both-families.yaml')
    const { declared } = withheldFor(vendor, declare(town, { at: AT }))
    const proof = prove(declared, readVendor(vendor, text, { at }))
    expect(proof.kind).toBe('unreadable')
    if (proof.kind === 'unreadable')
      expect(proof.unread.map(({ text: said }) => said)).toContain('interface port1')
  })

  it('FortiGate: groups that name one another come to an end, and are told', () => {
    const group = (name: string, members: readonly string[]): string =>
      ` edit "${name}"\n set member ${members.map((one) => `"${one}"`).join(' ')}\n next\n`
    const many = Array.from({ length: 14 }, (_, level) =>
      group(
        `g${level}`,
        Array.from({ length: 40 }, () => `g${level + 1}`),
      ),
    )
    const policy = (name: string): string =>
      `config firewall policy\n edit 1\n set srcintf a\n set dstintf b\n set action accept\n set srcaddr ${name}\n set dstaddr all\n set schedule always\n set service ALL\n next\nend\n`
    const deep = `config firewall addrgrp\n${many.join('')}${group('g14', ['nobody'])}end\n${policy('g0')}`
    expect(readVendor('fortigate', deep, { at }).unread).toEqual([
      { place: 'firewall policy 1', text: 'srcaddr nobody' },
    ])
    const ring = `config firewall addrgrp\n${group('a', ['b'])}${group('b', ['a'])}end\n${policy('a')}`
    expect(readVendor('fortigate', ring, { at }).unread.length).toBeGreaterThan(0)
  })

  it('Cisco ASA: groups that name one another come to an end, and are told', () => {
    const many = Array.from({ length: 14 }, (_, level) =>
      [
        `object-group network g${level}`,
        ...Array.from({ length: 40 }, () => ` group-object g${level + 1}`),
      ].join('\n'),
    )
    const use = (name: string): string =>
      `access-list a extended permit ip object-group ${name} any\naccess-group a global\n`
    const deep = readVendor('cisco-asa', `${many.join('\n')}\n${use('g0')}`, { at })
    expect(deep.unread.map(({ text }) => text)).toEqual(['group g14'])
    const ring =
      'object-group network a\n group-object b\nobject-group network b\n group-object a\n'
    expect(readVendor('cisco-asa', `${ring}${use('a')}`, { at }).unread.length).toBeGreaterThan(0)
    const services = `object-group service a\n group-object a\n`
    const line = 'access-list a extended permit object-group a any any\naccess-group a global\n'
    expect(readVendor('cisco-asa', services + line, { at }).unread.length).toBeGreaterThan(0)
  })

  it('Cisco IOS: names under which is written down, and lines that ask for them, cost no more than their lines', () => {
    const many = (name: (at: number) => string) =>
      [
        'ip access-list extended a',
        ...Array.from({ length: 3_000 }, (_, line) => ` permit icmp any any reflect ${name(line)}`),
        'ip access-list extended b',
        ...Array.from({ length: 3_000 }, (_, line) => ` evaluate ${name(line)}`),
        'interface x\n ip access-group a in\n ip access-group b out\n',
      ].join('\n')
    const rulesIn = (text: string): number =>
      [...readVendor('cisco-ios', text, { at }).chains.values()].flat().length
    expect(rulesIn(many(() => 'one'))).toBeLessThan(60_000)
    expect(rulesIn(many((line) => `n${line}`))).toBeLessThan(60_000)
    expect(
      readVendor(
        'cisco-ios',
        many((line) => `n${line}`),
        { at },
      ).unread.length,
    ).toBe(3_000)
  })

  // What looks like a comment, a prompt or a line inside something else is where a rule would be hidden.
  it.each([
    [
      'fortigate',
      'a carriage return within a comment',
      '# ok\rconfig firewall vip\redit "x"\rset extip 1.1.1.1\rnext\rend\n',
    ],
    [
      'fortigate',
      'a table inside a quotation that is not one',
      'config system global\n set alias "a\\"\nend\nconfig firewall vip\n edit "x"\n set extip 1.1.1.1\n next\nend\n',
    ],
    [
      'fortigate',
      'an entry that looks like a prompt',
      'config firewall vip\nedit #\nset extip 1.1.1.1\nnext\nend\n',
    ],
    [
      'fortigate',
      'a second VDOM',
      'config vdom\nedit other\nconfig firewall policy\nedit 1\nset action accept\nnext\nend\nnext\nend\n',
    ],
    ['fortigate', 'a blank of another kind', '\u000B\n'],
    ['fortigate', 'central NAT', 'config system settings\n set central-nat enable\nend\n'],
    [
      'fortigate',
      'no policies at all',
      'config system settings\n set ngfw-mode policy-based\nend\n',
    ],
    [
      'fortigate',
      'settings beside the policies',
      'config firewall policy\n set action accept\nend\n',
    ],
    ['fortigate', 'a policy moved', 'config firewall policy\nmove 2 before 1\nend\n'],
    [
      'fortigate',
      'a table that is cut off',
      'config firewall policy\nedit 1\nset status disable\n',
    ],
    ['cisco-asa', 'NAT behind blanks', 'hostname x\n  nat (a,b) source static any any\n'],
    [
      'cisco-asa',
      'NAT inside an object that is not used',
      'object network x\n host 10.0.0.1\n nat (a,b) dynamic interface\n',
    ],
    ['cisco-asa', 'a carriage return within a remark', '! ok\rnat (a,b) source static any any\n'],
    ['cisco-asa', 'a list taken back', 'hostname x\n no access-list a extended deny ip any any\n'],
    ['cisco-asa', 'a transparent firewall', 'firewall transparent\n'],
    [
      'cisco-ios',
      'translation behind blanks',
      'hostname x\n  ip nat inside source list 1 interface a\n',
    ],
    ['cisco-ios', 'a list taken back', 'hostname x\n no ip access-list extended a\n'],
    [
      'cisco-ios',
      'a carriage return within a comment',
      '! ok\rip nat inside source list 1 interface a\n',
    ],
    [
      'cisco-ios',
      'a rule behind a banner that ended',
      'banner motd ^C hi ^C\nzone-pair security a source b destination c\n',
    ],
    [
      'cisco-ios',
      'a rule behind a banner of another mark',
      'banner motd x\nzone security a\nx\nzone security b\n',
    ],
    ['cisco-ios', 'a banner that never ends', 'banner motd ^C\nhello\n'],
    [
      'cisco-ios',
      'a firewall of zones',
      'interface b\n ip address 10.0.0.1 255.0.0.0\n zone-member security in\n',
    ],
    [
      'cisco-ios',
      'inspection that opens the way back',
      'interface b\n ip address 10.0.0.1 255.0.0.0\n ip inspect x in\n',
    ],
    ['cisco-ios', 'a list within a VLAN', 'vlan access-map x 10\n action drop\n'],
    ['cisco-ios', 'a list by names that is not there', 'interface b\n ip access-group nobody in\n'],
    [
      'cisco-ios',
      'a number that comes twice',
      'ip access-list extended a\n 10 permit ip any any\n 10 deny ip any any\n',
    ],
    ['cisco-ios', 'a line in the middle of an interface', 'interface b\n no access-list 100\n'],
    [
      'palo-alto',
      'translation',
      'set rulebase nat rules n source-translation dynamic-ip-and-port interface-address interface a\n',
    ],
    [
      'palo-alto',
      'a second virtual system',
      'set vsys vsys2 rulebase security rules a action allow\n',
    ],
    [
      'palo-alto',
      'rules of a group of machines',
      'set device-group g pre-rulebase security rules a action allow\n',
    ],
    ['palo-alto', 'a carriage return within a comment', '# ok\rset vsys vsys2 zone a\n'],
    ['palo-alto', 'a quotation that never ends', 'set address x description "a\n'],
    ['palo-alto', 'a wire between zones', 'set zone z network virtual-wire [ ethernet1/1 ]\n'],
    [
      'palo-alto',
      'connections that nobody opened',
      'set deviceconfig setting session tcp-reject-non-syn no\n',
    ],
    ['palo-alto', 'a rule renamed', 'rename rulebase security rules d to e\n'],
    [
      'palo-alto',
      'a rule that is said in two ways',
      'set rulebase security rules d action allow\n',
    ],
    [
      'palo-alto',
      'application rules that name ports anew',
      'set rulebase application-override rules o to b\n',
    ],
    [
      'palo-alto',
      'two values for one address',
      'set address x ip-netmask 10.0.0.1\nset address x ip-netmask 10.0.0.2\nset rulebase security rules d source x\n',
    ],
  ] as const)('%s: %s is not passed over', (vendor, _, hidden) => {
    const clean = {
      fortigate: 'config firewall policy\nend\n',
      'cisco-asa': 'access-list a extended deny ip any any\naccess-group a global\n',
      'cisco-ios':
        'ip access-list extended a\n 10 deny ip any any\ninterface a\n ip access-group a in\n',
      'palo-alto': ['from', 'to', 'source', 'destination', 'application', 'service']
        .map((key) => `set rulebase security rules d ${key} any\n`)
        .join('')
        .concat('set rulebase security rules d action deny\n'),
    }[vendor]
    expect(readVendor(vendor, clean, { at }).unread).toEqual([])
    expect(readVendor(vendor, clean + hidden, { at }).unread.length).toBeGreaterThan(0)
    expect(readVendor(vendor, hidden + clean, { at }).unread.length).toBeGreaterThan(0)
  })

  it.each([
    [
      'nftables whose set is called like a command of Palo Alto',
      'table inet t {\n\tset address {\n\t}\n}\n',
    ],
    ['nftables with a comment', '#!/usr/sbin/nft -f\nconfig firewall policy\n'],
    ['the JSON of nft', '{"nftables": []}'],
    ['nothing', ''],
  ])('%s is of none of these makers', (_, text) => {
    expect(vendorOf(text)).toBeUndefined()
  })

  it.each([
    ['cisco-ios', 'ip access-list extended a\n permit ip any any\n'],
    ['cisco-ios', 'access-list 101 permit tcp any any eq 80\n'],
    ['cisco-ios', 'interface a\n ipv6 traffic-filter a in\n'],
    ['palo-alto', 'set rulebase security rules x action allow\n'],
    ['palo-alto', 'set address a ip-netmask 10.0.0.1\n'],
  ] as const)('a text of %s is known', (vendor, text) => {
    expect(vendorOf(text)).toBe(vendor)
  })

  it.each([
    [
      'cisco-ios',
      (name: string, member: string) => `object-group network ${name}\n group-object ${member}\n`,
      'ip access-list extended a\n permit ip object-group g0 any\ninterface a\n ip access-group a in\n',
    ],
    [
      'palo-alto',
      (name: string, member: string) => `set address-group ${name} static ${member}\n`,
      'set rulebase security rules d from any\nset rulebase security rules d to any\nset rulebase security rules d source g0\nset rulebase security rules d destination any\nset rulebase security rules d application any\nset rulebase security rules d service any\nset rulebase security rules d action allow\n',
    ],
  ] as const)(
    '%s: groups that name one another come to an end, and are told',
    (vendor, group, use) => {
      const deep = Array.from({ length: 14 }, (_, level) =>
        Array.from({ length: 40 }, () => group(`g${level}`, `g${level + 1}`)).join(''),
      )
      expect(readVendor(vendor, deep.join('') + use, { at }).unread).toHaveLength(1)
      const ring = group('g0', 'g1') + group('g1', 'g0') + use
      expect(readVendor(vendor, ring, { at }).unread.length).toBeGreaterThan(0)
    },
  )
})
