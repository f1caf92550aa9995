import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Flow, Town } from '@sekisho/core'
import { reach, readTown } from '@sekisho/town'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import type { Declared } from '../declared/permit.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { writeNftables } from '../dialects/nftables/write.ts'
import type { Filter } from '../filter/filter.ts'
import { reachFrom } from './from.ts'
import { declaredFilter, heldFilter } from './held-filter.ts'
import { reachability } from './reach.ts'
import type { ReachLine } from './reach.ts'
import { startOf } from './start.ts'

const EXAMPLES = join(import.meta.dirname, '../../../../examples')
const AT = '2026-11-25'

function townAt(place: string): Town {
  const read = readTown(readFileSync(join(EXAMPLES, place), 'utf8'))
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return read.town
}

const kasumi = townAt('kasumi/town.yaml')
const declared = declare(kasumi, { at: AT })
const text = writeNftables(declared)

async function filterOf(of: Declared, written: string): Promise<Filter> {
  const loaded = await loadNftables(written)
  if (!loaded.ok) throw new Error(loaded.says)
  return readNftables(loaded.listing, { at: noon(of.at) })
}

function tableOf(town: Town, of: Declared, filter: Filter) {
  const table = reachability(town, of, filter)
  if (!table.ok) throw new Error('unread')
  return table
}

/** `from to flow` of every line between systems and parties. */
const said = (lines: readonly ReachLine[]): readonly string[] =>
  lines
    .filter(({ from, to }) => !from.startsWith('zone:') && !to.startsWith('zone:'))
    .map(({ from, to, flow }) => `${from} ${to} ${flow}`)
    .toSorted()

/** The same by the town's own reach, which knows nothing of packets. */
function oracle(town: Town, of: Declared): readonly string[] {
  const open = { ...town, flows: of.permits.map(({ flow }) => flow) }
  const ends = [
    ...town.systems.map(({ id, zone }) => ({ end: `system:${id}` as const, zone })),
    ...town.peers.map(({ id, network }) => ({ end: `peer:${id}` as const, zone: `x ${network}` })),
  ]
  return ends
    .flatMap((from) =>
      ends
        .filter((to) => to.zone !== from.zone)
        .flatMap((to) =>
          reach(open, from.end, to.end).flows.map(({ id }) => `${from.end} ${to.end} ${id}`),
        ),
    )
    .toSorted()
}

describe('reachability', () => {
  it.each(['kasumi/town.yaml', 'kasumi-alpha-prime/target.yaml', 'kasumi-beta-prime/target.yaml'])(
    'of the text of %s, loaded and read back, is what the town declares for every pair',
    async (place) => {
      const town = townAt(place)
      const of = declare(town, { at: AT })
      const held = await heldFilter(of)
      expect(held.basis).toBe('text')
      expect(said(tableOf(town, of, held.filter).lines)).toEqual(oracle(town, of))
    },
  )

  it('of the declaration alone is the same as that of the text', async () => {
    const held = tableOf(kasumi, declared, await filterOf(declared, text))
    expect(tableOf(kasumi, declared, declaredFilter(declared))).toEqual(held)
  })

  it('of any flows between the ends of a town is what the town says of each pair', () => {
    const ends = [
      'zone:lgwan',
      'zone:internet',
      'system:lg-tanmatsu',
      'system:vdi',
      'system:files',
      'host:gis-ap',
      'host:hp-cms',
      'peer:bank',
      'peer:security-cloud',
      'peer:asp-gis',
      'host:kanshi-sv',
    ] as const
    const flow = fc.record({
      from: fc.constantFrom(...ends),
      to: fc.constantFrom(...ends),
      protocol: fc.constantFrom('tcp', 'udp', 'icmp'),
      ports: fc.array(fc.constantFrom(22, 443, [440, 450] as const), { maxLength: 2 }),
    })
    fc.assert(
      fc.property(fc.array(flow, { minLength: 1, maxLength: 8 }), (made) => {
        const flows = made.map((one, nth): Flow => ({
          ...one,
          id: `f${nth}`,
          name: `f${nth}`,
          via: [],
        }))
        const town = { ...kasumi, flows }
        const of = declare(town, { at: AT })
        const { lines } = tableOf(town, of, declaredFilter(of))
        expect(said(lines)).toEqual(oracle(town, of))
        for (const line of lines) {
          const ports = of.permits.find((permit) => permit.flow.id === line.flow)?.ports
          expect(line.ports).toEqual(ports)
        }
      }),
      { numRuns: 15 },
    )
  })

  it('ends with the last day of a flow', () => {
    const after = declare(kasumi, { at: '2028-04-01' })
    const flows = (of: Declared) =>
      tableOf(kasumi, of, declaredFilter(of)).lines.map(({ flow }) => flow)
    expect(flows(declared)).toContain('gcloud-zei')
    expect(flows(after)).not.toContain('gcloud-zei')
  })

  it('shows a hole in a text as a line that no flow declares, with its place, machines and ports', async () => {
    const hole = text.replace(
      '\t\tjump spoofs\n',
      '\t\tjump spoofs\n\t\tiifname "internet" oifname "mynumber" ip daddr 10.10.1.11 tcp dport 3389 accept\n',
    )
    const { lines } = tableOf(kasumi, declared, await filterOf(declared, hole))
    const extra = lines.filter(({ flow }) => flow === undefined)
    expect(extra).toContainEqual({
      from: 'system:vdi',
      to: 'system:juki',
      protocol: 'tcp',
      ports: [[3389, 3389]],
      at: expect.stringContaining('forward'),
      fromMachines: ['vdi-1', 'vdi-2'],
      toMachines: ['juki-ap'],
      fromWhole: true,
      toWhole: false,
      sure: true,
    })
    expect(new Set(extra.map(({ to }) => to))).toEqual(new Set(['system:juki']))
  })

  it('shows addresses outside that nobody declared', async () => {
    const wide = text.replaceAll('198.51.100.0/28 . tcp . 25', '198.51.100.0/27 . tcp . 25')
    const { lines } = tableOf(kasumi, declared, await filterOf(declared, wide))
    expect(lines.filter(({ flow }) => flow === undefined)).toMatchObject([
      { from: 'system:inet-mail', to: 'outside:x-internet', ports: [[25, 25]] },
    ])
  })

  it('sees a line of another family that nobody thought of', async () => {
    const six = text.replace(
      '\t\tjump spoofs\n',
      '\t\tiifname "x-internet" oifname "lgwan" meta nfproto ipv6 accept\n\t\tjump spoofs\n',
    )
    const lgwan6 = {
      ...kasumi,
      zones: kasumi.zones.map((zone) =>
        zone.id === 'lgwan' ? { ...zone, networks: [...zone.networks, '2001:db8:20::/48'] } : zone,
      ),
    }
    const of = declare(lgwan6, { at: AT })
    const { lines } = tableOf(lgwan6, of, await filterOf(of, six))
    expect(lines.filter(({ flow }) => flow === undefined)).toContainEqual(
      expect.objectContaining({ from: 'outside:x-internet', to: 'zone:lgwan', protocol: 'tcp' }),
    )
  })

  it('never calls a condition that nobody can tell harmless', async () => {
    const rate = text.replace(
      '\t\tjump spoofs\n',
      '\t\tjump spoofs\n\t\tiifname "internet" oifname "mynumber" limit rate 5/second accept\n',
    )
    const { lines } = tableOf(kasumi, declared, await filterOf(declared, rate))
    const unsure = lines.filter(({ sure }) => !sure)
    expect(unsure.map(({ from, to }) => `${from} ${to}`)).toContain('system:vdi system:juki')
  })

  it.each(['ct state established accept', 'ct direction reply accept'])(
    'does not take for an opening what only goes on or answers: %s',
    async (rule) => {
      const loose = text.replace('\t\tjump spoofs\n', `\t\t${rule}\n\t\tjump spoofs\n`)
      const { lines } = tableOf(kasumi, declared, await filterOf(declared, loose))
      expect(lines.filter(({ flow }) => flow === undefined)).toEqual([])
    },
  )

  it('says nothing of a text that cannot be read whole', () => {
    expect(reachability(kasumi, declared, readNftables('<html>', { at: 0 })).ok).toBe(false)
  })

  it('does not count a machine whose MAC address is not the one the text asks for', async () => {
    const moved = {
      ...kasumi,
      systems: kasumi.systems.map((system) => ({
        ...system,
        hosts: system.hosts.map((host) =>
          host.id === 'koseki-ap' ? { ...host, mac: '02:00:5e:10:ff:ff' } : host,
        ),
      })),
    }
    const of = declare(moved, { at: AT })
    const { lines } = tableOf(moved, of, await filterOf(declared, text))
    expect(lines.filter(({ to }) => to === 'peer:koseki-net')).toEqual([])
  })
})

describe('what one place can reach', () => {
  const table = tableOf(kasumi, declared, declaredFilter(declared))
  const from = (id: string) => {
    const start = startOf(kasumi, table.places, id)
    return start && reachFrom(kasumi, table, start)
  }

  it('goes on over systems of the town and stops at parties outside', () => {
    const { direct, relayed } = from('system:lg-tanmatsu')!
    expect(direct.map(({ to }) => to)).toContain('system:vdi')
    expect(direct.map(({ to }) => to)).not.toContain('peer:security-cloud')
    const way = relayed.find(({ to }) => to === 'peer:security-cloud')
    expect(way?.lines.map(({ flow }) => flow)).toEqual(['vdi', 'web-vdi'])
    expect(relayed.map(({ to }) => to)).not.toContain('system:lgwan-mail')
  })

  it('of one machine is not what its system can reach', () => {
    expect(from('host:juki-cs')?.direct.map(({ to }) => to)).toEqual(['peer:juki-net'])
    expect(from('host:juki-ap')?.direct).toEqual([])
    expect(from('juki')?.direct).toHaveLength(1)
  })

  it('names the gates of the zone, each with its way', () => {
    const names = (id: string) => from(id)?.gates.map(({ kind, way, other }) => [kind, way, other])
    expect(names('system:vdi')).toContainEqual(['file', 'out', 'lgwan'])
    expect(names('system:files')).toContainEqual(['file', 'in', 'internet'])
    expect(names('system:juki')).toEqual([])
  })

  it('of a person is what the terminals of the department can', () => {
    const start = startOf(kasumi, table.places, 'person:s0001')
    expect(start).toMatchObject({ department: '福祉課' })
    expect(start?.machines).toContain('lg-fukushi-01')
    expect(start?.machines).not.toContain('lg-zeimu-01')
    expect(from('s0001')?.direct.map(({ to }) => to)).toContain('peer:asp-safety')
  })

  it('is unknown of what is not declared', () => {
    expect(from('system:nonsense')).toBeUndefined()
  })
})
