import { MODELS } from '@sekisho/core'
import type { Answer, Question } from '@sekisho/core'
import { describe, expect, test } from 'vitest'
import { checkTown } from './check.ts'
import { DAY, fileText, mendedText, mendedWith, readable } from './corpus.test-support.ts'
import { editTown, type Edit } from './edit.ts'
import { TEMPLATE_NAMES, townTemplate } from './template.ts'

const ALL_RULES = [
  ...Array.from({ length: 3 }, (_, index) => `OP-0${index + 1}`),
  ...Array.from({ length: 13 }, (_, index) => `ZN-${String(index + 1).padStart(2, '0')}`),
]
const brokenText = fileText('corpus/town/broken/town.yaml')
const steps = JSON.parse(fileText('corpus/town/mended/steps.json')) as readonly {
  readonly rule: string
  readonly edits: readonly Edit[]
}[]

const check = (text: string) => checkTown(readable(text), { at: DAY })
const rulesIn = (text: string): readonly string[] =>
  check(text)
    .findings.map((one) => one.rule)
    .toSorted()

describe('a town with every rule broken once', () => {
  test('yields exactly those findings, each exactly once', () => {
    expect(rulesIn(brokenText)).toEqual(ALL_RULES)
    expect(check(brokenText).result).toBe('refuse')
  })
  test('each finding stands on a line of the thing its comment announces', () => {
    const lines = brokenText.split('\n')
    for (const finding of check(brokenText).findings) {
      const above = lines.slice(0, finding.line).findLast((line) => line.trim().startsWith('# '))
      expect(above).toContain(finding.rule)
    }
  })
  test('each cure takes away its own finding and no other, until the town passes', () => {
    let text = brokenText
    let left: readonly string[] = ALL_RULES
    for (const { rule, edits } of steps) {
      const edited = editTown(text, edits)
      text = edited.ok ? edited.text : `cannot mend ${rule}`
      left = left.filter((one) => one !== rule)
      expect({ mended: rule, left: rulesIn(text) }).toEqual({ mended: rule, left })
    }
    expect(check(text)).toMatchObject({ result: 'pass', findings: [] })
    expect(text).toBe(mendedText())
  })
})

describe('examples', () => {
  const kasumiText = fileText('examples/kasumi/town.yaml')
  test('kasumi has the holes its comments name, where they name them, and no others', () => {
    const lines = kasumiText.split('\n')
    const named = lines.flatMap((line, index) => {
      const rule = /^ *# 指摘 ([A-Z0-9-]+)：/u.exec(line)?.[1]
      return rule === undefined ? [] : [`${rule} ${index + 2}`]
    })
    const found = check(kasumiText).findings.map((one) => `${one.rule} ${one.line}`)
    expect(found).toEqual(named)
    expect(found.length).toBeGreaterThanOrEqual(5)
  })
  test('kasumi: on the day the ordinance comes into force, its eight fields are asked for', () => {
    const later = checkTown(readable(kasumiText), { at: '2027-07-01' }).findings
    expect(later.map((one) => `${one.rule} ${one.severity}`)).toContain('OP-09 statutory')
  })
  const names = Object.entries(TEMPLATE_NAMES)
  test.each(names)('the town to start from, %s, checks clean, also after the ordinance', (name) => {
    const later = checkTown(readable(townTemplate(name)!), { at: '2027-07-01' })
    expect(later.findings).toEqual([])
  })
  test.each(names)('the town to start from, %s, is one of %s and checks clean', (name, model) => {
    const text = townTemplate(name)!
    expect(check(text)).toMatchObject({ result: 'pass', findings: [] })
    expect(readable(text).town.model).toBe(model)
    expect(townTemplate(model)).toBe(text)
  })
  test('every model of the guideline has a town to start from', () => {
    expect(Object.values(TEMPLATE_NAMES).toSorted()).toEqual([...MODELS].toSorted())
  })
  test('there is no template for a word that is no model', () => {
    for (const model of ['γ', 'gamma', 'Alpha', '', '__proto__', '../x', 'alpha.yaml']) {
      expect(townTemplate(model)).toBeUndefined()
    }
  })
})

const broken = (...edits: readonly Edit[]): readonly string[] => rulesIn(mendedWith(...edits))

const met = (value: string) => broken({ path: 'organisation.committee.lastMet', value })

describe('a fact that the file only claims is not believed', () => {
  test('a MAC limit without the MAC of our machine is no limit', () => {
    expect(broken({ path: 'systems[0].hosts[0].mac', remove: true })).toContain('ZN-02')
  })
  test('a flow that names a whole system of which one machine has no MAC is not limited', () => {
    expect(broken({ path: 'flows[1].from', value: 'system:juki' })).toEqual(['ZN-02'])
  })
  test('a peer that is everywhere limits nothing', () => {
    expect(broken({ path: 'peers[2].addresses', value: ['128.0.0.0/1'] })).toEqual(['ZN-02'])
    expect(broken({ path: 'peers[2].addresses', value: [] })).toEqual(['ZN-02'])
  })
  test('any port is no port limit', () => {
    expect(broken({ path: 'flows[1].ports', value: 'any' })).toEqual(['ZN-02'])
  })
  test('two factors of one kind are one', () => {
    const value = ['knowledge', 'knowledge']
    expect(broken({ path: 'systems[0].hosts[1].authentication', value })).toEqual(['ZN-04'])
  })
  test('a paper dated after the day of the check does not exist yet', () => {
    expect(broken({ path: 'organisation.ciso.date', value: '2026-11-23' })).toEqual(['OP-01'])
    expect(broken({ path: 'organisation.ciso.date', value: DAY })).toEqual([])
  })
  test('a committee that met a year and a day ago has not met this year', () => {
    expect(met('2025-11-22')).toEqual([])
    expect(met('2025-11-21')).toEqual(['OP-01'])
    expect(met('2026-11-23')).toEqual(['OP-01'])
  })
  test('WPA2 with a shared key is not Enterprise', () => {
    expect(broken({ path: 'zones[1].wireless.encryption', value: 'WPA2-PSK' })).toEqual(['ZN-11'])
  })
})

describe('limits of time count on the day itself', () => {
  test('an exception to the media rule holds on its last day and not on the next', () => {
    const exception = { device: 'USB-1', approvedBy: '課長', from: '2026-01-01', until: DAY }
    const text = mendedWith({
      path: 'systems[0].hosts[2].removableMedia.exceptions',
      value: [exception],
    })
    expect(rulesIn(text)).toEqual([])
    expect(checkTown(readable(text), { at: '2026-11-23' }).findings[0]).toMatchObject({
      rule: 'ZN-05',
      path: 'systems[0].hosts[2]',
    })
  })
  test('the edition can be asked for: before R7.3 a My Number zone has no wireless at all', () => {
    const older = checkTown(readable(mendedText()), { at: DAY, edition: 'R6.10' })
    expect(older.edition).toBe('R6.10')
    expect(older.findings.map((one) => one.rule)).toContain('ZN-12')
  })
})

const asset = (place: string, level: string) => ({
  path: 'assets',
  value: [
    {
      id: 'a',
      name: '名簿',
      class: `自治体機密性${level}`,
      integrity: '自治体完全性1',
      availability: '自治体可用性1',
      personal: 'resident',
      place,
      owner: 'soumu',
    },
  ],
})

describe('an asset is asked about where it is kept', () => {
  test('3B in the Internet zone is refused at the line of its place', () => {
    const text = mendedWith(asset('mail', '3B'))
    const [finding] = check(text).findings
    expect(finding).toMatchObject({ rule: 'PL-3B-INTERNET', path: 'assets[0]' })
    expect(text.split('\n')[finding!.line! - 1]).toContain('place: mail')
  })
  test('3B in the My Number zone passes', () => {
    expect(rulesIn(mendedWith(asset('juki', '3B')))).toEqual([])
  })
})

const answering = (answer: Partial<Answer>) => ({
  ask: (): Answer => ({
    result: 'pass',
    basis: 'permitted',
    findings: [],
    determining: [],
    errors: [],
    ...answer,
  }),
})

describe('the result of a check', () => {
  test('an engine error is a refusal, even when it comes without a finding', () => {
    const judge = answering({ result: 'refuse', basis: 'error', errors: ['X'] })
    expect(checkTown(readable(mendedText()), { judge, at: DAY }).result).toBe('refuse')
  })
  test('every flow, host, zone, boundary, gate and asset is asked about, and the body once', () => {
    const asked: Question[] = []
    const judge = {
      ask: (question: Question): Answer => {
        asked.push(question)
        return answering({}).ask()
      },
    }
    const { town } = readable(mendedText())
    const { answers } = checkTown(readable(mendedText()), { judge, at: DAY })
    const count = (name: string) => answers.filter((one) => one.question.question === name).length
    expect(asked).toEqual(expect.arrayContaining(answers.map((one) => one.question)))
    expect(count('check-flow')).toBe(town.flows.length)
    expect(count('check-host')).toBe(town.systems.flatMap((one) => one.hosts).length)
    expect(count('check-wireless')).toBe(town.zones.length)
    expect(count('check-boundary')).toBe(town.boundaries.length)
    expect(count('check-file-route')).toBe(town.gates.file.length)
    expect(count('check-mail-route')).toBe(town.gates.mail.length)
    expect(count('check-screen-route')).toBe(town.gates.screen.length)
    expect(count('place')).toBe(town.assets.length)
    expect(count('check-organisation')).toBe(1)
    expect(count('check-control')).toBe(10)
  })
  test('one rule speaks once about one thing', () => {
    const { findings } = check(brokenText)
    const keys = findings.map((one) => `${one.rule} ${one.path}`)
    expect(new Set(keys).size).toBe(keys.length)
  })
  test('a finding begins with the name an official knows the thing by', () => {
    const finding = check(brokenText).findings.find((one) => one.rule === 'ZN-04')
    expect(finding?.message).toMatch(/^「住民記録システム 窓口端末1」：/u)
  })
  test('a flow to a party on the Internet is a route by itself, and no other flow is spoken of', () => {
    const alone: Edit = { path: 'flows[0].to', value: 'peer:web-site' }
    const finding = check(mendedWith(alone)).findings.find((one) => one.rule === 'ZN-01')
    expect(finding?.message).toMatch(/この通信だけで、/u)
    expect(finding?.message).not.toMatch(/ほかの通信/u)
  })
  test('a chain to the Internet names every flow it is made of', () => {
    const finding = check(brokenText).findings.find((one) => one.rule === 'ZN-01')
    expect(finding?.message).toMatch(/^「庁内の連携」＋「連携の通知メール」：/u)
  })
})
