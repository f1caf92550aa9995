import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { corpusCases, corpusText } from '../corpus.test-support.ts'
import { listDigest } from './destination-list.ts'
import { covers, readName } from './list-name.ts'
import { MAX_DESTINATIONS, MAX_LIST_BYTES, MAX_NAMES } from './limits.ts'
import { readMicrosoft365 } from './microsoft-365.ts'
import type { ReadList } from './microsoft-365.ts'
import { ownListSchema, readOwnList } from './own-list.ts'

const M365 = 'lists/microsoft-365'
const endpoints = corpusText(`${M365}/endpoints-2026103000.json`)
const version = corpusText(`${M365}/version-2026103000.json`)
const reasons = (read: ReadList): readonly string[] =>
  read.ok ? [] : read.problems.map(({ reason }) => reason)

describe('the feed of Microsoft 365', () => {
  const read = readMicrosoft365({ endpoints, version })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const { list } = read

  it('is read: names, ranges, ports, category, required, note', () => {
    expect(list).toMatchObject({ list: 'microsoft-365', version: '2026103000', coming: [] })
    expect(list.destinations[0]).toMatchObject({
      id: '1',
      area: 'Exchange',
      names: ['outlook.office.com', 'outlook.office365.com'],
      tcp: [80, 443],
      udp: [443],
      category: 'Optimize',
      required: true,
    })
    expect(list.destinations.find(({ id }) => id === '22')?.required).toBe(false)
  })

  it('names that would open more than Microsoft 365 are left out and told', () => {
    expect(list.leftOut.map(({ name, why }) => `${name} ${why}`)).toEqual([
      '*.sharepoint.com wildcard-shared',
      '*.cloudapp.net wildcard-shared',
      'autodiscover.*.onmicrosoft.com wildcard-place',
      '*.blob.core.windows.net wildcard-public',
    ])
    const names = list.destinations.flatMap((one) => one.names)
    expect(names.some((name) => covers(name, 'evil.cloudapp.net'))).toBe(false)
    expect(names.some((name) => covers(name, 'evil.sharepoint.com'))).toBe(false)
  })

  it('the digest is of what was read: spacing and order of keys change nothing, any name does', () => {
    const again = JSON.stringify(JSON.parse(endpoints))
    const other = endpoints.replace('outlook.office.com', 'outlook2.office.com')
    const digests = [again, other].map((text) => {
      const one = readMicrosoft365({ endpoints: text, version })
      return one.ok ? listDigest(one.list) : ''
    })
    expect(digests[0]).toBe(listDigest(list))
    expect(digests[1]).not.toBe(listDigest(list))
  })

  it('announced changes come with their day', () => {
    const next = readMicrosoft365({
      endpoints: corpusText(`${M365}/endpoints-2026113000.json`),
      version: '2026113000',
      changes: corpusText(`${M365}/changes-2026113000.json`),
    })
    expect(
      next.ok &&
        next.list.coming.map(({ effective, names, ranges }) => [effective, ...names, ...ranges]),
    ).toEqual([
      ['2026-12-20', 'outlook.cloud.microsoft'],
      ['2027-03-01', '52.238.119.141/32'],
    ])
  })

  it('a list for China or the US government is not the worldwide one', () => {
    const china = '{"instance":"China","latest":"2026103000"}'
    expect(reasons(readMicrosoft365({ endpoints, version: china }))).toEqual(['LIST-INSTANCE'])
  })

  it('a version that is no day is refused', () => {
    const wrong = '{"instance":"Worldwide","latest":"2026133000"}'
    expect(reasons(readMicrosoft365({ endpoints, version: wrong }))).toEqual(['LIST-VERSION'])
  })
})

describe('a file that is not to be taken', () => {
  const file = JSON.parse(corpusText('lists/refused-microsoft-365.json')) as {
    base: object
    cases: { title: string; change: Record<string, unknown>; expect: string }[]
  }
  it('the case without a change is taken', () => {
    expect(readMicrosoft365({ endpoints: JSON.stringify([file.base]), version }).ok).toBe(true)
  })
  it.each(file.cases)('$title: $expect', ({ change, expect: reason }) => {
    const one = {
      ...file.base,
      ...Object.fromEntries(
        Object.entries(change).map(([key, value]) => [key, value ?? undefined]),
      ),
    }
    const read = readMicrosoft365({ endpoints: JSON.stringify([one]), version })
    expect(reasons(read)).toContain(reason)
    if (!read.ok)
      for (const { message, cure } of read.problems) expect(message + cure).not.toMatch(/[{}]/u)
  })

  it('too many, too large, twice, empty, not JSON', () => {
    const set = JSON.parse(endpoints)[0] as object
    const take = (value: unknown): readonly string[] =>
      reasons(
        readMicrosoft365({
          endpoints: typeof value === 'string' ? value : JSON.stringify(value),
          version,
        }),
      )
    expect(take([set, set])).toEqual(['LIST-TWICE'])
    expect(take([])).toEqual(['LIST-EMPTY'])
    expect(take('[')).toEqual(['LIST-SYNTAX'])
    expect(take('{}')).toEqual(['LIST-SHAPE'])
    expect(take(`[${'['.repeat(100_000)}`)).toEqual(['LIST-SYNTAX'])
    expect(take(' '.repeat(MAX_LIST_BYTES + 1))).toEqual(['LIST-TOO-BIG'])
    expect(take(Array.from({ length: MAX_DESTINATIONS + 1 }, () => set))).toEqual(['LIST-SHAPE'])
    expect(
      take([{ ...set, urls: Array.from({ length: MAX_NAMES + 1 }, () => 'a.example.com') }]),
    ).toEqual(['LIST-SHAPE'])
  })

  it('a flood of problems is told shortly, and hostile text is shown as what it is', () => {
    const set = JSON.parse(endpoints)[0] as object
    const urls = Array.from({ length: 900 }, (_, at) => `\u202E${at}`)
    const read = readMicrosoft365({ endpoints: JSON.stringify([{ ...set, urls }]), version })
    if (read.ok) throw new Error('taken')
    expect(read.problems).toHaveLength(51)
    expect(read.problems.at(-1)?.reason).toBe('LIST-MORE')
    expect(JSON.stringify(read.problems)).not.toContain('\u202E')
  })

  it('nothing is thrown on any JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), fc.json(), (a, b, c) => {
        const read = readMicrosoft365({ endpoints: a, version: b, changes: c })
        if (!read.ok) expect(read.problems.length).toBeGreaterThan(0)
      }),
      { numRuns: 300 },
    )
  })
})

describe('names of a list', () => {
  it.each(corpusCases('lists/names.json') as readonly { name: string; why?: string }[])(
    '$name: $why',
    ({ name, why }) => {
      expect(readName(name)).toEqual(
        why === undefined ? { ok: true, name: name.toLowerCase() } : { ok: false, why },
      )
    },
  )

  it('a wildcard has what is below it, at any depth, and neither the domain nor a neighbour', () => {
    expect(covers('*.office.com', 'a.office.com')).toBe(true)
    expect(covers('*.office.com', 'a.b.office.com')).toBe(true)
    expect(covers('*.office.com', 'office.com')).toBe(false)
    expect(covers('*.office.com', 'evil-office.com')).toBe(false)
    expect(covers('office.com', 'a.office.com')).toBe(false)
  })
})

describe('a list of ours', () => {
  const own = corpusText('lists/own/kaigi.yaml')
  it('is read', () => {
    const read = readOwnList(own)
    if (!read.ok) throw new Error(JSON.stringify(read.problems))
    expect(read.list).toMatchObject({
      list: 'kaigi',
      form: 'sekisho',
      version: '2026110100',
      leftOut: [],
    })
    expect(
      read.list.destinations.map(({ id, area, required }) => `${id} ${area} ${required}`),
    ).toEqual(['web Common true', 'media Media true', 'files Common false'])
    expect(read.list.coming).toHaveLength(1)
  })

  it.each([
    ['a name of somebody else', 'www.example.jp', 'www.example.com', 'LIST-FOREIGN'],
    [
      'a domain that is a public suffix',
      'domains: [example.jp]',
      'domains: [example.jp, co.jp]',
      'LIST-DOMAIN',
    ],
    [
      'a wildcard that anybody may rent under',
      'www.example.jp',
      '"*.cloudapp.net"',
      'LIST-WILDCARD-SHARED',
    ],
    ['a wildcard over a public suffix', 'www.example.jp', '"*.co.jp"', 'LIST-WILDCARD-PUBLIC'],
    ['a wildcard in the middle', 'www.example.jp', '"www.*.example.jp"', 'LIST-WILDCARD-PLACE'],
    ['an address inside', '52.223.0.0/17', '10.20.0.0/16', 'LIST-RANGE-SPECIAL'],
    ['an unknown key', 'source:', 'sauce:', 'LIST-UNKNOWN-KEY'],
    ['a version without a day', '"2026110100"', '"2026023000"', 'LIST-VERSION'],
    ['an alias', 'list: kaigi', 'list: &a kaigi', 'LIST-YAML'],
    ['a key twice', 'list: kaigi', 'list: kaigi\nlist: kaigi', 'LIST-YAML'],
    ['a day that is none', '2026-12-15', '2026-12-32', 'LIST-DAY'],
    ['ports backwards', '8801-8810', '8810-8801', 'LIST-PORTS'],
  ])('%s is refused', (_title, from, to, reason) => {
    expect(own).toContain(from)
    expect(reasons(readOwnList(own.replace(from, to)))).toContain(reason)
  })

  it('the published schema is the one that reads', () => {
    const file = new URL('../../../../../schema/cloud-list.schema.json', import.meta.url)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(ownListSchema())
  })
})
