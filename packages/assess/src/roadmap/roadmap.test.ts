import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createJudge } from '@sekisho/judge'
import { noPlan, type Plan } from './plan-file.ts'
import { planRoadmap, type Roadmap } from './roadmap.ts'
import {
  DAY,
  isSafe,
  reading,
  smallTown,
  someOrderIsSafe,
  TOGGLES,
  townWith,
  type Loose,
  type Toggle,
} from './small-towns.test-support.ts'

const judge = createJudge()

function toggles(...subjects: readonly string[]): readonly Toggle[] {
  return subjects.map((subject) => {
    const toggle = TOGGLES.find((one) => one.subject === subject)
    if (toggle === undefined) throw new Error(subject)
    return toggle
  })
}

function roadmap(
  today: readonly Toggle[],
  target: readonly Toggle[],
  plan: Partial<Plan> = {},
): Roadmap {
  const planned = planRoadmap(townWith(today)!, townWith(target)!, {
    at: DAY,
    judge,
    plan: { ...noPlan(), ...plan },
  })
  if (!planned.ok) throw new Error(planned.problems.map(({ message }) => message).join())
  return planned.roadmap
}

const subjectsOf = ({ steps }: Roadmap): readonly string[] =>
  steps.flatMap(({ subjects }) => subjects)

const BREAKOUT = [
  'controls.AP-01',
  'controls.AP-09',
  'town.model',
  'peers.meet',
  'flows.breakout',
] as const

const CARD_MOVES = ['hosts.juki-cs', 'hosts.juki-t1', 'flows.juki-net'] as const

describe('the planner', () => {
  it('finds a safe order exactly when one of all orders is safe', { timeout: 300_000 }, () => {
    const some = fc.subarray([...TOGGLES])
    const few = fc.subarray([...TOGGLES], { maxLength: 6 })
    const card = fc
      .subarray([...TOGGLES], { maxLength: 3 })
      .map((more) => [...new Set([...toggles(...CARD_MOVES), ...more])])
    const outcomes = { found: 0, none: 0 }
    fc.assert(
      fc.property(some, fc.oneof(few, card), (today, differing) => {
        const target = TOGGLES.filter((one) => today.includes(one) !== differing.includes(one))
        fc.pre(townWith(today) !== undefined && townWith(target) !== undefined)
        const { outcome, steps } = roadmap(today, target)
        const expected = someOrderIsSafe(today, target) ? 'found' : 'none'
        outcomes[expected] += 1
        expect(outcome).toBe(expected)
        let on: readonly Toggle[] = today
        for (const { subjects } of steps) {
          expect(subjects).toHaveLength(1)
          const [toggle] = toggles(subjects[0]!)
          on = on.includes(toggle!) ? on.filter((one) => one !== toggle) : [...on, toggle!]
          expect(isSafe(on, today, target)).toBe(true)
        }
        if (outcome === 'found') expect(TOGGLES.filter((one) => on.includes(one))).toEqual(target)
      }),
      { numRuns: 40, seed: 20_261_122 },
    )
    // A test in which one of the two never comes would show nothing.
    expect(Math.min(outcomes.found, outcomes.none)).toBeGreaterThan(5)
  })

  it('puts the papers before the model, and the model before the local breakout', () => {
    const order = subjectsOf(roadmap([], toggles(...BREAKOUT)))
    const at = (subject: string): number => order.indexOf(subject)
    expect(order.toSorted()).toEqual([...BREAKOUT].toSorted())
    expect(Math.max(at('controls.AP-01'), at('controls.AP-09'))).toBeLessThan(at('town.model'))
    expect(Math.max(at('town.model'), at('peers.meet'))).toBeLessThan(at('flows.breakout'))
  })

  it('lets the gate disarm files before the model that relies on it, and so before the local breakout', () => {
    // Every paper is there, AP-06 too; what the gate really does says otherwise.
    const papers = toggles('controls.AP-01', 'controls.AP-09', 'peers.meet')
    const found = roadmap(
      [...papers, ...toggles('file.file-in')],
      [...papers, ...toggles('town.model', 'flows.breakout')],
    )
    expect(subjectsOf(found)).toEqual(['file.file-in', 'town.model', 'flows.breakout'])
    expect(found.steps[1]!.reasons[0]).toMatchObject({ kind: 'after-finding', steps: [1] })
    expect(found.steps[1]!.reasons[0]!.finding?.rule).toBe('AP-06')
  })

  it('closes the one half of a route into the My Number zone before it opens the other', () => {
    const found = roadmap(toggles('flows.juki-renkei'), toggles('flows.renkei-mail'))
    expect(subjectsOf(found)).toEqual(['flows.juki-renkei', 'flows.renkei-mail'])
    expect(found.steps[1]!.reasons[0]).toMatchObject({ kind: 'after-finding', steps: [1] })
    expect(found.steps[1]!.reasons[0]!.finding?.rule).toBe('ZN-01')
  })

  it('declares a service before it moves an asset there, and says why', () => {
    const found = roadmap([], toggles('services.meeting', 'assets.plans'))
    expect(subjectsOf(found)).toEqual(['services.meeting', 'assets.plans'])
    expect(found.steps[1]!.reasons[0]).toMatchObject({ kind: 'after-unreadable', steps: [1] })
  })

  it('says which changes wait for each other when there is no safe order', () => {
    // The card leaves the first machine only after its flow, the flow moves only after the card: MAC addresses are never twice.
    const found = roadmap([], toggles(...CARD_MOVES, 'controls.AP-01'))
    expect(found).toMatchObject({ outcome: 'none', steps: [] })
    const told = found.blocks.map(({ change, finding }) => [change, finding?.rule])
    expect(told.toSorted((a, b) => (a[0]! < b[0]! ? -1 : 1))).toEqual([
      ['機器「窓口端末1」を変える', undefined],
      ['機器「連携サーバー」を変える', 'ZN-02'],
      ['通信「住基ネットとの連携」を変える', 'ZN-02'],
    ])
    for (const { sentence } of found.blocks) expect(sentence).toMatch(/。$/u)
  })

  it('says so when the target itself has what may never come', () => {
    const found = roadmap([], toggles('flows.renkei-mail', 'flows.juki-renkei'))
    expect(found.outcome).toBe('none')
    expect(found.blocks[0]).toMatchObject({ change: '', finding: { rule: 'ZN-01' } })
  })

  it('never takes a statutory finding or ZN-01 to ZN-03 on the way, whatever a plan puts up with', () => {
    const found = roadmap([], toggles('flows.renkei-mail', 'flows.juki-renkei'), {
      tolerate: [{ rule: 'ZN-01' }],
    })
    expect(found.outcome).toBe('none')
  })

  it('refuses a finding that is on the way only, unless the plan puts up with it', () => {
    const target = toggles(
      'controls.AP-01',
      'controls.AP-09',
      'peers.meet',
      'flows.breakout',
      'town.model',
    )
    const breakoutEarly = {
      changes: [
        { subject: 'flows.breakout', latest: '2026-12-31' },
        { subject: 'town.model', earliest: '2027-01-31' },
      ],
    }
    const strict = roadmap([], target, breakoutEarly)
    expect(strict).toMatchObject({ outcome: 'late', lateForCertain: true })
    expect(strict.conflicts[0]).toMatchObject({ kind: 'late', day: '2026-12-31' })
    const lenient = roadmap([], target, {
      ...breakoutEarly,
      tolerate: [{ rule: 'ZN-13', subject: 'flows.breakout' }],
    })
    expect(lenient.outcome).toBe('found')
    expect(lenient.steps.map(({ after }) => after.beyond)).toContain(1)
  })

  it('gives the same roadmap for the same declarations', () => {
    const target = toggles(...BREAKOUT, 'services.meeting', 'assets.plans')
    expect(roadmap([], target)).toEqual(roadmap([], target))
  })

  it("keeps what the town's own tests say for as long as they stand", () => {
    const [before, after] = [smallTown(), smallTown()]
    const screen = { from: 'host:lg-t1', to: 'host:mail-sv', protocol: 'tcp', ports: [443] }
    const flowNamed = (id: string): Loose => ({
      ...screen,
      id,
      name: id,
      purpose: '画面',
      owner: 'soumu',
      expires: '2029-03-31',
    })
    before['flows'].push(flowNamed('old-screen'))
    after['flows'].push(flowNamed('new-screen'))
    const test = {
      name: '画面を使える',
      from: 'host:lg-t1',
      to: 'host:mail-sv',
      port: 443,
      expect: '通過',
    }
    before['tests'] = after['tests'] = [test]
    const [today, target] = [before, after].map((one) => reading(JSON.stringify(one, undefined, 1)))
    const planned = planRoadmap(today!, target!, { at: DAY, judge })
    expect(planned.ok && subjectsOf(planned.roadmap)).toEqual([
      'flows.new-screen',
      'flows.old-screen',
    ])
    expect(planned.ok && planned.roadmap.steps[1]!.reasons[0]!.finding?.rule).toBe('TOWN-TEST')
  })

  it('turns back from a first step that is safe and leads nowhere', () => {
    // Two relays change places. While they do, the one leads to the Internet zone: fine, unless the My Number zone already joins.
    const town = (relay: string, outward: string, joined: boolean): Loose => {
      const made = smallTown()
      for (const [nth, id] of ['left', 'right'].entries())
        made['systems'].push({
          id,
          name: `中継${nth}`,
          zone: 'lgwan',
          owner: 'soumu',
          hosts: [
            {
              id: `${id}-sv`,
              name: `中継${nth}`,
              role: 'server',
              addresses: [`10.20.8.${nth + 1}`],
            },
          ],
        })
      const paper = { ports: [443], purpose: '連携', owner: 'soumu', expires: '2029-03-31' }
      const registered = {
        number: '特-9',
        approvedBy: '総務課長',
        date: '2026-04-01',
        macLimited: true,
      }
      made['flows'].push(
        { id: 'inward', name: '中継へ', from: 'host:renkei-sv', to: `host:${relay}-sv`, ...paper },
        {
          id: 'outward',
          name: '中継から',
          from: `host:${outward}-sv`,
          to: 'host:mail-sv',
          ...paper,
        },
        ...(joined
          ? [
              {
                id: 'join',
                name: '庁内の連携',
                from: 'host:juki-cs',
                to: 'host:renkei-sv',
                ...paper,
                fixed: registered,
              },
            ]
          : []),
      )
      return made
    }
    const [today, target] = [town('left', 'right', false), town('right', 'left', true)].map((one) =>
      reading(JSON.stringify(one, undefined, 1)),
    )
    const changes = ['inward', 'outward'].map((id) => ({
      subject: `flows.${id}`,
      earliest: '2027-04-01',
    }))
    const planned = planRoadmap(today!, target!, { at: DAY, judge, plan: { ...noPlan(), changes } })
    const order = planned.ok ? subjectsOf(planned.roadmap) : []
    expect(order).toHaveLength(3)
    expect(order.at(-1)).toBe('flows.join')
  })

  it('says that it could not decide when it may not look at enough towns', () => {
    const [today, target] = [townWith([])!, townWith(toggles(...BREAKOUT))!]
    const planned = planRoadmap(today, target, { at: DAY, judge, maxChecks: 3 })
    expect(planned.ok && planned.roadmap.outcome).toBe('undecided')
  })

  it('plans nothing when nothing differs', () => {
    expect(roadmap([], [])).toMatchObject({ outcome: 'found', steps: [] })
  })
})

describe('changes that no readable town separates', () => {
  const planned = (change: (town: Loose) => void): Roadmap => {
    const town = smallTown()
    change(town)
    const result = planRoadmap(
      reading(JSON.stringify(smallTown(), undefined, 1)),
      reading(JSON.stringify(town, undefined, 1)),
      {
        at: DAY,
        judge,
      },
    )
    if (!result.ok) throw new Error('plan')
    return result.roadmap
  }

  it('two machines that swap addresses are one step', () => {
    const { outcome, steps } = planned((town) => {
      const [, one, other] = town['systems'][0].hosts
      ;[one.addresses, other.addresses] = [other.addresses, one.addresses]
    })
    expect(outcome).toBe('found')
    expect(steps.map(({ subjects }) => subjects)).toEqual([['hosts.juki-t1', 'hosts.juki-t2']])
  })

  it('a system moves to another zone with its machines, and the services it may disturb are named', () => {
    const { outcome, steps } = planned((town) => {
      town['systems'].push({
        id: 'new',
        name: '新しい領域のシステム',
        zone: 'lgwan',
        owner: 'soumu',
      })
      town['systems'][2].zone = 'lgwan'
      town['systems'][2].hosts[0].addresses = ['10.20.9.9']
    })
    expect(outcome).toBe('found')
    expect(steps.map(({ subjects }) => subjects)).toContainEqual(['systems.mail', 'hosts.mail-sv'])
  })
})

describe('dates', () => {
  const target = toggles(...BREAKOUT)

  it('a renewal, a contract and the capacity decide the half-year', () => {
    const { steps, outcome } = roadmap([], target, {
      capacity: 2,
      changes: [{ subject: 'town.model', earliest: '2027-04-01' }],
    })
    expect(outcome).toBe('found')
    expect(steps.map(({ fiscalYear, half }) => `${fiscalYear}${half}`)).toEqual([
      '令和8年度2',
      '令和8年度2',
      '令和9年度1',
      '令和9年度1',
      '令和9年度2',
    ])
    expect(steps[4]!.reasons.map(({ kind }) => kind)).toContain('capacity')
  })

  it('equipment is not touched before its renewal, and a contract is left by its end', () => {
    const done = roadmap(toggles('hosts.juki-t2', 'flows.web'), [], {
      renewals: [{ subject: 'systems.juki', on: '2028-04-01' }],
      contracts: [{ subject: 'flows.web', ends: '2027-03-31' }],
    })
    expect(done.outcome).toBe('found')
    expect(done.steps.map(({ subjects, day }) => [subjects[0], day])).toEqual([
      ['flows.web', DAY],
      ['hosts.juki-t2', '2028-04-01'],
    ])
  })

  it('keeps an order that dates ask for when another would be safe too', () => {
    const order = subjectsOf(
      roadmap([], toggles('controls.AP-01', 'controls.AP-09', 'peers.meet'), {
        capacity: 1,
        changes: [{ subject: 'peers.meet', latest: '2027-03-31' }],
      }),
    )
    expect(order[0]).toBe('peers.meet')
  })

  it('says that a duty of the law is not met on its day, and that the target does not meet it either', () => {
    const found = roadmap([], toggles('controls.AP-01'))
    expect(found.outcome).toBe('found')
    expect(found.conflicts).toMatchObject([{ kind: 'open', day: '2027-07-01', rule: 'OP-09' }])
  })

  it('says that a duty cannot be met when its paper cannot be there in time', () => {
    const late = smallTown()
    late['controls'].push({ control: 'OP-09', title: '省令の確認票', date: '2027-08-01' })
    const planned = planRoadmap(townWith([])!, reading(JSON.stringify(late, undefined, 1)), {
      at: DAY,
      judge,
    })
    expect(planned.ok && planned.roadmap).toMatchObject({
      outcome: 'late',
      lateForCertain: true,
      conflicts: [
        { kind: 'late', day: '2027-07-01', step: 1 },
        { kind: 'duty', day: '2027-07-01', rule: 'OP-09' },
      ],
    })
  })

  it('renews a paper before the model that asks for it, when it would have lapsed on the day', () => {
    const papers = toggles('controls.AP-01', 'controls.AP-09')
    const renewed = townWith([...papers, ...toggles('town.model')])!.document.toJS() as Loose
    renewed['controls'] = renewed['controls'].map((one: Loose) =>
      one['control'] === 'AP-01' ? { ...one, date: '2027-12-01' } : one,
    )
    const wanted = reading(JSON.stringify(renewed, undefined, 1))
    const plan = (latest: string): Roadmap => {
      const planned = planRoadmap(townWith(papers)!, wanted, {
        at: DAY,
        judge,
        plan: {
          ...noPlan(),
          start: '2027-11-01',
          capacity: 1,
          changes: [{ subject: 'town.model', latest }],
        },
      })
      if (!planned.ok) throw new Error('plan')
      return planned.roadmap
    }
    expect(subjectsOf(plan('2028-04-30'))).toEqual(['controls.AP-01', 'town.model'])
    const lapsed = plan('2027-11-30')
    expect(lapsed.outcome).toBe('late')
    expect(lapsed.conflicts.map(({ kind }) => kind)).toContain('late')
  })

  it('does not let a model go before its paper because that paper will have lapsed when the last one is written', () => {
    const later = townWith(toggles(...BREAKOUT))!.document.toJS() as Loose
    const paper = (control: string): Loose =>
      later['controls'].find((one: Loose) => one['control'] === control)
    paper('AP-01')['date'] = '2027-02-01'
    paper('OP-04')['date'] = '2028-06-01'
    const planned = planRoadmap(townWith([])!, reading(JSON.stringify(later, undefined, 1)), {
      at: DAY,
      judge,
      plan: { ...noPlan(), changes: [{ subject: 'flows.breakout', earliest: '2028-06-01' }] },
    })
    const order = planned.ok ? subjectsOf(planned.roadmap) : []
    expect(order.indexOf('controls.AP-01')).toBeGreaterThanOrEqual(0)
    expect(order.indexOf('controls.AP-01')).toBeLessThan(order.indexOf('town.model'))
  })

  it('a plan that names what is nowhere is refused, with what was meant', () => {
    const planned = planRoadmap(townWith([])!, townWith(target)!, {
      at: DAY,
      plan: { ...noPlan(), changes: [{ subject: 'flows.breakuot' }] },
    })
    expect(planned.ok ? [] : planned.problems.map(({ reason }) => reason)).toEqual(['PLAN-SUBJECT'])
  })
})
