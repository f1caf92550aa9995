/**
 * A reading really changes what is judged, and nothing else: every golden case is asked under each reading.
 */
import { readFileSync } from 'node:fs'
import type { Form } from '@sekisho/core'
import { formOf, loadGuideline, openPointsOn, settledFacts } from '@sekisho/guideline'
import { describe, expect, it } from 'vitest'
import { conclude } from './conclude.ts'
import { createCompiledJudge } from './compiled/compiled-judge.ts'
import { asQuestion, goldenCases } from './corpus.test-support.ts'
import { openViews } from './open-view.ts'

const { openPoints } = loadGuideline()
const judge = createCompiledJudge()
const FLIPS = new URL('../../../corpus/judge/readings/flips.json', import.meta.url)

interface Flip {
  readonly point: string
  readonly reading: string
  readonly case: string
  readonly from: string
  readonly to: string
}

const said = (question: string, facts: object): string => {
  const { result, findings } = judge.ask(asQuestion(question, facts))
  return [result, ...findings.map(({ rule }) => rule)].join(' ')
}

function flips(): readonly Flip[] {
  return openPoints
    .filter(({ kind }) => kind === 'reading')
    .flatMap((point) =>
      point.readings
        .filter(({ id }) => id !== point.default)
        .flatMap((reading) =>
          point.acts.questions.flatMap((name) => flipsOf(point.id, reading.id, name)),
        ),
    )
}

function flipsOf(point: string, reading: string, question: string): readonly Flip[] {
  const settled = (readings: Readonly<Record<string, string>>): object =>
    settledFacts(openPoints, question as Form['question'], { edition: 'R8.3', readings })
  return goldenCases()
    .filter((golden) => golden.question === question && golden.facts['edition'] === 'R8.3')
    .flatMap(({ title, facts }) => {
      const from = said(question, { ...facts, ...settled({}) })
      const to = said(question, { ...facts, ...settled({ [point]: reading }) })
      return from === to ? [] : [{ point, reading, case: `${question}：${title}`, from, to }]
    })
}

describe('the readings of open points', () => {
  it('change exactly the answers that are written down, in every golden case', () => {
    expect(flips()).toEqual(JSON.parse(readFileSync(FLIPS, 'utf8')))
  })

  it('each change something', () => {
    const changed = new Set(flips().map(({ point }) => point))
    expect([...changed].toSorted()).toEqual(
      openPoints.filter(({ kind }) => kind === 'reading').map(({ id }) => id),
    )
  })
})

describe('a conclusion on which an open point acts', () => {
  const form = formOf('classify')!
  const [transaction, ledger] = [
    '電子申請1件のデータ（初めの読み方）',
    '住民記録システムの台帳',
  ].map((title) => form.examples.find((one) => one.title === title)!.facts) as [
    Form['examples'][number]['facts'],
    Form['examples'][number]['facts'],
  ]
  const TOWN = { model: 'α', edition: 'R8.3' } as const

  it('names it with the other reading, and what that would say', () => {
    const { found, open } = conclude(judge, form, TOWN, transaction)
    expect(found['level']).toBe('3B')
    expect(open).toMatchObject([
      { point: 'O5', reading: 'class-3B', others: [{ reading: 'class-2', found: { level: '2' } }] },
    ])
    const [view] = openViews(form, open, TOWN)
    expect(view?.sentence).toContain('解釈が分かれています（O5）')
    expect(view?.readings.map(({ short, inForce }) => [short, inForce])).toEqual([
      ['3B', true],
      ['2', false],
    ])
    for (const { source } of view?.readings ?? []) expect(source).not.toBe('')
  })

  it('says so under the chosen reading too, and not where no reading matters', () => {
    const chosen = { ...TOWN, readings: { O5: 'class-2' } } as const
    const { found, open } = conclude(judge, form, chosen, transaction)
    expect([found['level'], open.map(({ point }) => point)]).toEqual(['2', ['O5']])
    expect(conclude(judge, form, TOWN, ledger).open).toEqual([])
  })

  it('is by the town’s reading, whatever the asker sends', () => {
    const { found, facts } = conclude(judge, form, TOWN, { ...transaction, transactionAs2: true })
    expect([found['level'], facts['transactionAs2']]).toEqual(['3B', false])
  })

  it('takes what only another reading would ask as not said', () => {
    const flow = formOf('register-flow')!
    const other = flow.examples.find(({ title }) => title.includes('一覧の3つだけと読む'))!.facts
    const { open } = conclude(judge, flow, TOWN, other)
    expect(open[0]?.others[0]?.rules).toContain('REG-OPERATOR')
  })

  it('does not hang on a reading that the edition does not have', () => {
    const dispose = formOf('dispose')!
    const ssd = dispose.examples.find(({ title }) => title.includes('暗号化消去で済ませたい'))!
    const at = (edition: 'R7.3' | 'R8.3') =>
      conclude(judge, dispose, { model: 'α', edition, readings: { O3: 'permit-list' } }, ssd.facts)
    expect([at('R8.3').answer.result, at('R7.3').answer.result]).toEqual(['pass', 'refuse'])
    expect(at('R7.3').open).toEqual([])
  })

  it('knows every open point that settles a fact of a form', () => {
    expect(
      loadGuideline().forms.flatMap(({ question }) =>
        openPointsOn(openPoints, question).map(({ id }) => `${question} ${id}`),
      ),
    ).toEqual(['classify O5', 'use-cloud O6', 'register-flow O1', 'dispose O3'])
  })
})
