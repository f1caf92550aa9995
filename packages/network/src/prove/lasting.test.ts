import fc from 'fast-check'
import { readTownValue } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import { lastSecond, noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import { skippedBecause, whyNoKernel } from '../dialects/nftables/kernel.test-support.ts'
import { readIptables } from '../dialects/iptables/read.ts'
import { writeIptables } from '../dialects/iptables/write.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { writeNftables } from '../dialects/nftables/write.ts'
import { DAY, generatedTown } from '../generated/town.test-support.ts'
import { lastingFindings, proveLasting } from './lasting.ts'
import type { LastingProof } from './lasting.ts'

const LAST = '2027-03-31'
const read = readTownValue({
  town: { name: '年度末で閉じる町', staff: 10, model: 'α', edition: 'R8.3' },
  departments: [{ id: 'joho', name: '情報政策課' }],
  zones: [
    { id: 'office', name: '庁内', kind: 'lgwan', networks: ['10.2.0.0/24', '2001:db8:2::/64'] },
    { id: 'dmz', name: '公開', kind: 'internet', networks: ['10.3.0.0/24', '2001:db8:3::/64'] },
  ],
  systems: [],
  flows: [
    {
      id: 'web',
      name: '閲覧',
      from: 'zone:office',
      to: 'zone:dmz',
      protocol: 'tcp',
      ports: [443],
      expires: LAST,
    },
  ],
})
if (!read.ok) throw new Error(JSON.stringify(read.problems))
const { town } = read
const declared = declare(town, { at: '2026-11-25' })
const text = writeNftables(declared)

async function lasting(of: string): Promise<LastingProof> {
  const loaded = await loadNftables(of)
  if (!loaded.ok) throw new Error(loaded.says)
  const readAt = (at: number) => readNftables(loaded.listing, { at })
  return proveLasting(declared, readAt(noon(declared.at)), readAt)
}

const limit = `meta time < ${lastSecond(LAST) + 1}`
const before = (line: string) =>
  text.replace('\t\tct state invalid', `\t\t${line}\n\t\tct state invalid`)

const why = whyNoKernel()
describe.skipIf(why !== undefined)(`a text over the days to come${skippedBecause(why)}`, () => {
  it('is proved for each of them, ours as well', async () => {
    expect(text).toContain(limit)
    expect((await lasting(text)).proof).toEqual({ kind: 'equal' })
  })

  it.each([
    ['a last day that was taken out', text.replace(`${limit} `, ''), '2027-04-01', 'NET-EXTRA'],
    [
      'a last day that was put off by an hour',
      text.replace(limit, `meta time < ${lastSecond(LAST) + 3_601}`),
      '2027-04-01',
      'NET-EXTRA',
    ],
    [
      'a last day that comes too early',
      text.replace(limit, `meta time < ${lastSecond('2027-02-28') + 1}`),
      '2027-03-01',
      'NET-MISSING',
    ],
    [
      'answers that go on, where questions end',
      text.replace(`direction reply ${limit}`, 'direction reply'),
      '2027-04-01',
      'NET-EXTRA',
    ],
    [
      'faults that are told where nothing is open any more',
      text.replace(`ct state related ${limit}`, 'ct state related'),
      '2027-04-01',
      'NET-EXTRA',
    ],
    [
      'a line that opens in a year',
      before(`meta time >= ${lastSecond('2027-11-25') + 1} accept`),
      '2027-11-26',
      'NET-EXTRA',
    ],
  ])('%s is found today, with the day', async (_, mutant, from, reason) => {
    expect(mutant).not.toBe(text)
    const found = await lasting(mutant)
    expect(found.from).toBe(from)
    const findings = lastingFindings(town, found)
    expect(findings[0]?.rule).toBe(reason)
    expect(findings[0]?.message).toMatch(new RegExp(`^${from} になると、`, 'u'))
  })

  it('with more turns than anybody needs is not read', async () => {
    const lines = Array.from(
      { length: 201 },
      (_, at) => `meta time < ${lastSecond(LAST) + 2 + at} drop`,
    )
    // They stand behind the line that ends every way, so that none of them does anything.
    const mutant = text.replace(
      '\t\tcounter name undeclared drop\n',
      (line) => line + lines.map((one) => `\t\t${one}\n`).join(''),
    )
    const found = await lasting(mutant)
    expect(found.proof.kind).toBe('unreadable')
    expect(lastingFindings(town, found)).toHaveLength(1)
  })

  it('of made-up towns holds what is declared on each day', async () => {
    const towns = fc.sample(generatedTown, { numRuns: 6, seed: 11 })
    for (const { town: made } of towns) {
      const own = declare(made, { at: DAY })
      const loaded = await loadNftables(writeNftables(own))
      if (!loaded.ok) throw new Error(loaded.says)
      const readAt = (at: number) => readNftables(loaded.listing, { at })
      expect(proveLasting(own, readAt(noon(DAY)), readAt).proof).toEqual({ kind: 'equal' })
    }
  })
})

describe('the texts of iptables over the days to come', () => {
  const { v4, v6 } = writeIptables(declared)
  const proof = (one: string, other: string) => {
    const texts = [
      { text: one, family: 4 as const },
      { text: other, family: 6 as const },
    ]
    const readAt = (at: number) => readIptables(texts, { at })
    return proveLasting(declared, readAt(noon(declared.at)), readAt)
  }

  it('are proved for each of them', () => {
    expect(proof(v4, v6).proof).toEqual({ kind: 'equal' })
  })

  it.each([
    ['a last day of IPv6 that was taken out', v4, v6.replace(/-m time --datestop \S+ /u, '')],
    ['one that was put off', v4.replace('--datestop 2027', '--datestop 2028'), v6],
    [
      'a line that opens later',
      v4.replace(
        '-m conntrack --ctstate INVALID',
        '-m time --datestart 2028-01-01T00:00:00 -j ACCEPT\n-A FORWARD -m conntrack --ctstate INVALID',
      ),
      v6,
    ],
  ])('%s is found today', (_, one, other) => {
    expect([one, other]).not.toEqual([v4, v6])
    const found = proof(one, other)
    expect(found.from).toBeDefined()
    expect(lastingFindings(town, found)[0]?.rule).toBe('NET-EXTRA')
  })
})
