import { describe, expect, it } from 'vitest'
import { loadGuideline } from './guideline.ts'
import { loadContractWording } from './wording.ts'

const wording = loadContractWording()
const sentencesOf = (text: string): string[] => text.split(/(?<=。)/u)

describe('the wording for contracts', () => {
  it('is there for every rule of the contract, and for no other', () => {
    const rules = loadGuideline().rules.filter(
      ({ kind, question }) => kind === 'forbid' && question === 'contract',
    )
    expect([...new Set(wording.map(({ rule }) => rule))].toSorted()).toEqual(
      [...new Set(rules.map(({ id }) => id))].toSorted(),
    )
  })

  it('is formal, and one to three sentences long', () => {
    for (const { title, text } of wording) {
      expect(title).not.toContain('。')
      expect(sentencesOf(text).length, title).toBeLessThanOrEqual(3)
      for (const sentence of sentencesOf(text))
        expect(sentence).toMatch(/(?:なければならない|てはならない|ものとする|同様とする)。$/u)
    }
  })

  it('says what it follows, or that it is our own', () => {
    for (const { source, title } of wording)
      expect(source, title).toMatch(/資料|法[0-9]+条|第4-2|第42号|条文を確認できていません/u)
  })

  it('cannot be changed by whoever holds it', () => {
    expect(Object.isFrozen(wording) && wording.every((clause) => Object.isFrozen(clause))).toBe(
      true,
    )
  })
})
