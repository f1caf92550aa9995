import { existsSync, readFileSync } from 'node:fs'
import { OPEN_POINTS, SekishoError } from '@sekisho/core'
import { describe, expect, it } from 'vitest'
import { loadGuideline, openPointOf } from './guideline.ts'
import { openPointsOn, readingOf, readOpenPoints, settledFacts } from './open-point.ts'
import { openNote, openRemark } from './open-remark.ts'

const { openPoints, rules, forms, sources } = loadGuideline()
const FILE = new URL('../open-points.json', import.meta.url)
const ROOT = new URL('../../../', import.meta.url)

describe('the open points', () => {
  it('are all there, each with two readings or more and the source of each', () => {
    expect(openPoints.map(({ id }) => id)).toEqual(OPEN_POINTS)
    for (const { readings, looked } of openPoints) {
      expect(readings.length).toBeGreaterThanOrEqual(2)
      expect(looked).toMatch(/^\d{4}-\d{2}-\d{2}$/u)
      for (const { source } of readings) expect(source).not.toBe('')
    }
  })

  it('name rules, questions and places that exist', () => {
    const ids = new Set(rules.map(({ id }) => id))
    const questions = new Set(rules.map(({ question }) => question as string))
    for (const { acts, lives } of openPoints) {
      expect(acts.rules.filter((id) => !ids.has(id))).toEqual([])
      expect(acts.questions.filter((name) => !questions.has(name))).toEqual([])
      for (const { path, name } of lives) {
        expect(existsSync(new URL(path, ROOT)), path).toBe(true)
        expect(readFileSync(new URL(path, ROOT), 'utf8')).toContain(name)
      }
    }
  })

  it('act on exactly the rules that read the facts they settle', () => {
    for (const point of openPoints.filter(({ kind }) => kind === 'reading')) {
      const settled = Object.entries(point.readings[0]!.facts).flatMap(([question, facts]) =>
        Object.keys(facts).map((fact) => [question, fact] as const),
      )
      const reading = rules.filter(({ question, text }) =>
        settled.some(([of, fact]) => of === question && text.includes(`context.${fact}`)),
      )
      expect([...new Set(reading.map(({ id }) => id))].toSorted()).toEqual(
        point.acts.rules.toSorted(),
      )
    }
  })

  it('settle the facts that forms mark, and a form asks nobody for them', () => {
    for (const form of forms) {
      const marked = form.facts.filter(({ reading }) => reading !== undefined)
      const settled = settledFacts(openPoints, form.question, { edition: 'R8.3' })
      expect(marked.map(({ name }) => name).toSorted()).toEqual(Object.keys(settled).toSorted())
      for (const { name, reading } of marked)
        expect(openPointOf(reading!)?.acts.facts).toContain(name)
    }
  })

  it('a lenient reading is never verified, and neither is what holds only under it', () => {
    for (const point of openPoints)
      for (const reading of point.readings.filter(({ lenient }) => lenient)) {
        const by = { edition: 'R8.3', readings: { [point.id]: reading.id } } as const
        expect(openNote(point, by)).toMatchObject({ rule: point.id, verified: false })
        const words = Object.values(reading.facts)
          .flatMap((facts) => Object.entries(facts))
          .filter(([, value]) => typeof value === 'string')
          .map(([fact, value]) => `context.${fact} == ${JSON.stringify(value)}`)
        const only = rules.filter(({ text }) =>
          words.some((word) => /when\s*\{([^{}]*)\}/u.exec(text)?.[1]?.includes(word)),
        )
        expect(only.filter(({ verified }) => verified).map(({ key }) => key)).toEqual([])
      }
  })

  it('cite by the codes of the list of sources', () => {
    const known = sources.map(({ id }) => id)
    const used = openPoints.flatMap(({ readings }) =>
      readings.flatMap(({ source }) => source.match(/\b(?:MIC|ORD|PPC|NOT|APPI|MNA)\w*/gu) ?? []),
    )
    expect(used.filter((code) => !known.includes(code))).toEqual([])
  })

  it('are said in short polite sentences', () => {
    const sentences = openPoints.flatMap((point) => [
      point.question,
      ...point.readings.flatMap(({ text, changes }) => [text, changes]),
      ...point.lives.map(({ about }) => about),
      ...point.readings.map(
        ({ id }) => openRemark(point, { edition: 'R8.3', readings: { [point.id]: id } }).sentence,
      ),
    ])
    for (const sentence of sentences.flatMap((text) => text.split(/(?<=。)/u))) {
      expect([...sentence].length, sentence).toBeLessThanOrEqual(60)
      expect(sentence).not.toMatch(/エラー|不正|違反|拒否|失敗|アップロード|サニタイズ/u)
    }
  })
})

describe('the reading in force', () => {
  const O3 = openPointOf('O3')!

  it('is the default where a town chose none, and the chosen one otherwise', () => {
    expect(readingOf(O3, { edition: 'R8.3' }).id).toBe('destroy')
    expect(readingOf(O3, { edition: 'R8.3', readings: { O3: 'permit-list' } }).id).toBe(
      'permit-list',
    )
  })

  it('is the default with an edition that does not have the chosen one', () => {
    expect(readingOf(O3, { edition: 'R7.3', readings: { O3: 'permit-list' } }).id).toBe('destroy')
  })

  it('settles facts of its own questions and of no other', () => {
    expect(openPointsOn(openPoints, 'classify').map(({ id }) => id)).toEqual(['O5'])
    expect(openPointsOn(openPoints, 'cross')).toEqual([])
    expect(
      settledFacts(openPoints, 'classify', { edition: 'R8.3', readings: { O5: 'class-2' } }),
    ).toEqual({ transactionAs2: true })
  })
})

describe('a damaged table', () => {
  const whole = JSON.parse(readFileSync(FILE, 'utf8')) as {
    points: { id: string; default: string; readings: { lenient?: boolean; facts?: object }[] }[]
  }
  const read = (damage: (points: typeof whole.points) => unknown) => {
    const { points } = structuredClone(whole)
    damage(points)
    return () => readOpenPoints('open-points.json', JSON.stringify({ points }))
  }

  it('is read when whole', () => {
    expect(read(() => undefined)()).toHaveLength(OPEN_POINTS.length)
  })

  it.each([
    ['a point is missing', (points: typeof whole.points) => points.pop()],
    ['the default is no reading', (points: typeof whole.points) => (points[0]!.default = 'x')],
    [
      'the default lets more pass than another',
      (points: typeof whole.points) => (points[0]!.default = 'conditions'),
    ],
    ['one reading is left', (points: typeof whole.points) => points[1]!.readings.pop()],
    [
      'a reading leaves a fact open',
      (points: typeof whole.points) => (points[4]!.readings[1]!.facts = {}),
    ],
  ])('stops the start when %s', (_, damage) => {
    expect(read(damage)).toThrow(SekishoError)
  })
})
