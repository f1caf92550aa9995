import { describe, expect, test } from 'vitest'
import { Context } from '../family.ts'
import { disarm, dissect, FORBIDDEN, goldenCases, sampleFiles } from './corpus.test-support.ts'

describe('golden PDF files', () => {
  for (const golden of goldenCases()) {
    test(`${golden.name}: ${golden.what}`, () => {
      const password = golden.password
      const context = new Context(password === undefined ? {} : { password })
      const outcome = disarm(golden.bytes, context)
      expect(outcome.reason).toBe(golden.refused)
      if (golden.refused !== undefined) return
      const { names, text } = dissect(outcome.output as Uint8Array)
      expect(outcome.rules).toEqual(golden.rules)
      expect(outcome.kept).toEqual(golden.kept)
      expect(FORBIDDEN.filter((name) => names.has(name))).toEqual([])
      for (const part of golden.absent ?? []) expect(text).not.toContain(part)
      for (const part of golden.present ?? []) expect(text).toContain(part)
    })
  }

  test('what was written is rebuilt to the same bytes with nothing left to remove', () => {
    for (const golden of goldenCases()) {
      const password = golden.password
      const once = disarm(
        golden.bytes,
        new Context(password === undefined ? {} : { password }),
      ).output
      if (!once) continue
      const twice = disarm(once)
      expect(twice.rules, golden.name).toEqual([])
      expect(Buffer.compare(twice.output as Uint8Array, once), golden.name).toBe(0)
    }
  })
})

const samples = sampleFiles()

describe.skipIf(samples.length === 0)('real PDF files', () => {
  test('no output holds a name that could act, and every output is canonical and stable', () => {
    let written = 0
    for (const { name, bytes } of samples) {
      const { output } = disarm(bytes)
      if (!output) continue
      written += 1
      const { names } = dissect(output)
      expect(
        FORBIDDEN.filter((each) => names.has(each)),
        name,
      ).toEqual([])
      const again = disarm(output)
      expect(again.rules, name).toEqual([])
    }
    expect(written).toBeGreaterThanOrEqual(130)
  })
})
