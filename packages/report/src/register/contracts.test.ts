import fc from 'fast-check'
import { CONTRACT_TERMS } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import {
  exported,
  faults,
  planned,
  sentences,
  SHEETS,
  textOf,
  TOWN,
  withCells,
} from './book.test-support.ts'
import type { Content } from './book.test-support.ts'
import type { ImportPlan } from './import.ts'

const CONTRACTS = `
# 契約（この注釈は残る）
contracts:
  - { id: hoshu, name: 住民記録の保守, vendor: 甲電算, kind: operate, owner: jumin, covers: [system:juki, asset:daicho], personal: specific, signed: 2026-03-27, starts: 2026-04-01, ends: 2027-03-31, dataSupply: begun, law: japan, court: japan, incidentHours: 24 } # 更新
contractPapers:
  - { id: shiyo, name: 仕様書, contract: hoshu, date: 2026-03-27, states: [scope, staffTrained, inspection] }
subcontractors:
  # 一段め
  - { id: otsu, name: 乙システムズ, under: hoshu, work: 監視, data: 記録, personal: specific, starts: 2026-04-15, consent: { title: 同意書, date: 2026-04-10, by: jumin } }
  - { id: hei, name: 丙テクノ 𠮷, under: otsu, personal: none, starts: 2026-05-01 }
`
const WHOLE = TOWN + CONTRACTS
type Sheet = 'contracts' | 'contractPapers' | 'subcontractors'
const taken = (sheet: Sheet, cells: Readonly<Record<string, Content>>): ImportPlan =>
  planned(withCells(exported(WHOLE), SHEETS[sheet], cells), {}, WHOLE)

describe('the registers of contracts', () => {
  it('taken in again as they went out change no byte', () => {
    for (const options of [{}, { remove: true }]) {
      const plan = planned(exported(WHOLE), options, WHOLE)
      expect(sentences(plan)).toEqual([])
      expect(textOf(plan)).toBe(WHOLE)
    }
  })

  it('change one value and no other byte, and say so in words', () => {
    const plan = taken('contracts', { J2: '令和10年3月31日', O2: '４８' })
    expect(sentences(plan)).toEqual([
      '契約「住民記録の保守」の終わりの日が「令和9年3月31日」から「令和10年3月31日」に変わります。',
      '契約「住民記録の保守」の事故を知らせる時間が「24」から「48」に変わります。',
    ])
    expect(textOf(plan)).toBe(
      WHOLE.replace('ends: 2027-03-31', 'ends: 2028-03-31').replace(
        'incidentHours: 24',
        'incidentHours: 48',
      ),
    )
  })

  it('give the consent of the town to a party, under the comment that stands there', () => {
    const plan = taken('subcontractors', { H3: '同意書 2号', I3: '2026-04-20', J3: '住民課' })
    const after = plan.ok ? plan.read.town.subcontractors[1] : undefined
    expect(after?.consent).toEqual({ title: '同意書 2号', date: '2026-04-20', by: 'jumin' })
    expect(textOf(plan)).toContain('# 一段め')
  })

  it('take a party under one that comes with the same workbook, named before or after it', () => {
    const row = (id: string, under: string): Record<string, Content> => ({
      A4: id,
      B4: '丁データ',
      C4: under,
      F4: '扱わない',
      G4: '2026-06-01',
    })
    const plan = taken('subcontractors', { ...row('tei', '戊社'), A3: 'hei', B3: '戊社' })
    expect(plan.ok && plan.read.town.subcontractors[2]?.under).toBe('hei')
    expect(faults(taken('subcontractors', row('tei', '丙テクノ')))).toEqual(['C4 REG-REFERENCE'])
  })

  it('read what a paper says in the words of findings, also where a word has a mark in it', () => {
    const said = '業務の範囲の文章、監督・教育、 実地の監査・調査 ，場所・稼働率'
    const plan = taken('contractPapers', { F2: said })
    expect(plan.ok && plan.read.town.contractPapers[0]?.states).toEqual([
      'scope',
      'staffTrained',
      'inspection',
      'placeSet',
      'slaRate',
    ])
    expect(faults(taken('contractPapers', { F2: '業務の範囲' }))).toEqual(['F2 REG-CHOICE'])
  })

  it('half imported are not imported: every cell to mend is named, and nothing changes', () => {
    expect(
      faults(
        taken('contracts', {
          B2: '新しい名前',
          F2: '住民記録、そんなもの',
          G2: 'だいたい',
          J2: '2026-02-30',
          O2: '一日',
        }),
      ),
    ).toEqual(['F2 REG-REFERENCE', 'G2 REG-CHOICE', 'J2 REG-DAY-CALENDAR', 'O2 REG-COUNT'])
    expect(faults(taken('subcontractors', { J2: '甲電算' }))).toEqual(['J2 REG-REFERENCE'])
  })

  it('whose parties lead only to each other are not taken in, at the cell that does it', () => {
    expect(faults(taken('subcontractors', { C2: '丙テクノ 𠮷' }))).toEqual(['C2 TOWN-TREE-LOOP'])
  })

  it('never leave a party without what is above it', () => {
    const gone = withCells(exported(WHOLE), SHEETS.subcontractors, {
      A2: '',
      B2: '',
      C2: '',
      D2: '',
      E2: '',
      F2: '',
      G2: { xml: '' },
      H2: '',
      I2: { xml: '' },
      J2: '',
    })
    expect(faults(planned(gone, { remove: true }, WHOLE))).toEqual(['C3 TOWN-REFERENCE'])
  })

  it('show and read back any set of what papers say', () => {
    fc.assert(
      fc.property(fc.subarray([...CONTRACT_TERMS]), (states) => {
        const text = WHOLE.replace('[scope, staffTrained, inspection]', `[${states.join(', ')}]`)
        const plan = planned(exported(text), {}, WHOLE)
        expect(plan.ok && plan.read.town.contractPapers[0]?.states).toEqual(states)
      }),
      { numRuns: 8 },
    )
  })

  it('call a thing whose name has a mark in it by its id', () => {
    const text = WHOLE.replaceAll('name: 住民基本台帳', 'name: 住民、基本台帳')
    const plan = planned(exported(text), {}, text)
    expect(textOf(plan)).toBe(text)
    const other = withCells(exported(text), SHEETS.contracts, { F2: 'asset:daicho、決裁文書' })
    const changed = planned(other, {}, text)
    expect(changed.ok && changed.read.town.contracts[0]?.covers).toEqual([
      'asset:daicho',
      'asset:kessai',
    ])
  })
})
