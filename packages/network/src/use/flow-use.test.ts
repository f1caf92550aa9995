import fc from 'fast-check'
import { readTownValue } from '@sekisho/town'
import { describe, expect, it } from 'vitest'
import { declare } from '../declared/declare.ts'
import { noteUse, readUse, writeUse } from './flow-use.ts'
import type { FlowUse } from './flow-use.ts'
import { standings, useText } from './unused.ts'

const DAY = 86_400_000
const START = Date.parse('2026-06-01T00:00:00Z')
const at = (days: number): Date => new Date(START + days * DAY)
const counted = (flows: Readonly<Record<string, number>>) => ({
  flows: new Map(Object.entries(flows)),
  denied: new Map<string, number>(),
})

/** A look every half day, with what the counter of `web` stood at. */
function watched(counters: readonly number[], from = 0): FlowUse {
  let use: FlowUse | undefined
  for (const [index, web] of counters.entries()) {
    use = noteUse(use, counted({ web, idle: 0 }), at(from + index / 2))
  }
  return use!
}

const read = readTownValue({
  town: { name: '使われ方を見る町', staff: 10, model: 'α', edition: 'R8.3' },
  departments: [{ id: 'joho', name: '情報政策課' }],
  zones: [
    { id: 'office', name: '庁内', kind: 'lgwan', networks: ['10.2.0.0/24'] },
    { id: 'dmz', name: '公開', kind: 'internet', networks: ['10.3.0.0/24'] },
  ],
  systems: [],
  flows: ['web', 'idle', 'fresh'].map((id, index) => ({
    id,
    name: `通信 ${id}`,
    from: 'zone:office',
    to: 'zone:dmz',
    protocol: 'tcp',
    ports: [443 + index],
  })),
})
if (!read.ok) throw new Error(JSON.stringify(read.problems))
const declared = declare(read.town, { at: '2026-11-25' })
const standing = (use: FlowUse, now: Date, id: string) =>
  standings(declared, use, 90, now).find(({ flow }) => flow.id === id)?.standing

describe('when a flow was last used', () => {
  it('is when its counter grew, also from the beginning after rules were loaded anew', () => {
    expect(watched([0, 0]).flows['web']?.last).toBeUndefined()
    expect(watched([0, 5, 5, 5]).flows['web']?.last).toBe(at(0.5).toISOString())
    expect(watched([9, 9, 9, 2, 2]).flows['web']?.last).toBe(at(1.5).toISOString())
    expect(watched([9, 9, 0, 0]).flows['web']?.last).toBe(at(0).toISOString())
  })

  it('is said to be never only after 90 days of looking without a gap', () => {
    const long = watched(Array.from({ length: 182 }, () => 0))
    expect(standing(long, at(90.6), 'idle')).toBe('unused')
    const short = watched(Array.from({ length: 160 }, () => 0))
    expect(standing(short, at(79.6), 'idle')).toBe('unknown')
    // Nobody looked for two days: what was used then may be forgotten.
    const gap = noteUse(noteUse(long, counted({ idle: 0 }), at(93)), counted({ idle: 0 }), at(93.5))
    expect(standing(gap, at(93.6), 'idle')).toBe('unknown')
    // A watch that ended says nothing of today.
    expect(standing(long, at(95), 'idle')).toBe('unknown')
    // Nor does one whose clock was set back.
    expect(standing(noteUse(long, counted({ idle: 0 }), at(-1)), at(90.6), 'idle')).toBe('unknown')
  })

  it('is said of a flow from the day on which that flow was opened', () => {
    const long = watched(Array.from({ length: 182 }, () => 0))
    const opened = noteUse(long, counted({ idle: 0, fresh: 0 }), at(90.6))
    expect(standing(opened, at(90.7), 'fresh')).toBe('unknown')
    expect(standing(opened, at(90.7), 'idle')).toBe('unused')
  })

  it('never makes a flow unused that was used within the time, however it was counted', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { minLength: 2, maxLength: 400 }),
        fc.integer({ min: 1, max: 199 }),
        (steps, days) => {
          const counters: number[] = []
          for (const step of steps) {
            // A three stands for rules that are loaded anew, after one packet.
            counters.push(step === 3 ? 1 : (counters.at(-1) ?? 0) + step)
          }
          const use = watched(counters)
          const end = (counters.length - 1) / 2
          const found = standings(declared, use, days, at(end)).find(
            ({ flow }) => flow.id === 'web',
          )
          const grew = counters.flatMap((now, index) =>
            now > 0 && now !== (counters[index - 1] ?? 0) ? [index / 2] : [],
          )
          if (grew.some((day) => day >= end - days)) expect(found?.standing).toBe('used')
          if (found?.standing === 'unused') expect(end).toBeGreaterThanOrEqual(days)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('survives its file, and a file of somebody else is none', () => {
    const use = watched([0, 5, 5])
    expect(readUse(writeUse(use))).toEqual(use)
    for (const text of [
      '',
      '{}',
      '[]',
      writeUse(use).replace('"packets":5', '"packets":-5'),
      writeUse(use).replace('"web"', '"<b>"'),
      writeUse(use).replace('2026', 'x'),
    ]) {
      expect(readUse(text)).toBeUndefined()
    }
  })

  it('is told in lines, those to be asked about first', () => {
    const long = watched(Array.from({ length: 182 }, (_, index) => index))
    const text = useText(standings(declared, long, 90, at(90.6)), 90)
    expect(text).toMatch(/90日のあいだ使われていない通信（1本）\n {2}通信 idle（idle）/u)
    expect(text).toContain('分からない通信（1本）\n  通信 fresh')
    expect(text).not.toMatch(/\{|undefined|通信 web/u)
  })
})
