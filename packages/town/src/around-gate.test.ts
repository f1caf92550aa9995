import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkTown } from './check.ts'
import { readTown } from './read.ts'

const TOWN = resolve(import.meta.dirname, '../../../corpus/cloud/town.yaml')
const TEXT = readFileSync(TOWN, 'utf8')

/** Paths of the flows that go around the gate. */
function around(text: string): readonly (string | undefined)[] {
  const read = readTown(text)
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return checkTown(read, { at: '2026-11-26' })
    .findings.filter(({ rule }) => rule === 'WEB-AROUND')
    .map(({ path }) => path)
}

const ASIDE =
  '  - { id: aside, name: 横の道, from: system:gate-cloud, to: peer:update-net, ports: [443], purpose: 更新, owner: soumu, expires: 2029-03-31, via: [local-breakout] }\n'

describe('a local breakout beside the cloud gate', () => {
  it('is seen, with the flow it is', () => {
    expect(around(TEXT.replace('\ngates:\n', `\n${ASIDE}gates:\n`))).toEqual(['flows[3]'])
  })

  it('is none where every breakout names the gate, or the town runs none', () => {
    expect(around(TEXT)).toEqual([])
    const ungated = TEXT.replaceAll(', gate: cloud-out', '')
    const open = ungated.replace(/\ngates:\n[^]*?\npeople:/u, '\npeople:')
    expect(around(open)).toEqual([])
  })
})
