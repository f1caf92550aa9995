import { describe, expect, it } from 'vitest'
import { giveBack, joinedAndGivenBack } from './give-back.ts'

const filled = (value: number, length = 20_000): Uint8Array => new Uint8Array(length).fill(value)

describe('bytes that are given back', () => {
  it('are empty, but for a view of something larger, which others may hold', () => {
    const own = filled(1)
    const view = filled(2).subarray(1)
    giveBack(own)
    giveBack(view)
    expect([own.length, view.length]).toEqual([0, 19_999])
  })

  it('are joined first, also where one piece stands twice and where two share their memory', () => {
    const twice = filled(1)
    const shared = new Uint8Array(twice.buffer)
    const part = filled(3, 40_000).subarray(20_000)
    const pieces = [twice, filled(2), shared, part, twice, filled(4, 5)]
    const expected = Buffer.concat(pieces)
    expect(expected.equals(joinedAndGivenBack(pieces))).toBe(true)
    expect(pieces.map(({ length }) => length)).toEqual([0, 0, 0, 20_000, 0, 5])
  })
})
