import { describe, expect, it } from 'vitest'
import { readClocks } from './clocks.ts'
import { loadGuideline } from './guideline.ts'

const { clocks, rules, sources } = loadGuideline()

describe('the legal clocks', () => {
  it('name a rule that speaks while the duty is open', () => {
    const ids = new Set(rules.map(({ id }) => id))
    for (const { rule } of clocks) expect(ids).toContain(rule)
  })

  it('have the days by which their rule tells open from late', () => {
    for (const { rule, days, aimDays } of clocks.filter((clock) => clock.days !== undefined)) {
      const parts = rules.filter(({ id }) => id === rule).map(({ text }) => text)
      expect(parts).toHaveLength(2)
      for (const text of parts) expect(text).toContain(`daysSinceKnown > ${String(days)}`)
      expect(aimDays ?? days).toBeLessThanOrEqual(days!)
    }
    for (const days of daysInRules()) expect(clocks.map((clock) => clock.days)).toContain(days)
  })

  it('claim to be verified exactly when their rule does, and then by a primary source', () => {
    const primary = sources.filter(({ kind }) => kind === 'primary').map(({ id }) => id)
    for (const { id, rule, verified, source } of clocks) {
      for (const part of rules.filter((one) => one.id === rule))
        expect([id, verified]).toEqual([id, part.verified])
      if (verified) expect(primary.some((code) => source.includes(code))).toBe(true)
    }
  })

  it('cannot be changed by whoever holds them', () => {
    expect(Object.isFrozen(clocks) && clocks.every((clock) => Object.isFrozen(clock))).toBe(true)
  })
})

describe('a damaged table of clocks', () => {
  const whole = { ...clocks[0]! }
  const read = (...entries: unknown[]): unknown => readClocks('x.json', JSON.stringify(entries))

  it('is read when whole', () => {
    expect(read(whole)).toEqual([whole])
  })

  it('stops the start instead of letting a duty pass unseen', () => {
    expect(() => readClocks('x.json', '{}')).toThrow('x.json')
    expect(() => read(null)).toThrow('entry 1')
    expect(() => read(whole, whole)).toThrow('twice')
    expect(() => read({ ...whole, to: '' })).toThrow('to is missing')
    expect(() => read({ ...whole, verified: 'true' })).toThrow('verified')
    for (const days of [0, -1, 1.5, '30', null])
      expect(() => read({ ...whole, days })).toThrow('days')
    expect(() => read({ ...whole, aimDays: 6 })).toThrow('aim')
    expect(() => read({ ...whole, days: undefined })).toThrow('aim')
  })
})

function daysInRules(): number[] {
  return rules
    .flatMap(({ text }) => [...text.matchAll(/daysSinceKnown > (\d+)/gu)])
    .map((match) => Number(match[1]))
}
