import { describe, expect, it } from 'vitest'
import { codeDigits } from './sign-in.tsx'
import { errorsOf, tidied } from './evidence-filter.tsx'

const EMPTY = {
  person: '',
  file: '',
  rule: '',
  kind: '',
  number: '',
  from: '',
  to: '',
  sha256: '',
} as const

describe('the code from the telephone', () => {
  it.each([
    ['123456', '123456'],
    ['１２３ ４５６', '123456'],
    ['123-456', '123456'],
    ['12345', undefined],
    ['1234567', undefined],
    ['abcdef', undefined],
  ])('%s is read as %s', (typed, digits) => {
    expect(codeDigits(typed)).toBe(digits)
  })
})

describe('the filter of the evidence', () => {
  it('leaves names exactly as typed: 﨑 and 神 of compatibility are not normalised away', () => {
    expect(tidied({ ...EMPTY, person: '\uFA19﨑', file: '葛󠄂城' })).toMatchObject({
      person: '\uFA19﨑',
      file: '葛󠄂城',
    })
  })

  it('accepts a digest pasted with spaces and capitals', () => {
    const tidy = tidied({ ...EMPTY, sha256: `${'AB'.repeat(16)} ${'cd'.repeat(16)}\n` })
    expect(tidy.sha256).toHaveLength(64)
    expect(errorsOf(tidy)).toEqual({})
  })

  it.each(['abc', 'g'.repeat(64), 'a'.repeat(63)])('tells that %s is no digest', (sha256) => {
    expect(errorsOf({ ...EMPTY, sha256 })).toEqual({ sha256: 'evidence.shaWrong' })
  })

  it('tells that a period ends before it begins', () => {
    expect(errorsOf({ ...EMPTY, from: '2026-11-22', to: '2026-11-21' })).toEqual({
      to: 'evidence.period',
    })
    expect(errorsOf({ ...EMPTY, from: '2026-11-22', to: '2026-11-22' })).toEqual({})
  })
})
