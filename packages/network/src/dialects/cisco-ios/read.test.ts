import { describe, expect, it } from 'vitest'
import { readRange } from '@sekisho/town'
import { noon } from '../../declared/day.ts'
import { declare } from '../../declared/declare.ts'
import { against } from '../../present/against.ts'
import { trace } from '../../filter/trace.ts'
import { permittedBy } from '../../present/permitted.ts'
import { presentText } from '../../present/tell.ts'
import { addressKey, PROTOCOLS, STATES } from '../../space/field.ts'
import { AT, townAt } from '../town.test-support.ts'
import { withheldFor } from '../vendors.ts'
import { readCiscoIos } from './read.ts'
import { writeCiscoIos } from './write.ts'

const town = townAt('corpus/network/towns/both-families.yaml')
const whole = declare(town, { at: AT })
const { declared } = withheldFor('cisco-ios', whole)
const text = Object.values(writeCiscoIos(whole).files).join('\n')

describe('what stands at the end of a list of IPv6 without being written', () => {
  const routed = (lines: string) => `ipv6 access-list IN6
${lines}
interface GigabitEthernet0/0
 ipv6 address 2001:db8:a::1/64
 ipv6 traffic-filter IN6 in
interface GigabitEthernet0/1
 ipv6 address 2001:db8:b::1/64
`
  const ends = (lines: string, type: bigint): string => {
    const key = (address: string) => addressKey(6, readRange(address)!.first)
    return trace(readCiscoIos(routed(lines), { at: noon(AT) }), {
      family: 6n,
      in: 'GigabitEthernet0/0',
      out: 'GigabitEthernet0/1',
      state: BigInt(STATES.indexOf('untracked')),
      direction: 0n,
      protocol: BigInt(PROTOCOLS.icmpv6),
      source: key('2001:db8:a::9'),
      sourceMac: 0n,
      target: key('2001:db8:b::9'),
      sourcePort: type,
      targetPort: 0n,
    }).ends
  }

  it('lets what looks for neighbours through, wherever it goes, and nothing else', () => {
    const lines = ' permit tcp any any eq 443'
    expect([135n, 136n, 133n, 137n].map((type) => ends(lines, type))).toEqual([
      'accept',
      'accept',
      'deny',
      'deny',
    ])
  })

  it('is not asked where a line denies everything before', () => {
    const lines = ' permit tcp any any eq 443\n deny ipv6 any any'
    expect([135n, 136n].map((type) => ends(lines, type))).toEqual(['deny', 'deny'])
  })
})

describe('lists of a router, compared with the declaration', () => {
  // The answer goes by a line that a declared flow needs: told of that one, somebody would take it out.
  it('tells of an answer under the line that let its question in', () => {
    const planted = ' permit tcp 198.51.100.0 0.0.0.15 host 10.20.1.12 eq 443\n'
    const changed = text
      .replace(/(ip access-list extended \S+-wan1-in4\n)/u, `$1${planted}`)
      .replace(/(ip access-list extended \S+-port2-out4\n)/u, `$1${planted}`)
    const { extra, missing } = against(town, declared, readCiscoIos(changed, { at: noon(AT) }))
    expect(missing).toEqual([])
    expect(extra.map(({ rule }) => rule?.text)).toEqual([planted.trim()])
    const [line] = extra.map(({ rule }) => rule?.line)
    expect(changed.split('\n')[line! - 1]).toBe(planted.trimEnd())
  })

  it('does not take an interface for held that is asked of no list in one family', () => {
    const changed = text.replaceAll(/ ipv6 traffic-filter .*\n/gu, '')
    const { extra } = against(town, declared, readCiscoIos(changed, { at: noon(AT) }))
    expect(extra.length).toBeGreaterThan(0)
    for (const { packet, place } of extra) {
      expect([packet.family, place.startsWith('interface ')]).toEqual([6n, true])
    }
  })

  // Either list could hold it, and only who knows both can say which should.
  it('names the line where it comes in and the one where it goes out', () => {
    const planted = ' permit tcp 198.51.100.0 0.0.0.15 host 10.20.1.12 eq 443\n'
    const changed = text
      .replace(/(ip access-list extended \S+-wan1-in4\n)/u, `$1${planted}`)
      .replace(/(ip access-list extended \S+-port2-out4\n)/u, `$1${planted}`)
    const filter = readCiscoIos(changed, { at: noon(AT) })
    const { extra } = against(town, declared, filter)
    const numbers = changed
      .split('\n')
      .flatMap((line, at) => (`${line}\n` === planted ? [at + 1] : []))
    expect(numbers).toHaveLength(2)
    const first = extra.find(({ packet }) => packet.targetPort === 443n)!
    const named = [first.rule?.line, ...first.also.map(({ rule }) => rule?.line)]
    expect(named.toSorted((a, b) => a! - b!)).toEqual(numbers)
    const told = presentText({
      filter,
      permitted: permittedBy(filter),
      against: against(town, declared, filter),
    })
    for (const number of numbers) expect(told).toContain(`（${number}行目）`)
  })
})
