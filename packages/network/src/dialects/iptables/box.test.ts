import { describe, expect, it } from 'vitest'
import { noon } from '../../declared/day.ts'
import { declare } from '../../declared/declare.ts'
import type { Filter } from '../../filter/filter.ts'
import { boxBreaches } from '../../prove/invariants.ts'
import type { Breach } from '../../prove/invariants.ts'
import { wiringOf } from '../../prove/wiring.ts'
import { packetOf, verdictOf } from '../case.test-support.ts'
import { AT, townAt } from '../town.test-support.ts'
import { readIptables } from './read.ts'
import { writeIptables } from './write.ts'

const TOWNS = ['examples/kasumi/town.yaml', 'corpus/network/towns/both-families.yaml'] as const
const town = townAt('corpus/network/towns/both-families.yaml')
const declared = declare(town, { at: AT })
const bound = declared.plugs.find((plug) => plug.bound === true)!.name
const { v4, v6 } = writeIptables(declared)

const read = (...texts: readonly string[]): Filter =>
  readIptables(
    texts.map((text) => ({ text })),
    { at: noon(AT) },
  )
const found = (...texts: readonly string[]): readonly Breach[] =>
  boxBreaches(wiringOf(town), read(...texts))
const kinds = (breaches: readonly Breach[]): readonly string[] => [
  ...new Set(breaches.map(({ at, reason }) => `${at} ${reason}`)),
]

/** The text with one more line at the head of a chain. */
const before = (chain: string, line: string): string =>
  v4.replace(/^:OUTPUT.*$/mu, (policy) => `${policy}\n-I ${chain} ${line}`)

describe('the firewall itself, as texts of iptables have it', () => {
  it.each(TOWNS)('is closed in those that are written for %s', (place) => {
    const own = townAt(place)
    const texts = writeIptables(declare(own, { at: AT }))
    const filter = read(texts.v4, texts.v6)
    expect(filter.unread).toEqual([])
    expect(filter.input?.length).toBeGreaterThan(0)
    expect(boxBreaches(wiringOf(own), filter)).toEqual([])
  })

  it('is found open at the port that a line opens, and at no other', () => {
    const breaches = found(before('INPUT', '-i lan0 -p tcp -m tcp --dport 22 -j ACCEPT'), v6)
    expect(kinds(breaches)).toEqual(['input NET-BOX-OPEN'])
    expect(breaches.every(({ packet }) => packet.targetPort === 22n && packet.in === 'lan0')).toBe(
      true,
    )
  })

  it('is found open where the policy is, and where a family has no text at all', () => {
    expect(kinds(found(v4.replace(':INPUT DROP', ':INPUT ACCEPT'), v6))).toEqual([
      'input NET-BOX-OPEN',
    ])
    const withoutSix = found(v4)
    expect(kinds(withoutSix)).toContain('input NET-BOX-OPEN')
    expect(withoutSix.every(({ packet }) => packet.family === 6n)).toBe(true)
  })

  it('is found to send into the My Number zone what a line lets it', () => {
    const breaches = found(before('OUTPUT', `-o ${bound} -p tcp -m tcp --dport 443 -j ACCEPT`), v6)
    expect(kinds(breaches)).toEqual(['output NET-BOX-SENDS'])
    expect(breaches.every(({ packet }) => packet.out === bound)).toBe(true)
  })

  it('is asked in every table on the way: what raw drops does not come', () => {
    const open = before('INPUT', '-p tcp -m tcp --dport 22 -j ACCEPT')
    const raw = '*raw\n:PREROUTING ACCEPT\n-A PREROUTING -p tcp -m tcp --dport 22 -j DROP\nCOMMIT\n'
    expect(found(`${raw}${open}`, v6)).toEqual([])
    const sending = before('OUTPUT', `-o ${bound} -p tcp -m tcp --dport 443 -j ACCEPT`)
    const mangle = `*mangle\n:POSTROUTING ACCEPT\n-A POSTROUTING -o ${bound} -p tcp -m tcp --dport 443 -j DROP\nCOMMIT\n`
    expect(found(`${mangle}${sending}`, v6)).toEqual([])
  })

  it('does not make a chain unsure for others that it shares with them', () => {
    const shared = `*filter
:INPUT DROP
:FORWARD DROP
:OUTPUT DROP
:both -
-A FORWARD -j both
-A OUTPUT -j both
-A both -i lan -m mac --mac-source 02:00:00:00:00:05 -j ACCEPT
COMMIT
`
    const packet = packetOf('new tcp lan 10.0.0.1:5 > wan 192.0.2.1:443 mac:02:00:00:00:00:05')
    const filter = read(shared)
    expect(verdictOf(filter, packet)).toBe('pass')
    // What the machine itself sends comes from no interface: nobody can tell what such a line does with it.
    expect(verdictOf({ ...filter, hooks: filter.output! }, packet)).toBe('unsure')
  })

  it('tells a line to it that is not understood once, and proves nothing', () => {
    const filter = read(before('INPUT', '-i lan0 -m nobodyknows --what 1 -j ACCEPT'), v6)
    expect(filter.unread).toHaveLength(1)
    expect(filter.unread[0]!.text).toContain('nobodyknows')
    const shared = read(
      '*mangle\n:PREROUTING ACCEPT\n-A PREROUTING -m nobodyknows -j DROP\nCOMMIT\n*filter\n:FORWARD DROP\nCOMMIT\n',
    )
    expect(shared.unread).toHaveLength(1)
  })
})
