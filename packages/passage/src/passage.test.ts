import { describe, expect, test } from 'vitest'
import { SekishoError } from '@sekisho/core'
import type { Question } from '@sekisho/core'
import { approvalHolds } from './approval.ts'
import { isFinal } from './progress.ts'
import type { Progress } from './progress.ts'
import {
  APPROVE,
  APPROVER,
  DESTINATION,
  OUTPUT_SHA256,
  newProgress,
  newWorld,
} from './town.test-support.ts'
import type { World } from './town.test-support.ts'

async function through(world: World, progress = newProgress()): Promise<void> {
  await world.passage.receive(progress)
  await world.passage.pass(progress.crossing.id)
}

async function held(): Promise<World> {
  const world = newWorld({ active: 1 })
  await through(world)
  return world
}

describe('the seven steps', () => {
  test('a file is asked about, cured, asked about again, recorded and only then delivered', async () => {
    const world = newWorld()
    await through(world)
    expect(world.kinds()).toEqual([
      'received',
      'answered',
      'disarmed',
      'answered',
      'verified',
      'answered',
      'delivered',
    ])
    expect(world.inbox).toEqual([{ id: 'crossing-1', sha256: OUTPUT_SHA256, recorded: true }])
  })

  test('a file that had active content waits for a person', async () => {
    const world = newWorld({ active: 1 })
    await through(world)
    expect(world.saved.get('crossing-1')?.state).toBe('held')
    expect(world.inbox).toEqual([])
  })

  test('the name with its variation selector is recorded as it was given', async () => {
    const world = newWorld()
    await through(world)
    for (const { entry } of world.entries) expect(entry.detail['file']).toBe('葛\u{E0102}城.xlsm')
  })

  test('a file without a purpose is refused before the low side is asked to do anything', async () => {
    const world = newWorld()
    const progress = newProgress()
    await through(world, { ...progress, crossing: { ...progress.crossing, purpose: '' } })
    expect(world.kinds()).toEqual(['received', 'answered', 'refused'])
    expect(world.saved.get('crossing-1')?.ending?.reason).toBe('X3-PURPOSE')
  })

  test('receiving twice records once', async () => {
    const world = newWorld()
    await through(world)
    await through(world)
    expect(world.kinds().filter((kind) => kind === 'received')).toHaveLength(1)
    expect(world.inbox).toHaveLength(1)
  })
})

describe('fail closed', () => {
  const refusals: readonly [
    name: string,
    options: Parameters<typeof newWorld>[0],
    reason: string,
  ][] = [
    ['the verifier rejects what was made', { clean: false }, 'VERIFY-REFUSED'],
    ['a worker says clean and hands over nothing', { cured: { size: 0 } }, 'PASSAGE-FAILED'],
    ['a worker says clean without a digest', { cured: { sha256: '' } }, 'PASSAGE-FAILED'],
    [
      'the disarmer refuses',
      {
        cured: {
          report: {
            type: 'unknown',
            outputType: '',
            verdict: 'refused',
            removed: [],
            kept: [],
            reason: 'TYPE-UNKNOWN',
          },
          sha256: '',
          size: 0,
          outputName: '',
        },
      },
      'TYPE-UNKNOWN',
    ],
    ['the cure throws', { cure: () => Promise.reject(new Error('boom')) }, 'PASSAGE-FAILED'],
    [
      'the cure times out',
      { cure: () => Promise.reject(new SekishoError('TIMEOUT', 'slow')) },
      'LIMIT-TIME',
    ],
    ['the verifier throws', { verify: () => Promise.reject(new Error('boom')) }, 'PASSAGE-FAILED'],
  ]
  test.each(refusals)('%s: a recorded refusal, nothing delivered', async (_, options, reason) => {
    const world = newWorld(options)
    await through(world)
    expect(world.saved.get('crossing-1')).toMatchObject({ state: 'refused', ending: { reason } })
    expect(world.kinds().at(-1)).toBe('refused')
    expect(world.inbox).toEqual([])
  })

  test('when the log cannot be written nothing is delivered, and it is tried again later', async () => {
    const world = newWorld({
      append: () => Promise.reject(new SekishoError('STORE_FULL', 'disk full')),
    })
    await expect(world.passage.receive(newProgress())).rejects.toThrow('disk full')
    expect(world.saved.size).toBe(0)
    expect(world.inbox).toEqual([])
  })

  test('a cut line is no refusal: the crossing waits and goes on', async () => {
    let cut = true
    const world = newWorld({})
    const { cure } = world.ports
    const ports = {
      ...world.ports,
      cure: ((progress, name) =>
        cut
          ? Promise.reject(new SekishoError('LINK_DOWN', 'cut'))
          : cure(progress, name)) satisfies typeof cure,
    }
    const { createPassage } = await import('./passage.ts')
    const passage = createPassage(ports)
    await passage.receive(newProgress())
    await expect(passage.pass('crossing-1')).rejects.toThrow('cut')
    expect(world.kinds()).not.toContain('refused')
    cut = false
    expect((await passage.pass('crossing-1')).state).toBe('delivered')
  })
})

describe('a crash at any instant', () => {
  const killed = new SekishoError('STORE_UNAVAILABLE', 'killed')

  test.each(['before', 'after'] as const)(
    'killed %s any one of its effects: nothing lost, nothing twice, nothing without evidence',
    async (when) => {
      const whole = newWorld({ active: 1 })
      await whole.passage.receive(newProgress())
      await whole.passage.pass('crossing-1')
      await whole.passage.decide('crossing-1', APPROVER, APPROVE)
      const effects = whole.calls()
      expect(effects).toBeGreaterThan(15)
      for (let call = 1; call <= effects; call += 1) {
        const world = newWorld({ active: 1 })
        world.failAt(call, when, killed)
        // The host calls again and again; each time with a passage that remembers nothing.
        for (let life = 0; life < 4; life += 1) {
          await world.passage
            .receive(newProgress())
            .then(() => world.passage.pass('crossing-1'))
            .then(() => world.passage.decide('crossing-1', APPROVER, APPROVE))
            .catch((error: unknown) => {
              if (error !== killed) throw error
            })
        }
        expect(world.saved.get('crossing-1')?.state).toBe('delivered')
        expect(world.inbox).toEqual([{ id: 'crossing-1', sha256: OUTPUT_SHA256, recorded: true }])
        expect(world.kinds().filter((kind) => kind === 'delivered')).toHaveLength(1)
        expect(world.kinds().filter((kind) => kind === 'approved')).toHaveLength(1)
      }
    },
  )

  test('a throw at any one of its effects ends in a record, never in a delivery without one', async () => {
    const whole = newWorld()
    await through(whole)
    for (let call = 1; call <= whole.calls(); call += 1) {
      for (const when of ['before', 'after'] as const) {
        const world = newWorld()
        world.failAt(call, when, new TypeError('a bug'))
        for (let life = 0; life < 3; life += 1) await through(world).catch(() => undefined)
        const progress = world.saved.get('crossing-1')
        expect(progress && isFinal(progress)).toBe(true)
        expect(world.kinds()).toContain(progress?.state)
        for (const item of world.inbox) expect(item.recorded).toBe(true)
      }
    }
  })

  test('cancelled after the delivery was recorded: the record stands and it is delivered', async () => {
    const world = newWorld()
    await world.passage.receive(newProgress())
    const { deliver } = world.ports
    let once = true
    Object.assign(world.ports, {
      deliver: (progress: Parameters<typeof deliver>[0]) => {
        if (!once) return deliver(progress)
        once = false
        return Promise.reject(killed)
      },
    })
    await expect(world.passage.pass('crossing-1')).rejects.toBe(killed)
    expect(world.inbox).toEqual([])
    expect((await world.passage.cancel('crossing-1', 's0001')).state).toBe('delivered')
    expect(world.inbox).toHaveLength(1)
    expect(world.kinds()).not.toContain('cancelled')
  })
})

describe('approval', () => {
  test('another person approves exactly what they saw: delivered', async () => {
    const world = await held()
    const decided = await world.passage.decide('crossing-1', APPROVER, APPROVE)
    expect(decided).toMatchObject({ ok: true, progress: { state: 'delivered' } })
    expect(world.kinds().slice(-3)).toEqual(['approved', 'answered', 'delivered'])
  })

  test.each([
    ['own file, same person', { ...APPROVER, person: 's0001' }, APPROVE, 'APPROVAL-SELF'],
    ['own file, same account', { ...APPROVER, account: 's0001' }, APPROVE, 'APPROVAL-SELF'],
    ['other bytes', APPROVER, { ...APPROVE, sha256: 'b'.repeat(64) }, 'APPROVAL-BYTES-DIFFER'],
    [
      'other destination',
      APPROVER,
      { ...APPROVE, destination: `${DESTINATION} ` },
      'APPROVAL-DESTINATION-DIFFERS',
    ],
    ['other purpose', APPROVER, { ...APPROVE, purpose: '別の目的' }, 'APPROVAL-PURPOSE-DIFFERS'],
    [
      'return without a reason',
      APPROVER,
      { ...APPROVE, decision: 'return' as const, comment: ' ' },
      'APPROVAL-COMMENT-MISSING',
    ],
    [
      'a comment too long',
      APPROVER,
      { ...APPROVE, comment: 'あ'.repeat(501) },
      'APPROVAL-COMMENT-LONG',
    ],
  ] as const)('%s: not taken, still held', async (_, approver, input, reason) => {
    const world = await held()
    expect(await world.passage.decide('crossing-1', approver, input)).toMatchObject({
      ok: false,
      reason,
    })
    expect(world.saved.get('crossing-1')?.state).toBe('held')
    expect(world.inbox).toEqual([])
  })

  test('decided twice: the second one is told so', async () => {
    const world = await held()
    await world.passage.decide('crossing-1', APPROVER, APPROVE)
    const again = await world.passage.decide('crossing-1', APPROVER, APPROVE)
    expect(again).toMatchObject({ ok: false, reason: 'APPROVAL-ALREADY-DECIDED' })
    expect(world.inbox).toHaveLength(1)
  })

  test('two approvers at the same instant: one decision', async () => {
    const world = await held()
    const { passage } = world
    const both = await Promise.all([
      passage.decide('crossing-1', APPROVER, APPROVE),
      passage.decide(
        'crossing-1',
        { account: 'account-3', person: 's0003', name: '山﨑' },
        { ...APPROVE, decision: 'return', comment: '宛先が違います' },
      ),
    ])
    expect(both.filter((one) => one.ok)).toHaveLength(1)
    expect(
      world.kinds().filter((kind) => kind === 'delivered' || kind === 'returned'),
    ).toHaveLength(1)
  })

  test('returned with a reason: not delivered, and the reason is recorded', async () => {
    const world = await held()
    await world.passage.decide('crossing-1', APPROVER, {
      ...APPROVE,
      decision: 'return',
      comment: '宛先が違います',
    })
    expect(world.entries.at(-1)?.entry).toMatchObject({
      kind: 'returned',
      actor: 's0002',
      detail: { comment: '宛先が違います' },
    })
    expect(world.inbox).toEqual([])
  })

  test.each([
    ['the bytes', { cured: { sha256: 'c'.repeat(64) } }],
    ['the destination', { destination: 'LGWAN接続系／税務課' }],
    ['the purpose', { crossing: { purpose: '別の目的' } }],
  ] as const)('approved, then %s change before delivery: void, held anew', async (_, change) => {
    const world = await held()
    world.failAt(3, 'before', new SekishoError('STORE_UNAVAILABLE', 'killed'))
    await world.passage.decide('crossing-1', APPROVER, APPROVE).catch(() => undefined)
    const approved = world.saved.get('crossing-1')
    if (!approved?.approval || !approved.cured) throw new Error('not approved')
    world.saved.set('crossing-1', {
      ...approved,
      ...('destination' in change ? { destination: change.destination } : {}),
      ...('cured' in change ? { cured: { ...approved.cured, ...change.cured } } : {}),
      ...('crossing' in change ? { crossing: { ...approved.crossing, ...change.crossing } } : {}),
    })
    const after = await world.passage.pass('crossing-1')
    expect(after).toMatchObject({ state: 'held', rounds: 2 })
    expect(after.approval).toBeUndefined()
    expect(world.inbox).toEqual([])
  })

  test('approved, then the approval expires before delivery: asked for anew', async () => {
    const world = await held()
    world.failAt(3, 'before', new SekishoError('STORE_UNAVAILABLE', 'killed'))
    await world.passage.decide('crossing-1', APPROVER, APPROVE).catch(() => undefined)
    world.now = new Date(world.now.getTime() + 25 * 3_600_000)
    expect((await world.passage.pass('crossing-1')).state).toBe('held')
    expect(world.inbox).toEqual([])
  })

  test('nobody decides in 30 days: it goes back by itself, and not a day earlier', async () => {
    const world = await held()
    world.now = new Date(world.now.getTime() + 30 * 86_400_000 - 1)
    expect((await world.passage.pass('crossing-1')).state).toBe('held')
    world.now = new Date(world.now.getTime() + 1)
    expect(await world.passage.pass('crossing-1')).toMatchObject({
      state: 'returned',
      ending: { reason: 'HOLD-DEADLINE' },
    })
  })

  test('the sender takes it back while it waits: cancelled, and cannot be approved any more', async () => {
    const world = await held()
    await world.passage.cancel('crossing-1', 's0001')
    expect(await world.passage.decide('crossing-1', APPROVER, APPROVE)).toMatchObject({
      ok: false,
      reason: 'APPROVAL-ALREADY-DECIDED',
    })
    expect(world.inbox).toEqual([])
  })
})

describe('the last look before the bytes go', () => {
  /** Approved and recorded as delivered, then killed before the delivery itself. */
  async function recordedNotDelivered(): Promise<World> {
    const world = await held()
    const { deliver } = world.ports
    let once = true
    Object.assign(world.ports, {
      deliver: (progress: Progress) => {
        if (!once) return deliver(progress)
        once = false
        return Promise.reject(new SekishoError('STORE_UNAVAILABLE', 'killed'))
      },
    })
    await world.passage.decide('crossing-1', APPROVER, APPROVE).catch(() => undefined)
    expect(world.kinds().at(-1)).toBe('delivered')
    expect(world.inbox).toEqual([])
    return world
  }

  test('what the log says was delivered is delivered, also when the approval is over by then', async () => {
    const world = await recordedNotDelivered()
    world.now = new Date(world.now.getTime() + 25 * 3_600_000)
    expect((await world.passage.pass('crossing-1')).state).toBe('delivered')
    expect(world.inbox).toHaveLength(1)
    expect(world.kinds().filter((kind) => kind === 'held')).toHaveLength(1)
  })

  test('bytes changed after the record are never delivered', async () => {
    const world = await recordedNotDelivered()
    const progress = world.saved.get('crossing-1')
    if (!progress?.cured) throw new Error('nothing cured')
    const cured = { ...progress.cured, sha256: 'c'.repeat(64) }
    const { approval: _, ...rest } = progress
    world.saved.set('crossing-1', { ...rest, cured })
    await expect(world.passage.pass('crossing-1')).rejects.toMatchObject({ code: 'LOG_CORRUPT' })
    expect(world.inbox).toEqual([])
  })

  test('time runs out between the answer and the record: not delivered', async () => {
    const world = await held()
    const { judge } = world.ports
    Object.assign(world.ports, {
      judge: {
        ask: (question: Question) => {
          const answer = judge.ask(question)
          world.now = new Date(world.now.getTime() + 25 * 3_600_000)
          return answer
        },
      },
    })
    const decided = await world.passage.decide('crossing-1', APPROVER, APPROVE)
    expect(decided.progress).toMatchObject({
      state: 'returned',
      ending: { reason: 'APPROVAL-EXPIRED' },
    })
    expect(world.inbox).toEqual([])
  })

  test('a judge that lets everything pass lets nothing through that was not verified', async () => {
    const world = newWorld()
    const pass = { result: 'pass', basis: 'permitted', findings: [], determining: [], errors: [] }
    Object.assign(world.ports, { judge: { ask: () => pass } })
    await through(world)
    expect(world.saved.get('crossing-1')?.ending?.reason).toBe('NOT-VERIFIED')
    expect(world.inbox).toEqual([])
  })

  test('an approval by the sender or for another crossing, put into the store by hand, does not hold', async () => {
    const world = await recordedNotDelivered()
    const progress = world.saved.get('crossing-1')
    if (!progress?.approval) throw new Error('not approved')
    expect(approvalHolds(progress, world.now)).toBe(true)
    for (const change of [
      { crossing: 'crossing-2' },
      { approver: { id: progress.crossing.sender.id, name: 'x' } },
    ])
      expect(
        approvalHolds({ ...progress, approval: { ...progress.approval, ...change } }, world.now),
      ).toBe(false)
  })
})

test('a limit of zero days is an error, not a default', () => {
  const world = newWorld()
  Object.assign(world.ports, { limits: { holdDays: 0 } })
  expect(() => world.passage).toThrow('holdDays')
})
