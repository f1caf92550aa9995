import { describe, expect, it } from 'vitest'
import { outcome } from './call.ts'

describe('an answer', () => {
  it('that is no JSON of ours is a trouble, not a success', () => {
    expect(outcome(200, '<html>proxy</html>')).toEqual({
      ok: false,
      status: 502,
      problem: undefined,
    })
  })

  it('carries the next byte the server wants', () => {
    expect(outcome(409, '{"offset":42}')).toMatchObject({ ok: false, status: 409, offset: 42 })
    expect(outcome(409, '{"offset":-1}')).not.toHaveProperty('offset')
    expect(outcome(409, '{"offset":"42"}')).not.toHaveProperty('offset')
  })

  it('is a refusal only with all its lines', () => {
    const whole = { reason: 'R', what: 'a', why: 'b', cure: 'c', number: '', at: 'x' }
    expect(outcome(403, JSON.stringify(whole))).toMatchObject({ problem: whole })
    expect(outcome(403, '{"what":"a"}')).toMatchObject({ problem: undefined })
  })

  it('of nothing is nothing', () => {
    expect(outcome(200, 'null')).toEqual({ ok: true, value: null })
  })
})
