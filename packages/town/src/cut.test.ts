import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Town } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { cutImpact, cutTargets } from './cut.ts'
import type { CutTarget } from './cut.ts'
import { readTown } from './read.ts'

const read = readTown(
  readFileSync(join(import.meta.dirname, '../../../examples/kasumi/town.yaml'), 'utf8'),
)
if (!read.ok) throw new Error('kasumi cannot be read')
const { town } = read
const idsOf = (of: Town, target: CutTarget, kind: string): readonly string[] =>
  cutImpact(of, target)!
    .lines.filter((line) => line.kind === kind)
    .map(({ id }) => id)

describe('what stops when a destination is cut', () => {
  it('is every flow to it, the systems at our end and the tests that hold by it, and nothing else', () => {
    const flows = town.flows.filter(({ from, to }) => [from, to].includes('peer:eltax'))
    expect(flows.length).toBeGreaterThan(0)
    expect(idsOf(town, 'peer:eltax', 'flow')).toEqual(flows.map(({ id }) => id))
    expect(idsOf(town, 'peer:eltax', 'system').length).toBeGreaterThan(0)
    const broken = cutImpact(town, 'peer:eltax')!.lines.filter(({ kind }) => kind === 'test')
    expect(broken.map(({ name }) => name)).toContain('税務はeLTAXの申告データを受け取れる')
    expect(idsOf(town, 'peer:juki-net', 'flow')).not.toContain(flows[0]?.id)
  })

  it('is everything that goes through the security cloud, when that is cut', () => {
    const through = town.flows.filter(({ via }) => via.includes('security-cloud'))
    const stopped = [
      ...idsOf(town, 'peer:security-cloud', 'flow'),
      ...idsOf(town, 'peer:security-cloud', 'via'),
    ]
    for (const { id } of through) expect(stopped).toContain(id)
  })

  it('is what is kept in a service, found at its own id and behind the party at which it answers', () => {
    const [service] = town.services.filter(({ id }) =>
      town.assets.some(({ place }) => place === id),
    )
    const assets = town.assets.filter(({ place }) => place === service!.id).map(({ id }) => id)
    expect(idsOf(town, `service:${service!.id}`, 'asset')).toEqual(assets)
    const peers = town.peers.map((peer) =>
      peer.id === 'security-cloud' ? { ...peer, service: service!.id } : peer,
    )
    expect(idsOf({ ...town, peers }, 'peer:security-cloud', 'asset')).toEqual(assets)
    expect(idsOf({ ...town, peers }, `service:${service!.id}`, 'flow')).toEqual(
      idsOf(town, 'peer:security-cloud', 'flow'),
    )
  })

  it('names flows that only share addresses apart: they may go on', () => {
    const bank = town.peers.find(({ id }) => id === 'bank')!
    const twin = { ...bank, id: 'twin', name: '同じ宛先' }
    const flow = town.flows.find(({ to }) => to === 'peer:bank')!
    const other = { ...flow, id: 'twin-flow', name: '双子', to: 'peer:twin' as const }
    const more = { ...town, peers: [...town.peers, twin], flows: [...town.flows, other] }
    expect(idsOf(more, 'peer:bank', 'shared')).toEqual(['twin-flow'])
    expect(idsOf(more, 'peer:bank', 'flow')).not.toContain('twin-flow')
  })

  it('says who answers for it', () => {
    const [line] = cutImpact(town, 'peer:eltax')!.lines
    const owner = town.flows.find(({ id }) => id === line?.id)?.owner
    expect(line?.owner).toBe(town.departments.find(({ id }) => id === owner)?.name)
    expect(line?.sentence).toContain('止まります')
  })

  it('knows every target of the declaration, and no other', () => {
    for (const { target } of cutTargets(town)) expect(cutImpact(town, target)).toBeDefined()
    for (const target of ['peer:nobody', 'flow:none', 'service:none'] as const)
      expect(cutImpact(town, target)).toBeUndefined()
  })
})
