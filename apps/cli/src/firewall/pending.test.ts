import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DECISIONS, decide, readDecision } from './pending.ts'

const folder = mkdtempSync(join(tmpdir(), 'sekisho-decide-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a decision about a change', () => {
  it('is one, whoever decides at the same instant, and everybody is told the same', async () => {
    const rounds = Array.from({ length: 20 }, (_, round) => `c${round}`)
    for (const id of rounds) {
      const wishes = Array.from({ length: 6 }, (_, at) => DECISIONS[at % 2]!)
      const told = await Promise.all(wishes.map((wish) => decide(folder, id, wish)))
      expect(new Set(told).size).toBe(1)
      expect(await readDecision(folder, id)).toBe(told[0])
    }
  })

  it('stays when somebody decides otherwise later', async () => {
    expect(await decide(folder, 'late', 'return')).toBe('return')
    expect(await decide(folder, 'late', 'confirm')).toBe('return')
  })
})
