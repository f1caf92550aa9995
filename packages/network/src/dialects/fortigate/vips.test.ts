import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noon } from '../../declared/day.ts'
import { trace } from '../../filter/trace.ts'
import { addressKey, PROTOCOLS } from '../../space/field.ts'
import type { Packet } from '../../space/space.ts'
import { AT, CORPUS } from '../town.test-support.ts'
import { readFortigate } from './read.ts'

const text = readFileSync(join(CORPUS, 'fortigate/read/vips.conf'), 'utf8')
const read = (changed: string) => readFortigate(changed, { at: noon(AT) })

const v4 = (dotted: string): bigint =>
  addressKey(
    4,
    dotted.split('.').reduce((all, part) => all * 256n + BigInt(part), 0n),
  )
const asked = (source: string, target: string, port: bigint): Packet => ({
  family: 4n,
  in: 'wan1',
  out: 'dmz',
  state: 0n,
  direction: 0n,
  protocol: BigInt(PROTOCOLS.tcp),
  source: v4(source),
  sourceMac: 0n,
  target: v4(target),
  sourcePort: 50_000n,
  targetPort: port,
})
const fromBad = asked('198.51.100.9', '10.30.1.10', 8443n)

describe('an address outside that stands for one inside', () => {
  // New policies that deny are asked about it since 7.2.4, older ones are not: what the text leaves out has two meanings.
  it.each([
    ['7.0.12', 'accept'],
    ['7.2.2', 'accept'],
    ['7.2.3', 'unsure'],
    ['7.2.4', 'deny'],
    ['7.4.1', 'deny'],
    [undefined, 'unsure'],
  ] as const)(
    'is held by a denial of everything before it as release %s does it: %s',
    (of, ends) => {
      const changed =
        of === undefined
          ? text.replace(/^#config-version.*\n/u, '')
          : text.replace('FGT60F-7.0.12-', `FGT60F-${of}-`)
      expect(trace(read(changed), fromBad).ends).toBe(ends)
    },
  )

  it('is no more than what was mapped: one address, one port', () => {
    const wider = text.replace('set mappedport 8443', 'set mappedport 8444')
    expect(trace(read(wider), asked('192.0.2.1', '10.30.1.10', 8443n)).ends).toBe('deny')
    const other = text.replace('set mappedip "10.30.1.10"', 'set mappedip "10.30.1.99"')
    expect(trace(read(other), asked('192.0.2.1', '10.30.1.10', 8443n)).ends).toBe('deny')
    expect(trace(read(other), asked('192.0.2.1', '10.30.1.99', 8443n)).ends).toBe('accept')
  })

  it.each([
    ['ranges of two sizes', 'set mappedip "10.30.2.20-10.30.2.22"', 'set mappedip "10.30.2.20"'],
    ['a kind that is not read', 'set extip 203.0.113.11', 'set type fqdn\n set extip 203.0.113.11'],
    ['a setting that is not read', 'set extip 203.0.113.11', 'set ha 1\n set extip 203.0.113.11'],
    ['a port that is none', 'set mappedport 8443', 'set mappedport 84430'],
    [
      'load balancing',
      'set extip 203.0.113.11',
      'set type server-load-balance\n set extip 203.0.113.11',
    ],
    [
      'servers behind it, whatever kind it says it is',
      'set extip 203.0.113.11',
      'config realservers\n edit 1\n set ip 10.30.1.99\n next\n end\n set extip 203.0.113.11',
    ],
    ['a member that is not there', 'set member "web" "dns"', 'set member "web" "nobody"'],
  ])('is told to be unread with %s', (_, before, after) => {
    const changed = text.replace(before, after)
    expect(changed).not.toBe(text)
    expect(read(changed).unread.length).toBeGreaterThan(read(text).unread.length)
  })

  it.each([
    ['of IPv6', 'firewall vip6', 'set extip 2001:db8::10\n set mappedip 2001:db8:30::10'],
    [
      'from IPv4 to IPv6',
      'firewall vip46',
      'set extip 203.0.113.30\n set mappedip 2001:db8:30::10',
    ],
    ['from IPv6 to IPv4', 'firewall vip64', 'set extip 2001:db8::10\n set mappedip 10.30.1.10'],
    ['of IPv6, in a group', 'firewall vipgrp6', 'set member "web6"'],
  ])('%s is never passed over: the text cannot be read', (_, table, sets) => {
    const more = `config ${table}\n edit "web6"\n ${sets}\n next\nend\n`
    // Whether a policy names it or not: it is there to be named.
    expect(read(`${text}\n${more}`).unread.map((one) => one.text)).toContain(`config ${table}`)
    const named = text.replace(
      /( *)set dstaddr "all"/u,
      '$&\n$1set srcaddr6 "all"\n$1set dstaddr6 "web6"',
    )
    expect(named).not.toBe(text)
    expect(read(named).unread.length).toBeGreaterThan(read(text).unread.length)
  })
})
