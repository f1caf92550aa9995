import { EDITIONS, MODELS } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { loadGuideline } from './guideline.ts'
import { ruleChanges } from './rule-changes.ts'

const ids = (...asked: Parameters<typeof ruleChanges>) =>
  ruleChanges(...asked).map(({ id, change }) => `${change} ${id}`)

describe('what another edition asks', () => {
  it('R8.3 brought other ways to dispose', () => {
    const found = ids('R7.3', 'R8.3', 'α')
    expect(found).toContain('change DSP-MN-HDD')
    expect(found.some((one) => one.startsWith('end '))).toBe(false)
  })

  // A town that has not revised its policy is bound all the same: none of this may wait for an edition.
  it('what a notice or an ordinance brought comes with no edition', () => {
    const lawful = loadGuideline().rules.filter(({ source }) => /NOT42|ORD80|NOT24/u.test(source))
    expect(lawful.length).toBeGreaterThan(20)
    expect(lawful.filter(({ from }) => from !== EDITIONS[0]).map(({ key }) => key)).toEqual([])
  })

  it('R6.10 brought the controls of α′, which are nothing to an α town', () => {
    expect(ids('R5.3', 'R6.10', 'α′')).toContain('begin AP-01')
    expect(ids('R5.3', 'R6.10', 'α')).not.toContain('begin AP-01')
  })

  it('what was forbidden altogether ends when its conditions begin', () => {
    expect(ids('R6.10', 'R7.3', 'α')).toEqual(
      expect.arrayContaining(['end SCR-EDITION', 'change ZN-12', 'begin SCR-RISK']),
    )
  })

  it('back and forth is the same, the other way round', () => {
    const turned = { begin: 'end', end: 'begin', change: 'change' } as const
    for (const model of MODELS)
      for (const from of EDITIONS)
        for (const to of EDITIONS)
          expect(
            ruleChanges(from, to, model).map(({ id, change }) => `${turned[change]} ${id}`),
          ).toEqual(ids(to, from, model))
  })

  it('nothing changes between an edition and itself, and every change has its heading', () => {
    for (const edition of EDITIONS) expect(ruleChanges(edition, edition, 'β′')).toEqual([])
    for (const { short, clause } of ruleChanges('H30.9', 'R8.3', 'β′'))
      for (const text of [short, clause]) expect(text).not.toBe('')
  })
})
