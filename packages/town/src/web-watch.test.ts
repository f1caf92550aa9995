import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diffTowns } from './diff.ts'
import { readTown } from './read.ts'

const TEXT = readFileSync(join(import.meta.dirname, '../../../corpus/cloud/town.yaml'), 'utf8')
const withWatch = (watch: string) =>
  readTown(TEXT.replace('listDays: 38', `listDays: 38\n      watch: ${watch}`))

function reasonsOf(watch: string): readonly string[] {
  const read = withWatch(watch)
  return read.ok ? [] : read.problems.map(({ reason, path }) => `${reason} ${path}`)
}

describe('from what on a town is told of its cloud gate', () => {
  it('is what it wrote, and nothing that it did not', () => {
    const read = withWatch("{ hours: { from: '08:30', until: '17:15' }, seenAs: [192.0.2.1] }")
    expect(read.ok && read.town.gates.web?.[0]?.watch).toEqual({
      hours: { from: '08:30', until: '17:15' },
      seenAs: ['192.0.2.1'],
    })
  })

  it.each([
    ["{ hours: { from: '8:30', until: '17:15' } }", 'TOWN-CLOCK'],
    ["{ hours: { from: '25:00', until: '26:00' } }", 'TOWN-CLOCK'],
    ["{ hours: { from: '17:15', until: '08:30' } }", 'TOWN-CLOCK-ORDER'],
    ['{ closed: [2026-02-30] }', 'TOWN-DATE'],
    ['{ seenAs: [kasumi] }', 'TOWN-ADDRESS'],
    ['{ spikeByte: 5 }', 'TOWN-UNKNOWN'],
  ])('is not read as %s', (watch, reason) => {
    expect(reasonsOf(watch).join()).toContain(reason)
  })

  it('is told when it changes: who raises a limit is seen', () => {
    const [before, after] = [withWatch('{ spikeTimes: 5 }'), withWatch('{ spikeTimes: 900 }')]
    if (!before.ok || !after.ok) throw new Error('town')
    expect(
      diffTowns(before.town, after.town)
        .map(({ sentence }) => sentence)
        .join(),
    ).toContain('知らせの決まり')
  })
})
