import { describe, expect, it } from 'vitest'
import { Patience } from './patience.ts'

describe('a side that starts slowly', () => {
  it('has twice as long at each try, up to a quarter of an hour and a minute, and never less again', () => {
    const patience = new Patience()
    const tries: number[] = []
    for (let count = 0; count < 7; count++) {
      tries.push(patience.ms / 60_000)
      patience.grow()
    }
    expect(tries).toEqual([1, 2, 4, 8, 16, 16, 16])
    expect(patience.isOver).toBe(true)
    expect(new Patience().isOver).toBe(false)
  })

  it('is told of with how long was waited and how long comes next', () => {
    const patience = new Patience()
    patience.grow()
    const told = patience.wordsFor('LGWAN側')
    expect(told).toContain('LGWAN側が2分たっても')
    expect(told).toContain('次は4分まで待ちます')
  })
})
