import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { noon } from '../../declared/day.ts'
import { caseOf, saidOf } from '../case.test-support.ts'
import { AT, CORPUS } from '../town.test-support.ts'
import { skippedBecause, whyNoKernel } from './kernel.test-support.ts'
import { loadNftables } from './load.ts'
import { readNftables } from './read.ts'

const why = whyNoKernel()
const CASES = join(CORPUS, 'nftables')

describe.skipIf(why !== undefined)(`a text of nftables${skippedBecause(why)}`, () => {
  it.each(readdirSync(CASES))('%s is read as its case says', async (name) => {
    const one = caseOf(readFileSync(join(CASES, name), 'utf8'))
    const loaded = await loadNftables(one.text)
    if (!loaded.ok) throw new Error(loaded.reason)
    const filter = readNftables(loaded.listing, { at: noon(AT) })
    expect(one.lines.length).toBeGreaterThan(3)
    expect(one.lines.map((line) => saidOf(filter, line))).toEqual(one.lines)
    expect(filter.unread.map(({ text }) => text).toSorted()).toEqual(one.unread)
  })
})
