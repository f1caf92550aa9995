import { DECISIONS, isAsked } from '@sekisho/core'
import type { Form } from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import { describe, expect, it } from 'vitest'
import { conclude } from './conclude.ts'
import { readShapes } from './facts.ts'
import { createJudge } from './judge.ts'

const { forms, schema } = loadGuideline()
const shapes = readShapes(schema)
const judge = createJudge()
const TOWN = { model: 'α', edition: 'R8.3' } as const

describe('the forms of the questions that people ask', () => {
  it('are there for every question, once', () => {
    expect(forms.map(({ question }) => question)).toEqual(DECISIONS)
  })

  for (const form of forms) {
    it(`${form.question}: ask for exactly the facts of the rules, with every value and no other`, () => {
      const shape = shapes.get(form.question)!
      const names = [...form.facts.map(({ name }) => name), ...form.results.map(({ fact }) => fact)]
      expect([...names, 'model', 'edition'].toSorted()).toEqual([...shape.keys()].toSorted())
      for (const { name, options } of form.facts)
        expect([name, options?.map(({ value }) => value).toSorted()]).toEqual([
          name,
          valuesOf(name),
        ])
      for (const { fact, order } of form.results)
        expect(order.map(({ value }) => value).toSorted()).toEqual(valuesOf(fact))
      function valuesOf(name: string): unknown {
        const fact = shape.get(name)!
        if (fact.kind === 'bool') return [false, true]
        return fact.kind === 'word' ? fact.values.toSorted() : undefined
      }
    })

    it(`${form.question}: ask for nothing that depends on what comes later`, () => {
      form.facts.forEach(({ when = {} }, index) => {
        const before = form.facts.slice(0, index).map(({ name }) => name)
        for (const name of Object.keys(when)) expect(before).toContain(name)
      })
    })

    it(`${form.question}: are short and polite`, () => {
      const texts = [
        form.lead,
        ...form.facts.flatMap(({ label, help }) => [label, help ?? '']),
        ...form.examples.map(({ note }) => note),
      ]
      for (const sentence of texts.flatMap((text) => text.split(/(?<=。)/u)))
        expect([...sentence].length, sentence).toBeLessThanOrEqual(60)
      expect(form.examples.length).toBeGreaterThanOrEqual(4)
    })

    for (const example of form.examples)
      it(`${form.question}: ${example.title}`, () => {
        const { answer, found, grounds } = conclude(
          judge,
          form,
          { ...(example.town ?? TOWN), ...(example.readings && { readings: example.readings }) },
          example.facts,
        )
        const spoken = [...answer.findings, ...grounds.flatMap(({ findings }) => findings)]
        expect({
          result: answer.result,
          ...(example.expect.found ? { found } : {}),
          rules: [...new Set(spoken.map(({ rule }) => rule))].toSorted(),
        }).toEqual({ ...example.expect, rules: example.expect.rules.toSorted() })
      })
  }
})

describe('a conclusion', () => {
  const form: Form = forms[0]!

  it('takes what is not asked for as not said, whatever is slipped in', () => {
    const asked = form.examples[0]!.facts
    const hidden = form.facts.find(
      ({ when }) => when !== undefined && !isAsked({ ...form.facts[0]!, when }, asked),
    )
    expect(hidden).toBeDefined()
    const name = hidden!.name
    expect(conclude(judge, form, TOWN, { ...asked, [name]: true }).facts[name]).toBe(false)
  })

  it('refuses what does not fit, and never another town’s model', () => {
    const facts = form.examples[0]!.facts
    expect(conclude(judge, form, TOWN, {}).answer.basis).toBe('error')
    // The lowest class, tried first, must not stand beside a refusal as if it had been found.
    expect(conclude(judge, form, TOWN, {}).found).toEqual({})
    expect(conclude(judge, form, TOWN, { ...facts, more: true }).answer.basis).toBe('error')
    const proto: unknown = JSON.parse(`{"__proto__":{"bidSecret":true}}`)
    const hidden = { ...facts, ...(proto as object) }
    expect(conclude(judge, form, TOWN, hidden).answer.basis).toBe('error')
    expect(conclude(judge, form, TOWN, { ...facts, model: 'β′' }).facts['model']).toBe('α')
    expect(conclude(judge, form, TOWN, { ...facts, level: '1' }).found).toEqual(
      conclude(judge, form, TOWN, facts).found,
    )
  })
})
