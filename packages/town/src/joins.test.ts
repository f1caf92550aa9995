import { describe, expect, test } from 'vitest'
import { mendedWith, readable } from './corpus.test-support.ts'
import { flowsJoiningInternet } from './joins.ts'

const flow = (id: string, from: string, to: string) => ({ id, name: id, from, to, ports: [443] })
const LGWAN = [
  { id: 'b', name: 'b', zone: 'lgwan', owner: 'soumu', hosts: [host('b1'), host('b2')] },
  { id: 'c', name: 'c', zone: 'lgwan', owner: 'soumu', hosts: [host('c1')] },
  { id: 'm', name: 'm', zone: 'mynumber', owner: 'soumu', hosts: [host('m1')] },
  { id: 'i', name: 'i', zone: 'internet', owner: 'soumu', hosts: [host('i1')] },
]
function host(id: string) {
  return { id, name: id, role: 'server' }
}

type Flows = readonly ReturnType<typeof flow>[]

function chainsOf(...flows: Flows): ReturnType<typeof flowsJoiningInternet> {
  const text = mendedWith({ path: 'systems', value: LGWAN }, { path: 'flows', value: flows })
  return flowsJoiningInternet(readable(text).town)
}

const joining = (...flows: Flows): readonly string[] => [...chainsOf(...flows).keys()]

describe('flows that together join the My Number zone and the Internet', () => {
  test('none, when the flow stops inside', () => {
    expect(joining(flow('x', 'host:m1', 'host:b1'))).toEqual([])
  })
  test('a direct flow to the Internet zone or to a peer on the Internet', () => {
    expect(joining(flow('x', 'host:m1', 'host:i1'))).toEqual(['x'])
    expect(joining(flow('x', 'host:m1', 'peer:web-site'))).toEqual(['x'])
    expect(joining(flow('x', 'peer:web-site', 'host:m1'))).toEqual(['x'])
  })
  test('a chain outwards through one system', () => {
    expect(joining(flow('x', 'host:m1', 'host:b1'), flow('y', 'host:b1', 'host:i1'))).toEqual(['x'])
  })
  test('a chain inwards', () => {
    expect(joining(flow('x', 'host:b1', 'host:m1'), flow('y', 'host:i1', 'host:b1'))).toEqual(['x'])
  })
  test('a chain through two hosts of one system', () => {
    expect(joining(flow('x', 'host:m1', 'host:b1'), flow('y', 'host:b2', 'host:i1'))).toEqual(['x'])
  })
  test('a chain of three, through two systems', () => {
    expect(
      joining(
        flow('x', 'host:m1', 'host:b1'),
        flow('y', 'system:b', 'host:c1'),
        flow('z', 'host:c1', 'peer:security-cloud'),
      ),
    ).toEqual(['x'])
  })
  test('a flow of the whole zone is a flow of every system in it', () => {
    expect(joining(flow('x', 'host:m1', 'host:b1'), flow('y', 'zone:lgwan', 'host:i1'))).toEqual([
      'x',
    ])
  })
  test('a system that both sides call, for whoever takes it from one side answers the other', () => {
    expect(joining(flow('x', 'host:m1', 'host:b1'), flow('y', 'host:i1', 'host:b1'))).toEqual(['x'])
  })
  test('not two flows of different systems of one zone', () => {
    expect(joining(flow('x', 'host:m1', 'host:b1'), flow('y', 'host:c1', 'host:i1'))).toEqual([])
  })
  test('not a peer outside that both talk to', () => {
    expect(
      joining(flow('x', 'host:m1', 'peer:juki-net'), flow('y', 'peer:juki-net', 'host:i1')),
    ).toEqual([])
  })
  test('circles end', () => {
    expect(
      joining(
        flow('x', 'host:m1', 'host:b1'),
        flow('y', 'host:b1', 'host:c1'),
        flow('z', 'host:c1', 'host:b1'),
      ),
    ).toEqual([])
  })
  test('the shortest chain is the one that is told, whatever circles lie beside it', () => {
    const found = chainsOf(
      flow('x', 'host:m1', 'host:b1'),
      flow('y', 'host:b1', 'host:c1'),
      flow('z', 'host:c1', 'host:b1'),
      flow('w', 'host:b1', 'host:i1'),
    )
    expect(found.get('x')?.map((one) => one.id)).toEqual(['x', 'w'])
  })
})
