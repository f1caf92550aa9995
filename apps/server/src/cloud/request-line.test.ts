import { canonical } from '@sekisho/town'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { requestLine } from './request-line.ts'

it('is the canonical line, whatever an entry holds', () => {
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.constantFrom(-0, 1e21, Number.NaN, null, undefined, true, {}, ['x', 1]),
  )
  const key = fc.oneof(fc.string(), fc.constantFrom('up', 'down', 'at', '10', '9', '"', 'a,b'))
  fc.assert(
    fc.property(fc.dictionary(key, value), (entry) => {
      expect(requestLine({ seq: 1, ...entry })).toBe(canonical({ seq: 1, ...entry }))
    }),
  )
})

it('is the same for entries of the same keys in another order', () => {
  expect(requestLine({ up: 1, at: 'x', target: '"\u2028"' })).toBe(
    requestLine({ target: '"\u2028"', up: 1, at: 'x' }),
  )
})

it('lets no word of a terminal end its own string', () => {
  for (const target of ['a","kind":"ended', 'a\\', 'a\nb', '\u2028', '町', '\ud800', '\u007f', ''])
    expect(requestLine({ target, up: 1 })).toBe(canonical({ target, up: 1 }))
})
