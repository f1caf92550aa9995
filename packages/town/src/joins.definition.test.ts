/** The indexed search against the definition, pair by pair. */
import type { EndpointReference, Flow, Town } from '@sekisho/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mendedText, readable } from './corpus.test-support.ts'
import { endsOf, type End, type Ends } from './ends.ts'
import { flowsJoiningInternet } from './joins.ts'

const { town } = readable(mendedText())
const ENDS: readonly EndpointReference[] = [
  ...town.zones.map(({ id }) => `zone:${id}` as const),
  ...town.peers.map(({ id }) => `peer:${id}` as const),
  ...town.systems.flatMap(({ id, hosts }) => [
    `system:${id}` as const,
    ...hosts.map((host) => `host:${host.id}` as const),
  ]),
]
const flows = fc
  .array(fc.tuple(fc.constantFrom(...ENDS), fc.constantFrom(...ENDS)), { maxLength: 12 })
  .map((pairs) =>
    pairs
      .filter(([from, to]) => from !== to && !(from.startsWith('peer:') && to.startsWith('peer:')))
      .map(([from, to], index): Flow => ({ ...town.flows[0]!, id: `f${index}`, from, to })),
  )

type Direction = (flow: Flow) => readonly [near: End, far: End]

function expected(given: Town): ReadonlyMap<string, readonly string[]> {
  const ends = endsOf(given)
  const out = waysByPairs(given.flows, ends, ({ from, to }) => [from, to])
  const back = waysByPairs(given.flows, ends, ({ from, to }) => [to, from])
  const found = new Map<string, readonly string[]>()
  for (const flow of given.flows) {
    const outward = isMyNumber(ends, flow.from)
    if (outward === isMyNumber(ends, flow.to)) continue
    const far = outward ? flow.to : flow.from
    const ways = outward ? out : back
    const chain: string[] = []
    for (
      let next: Flow | undefined = ways.has(flow) ? flow : undefined;
      next;
      next = ways.get(next)
    )
      chain.push(next.id)
    const beside = given.flows.find((other) => meets(other, far, ends))
    if (chain.length > 0) found.set(flow.id, chain)
    else if (beside) found.set(flow.id, [flow.id, beside.id])
  }
  return found
}

function waysByPairs(
  all: readonly Flow[],
  ends: Ends,
  direction: Direction,
): ReadonlyMap<Flow, Flow | undefined> {
  const ways = new Map<Flow, Flow | undefined>()
  for (const flow of all) if (isInternet(ends, direction(flow)[1])) ways.set(flow, undefined)
  for (const flow of ways.keys())
    for (const before of all) {
      const arrival = direction(before)[1]
      const passes = !arrival.startsWith('peer:') && ends.joined(arrival, direction(flow)[0])
      if (!ways.has(before) && passes) ways.set(before, flow)
    }
  return ways
}

const meets = (flow: Flow, end: End, ends: Ends): boolean =>
  !end.startsWith('peer:') &&
  ((ends.joined(flow.from, end) && isInternet(ends, flow.to)) ||
    (ends.joined(flow.to, end) && isInternet(ends, flow.from)))
const isMyNumber = (ends: Ends, end: End): boolean => ends.place(end)?.zoneKind === 'mynumber'
const isInternet = (ends: Ends, end: End): boolean =>
  ends.place(end)?.zoneKind === 'internet' || ends.place(end)?.peer?.network === 'internet'

test('the same flows join, with the same chain, as comparing every pair finds', () => {
  let joined = 0
  fc.assert(
    fc.property(flows, (some) => {
      const given = { ...town, flows: some }
      const got = [...flowsJoiningInternet(given)].map(([id, chain]) => [
        id,
        chain.map((flow) => flow.id),
      ])
      joined += got.length
      expect(got).toEqual([...expected(given)])
    }),
    { numRuns: 2_000, seed: 7 },
  )
  expect(joined).toBeGreaterThan(1_000)
})
