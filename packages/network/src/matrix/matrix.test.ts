import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRange } from '@sekisho/town'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { readIptables } from '../dialects/iptables/read.ts'
import type { Filter } from '../filter/filter.ts'
import { addressKey, between } from '../space/field.ts'
import type { Key, Span } from '../space/field.ts'
import { matrixOf } from './matrix.ts'
import type { Matrix, Opens } from './matrix.ts'
import { serviceOf } from './service.ts'
import { dotted, simulate } from './simulator.test-support.ts'
import { matrixText } from './tell.ts'

const CASES = join(import.meta.dirname, '../../../../corpus/network/matrix')
const TEXTS = readdirSync(CASES).filter((name) => name.endsWith('.rules.v4'))
const textOf = (name: string): string => readFileSync(join(CASES, name), 'utf8')
const read = (text: string): Filter =>
  readIptables([{ text, family: 4 }], { at: noon('2026-11-25') })

interface Case {
  readonly behind?: Readonly<Record<string, readonly string[]>>
  readonly service: string
  /** A place of each class: interface and address. */
  readonly members: Readonly<Record<string, string>>
  /** Members that are treated alike, when some are. */
  readonly alike?: readonly (readonly string[])[]
  readonly always: Readonly<Record<string, string>>
  readonly maybe: Readonly<Record<string, string>>
  readonly unread: readonly string[]
}

const spanOf = (text: string): Span => {
  const [first, last = first] = text.split('-').map((one) => readRange(one)!)
  return between(addressKey(4, first!.first), addressKey(4, last!.last))
}

function behindOf({ behind }: Case): { readonly behind?: ReadonlyMap<string, readonly Span[]> } {
  if (!behind) return {}
  return {
    behind: new Map(Object.entries(behind).map(([name, texts]) => [name, texts.map(spanOf)])),
  }
}

const holds = (spans: readonly Span[], key: Key): boolean =>
  spans.some(({ from, until }) => from <= key && (until === undefined || key < until))

/** Number of the class that holds a place. */
function classOf({ classes }: Matrix, plug: string, address: bigint): number {
  const found = classes.flatMap(({ places }, at) =>
    places.some(({ plugs, addresses }) => holds(plugs, plug) && holds(addresses, address))
      ? [at]
      : [],
  )
  // No place is in two classes.
  expect(found.length).toBeLessThan(2)
  return found[0] ?? -1
}

const OPENS: readonly Opens[] = ['always', 'maybe']

describe('the service matrix of a foreign text', () => {
  it.each(TEXTS)('%s is as its case says', (name) => {
    const wanted = JSON.parse(textOf(name.replace('.rules.v4', '.json'))) as Case
    const filter = read(textOf(name))
    const matrix = matrixOf(filter, serviceOf(wanted.service)!, 4, behindOf(wanted))!
    const members = Object.entries(wanted.members)
    const at = new Map(
      members.map(([member, place]) => {
        const [plug, address] = place.split(' ')
        return [member, classOf(matrix, plug!, readRange(address!)!.first)]
      }),
    )
    const kinds = wanted.alike ?? members.map(([member]) => [member])
    for (const alike of kinds) expect(new Set(alike.map((one) => at.get(one))).size).toBe(1)
    expect(new Set(at.values()).size).toBe(kinds.length)
    if (wanted.behind) expect(matrix.classes).toHaveLength(kinds.length)
    for (const opens of OPENS) {
      const said = members.map(([from]) => {
        const to = members.filter(([one]) => matrix.opens[at.get(from)!]![at.get(one)!] === opens)
        return [from, to.map(([one]) => one).join(' ')]
      })
      const listed = wanted[opens as 'always' | 'maybe']
      expect(said).toEqual(members.map(([from]) => [from, listed[from] ?? '']))
    }
    expect(filter.unread.map(({ text }) => text)).toEqual(wanted.unread)
  })

  it.each(TEXTS)('%s says of every packet what a plain walk through its lines says', (name) => {
    const text = textOf(name)
    const ends = simulate(text)
    const matrices = ['tcp/22', 'tcp/80', 'tcp/443', 'udp/53'].map((service) =>
      matrixOf(read(text), serviceOf(service)!, 4)!,
    )
    // Where lines begin and end is where a mistake would show.
    const mentioned = [...text.matchAll(/\b\d+\.\d+\.\d+\.\d+\b/gu)].map(([one]) => dotted(one))
    const plugs = [...text.matchAll(/-[io] (\S+)/gu)].map(([, one]) => one!.replace('+', '7'))
    const address = fc.oneof(
      fc
        .tuple(fc.constantFrom(...mentioned), fc.integer({ min: -2, max: 20 }))
        .map(([one, more]) => Math.max(0, Math.min(2 ** 32 - 1, one + more))),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    )
    const plug = fc.constantFrom(...plugs, 'nobody')
    const packet = fc.record({
      in: plug,
      out: plug,
      source: address,
      target: address,
      sourcePort: fc.integer({ min: 1024, max: 65_535 }),
    })
    fc.assert(
      fc.property(packet, fc.constantFrom(...matrices), (one, matrix) => {
        const [protocol, port] = matrix.service.name.split('/')
        const said = ends({
          ...one,
          protocol: protocol as 'tcp',
          targetPort: Number(port),
        })
        const from = classOf(matrix, one.in, BigInt(one.source))
        const to = classOf(matrix, one.out, BigInt(one.target))
        const opens = matrix.opens[from]![to]!
        const wanted = said.size === 2 ? 'maybe' : said.has('ACCEPT') ? 'always' : 'never'
        expect(opens).toBe(wanted)
      }),
      { numRuns: 2_000 },
    )
  })

  it('a text about IPv4 holds nothing back in IPv6', () => {
    const filter = read(textOf('points.rules.v4'))
    const matrix = matrixOf(filter, serviceOf('tcp/22')!, 6)!
    expect(matrix.classes).toHaveLength(1)
    expect(matrix.opens).toEqual([['always']])
  })

  it('what hangs on the port or MAC address of the sender is not called open for everybody', () => {
    const filter = read(
      [
        '*filter',
        ':FORWARD DROP [0:0]',
        '-A FORWARD -i a -p tcp -m tcp --sport 20 --dport 80 -j ACCEPT',
        '-A FORWARD -i b -p tcp -m mac --mac-source 02:00:00:00:00:01 -j ACCEPT',
        '-A FORWARD -i c -p tcp -j ACCEPT',
        'COMMIT',
      ].join('\n'),
    )
    const matrix = matrixOf(filter, serviceOf('tcp/80')!, 4)!
    const opens = (plug: string): Opens =>
      matrix.opens[classOf(matrix, plug, 1n)]![classOf(matrix, 'x', 1n)]!
    expect(['a', 'b', 'c', 'd'].map(opens)).toEqual(['maybe', 'maybe', 'always', 'never'])
  })

  it('more classes than are asked for give no table', () => {
    const filter = read(textOf('points.rules.v4'))
    expect(matrixOf(filter, serviceOf('tcp/22')!, 4, { most: 3 })).toBeUndefined()
  })

  it('is told with the pairs that are open, and says that no other is', () => {
    const text = matrixText(matrixOf(read(textOf('limits.rules.v4')), serviceOf('tcp/80')!, 4)!)
    expect(text).toContain('■ tcp/80 を、どこからどこへ開けるか（IPv4）')
    expect(text).toContain('開けるとも、開けないとも言えない組')
    expect(text).toContain('10.40.2.240/28')
  })
})
