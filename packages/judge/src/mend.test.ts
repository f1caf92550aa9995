import { DECISIONS } from '@sekisho/core'
import type { Question } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCompiledJudge } from './compiled/compiled-judge.ts'
import { conclude, mendForm } from './conclude.ts'
import type { AskedFor } from './conclude.ts'
import { readShapes } from './facts.ts'
import { createJudge } from './judge.ts'
import { smallestChange } from './mend.ts'
import type { FactChange, Placed } from './mend.ts'
import type { Facts } from './oracle.test-support.ts'
import { readRuleSet } from './rule-set.ts'
import type { RuleSet } from './rule-set.ts'
import { anyFacts } from './samples.test-support.ts'

const { forms, schema, rules } = loadGuideline()
const shapes = readShapes(schema)
// It gives the answers of the engine, and of this there are thousands.
const judge = createCompiledJudge()
/** So many changes have as many strict subsets as can be tried one by one. */
const MOST = 9

const asked = (question: string, facts: Facts): Question =>
  ({ question, facts }) as unknown as Question
const passes = (question: string, facts: Facts, changes: readonly FactChange[]): boolean => {
  const after = { ...facts, ...Object.fromEntries(changes.map(({ fact, to }) => [fact, to])) }
  return judge.ask(asked(question, after)).result === 'pass'
}
const strictSubsets = (changes: readonly FactChange[]): FactChange[][] =>
  Array.from({ length: 2 ** changes.length - 1 }, (_, mask) =>
    changes.filter((__, index) => (mask >> index) % 2 === 1),
  )

/** Every change that a rule names which speaks, or speaks once all that is named is made. Written without the search. */
function everyNamed(question: string, facts: Facts): FactChange[] {
  const all = new Map<string, FactChange>()
  for (let before = -1; before < all.size;) {
    before = all.size
    const made = Object.fromEntries([...all.values()].map(({ fact, to }) => [fact, to]))
    const { determining } = judge.ask(asked(question, { ...facts, ...made }))
    for (const rule of rules)
      if (rule.kind === 'forbid' && rule.question === question && determining.includes(rule.id))
        for (const { fact, value: to, comparison } of rule.needs)
          if (comparison === 'at-least' ? Number(facts[fact]) < Number(to) : facts[fact] !== to)
            all.set(`${fact} ${String(to)}`, { fact, from: facts[fact]!, to, who: rule.who })
  }
  return [...all.values()]
}

describe('what would have to be otherwise', () => {
  for (const form of forms)
    it(`${form.question}: fewer of all that is named never do, and where there is no way, nothing named is one`, () => {
      fc.assert(
        fc.property(anyFacts(shapes.get(form.question)!), (facts) => {
          const question = asked(form.question, facts)
          const named = everyNamed(form.question, facts)
          // So many have as many subsets as can be tried one by one.
          if (named.length > MOST || judge.ask(question).basis === 'error') return
          const fewest = judge.mend(question)?.length ?? Number.POSITIVE_INFINITY
          for (const set of [...strictSubsets(named), named])
            if (set.length < fewest) expect(passes(form.question, facts, set)).toBe(false)
        }),
        { numRuns: 60 },
      )
    })

  for (const [question, shape] of shapes)
    it(`${question}: lets it pass, and no part of it does`, () => {
      fc.assert(
        fc.property(anyFacts(shape), (facts) => {
          const changes = judge.mend(asked(question, facts))
          if (changes === undefined) return
          expect(passes(question, facts, changes)).toBe(true)
          if (changes.length > MOST) return
          for (const subset of strictSubsets(changes))
            expect(passes(question, facts, subset)).toBe(false)
        }),
        { numRuns: 60 },
      )
    })

  for (const form of forms)
    it(`${form.question}: is as little as any rule knows, in every example`, () => {
      const needs = rules
        .filter((rule) => rule.question === form.question && rule.kind === 'forbid')
        .flatMap((rule) => rule.needs)
      for (const { facts, town, expect: wanted } of form.examples) {
        const whole = { model: 'α', edition: 'R8.3', ...town, ...facts, ...wanted.found } as Facts
        const changes = judge.mend(asked(form.question, whole))
        // Written without the search: no single change that a rule names does what several were said to be needed for.
        if (changes === undefined || changes.length < 2) continue
        for (const { fact, comparison, value } of needs) {
          // What holds already is no change: 1,000 persons made 1 would be another incident.
          const now = whole[fact]
          if (comparison === 'at-least' ? Number(now) >= Number(value) : now === value) continue
          expect(
            judge.ask(asked(form.question, { ...whole, [fact]: value })).result,
            `${fact}=${String(value)}`,
          ).not.toBe('pass')
        }
      }
    })

  for (const form of forms)
    it(`${form.question}: filled into the form, lets it pass, and names nothing that the form does not ask`, () => {
      fc.assert(
        fc.property(anyFacts(shapes.get(form.question)!), ({ model, edition, ...given }) => {
          const town = { model, edition } as AskedFor
          const before = conclude(judge, form, town, given)
          const changes = mendForm(judge, form, town, before)
          const { model: _, edition: __, ...judged } = before.facts
          if (changes === undefined) {
            // No way: then neither is all that is named, seen to at once.
            const named = everyNamed(form.question, before.facts)
            const all = Object.fromEntries(named.map(({ fact, to }) => [fact, to]))
            const { answer } = conclude(judge, form, town, { ...judged, ...all })
            if (before.answer.basis !== 'error') expect(answer.result).not.toBe('pass')
            return
          }
          const made = Object.fromEntries(changes.map(({ fact, to }) => [fact, to]))
          const after = conclude(judge, form, town, { ...judged, ...made })
          expect(after.answer.result).toBe('pass')
          for (const [fact, to] of Object.entries(made)) expect(after.facts[fact]).toBe(to)
        }),
        // Of a form as long as that of a contract, thousands of sets are tried each time.
        { numRuns: form.facts.length > 40 ? 5 : 40 },
      )
    })

  it('says who may see to it, and the engine says the same', () => {
    const engine = createJudge()
    for (const question of DECISIONS) {
      const form = forms.find((one) => one.question === question)!
      for (const { facts, town, expect: wanted } of form.examples) {
        const whole = { model: 'α', edition: 'R8.3', ...town, ...facts, ...wanted.found } as Facts
        const changes = judge.mend(asked(question, whole))
        if ((changes?.length ?? 0) > 6) continue
        expect(engine.mend(asked(question, whole))).toEqual(changes)
        for (const { who } of changes ?? []) expect(who).toMatch(/^[a-z-]+$/u)
      }
    }
  })
})

/** A form may ask one fact only once another is said: no example of ours needs both of one rule yet, so rules and form are made up. */
describe('what hangs on another fact', () => {
  const known = [...readRuleSet([]).forbids.values()].find(({ who }) => who === 'it-officer')!
  const need = (fact: string) => ({ fact, comparison: 'equal', value: true }) as const
  // The rule reads the kind of the paper alone; that there is one at all stands in its words.
  const forbid = {
    ...known,
    id: 'MADE-UP',
    key: 'MADE-UP',
    question: 'classify' as const,
    text: 'forbid (principal, action, resource) unless { context.paperSigned };',
    needs: [need('hasPaper'), need('paperSigned')],
  }
  const made: RuleSet = {
    ...readRuleSet([]),
    permits: [],
    forbids: new Map([[forbid.key, forbid]]),
  }
  /** The page asks whether it is signed only where there is one, and takes it as not signed else. */
  const settle: Placed['settle'] = (facts) =>
    facts['hasPaper'] === true ? facts : { ...facts, paperSigned: false }
  const unasked = judge.ask(asked('classify', {}))
  const ask = ({ facts }: Question) => {
    const passing = (facts as unknown as Facts)['paperSigned'] === true
    return {
      ...unasked,
      basis: passing ? ('permitted' as const) : ('forbidden' as const),
      result: passing ? ('pass' as const) : ('refuse' as const),
      determining: passing ? [] : [forbid.id],
      findings: [],
    }
  }
  const given = { hasPaper: false, paperSigned: false }
  const changed = (hangsOn: Placed['hangsOn']) =>
    smallestChange(ask, made, asked('classify', given), { settle, hangsOn })?.map(
      ({ fact }) => fact,
    )

  it('is changed together with it: else nothing would be said to help where both do', () => {
    expect(changed(new Map([['paperSigned', ['hasPaper']]]))).toEqual(['hasPaper', 'paperSigned'])
    // What the search is told of the form is what finds it.
    expect(changed(new Map())).toBeUndefined()
  })

  it('is changed with all that it hangs on, over several steps', () => {
    const long: RuleSet = {
      ...made,
      forbids: new Map([[forbid.key, { ...forbid, needs: [need('hasTown'), ...forbid.needs] }]]),
    }
    const far: Placed = {
      settle: (facts) => settle(facts['hasTown'] === true ? facts : { ...facts, hasPaper: false }),
      hangsOn: new Map([
        ['paperSigned', ['hasPaper']],
        ['hasPaper', ['hasTown']],
      ]),
    }
    const question = asked('classify', { hasTown: false, ...given })
    expect(smallestChange(ask, long, question, far)?.map(({ fact }) => fact)).toEqual([
      'hasTown',
      'hasPaper',
      'paperSigned',
    ])
  })
})

describe('every form', () => {
  it('tells the search on what each of its facts hangs', () => {
    const hanging = forms.filter(({ facts }) => facts.some(({ when }) => when !== undefined))
    expect(hanging.length).toBeGreaterThan(0)
    for (const form of hanging) {
      const told: Placed[] = []
      const listening = {
        mend: (_: Question, placed?: Placed) => {
          if (placed) told.push(placed)
          return undefined
        },
      }
      mendForm(listening, form, { model: 'α', edition: 'R8.3' }, { facts: {} })
      for (const { name, when = {} } of form.facts)
        expect(told[0]?.hangsOn.get(name), name).toEqual(Object.keys(when))
    }
  })
})
