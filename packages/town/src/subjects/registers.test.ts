import { CONTRACT_TERMS, DISPOSAL_POINTS, INCIDENT_ASPECTS, MEDIUM_USE_POINTS } from '@sekisho/core'
import { formOf, loadGuideline } from '@sekisho/guideline'
import { describe, expect, test } from 'vitest'
import { checkTown } from '../check.ts'
import { DAY, fileText, readable, reasonsOf, yamlFiles } from '../corpus.test-support.ts'
import { editTown, type Edit } from '../edit.ts'
import { factOf } from './contract-facts.ts'

const FOLDER = 'corpus/town/registers'
const QUESTIONS: ReadonlySet<string> = new Set([
  'contract',
  'dispose',
  'removable-media',
  'incident',
])
const RULES = new Set(
  loadGuideline()
    .rules.filter(({ question }) => QUESTIONS.has(question))
    .map(({ id }) => id),
)

/** `CT-04 subcontractors[2] 「契約」→「甲」` of each finding about a register. */
const found = (text: string, at: string = DAY): readonly string[] => {
  const { answers, findings } = checkTown(readable(text), { at })
  // A question put with a fact too few is refused, and nobody is told what to do.
  expect(answers.filter(({ answer }) => answer.basis === 'error')).toEqual([])
  return findings
    .filter(({ rule }) => RULES.has(rule))
    .map(({ rule, path, message }) => `${rule} ${path} ${message.slice(0, message.indexOf('：'))}`)
}

describe('registers written down by a town', () => {
  test.each(yamlFiles(FOLDER))('%s', (file) => {
    const expected = JSON.parse(fileText(`${FOLDER}/${file.replace('.yaml', '.expect.json')}`)) as {
      readonly findings: readonly string[]
    }
    expect(found(fileText(`${FOLDER}/${file}`))).toEqual(expected.findings)
  })
})

const good = fileText(`${FOLDER}/contract_good_tree.yaml`)

describe('a contract', () => {
  test('has a word for every yes and no that its question asks, and for nothing else', () => {
    const asked = formOf('contract')!
      .facts.filter(({ options }) => typeof options?.[0]?.value === 'boolean')
      .map(({ name }) => name)
      .filter((name) => name !== 'ctSigned')
    expect(CONTRACT_TERMS.map(factOf).toSorted()).toEqual(asked.toSorted())
  })

  test.each(CONTRACT_TERMS)('without a paper that says %s does not pass', (term) => {
    const without = good.replace(
      new RegExp(`(states: \\[(?:\\w+, )*)${term}(?:, |(?=\\]))`, 'u'),
      '$1',
    )
    expect(without).not.toBe(good)
    expect(found(without.replace(/, \]/gu, ']'))).not.toEqual([])
  })

  test.each([
    ['its law', ', law: japan', 'CT-05'],
    ['its court', ', court: japan', 'CT-05'],
    ['the hours for telling of an incident', ', incidentHours: 24', 'CT-09'],
    ['the day it was signed', ', signed: 2026-03-27', 'CT-SIGNED'],
    ['the work of a party', ', work: 夜間の監視', 'CT-04-TREE'],
    ['the data of a party', 'data: 操作の記録, ', 'CT-04-TREE'],
  ])('without %s does not pass', (_, written, rule) => {
    expect(found(good.replace(written, ''))).toContainEqual(expect.stringContaining(`${rule} `))
  })

  test('counts a consent from its day, and on the day on which the work begins', () => {
    expect(found(good, '2026-05-01')).toEqual([])
    expect(found(good, '2026-04-30')).toContainEqual(
      'CT-04 subcontractors[2] 「住民記録の保守」→「乙システムズ」→「丙テクノ」→「丁データ（同意の日は令和8年5月1日で、まだ来ていない）」',
    )
  })

  test('is over on the day after its last', () => {
    expect(found(good, '2027-03-31')).toEqual([])
    expect(found(good, '2027-04-01')).toEqual([
      'CT-SIGNED contracts[0] 「住民記録の保守（令和9年3月31日まで）」',
    ])
  })

  test('that is over is not told to be signed first', () => {
    const text = fileText(`${FOLDER}/contract_over_with_data.yaml`)
    const told = checkTown(readable(text), { at: DAY }).findings.find(
      (one) => one.rule === 'CT-SIGNED',
    )
    expect(told?.message).toMatch(/効力のある契約がない/u)
    expect(told?.message).not.toMatch(/結ぶ前/u)
  })
  test('is asked for what the notice of June 2026 brought from its day, whatever the edition', () => {
    const undeclared = good.replace('[supplyDeclared, headOffice, owner]', '[headOffice]')
    const eleventh = (text: string, at: string) =>
      found(text, at).filter((line) => line.startsWith('CT-11 '))
    expect(eleventh(undeclared, '2026-06-25')).toEqual([])
    expect(eleventh(undeclared, '2026-06-26')).toHaveLength(1)
    expect(eleventh(undeclared.replace('edition: R8.3', 'edition: R7.3'), DAY)).toHaveLength(1)
  })
  test('on My Numbers gets no data before the ten contents are in it', () => {
    const without = good.replace('takeOut, ', '')
    expect(found(without).map((line) => line.split(' ')[0])).toEqual(['CT-DATA', 'CT-MN'])
    const told = checkTown(readable(without), { at: DAY }).findings.find(
      ({ rule }) => rule === 'CT-DATA',
    )
    expect(told?.cure.sentence).toContain('渡し始めているときは止めてください')
  })
  test('has handed data over when the service that it is for holds an asset', () => {
    const text = fileText(`${FOLDER}/contract_without_papers.yaml`)
    const rules = (one: string): readonly string[] => found(one).map((line) => line.split(' ')[0]!)
    expect(rules(text)).not.toContain('CT-DATA')
    expect(rules(text.replace('place: juki', 'place: form'))).toContain('CT-DATA')
  })

  test('for which data are to be handed over on a day ahead is asked before that day', () => {
    const text = fileText(`${FOLDER}/contract_without_papers.yaml`)
    const ahead = text.replace(
      'dataSupply: not-begun',
      'dataSupply: not-begun, dataFrom: 2027-01-01',
    )
    expect(found(ahead)).toContainEqual(expect.stringContaining('CT-DATA '))
  })
})

const party = (id: string, under: string): string =>
  `  - { id: ${id}, name: ${id}社, under: ${under}, personal: none, starts: 2026-05-01 }`
const chain = (length: number): string =>
  Array.from({ length }, (_, index) =>
    party(`n${index}`, index === 0 ? 'hoshu' : `n${index - 1}`),
  ).join('\n')
const withParties = (parties: string): string =>
  `${good.slice(0, good.indexOf('subcontractors:'))}subcontractors:\n${parties}\n`

describe('a tree of re-entrustment', () => {
  test('may be of any depth; of a long way both ends are named', () => {
    const deep = found(withParties(chain(3_000))).filter((one) => one.startsWith('CT-04 '))
    expect(deep).toHaveLength(3_000)
    expect(deep.at(-1)).toBe(
      'CT-04 subcontractors[2999] 「住民記録の保守」→「n0社」→「n1社」→「間に2996者」→「n2998社」→「n2999社（団体の同意なし）」',
    )
  })
  test('names every party once on a way that is just long enough to be cut', () => {
    const ways = found(withParties(chain(6))).filter((one) => one.startsWith('CT-04 '))
    expect(ways[3]).toContain('「n0社」→「n1社」→「n2社」→「n3社（団体の同意なし）」')
    expect(ways[4]).toContain('「n0社」→「n1社」→「間に1者」→「n3社」→「n4社（団体の同意なし）」')
  })
  test('of 100,000 parties is refused with a value', () => {
    expect(reasonsOf(withParties(chain(100_000)))).toEqual([expect.stringMatching(/^TOWN-TOO-/u)])
  })
  test('that leads back to itself is not read, and one line is named for each ring', () => {
    const rings = [
      party('a', 'b'),
      party('b', 'c'),
      party('c', 'a'),
      party('d', 'a'),
      party('e', 'e'),
    ]
    expect(reasonsOf(withParties(rings.join('\n')))).toEqual(['TOWN-TREE-LOOP', 'TOWN-TREE-LOOP'])
  })
  test('under a contract or a department that nobody declared is not read', () => {
    expect(reasonsOf(withParties(party('a', 'hosyu')))).toEqual(['TOWN-REFERENCE'])
    const vendor = good.replace('date: 2026-04-20, by: jumin', 'date: 2026-04-20, by: kou')
    expect(reasonsOf(vendor)).toEqual(['TOWN-REFERENCE'])
  })
  test('whose party bears the id of a contract is not read', () => {
    expect(reasonsOf(withParties(party('hoshu', 'hoshu')))).toContain('TOWN-DUPLICATE-ID')
  })
})

const booleans = (question: string): readonly string[] =>
  formOf(question)!
    .facts.filter(({ options }) => typeof options?.[0]?.value === 'boolean')
    .map(({ name }) => name)

describe('what a town confirms or names', () => {
  test.each([
    ['dispose', DISPOSAL_POINTS],
    ['removable-media', MEDIUM_USE_POINTS],
    ['incident', INCIDENT_ASPECTS],
  ] as const)('about %s are yes-or-no facts of that question', (question, points) => {
    expect(booleans(question)).toEqual(expect.arrayContaining([...points]))
  })
})

const edited = (text: string, ...edits: readonly Edit[]): string => {
  const result = editTown(text, edits)
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('\n'))
  return result.text
}
const media = fileText(`${FOLDER}/media_good.yaml`)
const gone = (path: string): Edit => ({ path, remove: true })

describe('a medium', () => {
  test.each<readonly [string, Edit, RegExp]>([
    ['the number of the disk', gone('media[0].number'), /^DSP-RECORD media\[0\]/u],
    ['a witness', gone('media[0].disposed.witness'), /^DSP-WITNESS/u],
    ['the first erasure', gone('media[0].disposed.confirmed[0]'), /^DSP-STAFF/u],
    ['numbers on the certificate', gone('media[0].disposed.confirmed[1]'), /^DSP-SERIAL/u],
    ['a certificate', gone('media[0].certificate'), /^DSP-CERT/u],
    [
      'a certificate that exists',
      { path: 'media[0].certificate.date', value: '2026-11-23' },
      /^DSP-CERT/u,
    ],
    ['the number of the stick', gone('media[1].number'), /^MED-REGISTER media\[1\]/u],
    ['an approval', gone('media[1].use.approvedBy'), /^MED-APPROVAL/u],
    [
      'an approval by another person',
      { path: 'media[1].use.approvedBy', value: ' 総務課 鈴木 ' },
      /^MED-SELF/u,
    ],
    ['having looked for another way', gone('media[1].use.confirmed[0]'), /^MED-OTHER-WAY/u],
    ['a way to return it', gone('media[1].use.confirmed[1]'), /^MED-RETURN/u],
    ['somebody to tell of its loss', gone('media[1].use.confirmed[2]'), /^MED-LOSS/u],
  ])('without %s does not pass', (_, edit, finding) => {
    expect(found(edited(media, edit))).toEqual([expect.stringMatching(finding)])
  })

  test('holds what the assets on it make of it, whatever is written about it', () => {
    const overwritten = edited(media, { path: 'media[0].disposed.method', value: 'crypto-erase' })
    expect(found(overwritten)).toEqual([expect.stringMatching(/^DSP-MN-HDD media\[0\]/u)])
    expect(found(overwritten.replace('assets: [daicho]', 'assets: []'))).toEqual([])
    const inCloud = overwritten
      .replace('kind: contract', 'kind: gov-cloud')
      .replace('place: juki', 'place: form')
    expect(found(inCloud)).toEqual([expect.stringMatching(/^DSP-MN-HDD/u)])
    expect(found(edited(media, { path: 'media[1].assets', value: ['daicho'] }))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^MED-ENCRYPT/u)]),
    )
  })

  test('that is gone is asked about its end alone', () => {
    const use = { from: 'mynumber', to: 'internet', by: '甲', virusCheck: 'none', confirmed: [] }
    const both = edited(media, { path: 'media[0].use', value: use })
    expect(found(both)).toEqual([])
    expect(found(both, '2026-08-19')).toContainEqual(expect.stringMatching(/^MED-MN-INTERNET/u))
  })
})

const late = fileText(`${FOLDER}/incident_first_report_late.yaml`)
const finding = (rule: string, text: string, at: string): unknown =>
  checkTown(readable(text), { at }).findings.find((one) => one.rule === rule)

describe('an incident', () => {
  test('is held on the last day of the law, and refused on the next', () => {
    expect(finding('INC-MN-FIRST', late, '2026-11-15')).toMatchObject({ effect: 'hold' })
    expect(finding('INC-MN-FIRST', late, '2026-11-16')).toMatchObject({ effect: 'refuse' })
    expect(finding('INC-MN-FINAL', late, '2026-12-10')).toMatchObject({ effect: 'hold' })
    expect(finding('INC-MN-FINAL', late, '2026-12-11')).toMatchObject({ effect: 'refuse' })
  })
  test('with a wrongful purpose has 60 days, and says so', () => {
    const wrongful = late.replace('numberSystem]', 'numberSystem, wrongfulPurpose]')
    expect(found(wrongful)).toContainEqual(
      'INC-MN-FINAL incidents[0] 「税の通知書の入れ違い（期限 令和9年1月9日）」',
    )
    expect(finding('INC-MN-FINAL', wrongful, '2027-01-09')).toMatchObject({ effect: 'hold' })
    expect(finding('INC-MN-FINAL', wrongful, '2027-01-10')).toMatchObject({ effect: 'refuse' })
  })
  test('whose report is dated ahead has not been reported', () => {
    const ahead = edited(late, { path: 'incidents[0].reported.first', value: '2026-11-23' })
    expect(finding('INC-MN-FIRST', ahead, DAY)).toMatchObject({ effect: 'refuse' })
    expect(finding('INC-MN-FIRST', ahead, '2026-11-23')).toBeUndefined()
  })
  test('of which a final report without its nine fields was sent is not done', () => {
    const sent = edited(late, { path: 'incidents[0].reported.final', value: '2026-11-12' })
    expect(finding('INC-MN-FIRST', sent, DAY)).toBeUndefined()
    expect(finding('INC-FIELDS', sent, DAY)).toMatchObject({ effect: 'hold' })
    const whole = edited(sent, { path: 'incidents[0].nineFieldsComplete', value: true })
    expect(finding('INC-FIELDS', whole, DAY)).toBeUndefined()
  })
  test('known only from tomorrow runs no clock backwards', () => {
    const ahead = edited(late, { path: 'incidents[0].found', value: '2026-12-01' })
    expect(finding('INC-MN-FIRST', ahead, DAY)).toMatchObject({ effect: 'hold' })
  })
})
