import { describe, expect, it } from 'vitest'
import { explainRule, nearestRule, rulesAbout } from './explain.ts'
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

describe('finding the rules of a clause', () => {
  const ids = (text: string): readonly string[] => rulesAbout(text).map(({ id }) => id)

  it('an article is found however it is written, and no other article with it', () => {
    expect(ids('番号法19条')).toContain('PRV-MN-PROVIDE')
    expect(ids('番号法 第１９条')).toEqual(ids('番号法19条'))
    expect(ids('9条')).toEqual([])
    expect(ids('番号法29条')).toEqual(['PRV-MN-FILE'])
    expect(ids('番号法29条の4')).toContain('INC-MN-FIRST')
  })

  it('a number of the policy text is found with every rule that rests on it', () => {
    expect(ids('8.4')).toEqual(expect.arrayContaining(['CLD-1', 'CLD-2-REMAINS', 'CLD-5']))
    expect(ids('8.4')).not.toContain('PRV-LAW')
  })

  it('a word without a clause is looked for in the sentences', () => {
    expect(ids('特定通信')).toContain('ZN-02')
    expect(ids('ISMAP')).toEqual(expect.arrayContaining(['BRK-ISMAP', 'CLD-ISMAP']))
  })

  it('nothing is found for nothing, for one letter and for very much', () => {
    for (const text of ['', '条', '第', ' ', '__proto__', '条'.repeat(1_000_000)])
      expect(ids(text)).toEqual([])
  })
})
