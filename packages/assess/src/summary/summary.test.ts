import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { EDITIONS, MODELS } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CONTROL_STATES } from '../control-row.ts'
import { assess } from '../gap.ts'
import { DAY, kasumi, mended } from '../town.test-support.ts'
import { bodyResult, CHAIN_KINDS } from './body.ts'
import type { BodyResult } from './body.ts'
import { hiddenGroups, LEAST_TOGETHER } from './few.ts'
import { mostOftenFound } from './most.ts'
import { belongingOf, PREFECTURES } from './prefecture.ts'
import { askedOf, foundOf, standingOf } from './standing.ts'
import { SummaryCount } from './summary.ts'
import type { Summary } from './summary.ts'

const CONTROLS = loadGuideline().controls.map(({ id }) => id)
const STATES = [...CONTROL_STATES]

const some = (more: Partial<BodyResult> = {}): BodyResult => ({
  file: 'town.yaml',
  name: '見本町',
  model: 'α',
  edition: 'R8.3',
  staff: 184,
  states: CONTROLS.map((control) => [control, 'met'] as const),
  chains: { out: 0, ask: 0, in: 0 },
  allMet: true,
  disagrees: false,
  ...more,
})
const many = (count: number, more: Partial<BodyResult> = {}): BodyResult[] =>
  Array.from({ length: count }, () => some(more))

function counted(bodies: readonly BodyResult[], names = false): Summary {
  const count = new SummaryCount({ at: DAY, names })
  for (const body of bodies) count.add(body)
  return count.summary()
}

/** Bodies as chance makes them, most of them in few prefectures, some control asked of hardly any. */
const bodies = fc.array(
  fc.record({
    prefecture: fc.constantFrom(undefined, '01', '13', '13', '14', '17', '47'),
    model: fc.constantFrom(...MODELS),
    staff: fc.constantFrom(1, 99, 100, 299, 300, 2_999, 3_000, 20_000),
    kinds: fc.array(fc.constantFrom(...STATES, 'not-asked' as const), {
      minLength: CONTROLS.length,
      maxLength: CONTROLS.length,
    }),
    chains: fc.record({ out: fc.nat(3), ask: fc.nat(3), in: fc.nat(3) }),
  }),
  { maxLength: 40 },
)
type Drawn = typeof bodies extends fc.Arbitrary<infer Value> ? Value : never
const made = (drawn: Drawn): readonly BodyResult[] =>
  drawn.map(({ prefecture, model, staff, kinds, chains }) =>
    some({
      ...(prefecture !== undefined && { prefecture: prefecture as '13' }),
      model,
      staff,
      chains,
      states: CONTROLS.map((control, index) => {
        const asked = model === 'β′' || !control.startsWith('BT-')
        return [control, asked ? kinds[index]! : 'not-asked'] as const
      }),
      allMet: kinds.every((state) => state === 'met'),
    }),
  )

describe('where a body belongs', () => {
  test.each([
    ['131016', 'x.yaml', '13'],
    ['131016', '14/x.yaml', '13'],
    [undefined, '14/x.yaml', '14'],
    [undefined, '14-神奈川/町/x.yaml', '14'],
    [undefined, '京都府/x.yaml', '26'],
    [undefined, '東京都の町\\x.yaml', '13'],
    [undefined, '14.yaml', undefined],
    [undefined, '141003/x.yaml', undefined],
    [undefined, '48/x.yaml', undefined],
    ['990001', 'x.yaml', undefined],
    ['990001', '47/x.yaml', '47'],
  ])('code %s in %s: %s', (code, file, prefecture) => {
    expect(belongingOf(code, file).prefecture).toBe(prefecture)
  })

  test('the code decides, and a folder that says otherwise is told', () => {
    expect(belongingOf('131016', '14/x.yaml').disagrees).toBe(true)
    expect(belongingOf('131016', '13/x.yaml').disagrees).toBe(false)
    const count = new SummaryCount({ at: DAY })
    expect(count.add(some({ disagrees: true }))).toBe('disagrees')
    expect(count.summary().disagreeing).toBe(1)
  })

  test('there are 47, from north to south', () => {
    expect(PREFECTURES).toHaveLength(47)
    expect([PREFECTURES[0], PREFECTURES[9], PREFECTURES[46]]).toEqual(['01', '10', '47'])
  })
})

describe('one body', () => {
  test('is counted as the assessment says, with its chains', () => {
    const read = kasumi()
    const assessment = assess(read, { at: DAY })
    const body = bodyResult(read, assessment, '13/kasumi.yaml')
    expect(body.states).toHaveLength(CONTROLS.length)
    expect(standingOf(body).counts).toEqual(assessment.models[0]!.counts)
    expect(body).toMatchObject({ name: '香澄町', prefecture: '13', staff: 184, allMet: false })
  })

  test('a way for what comes from the Internet is a chain', () => {
    const read = mended({
      path: 'gates.file[0].method',
      value: 'eye-check',
    })
    const before = mended()
    const chainsOf = (town: typeof read) =>
      bodyResult(town, assess(town, { at: DAY }), 'x.yaml').chains
    expect(chainsOf(before)).toEqual({ out: 0, ask: 0, in: 0 })
    expect(chainsOf(read).in).toBeGreaterThan(0)
  })

  test('what was not checked is not met, and what was not asked is no part of the whole', () => {
    const states = CONTROLS.map(
      (control, index) =>
        [control, index === 0 ? 'not-asked' : index < 26 ? 'met' : 'not-checked'] as const,
    )
    expect(standingOf({ states })).toMatchObject({ share: 50, found: 0 })
    const none = CONTROLS.map((control) => [control, 'not-asked'] as const)
    expect(standingOf({ states: none }).share).toBe(0)
  })
})

describe('a summary', () => {
  test('of the nation is the sum of what was added, and the middle is in the middle', () => {
    fc.assert(
      fc.property(bodies, (drawn) => {
        const all = made(drawn)
        const { nation, least } = counted(all, true)
        expect(least).toBe(1)
        expect(nation.bodies).toBe(all.length)
        if (nation.outcome === undefined) {
          expect(all).toEqual([])
          return
        }
        for (const model of MODELS)
          expect(nation.outcome.models[model]).toBe(all.filter((one) => one.model === model).length)
        for (const { control, counts } of nation.outcome.controls)
          for (const state of CONTROL_STATES)
            expect(counts![state]).toBe(
              all.filter(({ states }) =>
                states.some((one) => one[0] === control && one[1] === state),
              ).length,
            )
        for (const kind of CHAIN_KINDS)
          expect(nation.outcome.chains[kind]).toEqual({
            bodies: all.filter(({ chains }) => chains[kind] > 0).length,
            chains: all.reduce((sum, { chains }) => sum + chains[kind], 0),
          })
        const shares = all.map((one) => standingOf(one).share).toSorted((a, b) => a - b)
        const found = all.map((one) => standingOf(one).found).toSorted((a, b) => b - a)
        const middle = Math.ceil(all.length / 2) - 1
        expect(nation.outcome.share).toEqual({ median: shares[middle], worst: shares[0] })
        expect(nation.outcome.found).toEqual({ median: found[middle], worst: found[0] })
      }),
      { numRuns: 60 },
    )
  })

  test('counts every place once, and the places are the nation', () => {
    fc.assert(
      fc.property(bodies, (drawn) => {
        const { nation, places } = counted(made(drawn), true)
        expect(places.reduce((sum, one) => sum + one.bodies, 0)).toBe(nation.bodies)
        expect(new Set(places.map(({ place }) => place)).size).toBe(places.length)
        for (const edition of EDITIONS)
          expect(places.reduce((sum, one) => sum + (one.outcome?.editions[edition] ?? 0), 0)).toBe(
            nation.outcome?.editions[edition] ?? 0,
          )
      }),
      { numRuns: 40 },
    )
  })

  test('the ten controls most often unmet, most first, and none that is met everywhere', () => {
    const states = (unmet: number) =>
      CONTROLS.map((control, index) => [control, index < unmet ? 'unmet' : 'met'] as const)
    const all = [...many(5, { states: states(2) }), ...many(1, { states: states(1) })]
    const most = mostOftenFound(counted(all).nation.outcome!)
    expect(most.map(({ control, counts }) => [control, foundOf(counts)])).toEqual([
      [CONTROLS[0], 6],
      [CONTROLS[1], 5],
    ])
    expect(mostOftenFound(counted(many(5, { states: states(30) })).nation.outcome!)).toHaveLength(
      10,
    )
  })

  test('a declaration that cannot be read is counted with its reason where its folder lies', () => {
    const count = new SummaryCount({ at: DAY })
    for (const body of many(5)) count.add(body)
    const unread = { reason: 'TOWN-SYNTAX', message: '葛城町' }
    count.addUnread({ file: '13/a.yaml', ...unread })
    count.addUnread({ file: '13/b.yaml', ...unread })
    count.addUnread({ file: 'c.yaml', ...unread, reason: 'EACCES' })
    const { nation, places, unread: told } = count.summary()
    expect(nation).toMatchObject({ bodies: 5, unread: 3 })
    expect(places.map(({ place, unread: files }) => [place, files])).toEqual([
      ['13', 2],
      ['unknown', 1],
    ])
    expect(told).toEqual([
      { place: '13', reason: 'TOWN-SYNTAX', files: 2 },
      { place: 'unknown', reason: 'EACCES', files: 1 },
    ])
    expect(JSON.stringify(count.summary())).not.toMatch(/葛城|yaml/u)
  })

  test('two declarations with one code are both counted, and told', () => {
    const count = new SummaryCount({ at: DAY })
    expect(count.add(some({ code: '131016' }))).toBeUndefined()
    expect(count.add(some({ code: '131016' }))).toBe('doubled')
    expect(count.summary()).toMatchObject({ doubled: 1, nation: { bodies: 2 } })
  })

  test('keeps nothing of a body but numbers', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const count = new SummaryCount({ at: DAY })
    const weak = many(50).map((body) => {
      count.add(body)
      return new WeakRef(body)
    })
    // A weak reference holds its target until the present job is done.
    await new Promise((done) => void setTimeout(done, 0))
    collect()
    expect(weak.filter((one) => one.deref() !== undefined)).toEqual([])
    expect(count.summary().nation.bodies).toBe(50)
  })
})

describe('small numbers', () => {
  test('no group smaller than five is shown or can be had by subtracting', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(12), { maxLength: 12 }), (sizes) => {
        const hidden = hiddenGroups(sizes, LEAST_TOGETHER)
        const together = [...hidden].reduce((sum, group) => sum + sizes[group]!, 0)
        const all = sizes.reduce((sum, size) => sum + size, 0)
        for (const [group, size] of sizes.entries())
          if (!hidden.has(group)) expect(size === 0 || size >= LEAST_TOGETHER).toBe(true)
        expect(together === 0 || together >= LEAST_TOGETHER || together === all).toBe(true)
      }),
    )
  })

  test('of a whole summary: neither a place nor a control says anything of fewer than five', () => {
    fc.assert(
      fc.property(bodies, (drawn) => {
        const { nation, places, few } = counted(made(drawn))
        const shown = [...places.map(({ outcome }) => outcome), few].filter(
          (outcome) => outcome !== undefined,
        )
        for (const outcome of [...shown, nation.outcome])
          if (outcome !== undefined) expect(outcome.bodies).toBeGreaterThanOrEqual(LEAST_TOGETHER)
        if (nation.outcome === undefined) {
          expect(shown).toEqual([])
          return
        }
        expect(shown.reduce((sum, { bodies: count }) => sum + count, 0)).toBe(nation.bodies)
        for (const [index, { asked, counts }] of nation.outcome.controls.entries()) {
          const told = shown.map(({ controls }) => controls[index]!).filter((one) => one.counts)
          for (const one of told) {
            expect(one.asked).toBe(askedOf(one.counts!))
            expect(one.asked === 0 || one.asked >= LEAST_TOGETHER).toBe(true)
          }
          const rest = asked - told.reduce((sum, one) => sum + one.asked, 0)
          if (counts !== undefined) expect(rest === 0 || rest >= LEAST_TOGETHER).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('four bodies are too few to say how they stand, and five are not', () => {
    expect(counted(many(4)).nation).toEqual({ bodies: 4, unread: 0 })
    expect(counted(many(5)).nation.outcome?.bodies).toBe(5)
  })

  test('a control asked of one body only is not told', () => {
    const only = some({ model: 'β′' })
    const others = many(9, {
      states: CONTROLS.map(
        (control) => [control, control === 'BT-01' ? 'not-asked' : 'met'] as const,
      ),
    })
    const { nation } = counted([only, ...others])
    const control = nation.outcome!.controls.find((one) => one.control === 'BT-01')
    expect(control).toEqual({ control: 'BT-01', asked: 1 })
  })

  test('a control of one body in one prefecture cannot be had from the nation and the other prefecture', () => {
    const states = CONTROLS.map(
      (control) => [control, control === 'BT-01' ? 'not-asked' : 'met'] as const,
    )
    const { nation, places } = counted([
      ...many(10, { prefecture: '13' }),
      some({ prefecture: '14' }),
      ...many(5, { prefecture: '14', states }),
    ])
    const of = (outcome: Summary['nation']['outcome']) =>
      outcome!.controls.find(({ control }) => control === 'BT-01')
    expect(of(nation.outcome)?.counts?.met).toBe(11)
    expect(places.map(({ outcome }) => of(outcome))).toEqual([
      { control: 'BT-01', asked: 10 },
      { control: 'BT-01', asked: 1 },
    ])
  })

  test('by name nothing is hidden, and names are there only then', () => {
    const all = [some({ name: '葛\u{E0102}城町', prefecture: '29' })]
    const named = counted(all, true)
    expect(named.places[0]?.outcome?.bodies).toBe(1)
    expect(named.named?.bodies[0]?.name).toBe('葛\u{E0102}城町')
    expect(JSON.stringify(counted(all))).not.toContain('城町')
  })
})

test('the same bodies give the same bytes', () => {
  fc.assert(
    fc.property(bodies, (drawn) => {
      expect(JSON.stringify(counted(made(drawn)))).toBe(JSON.stringify(counted(made(drawn))))
    }),
    { numRuns: 10 },
  )
})
