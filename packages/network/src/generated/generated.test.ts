import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { noon } from '../declared/day.ts'
import { declare } from '../declared/declare.ts'
import type { Declared } from '../declared/permit.ts'
import { skippedBecause, whyNoKernel } from '../dialects/nftables/kernel.test-support.ts'
import { loadNftables } from '../dialects/nftables/load.ts'
import { readNftables } from '../dialects/nftables/read.ts'
import { writeNftables } from '../dialects/nftables/write.ts'
import type { Filter } from '../filter/filter.ts'
import { trace } from '../filter/trace.ts'
import { invariants } from '../prove/invariants.ts'
import { prove } from '../prove/prove.ts'
import { wiringOf } from '../prove/wiring.ts'
import { oracleOf } from './oracle.test-support.ts'
import type { Oracle, PlainPacket } from './oracle.test-support.ts'
import { asPacket, matrixOf, placesOf, twistsOf } from './packets.test-support.ts'
import { DAY, generatedTown } from './town.test-support.ts'
import type { GeneratedTown } from './town.test-support.ts'

/** The same towns every time: what is found today is found by whoever looks tomorrow. */
const TOWNS = fc.sample(generatedTown, { numRuns: 12, seed: 20_261_125 })

interface Standing extends GeneratedTown {
  readonly declared: Declared
  readonly oracle: Oracle
  /** What the kernel says it holds of the text of this town. */
  readonly filter: Filter
}

async function stand(one: GeneratedTown): Promise<Standing> {
  const declared = declare(one.town, { at: DAY })
  const loaded = await loadNftables(writeNftables(declared))
  if (!loaded.ok) throw new Error(loaded.says)
  const filter = readNftables(loaded.listing, { at: noon(DAY) })
  return { ...one, declared, filter, oracle: oracleOf(one.declaration, DAY) }
}

const why = whyNoKernel()
let standing: readonly Standing[]
beforeAll(async () => {
  if (why === undefined) standing = await Promise.all(TOWNS.map(stand))
})

/** Packets that are not treated as the oracle says, and how many were let through and held. */
function compare(town: Standing, packets: Iterable<PlainPacket>) {
  const count = { passes: 0, held: 0 }
  const apart: { packet: PlainPacket; passes: boolean }[] = []
  for (const packet of packets) {
    const passes = trace(town.filter, asPacket(packet)).ends === 'accept'
    if (passes !== town.oracle.passes(packet)) apart.push({ packet, passes })
    count[passes ? 'passes' : 'held'] += 1
  }
  return { ...count, apart: apart.slice(0, 3) }
}

describe.skipIf(why !== undefined)(`made-up towns${skippedBecause(why)}`, () => {
  it('are let through by the kernel exactly as declared', () => {
    for (const { declared, filter } of standing) {
      expect(prove(declared, filter)).toEqual({ kind: 'equal' })
    }
  })

  it('keep every invariant that their declaration does not itself break', () => {
    for (const { declared, filter, town } of standing) {
      const wiring = wiringOf(town)
      const broken = new Set(invariants(wiring, filter).map(({ reason }) => reason))
      // A declaration may ask for the Internet, and may put the My Number zone on a wire with others.
      const shared = wiring.plugs.some(({ kinds }) => kinds.has('mynumber') && kinds.size > 1)
      const asked = new Set<string>([
        'NET-MYNUMBER-INTERNET',
        ...(shared ? ['NET-MYNUMBER-UNBOUND'] : []),
      ])
      expect([...broken].filter((reason) => !asked.has(reason))).toEqual([])
      if (declared.permits.length === 0) expect([...broken]).toEqual([])
    }
  })

  it('have the service matrix that is counted out by hand from the declaration', () => {
    const sum = { passes: 0, held: 0 }
    for (const town of standing) {
      const { apart, passes, held } = compare(town, matrixOf(town.declaration, town.oracle))
      expect(apart).toEqual([])
      sum.passes += passes
      sum.held += held
    }
    // Neither all open nor all shut.
    expect(sum.passes).toBeGreaterThan(500)
    expect(sum.held).toBeGreaterThan(50_000)
  })

  it('treat what an attacker makes of an open packet as the declaration says', () => {
    const sum = { passes: 0, held: 0 }
    for (const town of standing) {
      const places = placesOf(town.declaration, town.oracle)
      const open = [...matrixOf(town.declaration, town.oracle)].filter((packet) =>
        town.oracle.passes(packet),
      )
      const twisted = open.slice(0, 40).flatMap((packet) => [...twistsOf(packet, places)])
      const { apart, passes, held } = compare(town, twisted)
      expect(apart).toEqual([])
      sum.passes += passes
      sum.held += held
    }
    expect(sum.passes).toBeGreaterThan(500)
    expect(sum.held).toBeGreaterThan(500)
  })

  it('are told of every flow that is not opened why, as the oracle does', () => {
    const reasons = new Set<string>()
    for (const { declaration, town } of fc.sample(generatedTown, { numRuns: 40, seed: 1 })) {
      const oracle = oracleOf(declaration, DAY)
      const { permits, leftOut } = declare(town, { at: DAY })
      const ours = new Map(leftOut.map(({ flow, reason }) => [flow.id, reason]))
      for (const { flow } of permits) expect(ours.has(flow.id)).toBe(false)
      for (const flow of declaration.flows) expect(ours.get(flow.id)).toBe(oracle.whyNot(flow))
      for (const reason of ours.values()) reasons.add(reason)
    }
    expect([...reasons].toSorted()).toEqual([
      'NET-EXPIRED',
      'NET-NO-ADDRESS',
      'NET-NO-MAC',
      'NET-NOT-FIXED',
      'NET-SAME-SIDE',
    ])
  })
})
