import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Flow, Town } from '@sekisho/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { declare } from '../declared/declare.ts'
import type { Permit } from '../declared/permit.ts'
import type { Written } from './dialect.ts'
import { VENDORS } from './dialect.ts'
import type { Vendor } from './dialect.ts'
import { AT, CORPUS, townAt } from './town.test-support.ts'
import { writeVendor } from './vendors.ts'

const both = townAt('corpus/network/towns/both-families.yaml')
const write = (vendor: Vendor, town: Town, at = AT): Written =>
  writeVendor(vendor, declare(town, { at }))
const textOf = (written: Written): string => Object.values(written.files).join('\n')
const idsOf = (written: Written): readonly string[] =>
  written.notSupported.map(({ permit, lacks }) => `${permit.flow.id} ${lacks.join(',')}`)
/** Without the line of the digest, which is of the file as it is ordered. */
const body = (text: string): string => text.split('\n').slice(1).join('\n')

const golden = VENDORS.flatMap((vendor) =>
  readdirSync(join(CORPUS, vendor, 'written')).map((file) => ({ vendor, file })),
)

describe('the text for a machine of another maker', () => {
  it.each(golden)('$vendor: is $file of the corpus, letter by letter', ({ vendor, file }) => {
    const town = townAt(`corpus/network/towns/${file.replace(/\.\w+$/u, '.yaml')}`)
    const text = textOf(write(vendor, town))
    expect(text).toBe(readFileSync(join(CORPUS, vendor, 'written', file), 'utf8'))
  })

  it.each(VENDORS)('%s: does not depend on the order of the declaration', (vendor) => {
    const text = body(textOf(write(vendor, both)))
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...both.flows], { minLength: both.flows.length }),
        fc.shuffledSubarray([...both.zones], { minLength: both.zones.length }),
        fc.shuffledSubarray([...both.peers], { minLength: both.peers.length }),
        (flows, zones, peers) => {
          const town = { ...both, flows, zones, peers }
          expect(body(textOf(write(vendor, town)))).toBe(text)
        },
      ),
      { numRuns: 20 },
    )
  })

  it.each(VENDORS)('%s: opens nothing that is bound to a MAC address, and names it', (vendor) => {
    const written = write(vendor, townAt('examples/kasumi/town.yaml'))
    expect(idsOf(written)).toContain('juki-net MAC')
    expect(textOf(written)).toContain('NOT_SUPPORTED MAC flow=juki-net clause=ZN-02')
    // No address of the My Number zone is in the text at all.
    expect(textOf(written)).not.toMatch(/\b10\.10\.\d/u)
  })

  it('each dialect leaves out what it has no words for, and only that', () => {
    expect(
      Object.fromEntries(VENDORS.map((vendor) => [vendor, idsOf(write(vendor, both))])),
    ).toEqual({
      fortigate: ['mid-server MAC'],
      'cisco-asa': ['meeting EXPIRY', 'mid-server MAC'],
      'cisco-ios': ['hp-watch ECHO', 'meeting EXPIRY', 'mid-server MAC'],
      'palo-alto': ['mid-server MAC'],
    })
  })

  it.each(VENDORS)('%s: a flow is there on its last day and not on the next', (vendor) => {
    const named = (at: string): boolean =>
      new RegExp(String.raw`flow bunsho-web\b`, 'u').test(textOf(write(vendor, both, at)))
    expect([named('2029-03-31'), named('2029-04-01')]).toEqual([true, false])
  })

  it.each(VENDORS)('%s: its last day is in the text itself', (vendor) => {
    const day = /2029.03.31|31 March 2029/u
    expect(textOf(write(vendor, both))).toMatch(day)
  })

  // «č» is C4 8D: to a line of seven bits it is a D and a carriage return.
  it.each(VENDORS)('%s: a name in the declaration cannot write into the text', (vendor) => {
    const hostile = '\u010Dno ip access-list extended x\u010D"\nend\r\nset action accept # \u202E'
    const flows = both.flows.map((flow): Flow => ({ ...flow, name: hostile, purpose: hostile }))
    const town = { ...both, name: hostile, flows }
    const text = textOf(write(vendor, town))
    expect(body(text)).toBe(body(textOf(write(vendor, both))))
    // eslint-disable-next-line no-control-regex
    expect(text).toMatch(/^[\n\x20-\x7E]*$/u)
  })

  it.each(VENDORS)('%s: nor can an id, a day or an interface that no file could hold', (vendor) => {
    const declared = declare(both, { at: AT })
    const evil = 'x"\r\nend\nno access-list y\u2028'
    const permits = declared.permits.map((permit, at) => ({
      ...permit,
      flow: { ...permit.flow, id: `${evil}${at}` },
      from: { ...permit.from, interface: evil },
    }))
    const lines = (text: string): readonly string[] => text.split('\n')
    const text = textOf(writeVendor(vendor, { ...declared, digest: evil, permits }))
    expect(lines(text).filter((line) => /^\s*(?:end|no)\b.*y/u.test(line))).toEqual([])
    // eslint-disable-next-line no-control-regex
    expect(text).toMatch(/^[\n\x20-\x7E]*$/u)
  })

  it('keeps to the lengths of names that each maker allows', () => {
    const longest = (text: string, name: RegExp): number =>
      Math.max(...[...text.matchAll(name)].map(([, found]) => found!.length))
    const fortigate = textOf(write('fortigate', both))
    expect(longest(fortigate, /set name "([^"]*)"/gu)).toBeLessThanOrEqual(35)
    expect(longest(fortigate, /edit "([^"]*)"/gu)).toBeLessThanOrEqual(79)
    const asa = textOf(write('cisco-asa', both))
    expect(longest(asa, /object-group network (\S+)/gu)).toBeLessThanOrEqual(64)
    const paloAlto = textOf(write('palo-alto', both))
    expect(longest(paloAlto, /security rules (\S+)/gu)).toBeLessThanOrEqual(63)
    expect(longest(paloAlto, /set (?:address|service) (\S+)/gu)).toBeLessThanOrEqual(63)
  })

  it('FortiGate: every policy has a number of its own, which does not move when another flow comes', () => {
    const ids = (town: Town): ReadonlyMap<string, string> =>
      new Map(
        [...textOf(write('fortigate', town)).matchAll(/edit (\d+)\n\s+set name "([^"]+)"/gu)].map(
          ([, id, name]) => [name!, id!],
        ),
      )
    const before = ids({ ...both, flows: both.flows.slice(1) })
    const after = ids(both)
    expect(new Set(after.values()).size).toBe(after.size)
    for (const [name, id] of before) expect(after.get(name)).toBe(id)
    expect(after.size).toBeGreaterThan(before.size)
  })

  // Made of a digest, two numbers may be one: then the second goes to the next that is free.
  it('FortiGate: two flows whose names give one number get two', () => {
    const number = (id: string): number =>
      createHash('sha256').update(`${id} 4`).digest().readUInt32BE(0) % 900_000_000
    const seen = new Map<number, string>()
    let pair: readonly string[] = []
    for (let at = 0; pair.length === 0; at += 1) {
      const twin = seen.get(number(`f${at}`))
      if (twin !== undefined) pair = [twin, `f${at}`]
      seen.set(number(`f${at}`), `f${at}`)
    }
    const [flow] = both.flows
    const town = { ...both, flows: pair.map((id): Flow => ({ ...flow!, id })) }
    const ids = [...textOf(write('fortigate', town)).matchAll(/edit (\d{9})\n/gu)].map(
      ([, id]) => id,
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBe(4)
  })

  // Two names joined by a hyphen can be those of another pair.
  it('Cisco IOS: answers of one pair of plugs are not those of another with a name that joins alike', () => {
    const declared = declare(both, { at: AT })
    const [one, other] = declared.permits.filter(({ protocol }) => protocol === 'tcp')
    const between = (permit: Permit, from: string, to: string): Permit => ({
      ...permit,
      from: { ...permit.from, interface: from },
      to: { ...permit.to, interface: to },
    })
    const permits = [between(one!, 'a', 'b-c'), between(other!, 'a-b', 'c')]
    const plugs = ['a', 'b-c', 'a-b', 'c'].map((name) => ({ name, senders: [] }))
    const text = textOf(writeVendor('cisco-ios', { ...declared, plugs, permits }))
    const names = new Set([...text.matchAll(/reflect (\S+back4\S*)/gu)].map(([, name]) => name))
    expect(names.size).toBe(2)
  })

  // What stands longer must not be denied by the last day of what ends sooner.
  it('Cisco IOS: a day that is over is denied behind every flow that lasts longer', () => {
    const text = textOf(write('cisco-ios', both))
    const list = /ip access-list extended \S+-port2-in4\n((?: .*\n)+)/u.exec(text)![1]!
    const days = [...list.matchAll(/deny .* time-range sks-after-(\S+)/gu)].map(([, day]) => day!)
    expect(days.length).toBeGreaterThan(2)
    expect(days).toEqual(days.toSorted().toReversed())
  })
})
