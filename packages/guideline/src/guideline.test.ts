import { EDITIONS, MODELS } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { loadGuideline } from './guideline.ts'
import { ruleApplies } from './rule.ts'

const guideline = loadGuideline()
const { rules } = guideline
const keysOf = (edition: (typeof EDITIONS)[number], model: (typeof MODELS)[number]): string[] =>
  rules.filter((rule) => ruleApplies(rule, { edition, model })).map(({ key }) => key)

describe('the guideline as data', () => {
  it('has every rule of the first release under its own id', () => {
    const ids = new Set(rules.map(({ id }) => id))
    const zones = Array.from({ length: 13 }, (_, n) => `ZN-${String(n + 1).padStart(2, '0')}`)
    const crossings = ['X1', 'X2', 'X3', 'X4', 'X5', 'X9']
    for (const id of [...zones, 'OP-01', 'OP-02', 'OP-03', ...crossings]) expect(ids).toContain(id)
  })

  it('cannot be changed by whoever holds it', () => {
    expect(Object.isFrozen(guideline)).toBe(true)
    expect(rules.every((rule) => Object.isFrozen(rule) && Object.isFrozen(rule.needs))).toBe(true)
  })

  it('lists the editions and the closed list that the contracts name', () => {
    expect(guideline.editions.map(({ id }) => id)).toEqual(EDITIONS)
    expect(guideline.closedList.map(({ id }) => id)).toEqual([
      'myna-portal',
      'eltax',
      'jlis-security-platform',
    ])
  })

  it('knows model α′ only from October 2024 and β only from December 2020', () => {
    expect(withModel('α')).toEqual(EDITIONS)
    expect(withModel('α′')).toEqual(['R6.10', 'R7.3', 'R8.3'])
    expect(withModel('β')).toEqual(EDITIONS.slice(1))
    expect(withModel('β′')).toEqual(EDITIONS.slice(1))
  })
})

describe('what a rule says of its own basis', () => {
  it('a rule without a primary source never claims to be verified', () => {
    const primary = guideline.sources.filter(({ kind }) => kind === 'primary').map(({ id }) => id)
    const verified = rules.filter((rule) => rule.verified)
    expect(verified.length).toBeGreaterThan(20)
    expect(verified.filter(({ source }) => !primary.some((id) => source.includes(id)))).toEqual([])
  })

  it('a guess, a custom or a house rule never claims to be verified', () => {
    const doubtful = rules.filter((rule) =>
      /一般的|推定|確認できていません|二次資料|要望書|関所の|団体/u.test(
        `${rule.source} ${rule.clause}`,
      ),
    )
    expect(doubtful.length).toBeGreaterThan(15)
    expect(doubtful.filter((rule) => rule.verified).map(({ key }) => key)).toEqual([])
  })

  it('a verified clause names the page, the example or the article it was read on', () => {
    for (const rule of rules.filter(({ verified }) => verified))
      expect(rule.clause).toMatch(
        /資料 [0-9・]+ページ|8\.4 クラウドサービスの利用|第[0-9]+条|法[0-9]+条|第4-2|別紙[12]|別添[0-9]/u,
      )
  })

  it('every source code used is in the list of sources', () => {
    const known = guideline.sources.map(({ id }) => id)
    const used = rules.flatMap(
      ({ source }) => source.match(/\b(?:MIC|ORD|PPC|NOT|APPI|MNA)\w*/gu) ?? [],
    )
    expect(used.filter((code) => !known.includes(code))).toEqual([])
  })
})

describe('editions and models', () => {
  it('before March 2025 no wireless in the My Number zone, afterwards a document', () => {
    expect(keysOf('R6.10', 'α')).toContain('ZN-12/none')
    expect(keysOf('R6.10', 'α')).not.toContain('ZN-12/requirements')
    expect(keysOf('R7.3', 'α')).toContain('ZN-12/requirements')
    expect(keysOf('R7.3', 'α')).not.toContain('ZN-12/none')
  })

  it('in every edition and model exactly one rule speaks about wireless in the My Number zone', () => {
    for (const edition of EDITIONS)
      for (const model of MODELS)
        expect(keysOf(edition, model).filter((key) => key.startsWith('ZN-12'))).toHaveLength(1)
  })

  it('mail disarming belongs to α, α′ and β, and not to β′', () => {
    const models = MODELS.filter((model) => keysOf('R8.3', model).includes('ZN-07'))
    expect(models).toEqual(['α', 'α′', 'β'])
  })

  it('a mail that comes into LGWAN is text without files in every model', () => {
    for (const model of MODELS)
      expect(keysOf('R8.3', model)).toEqual(expect.arrayContaining(['X1-ATTACH', 'X1-TEXT']))
  })

  it('mail to the desk in the Internet zone belongs to β and β′, where the desk is', () => {
    const models = MODELS.filter((model) => keysOf('R8.3', model).includes('X1-DESK-DISARM'))
    expect(models).toEqual(['β', 'β′'])
  })

  it('the separation of the My Number zone belongs to every edition and model', () => {
    for (const edition of EDITIONS)
      for (const model of MODELS)
        expect(keysOf(edition, model)).toEqual(
          expect.arrayContaining([
            'ZN-01/direct',
            'ZN-01/chain',
            'ZN-01/peer',
            'ZN-01/boundary',
            'ZN-02/limits',
            'ZN-02/boundary',
            'X5',
            'X9',
          ]),
        )
  })

  it('a range holds at both its ends and not beyond', () => {
    const rule = { from: 'R4.3', until: 'R6.10', models: ['β'] } as const
    const at = (edition: (typeof EDITIONS)[number]): boolean =>
      ruleApplies(rule, { edition, model: 'β' })
    expect(EDITIONS.filter(at)).toEqual(['R4.3', 'R5.3', 'R6.10'])
    expect(ruleApplies(rule, { edition: 'R5.3', model: 'α' })).toBe(false)
  })
})

function withModel(model: (typeof MODELS)[number]): string[] {
  return guideline.editions.filter(({ models }) => models.includes(model)).map(({ id }) => id)
}
