import { describe, expect, test } from 'vitest'
import { chains } from './chains.ts'
import { fileText, mendedWith, readable } from './corpus.test-support.ts'
import type { Edit } from './edit.ts'
import { MAX_CHAIN_STEPS } from './limits.ts'
import { reach } from './reach.ts'
import { runTownTests } from './town-tests.ts'

const host = (id: string) => ({ id, name: id, role: 'server' })
const SYSTEMS: Edit = {
  path: 'systems',
  value: [
    { id: 'a', name: 'A', zone: 'lgwan', owner: 'soumu', hosts: [host('a1'), host('a2')] },
    { id: 'b', name: 'B', zone: 'internet', owner: 'soumu', hosts: [host('b1')] },
    { id: 'c', name: 'C', zone: 'internet', owner: 'soumu', hosts: [] },
    { id: 'm', name: 'M', zone: 'mynumber', owner: 'soumu', hosts: [host('m1')] },
  ],
}
const PEERS: Edit = {
  path: 'peers',
  value: [
    { id: 'web', name: '全体', network: 'internet', addresses: ['0.0.0.0/0'] },
    { id: 'site', name: '一つのサイト', network: 'internet', addresses: ['203.0.113.8'] },
    { id: 'nowhere', name: '未定', network: 'internet' },
    {
      id: 'line',
      name: '専用線',
      network: 'dedicated',
      internetCapable: false,
      addresses: ['172.16.0.8'],
    },
  ],
}
type Ports = 'any' | readonly (number | string)[]
const flow = (id: string, from: string, to: string, ports: Ports = [443], protocol = 'tcp') => ({
  id,
  name: id,
  from,
  to,
  protocol,
  ports,
})
const townWith = (flows: readonly ReturnType<typeof flow>[], ...more: readonly Edit[]) =>
  readable(mendedWith(SYSTEMS, PEERS, { path: 'flows', value: flows }, ...more)).town

describe('direct reach', () => {
  test('an empty list of flows denies everything', () => {
    const town = townWith([])
    for (const from of ['zone:lgwan', 'system:a', 'host:a1', 'peer:web', 'internet'] as const) {
      expect(reach(town, from, 'zone:internet').extent).toBe('none')
      expect(reach(town, from, 'internet').extent).toBe('none')
    }
  })
  test('a flow has one direction, and the reason says so', () => {
    const town = townWith([flow('f', 'host:a1', 'host:b1')])
    expect(reach(town, 'host:a1', 'host:b1').extent).toBe('all')
    const back = reach(town, 'host:b1', 'host:a1')
    expect(back.extent).toBe('none')
    expect(back.reason).toContain('逆向き')
  })
  test('a zone holds its systems, a system its hosts', () => {
    const town = townWith([flow('f', 'zone:lgwan', 'system:b')])
    expect(reach(town, 'host:a2', 'host:b1').extent).toBe('all')
    expect(reach(town, 'zone:lgwan', 'host:b1').extent).toBe('all')
    expect(reach(town, 'host:m1', 'host:b1').extent).toBe('none')
  })
  test('what is true of one host of a system is only some of the system', () => {
    const town = townWith([flow('f', 'host:a1', 'host:b1')])
    expect(reach(town, 'system:a', 'host:b1').extent).toBe('some')
    expect(reach(town, 'zone:lgwan', 'zone:internet').extent).toBe('some')
  })
  test('two flows that together cover a system are all of it', () => {
    const town = townWith([flow('f', 'host:a1', 'host:b1'), flow('g', 'host:a2', 'host:b1')])
    expect(reach(town, 'system:a', 'host:b1').extent).toBe('all')
  })
  test('all hosts of a zone are not all of the zone: it has addresses nobody declared', () => {
    const town = townWith([flow('f', 'system:a', 'host:b1')])
    expect(reach(town, 'zone:lgwan', 'host:b1').extent).toBe('some')
  })
  test('ports and ranges of ports bound a flow, at their edges', () => {
    const town = townWith([flow('f', 'host:a1', 'host:b1', [443, '8000-8010'])])
    const at = (port: number) => reach(town, 'host:a1', 'host:b1', { port }).extent
    expect([443, 8000, 8010].map(at)).toEqual(['all', 'all', 'all'])
    expect([442, 444, 7999, 8011].map(at)).toEqual(['none', 'none', 'none', 'none'])
    expect(reach(town, 'host:a1', 'host:b1', { port: 25 }).reason).toContain('443、8000〜8010')
  })
  test('any port lets every port through; another protocol never', () => {
    const town = townWith([flow('f', 'host:a1', 'host:b1', 'any')])
    expect(reach(town, 'host:a1', 'host:b1', { port: 9 }).extent).toBe('all')
    expect(reach(town, 'host:a1', 'host:b1', { port: 9, protocol: 'udp' }).extent).toBe('none')
  })
  test('a peer with a wide range covers a peer inside it, of the same network only', () => {
    const town = townWith([flow('f', 'host:b1', 'peer:web')])
    expect(reach(town, 'host:b1', 'peer:site').extent).toBe('all')
    expect(reach(town, 'host:b1', 'peer:line').extent).toBe('none')
    expect(reach(town, 'host:b1', 'peer:nowhere').extent).toBe('none')
  })
  test('one site of the Internet is the Internet, but not the other way round', () => {
    const town = townWith([flow('f', 'host:b1', 'peer:site')])
    expect(reach(town, 'host:b1', 'internet').extent).toBe('all')
    expect(reach(town, 'host:b1', 'peer:web').extent).toBe('some')
  })
  test('a name the town does not declare is reached by nobody', () => {
    expect(reach(townWith([]), 'host:zz', 'internet')).toMatchObject({ extent: 'none', flows: [] })
  })
})

describe('chains of crossings', () => {
  test('shortest first, each in its own direction', () => {
    const town = townWith([
      flow('x', 'host:m1', 'host:a1'),
      flow('y', 'host:a1', 'host:b1'),
      flow('z', 'host:m1', 'host:b1'),
    ])
    const found = chains(town, 'host:m1', 'host:b1', { gates: false })
    expect(found.chains.map((one) => one.steps.map((step) => step.id))).toEqual([['z'], ['x', 'y']])
    expect(found.complete).toBe(true)
    expect(chains(town, 'host:b1', 'host:m1', { gates: false }).chains).toEqual([])
  })
  test('a gate is a crossing, and takes in the whole of its zones', () => {
    const town = townWith([flow('x', 'peer:site', 'host:b1'), flow('y', 'host:a1', 'host:m1')])
    const [first] = chains(town, 'internet', 'host:m1').chains
    expect(first?.steps.map((step) => step.kind)).toContain('file')
    expect(first?.sentence).toContain('ファイルの関所')
    expect(chains(town, 'internet', 'host:m1', { gates: false }).chains).toEqual([])
  })
  test('circles are walked once and end', () => {
    const town = townWith([
      flow('x', 'host:m1', 'host:a1'),
      flow('y', 'host:a1', 'host:m1'),
      flow('z', 'host:a1', 'host:a2'),
    ])
    const found = chains(town, 'host:m1', 'host:a2', { gates: false })
    expect(found.chains.every((one) => new Set(one.steps).size === one.steps.length)).toBe(true)
    expect(found.complete).toBe(true)
  })
  test('a list that was cut says so', () => {
    const between = Array.from({ length: 30 }, (_, index) => [
      flow(`x${index}`, 'host:m1', 'host:a1'),
      flow(`y${index}`, 'host:a1', 'host:b1'),
    ]).flat()
    const found = chains(townWith(between), 'host:m1', 'host:b1', { gates: false })
    expect(found.complete).toBe(false)
    expect(found.chains.every((one) => one.steps.length <= MAX_CHAIN_STEPS)).toBe(true)
  })
  test('a way longer than the limit is not listed, and not denied either', () => {
    const names = Array.from({ length: MAX_CHAIN_STEPS + 2 }, (_, index) => `n${index}`)
    const systems: Edit = {
      path: 'systems',
      value: names.map((id) => ({ id, name: id, zone: 'lgwan', owner: 'soumu', hosts: [] })),
    }
    const flows = names.slice(1).map((id, index) => flow(id, `system:n${index}`, `system:${id}`))
    const town = townWith(flows, systems)
    expect(chains(town, 'system:n0', `system:n${MAX_CHAIN_STEPS}`, { gates: false })).toMatchObject(
      {
        complete: true,
        chains: [{}],
      },
    )
    expect(
      chains(town, 'system:n0', `system:n${MAX_CHAIN_STEPS + 1}`, { gates: false }),
    ).toMatchObject({ complete: false, chains: [] })
  })
})

describe("a town's own tests", () => {
  const outcome = (
    flows: readonly ReturnType<typeof flow>[],
    from: string,
    to: string,
    expected: '通過' | '差止め',
  ) => {
    const tests: Edit = { path: 'tests', value: [{ name: 'x', from, to, expect: expected }] }
    return runTownTests(townWith(flows, tests))[0]!
  }
  const F = [flow('f', 'host:a1', 'host:b1')]
  test('通過 is green when the flow is there, and names it', () => {
    expect(outcome(F, 'host:a1', 'host:b1', '通過')).toMatchObject({ green: true, flows: ['f'] })
  })
  test('通過 is red when the flow is gone', () => {
    expect(outcome([], 'host:a1', 'host:b1', '通過').green).toBe(false)
  })
  test('差止め is red when a flow lets it through, and names it', () => {
    const red = outcome(F, 'host:a1', 'host:b1', '差止め')
    expect(red).toMatchObject({ green: false, flows: ['f'] })
    expect(red.reason).toContain('差止めのはずが')
  })
  test('what is true of a part is red for both', () => {
    expect(outcome(F, 'system:a', 'host:b1', '通過').green).toBe(false)
    expect(outcome(F, 'system:a', 'host:b1', '差止め').green).toBe(false)
  })
  test('a 差止め that a chain of flows goes round stays green and shows the chain', () => {
    const around = [flow('x', 'host:m1', 'host:a1'), flow('y', 'host:a1', 'host:b1')]
    const result = outcome(around, 'host:m1', 'host:b1', '差止め')
    expect(result.green).toBe(true)
    expect(result.chain?.steps.map((step) => step.id)).toEqual(['x', 'y'])
  })
  test('all tests of kasumi are green', () => {
    const results = runTownTests(readable(fileText('examples/kasumi/town.yaml')).town)
    expect(results.filter((one) => !one.green)).toEqual([])
    expect(results.length).toBeGreaterThanOrEqual(8)
  })
  test('kasumi without its screen flow has a red test: the tests can fail', () => {
    const { town } = readable(fileText('examples/kasumi/town.yaml'))
    const without = { ...town, flows: town.flows.filter((one) => one.id !== 'vdi') }
    expect(runTownTests(without).some((one) => !one.green)).toBe(true)
  })
})
