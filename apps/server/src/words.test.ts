import { EVIDENCE_KINDS } from '@sekisho/core'
import { describe, expect, test } from 'vitest'
import { SERVER_REASONS, problem } from './host/problem.ts'
import evidence from './words/evidence.json' with { type: 'json' }
import start from './words/start.json' with { type: 'json' }

const BANNED = /エラー|不正|違反|拒否|失敗|アップロード|サニタイズ|！/u

function expectPlain(sentence: string): void {
  for (const one of sentence.split(/(?<=。)/u)) expect([...one].length).toBeLessThanOrEqual(60)
  expect(sentence).not.toMatch(BANNED)
}

test.each(SERVER_REASONS)('%s is said in three plain lines', (reason) => {
  const { what, why, cure } = problem(reason, { file: 'a.txt', max: 100 })
  for (const sentence of [what, why, cure]) {
    expectPlain(sentence)
    expect(sentence).toMatch(/。$/u)
    expect(sentence).not.toMatch(/[{}]/u)
  }
})

describe('evidence', () => {
  test.each(EVIDENCE_KINDS)('%s has a sentence', (kind) => {
    expectPlain(evidence.kinds[kind])
    expect(evidence.kinds[kind]).toMatch(/。$/u)
  })
})

test('what is printed while starting is plain too', () => {
  for (const sentence of Object.values(start).filter((one) => typeof one === 'string'))
    expectPlain(sentence)
})
