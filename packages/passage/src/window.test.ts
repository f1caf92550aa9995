import { describe, expect, it } from 'vitest'
import { createPassage } from './passage.ts'
import { DESTINATION, OUTPUT_SHA256, newProgress, newWorld } from './town.test-support.ts'
import type { Gate } from './ports.ts'

const MINUTES = 60_000

/** The world with a gate that says more than that of files. */
function withGate(more: Partial<Gate>, options: Parameters<typeof newWorld>[0] = {}) {
  const world = newWorld(options)
  const gate = { ...world.ports.gate, ...more }
  return { world, passage: createPassage({ ...world.ports, gate }) }
}

describe('a window in which its sender can take it back', () => {
  const notBefore: Gate['notBefore'] = ({ crossing }) =>
    new Date(Date.parse(crossing.receivedAt) + 5 * MINUTES).toISOString()

  it('holds the outcome back: nothing is recorded as delivered before its end', async () => {
    const { world, passage } = withGate({ notBefore })
    await passage.receive(newProgress())
    expect(await passage.pass('crossing-1')).toMatchObject({ state: 'received', step: 'record' })
    expect([world.kinds().includes('delivered'), world.inbox.length]).toEqual([false, 0])
    world.now = new Date(world.now.getTime() + 5 * MINUTES)
    expect(await passage.pass('crossing-1')).toMatchObject({ state: 'delivered' })
  })

  it('lets it be taken back until then, and the log has that one outcome', async () => {
    const { world, passage } = withGate({ notBefore })
    await passage.receive(newProgress())
    await passage.pass('crossing-1')
    expect(await passage.cancel('crossing-1', 's0001')).toMatchObject({ state: 'cancelled' })
    world.now = new Date(world.now.getTime() + 60 * MINUTES)
    expect(await passage.pass('crossing-1')).toMatchObject({ state: 'cancelled' })
    expect(world.inbox).toEqual([])
    expect(world.entries.filter(({ key }) => key.endsWith(':outcome'))).toHaveLength(1)
  })
})

describe('what goes as it came', () => {
  const facts: Gate['facts'] = () => ({
    ...newWorld().ports.gate.facts(newProgress(), true),
    disarm: 'removed',
    verified: true,
  })
  const cured = {
    report: { type: 'eml', outputType: 'eml', verdict: 'confirmed-absent', removed: [], kept: [] },
    sha256: OUTPUT_SHA256,
    size: 8,
    outputName: 'mail.eml',
  } as const

  it('is delivered without a verdict, where the gate says so and nowhere else', async () => {
    for (const [more, state] of [
      [{ facts, unchanged: true }, 'delivered'],
      [{ facts }, 'refused'],
    ] as const) {
      const { world, passage } = withGate(more)
      await passage.receive({ ...newProgress(), destination: DESTINATION, cured })
      expect((await passage.pass('crossing-1')).state).toBe(state)
      expect(world.kinds()).not.toContain('verified')
    }
  })
})
