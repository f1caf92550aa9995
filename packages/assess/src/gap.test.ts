import type { Answer, Question } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import { createJudge } from '@sekisho/judge'
import { checkTown } from '@sekisho/town'
import { describe, expect, test } from 'vitest'
import { assess } from './gap.ts'
import { hasFindings, isAllMet, toDo } from './to-do.ts'
import { DAY, kasumi, mended } from './town.test-support.ts'

const { controls } = loadGuideline()
type Read = ReturnType<typeof mended>

const own = (read: Read, options: Parameters<typeof assess>[1] = {}) =>
  assess(read, { at: DAY, ...options }).models[0]!
const row = (read: Read, control: string, options: Parameters<typeof assess>[1] = {}) =>
  own(read, options).rows.find((one) => one.control === control)!
const asModel = (read: Read, model: string) =>
  assess(read, { at: DAY }).models.find((one) => one.model === model)!
const paper = (control: string, date = DAY) => ({ control, title: `${control} の文書`, date })
const everyPaper = { path: 'controls', value: controls.map(({ id }) => paper(id)) }

describe('the table', () => {
  test('has a row for each of the 51 controls, for the town’s model and each other model', () => {
    const { models } = assess(kasumi(), { at: DAY })
    expect(models.map(({ model, own: is }) => [model, is])).toEqual([
      ['α', true],
      ['α′', false],
      ['β', false],
      ['β′', false],
    ])
    for (const { rows, counts } of models) {
      expect(rows.map(({ control }) => control)).toEqual(controls.map(({ id }) => id))
      expect(rows).toHaveLength(51)
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(51)
    }
  })

  test('knows only the models of the edition', () => {
    const models = (edition: 'H30.9' | 'R5.3') =>
      assess(kasumi(), { at: DAY, edition }).models.map(({ model }) => model)
    expect(models('H30.9')).toEqual(['α'])
    expect(models('R5.3')).toEqual(['α', 'β', 'β′'])
  })

  test('a model that the edition does not know is asked nothing, and nothing is met', () => {
    const gap = own(kasumi({ path: 'town.model', value: 'α′' }), { edition: 'R5.3' })
    expect(gap.counts).toMatchObject({ met: 0, 'not-asked': 51 })
    expect(new Set(gap.rows.map(({ reason }) => reason))).toEqual(new Set(['model-not-in-edition']))
    expect(isAllMet(gap)).toBe(false)
    expect(hasFindings(gap)).toBe(true)
  })

  test('loses no finding of the check and invents none', () => {
    for (const read of [kasumi(), mended(), kasumi({ path: 'town.model', value: 'β′' })]) {
      const gap = own(read)
      const key = ({ rule, path }: { rule: string; path?: string }) => `${rule} ${path}`
      const all = [...gap.rows.flatMap(({ findings }) => findings), ...gap.others].map(key)
      const wanted = checkTown(read, { at: DAY }).findings.map(key)
      expect(all.toSorted()).toEqual(wanted.toSorted())
    }
  })

  test('every row says why, and what is not met and asked has a cure', () => {
    for (const { rows } of assess(kasumi(), { at: DAY }).models)
      for (const { why, cure, state, name, control } of rows) {
        expect(why).toMatch(/。$/u)
        expect(name).not.toBe(control)
        expect(cure !== undefined).toBe(state !== 'met' && state !== 'not-asked')
      }
  })
})

describe('what was not checked never counts as met', () => {
  test('a paper is not enough for a control that asks for a log, a person or a configuration', () => {
    const read = mended(everyPaper)
    const beyond = new Map(controls.map(({ id, beyondPaper }) => [id, beyondPaper]))
    for (const { rows } of assess(read, { at: DAY }).models)
      for (const { control, state, basis } of rows)
        if (beyond.get(control) === true && basis === 'paper') expect(state).not.toBe('met')
    expect(row(read, 'OP-04')).toMatchObject({ state: 'not-checked', basis: 'paper' })
    expect(row(read, 'OP-04').unmeasured).toEqual(['log'])
    expect(row(read, 'OP-06')).toMatchObject({ state: 'met', basis: 'paper', unmeasured: [] })
  })

  test('a declaration is not a log: files are declared as recorded, nobody saw the records', () => {
    expect(row(mended(), 'ZN-08')).toMatchObject({ state: 'not-checked', basis: 'configuration' })
    expect(row(mended(), 'ZN-07')).toMatchObject({ state: 'met', unmeasured: ['log'] })
  })

  test('a town without a finding is still not all met', () => {
    const gap = own(mended())
    expect(hasFindings(gap)).toBe(false)
    expect(isAllMet(gap)).toBe(false)
    expect(toDo(gap).every(({ state }) => state === 'not-checked')).toBe(true)
  })

  test('a judge that errs on one kind of question leaves its controls unchecked', () => {
    const judge = createJudge()
    const broken: Answer = {
      result: 'refuse',
      basis: 'error',
      findings: [],
      determining: [],
      errors: ['RULE-ERROR'],
    }
    const ask = (question: Question): Answer =>
      question.question === 'check-host' || question.question === 'check-organisation'
        ? broken
        : judge.ask(question)
    for (const control of ['ZN-04', 'ZN-05', 'OP-01', 'OP-02', 'OP-03'])
      expect(row(mended(), control, { judge: { ask } })).toMatchObject({
        state: 'not-checked',
        reason: 'not-answered',
      })
    expect(row(mended(), 'ZN-01', { judge: { ask } }).state).toBe('met')
  })

  test('an answer of neither permit nor forbid says nothing of the rule', () => {
    const judge = createJudge()
    const ask = (question: Question): Answer => {
      const answer = judge.ask(question)
      return question.question === 'check-flow' && answer.result === 'pass'
        ? { ...answer, result: 'refuse', basis: 'not-permitted' }
        : answer
    }
    expect(row(mended(), 'ZN-01', { judge: { ask } }).reason).toBe('not-answered')
  })
})

describe('why a control is not asked', () => {
  test('another model, another edition, a later day, nothing declared', () => {
    expect(row(mended(), 'BT-05').reason).toBe('other-model')
    expect(row(mended(), 'BT-05', { edition: 'H30.9' }).reason).toBe('other-edition')
    expect(row(mended(), 'OP-09', { at: '2027-06-30' }).reason).toBe('later-day')
    expect(row(mended(), 'OP-09', { at: '2027-07-01' }).state).toBe('unmet')
    const quiet = mended({ path: 'zones[1].wireless.used', value: false })
    expect(row(quiet, 'ZN-11')).toMatchObject({ state: 'not-asked', reason: 'nothing-declared' })
    expect(row(mended(), 'ZN-11').state).toBe('met')
  })
})

describe('a paper', () => {
  const dated = (date: string) => mended({ path: 'controls[3].date', value: date })
  test('stands to its last day and is stale on the next', () => {
    const read = dated('2025-11-22')
    expect(row(read, 'OP-06')).toMatchObject({ state: 'met' })
    expect(row(read, 'OP-06').papers[0]).toMatchObject({ until: '2026-11-22', date: '2025-11-22' })
    expect(row(read, 'OP-06', { at: '2026-11-23' }).state).toBe('stale')
  })
  test('that the declaration belies is contradicted, and one that is missing is unmet', () => {
    const service = {
      path: 'services',
      value: [
        {
          id: 'abroad',
          name: '国外のサービス',
          kind: 'contract',
          dataCentre: '国外',
          withinJapaneseLaw: false,
        },
      ],
    } as const
    const asset = {
      path: 'assets',
      value: [
        {
          id: 'list',
          name: '住民の一覧',
          class: '自治体機密性2',
          integrity: '自治体完全性2',
          availability: '自治体可用性1',
          personal: 'resident',
          place: 'abroad',
          owner: 'soumu',
        },
      ],
    } as const
    expect(row(mended(service, asset), 'SC-03')).toMatchObject({
      state: 'contradicted',
      basis: 'both',
    })
    const without = mended(service, asset, { path: 'controls[8]', remove: true })
    expect(row(without, 'SC-03').state).toBe('unmet')
  })
})

describe('for another model', () => {
  test('the same town is asked what that model asks', () => {
    const alpha = asModel(mended(), 'α')
    const beta = asModel(mended(), 'β')
    expect(alpha.rows.find(({ control }) => control === 'BT-08')!.state).toBe('not-asked')
    expect(beta.rows.find(({ control }) => control === 'BT-08')!.state).toBe('unmet')
  })
  test('severity is that of the model: monitoring is required in β′ and advised in β', () => {
    const of = (model: string) =>
      asModel(mended(), model).rows.find(({ control }) => control === 'BT-07')!
    expect([of('β').severity, of('β′').severity]).toEqual(['advisory', 'required'])
  })
})

test('the same town and day give the same bytes', () => {
  expect(JSON.stringify(assess(kasumi(), { at: DAY }))).toBe(
    JSON.stringify(assess(kasumi(), { at: DAY })),
  )
})

test('what binds most is done first', () => {
  const steps = toDo(own(kasumi(), { at: '2027-07-01' }))
  const order = ['statutory', 'required', 'advisory']
  const severities = steps.map(({ severity }) => order.indexOf(severity))
  expect(severities).toEqual(severities.toSorted((a, b) => a - b))
  expect(steps[0]).toMatchObject({ severity: 'statutory' })
})
