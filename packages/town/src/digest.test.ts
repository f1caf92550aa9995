import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical } from './digest.ts'

/** RFC 8785 as a definition, for what a town can hold: keys by code unit, no spaces, nothing that is not there. */
function definition(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map(definition).join(',')}]`
  if (typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  const members = entries.map(([key, one]) => `${JSON.stringify(key)}:${definition(one)}`)
  const byKey = (a: number, b: number): number => (entries[a]![0] < entries[b]![0] ? -1 : 1)
  return `{${[...members.keys()]
    .toSorted(byKey)
    .map((at) => members[at])
    .join(',')}}`
}

/** Keys of which an object does not keep the turn, or hides what is behind them. */
const awkward = fc.constantFrom('10', '9', '01', '-1', '__proto__', 'toJSON', 'é', '\u{20BB7}', '')
const key = fc.oneof(fc.string(), awkward)
const { value: anything } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map(objectOf),
  ),
}))

/** As a reader of JSON makes it: `__proto__` is a key like any other. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  const made = {}
  for (const [name, value] of entries) {
    Object.defineProperty(made, name, { value, enumerable: true, configurable: true })
  }
  return made
}

describe('the text of which a digest is made', () => {
  it('is the one of the definition, whatever the keys are', () => {
    fc.assert(
      fc.property(anything, (value) => {
        expect(canonical(value)).toBe(definition(value))
      }),
      { numRuns: 2_000 },
    )
  })

  it('lets nobody hide a value behind a key that is none of an object', () => {
    const open: unknown = JSON.parse('{"a":{"__proto__":{"ports":[1]},"b":1}}')
    const shut: unknown = JSON.parse('{"a":{"__proto__":{"ports":[2]},"b":1}}')
    expect(canonical(open)).not.toBe(canonical(shut))
    expect(canonical(open)).toBe('{"a":{"__proto__":{"ports":[1]},"b":1}}')
  })

  it('is the same as ever, so that digests of old entries still fit', () => {
    const town = { name: '葛\u{E0102}城町', staff: 184, zones: [{ b: null, a: ['x"', '\n'] }] }
    expect(createHash('sha256').update(canonical(town)).digest('hex')).toBe(
      '3c94a3acf465aecd917a8e83b10434b42dba1de4e24b4bbeac3143b35e4680c7',
    )
  })
})
