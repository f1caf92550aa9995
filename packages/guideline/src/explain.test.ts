import { describe, expect, it } from 'vitest'
import { explainRule, nearestRule } from './explain.ts'
import { loadGuideline } from './guideline.ts'
import { OWN_REASONS } from './sentences.ts'

describe('explaining a rule id', () => {
  it('every id that a finding can carry is explained in both languages', () => {
    for (const id of [...loadGuideline().rules.map((rule) => rule.id), ...OWN_REASONS]) {
      const explanation = explainRule(id)
      expect(explanation?.id).toBe(id)
      expect(explanation?.parts.every(({ ja, en }) => ja.message && en.message)).toBe(true)
    }
  })

  it('shows both parts of a rule that changed with an edition', () => {
    expect(explainRule('ZN-12')?.parts.map(({ rule }) => rule?.part)).toEqual([
      'none',
      'requirements',
    ])
  })

  it('leaves no gap in a sentence: it lists everything that is needed', () => {
    const cure = explainRule('ZN-06')?.parts.find(({ rule }) => rule?.part === 'flow')?.ja.cure
    expect(cure).toBe(
      'この通信について、次をそろえてください：目的、責任者、期限、期限の延長か廃止。',
    )
    const all = loadGuideline().rules.flatMap(({ id }) => explainRule(id)?.parts ?? [])
    expect(all.filter(({ ja, en }) => `${ja.cure}${en.cure}`.includes('{'))).toEqual([])
  })

  it('suggests the id that was probably meant', () => {
    expect(nearestRule('ZN1')).toBe('ZN-01')
    expect(nearestRule('zn-13')).toBe('ZN-13')
    expect(nearestRule('X3-DISARN')).toBe('X3-DISARM')
    expect(explainRule('ZN1')).toBeUndefined()
  })

  it('suggests nothing for something else, however long', () => {
    expect(nearestRule('')).toBeUndefined()
    expect(nearestRule('__proto__')).toBeUndefined()
    expect(nearestRule('A'.repeat(1_000_000))).toBeUndefined()
    expect(explainRule('__proto__')).toBeUndefined()
  })
})
