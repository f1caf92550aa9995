import { CONFIDENTIALITY_LEVELS, EDITIONS, MODELS, PERSONAL_DATA_KINDS } from '@sekisho/core'
import type {
  CrossingKind,
  FileRouteFacts,
  FlowFacts,
  PlacementFacts,
  ZoneKind,
} from '@sekisho/core'
import { loadGuideline } from '@sekisho/guideline'
import { describe, expect, it } from 'vitest'
import { readQuestion, readShapes } from './facts.ts'
import { createJudge } from './judge.ts'
import { SAMPLES } from './samples.test-support.ts'

const shapes = readShapes(loadGuideline().schema)

describe('the schema and the contracts name the same facts', () => {
  it('the same questions', () => {
    expect([...shapes.keys()].toSorted()).toEqual(Object.keys(SAMPLES).toSorted())
  })

  for (const [question, facts] of Object.entries(SAMPLES))
    it(`${question}: the same facts, no more and no fewer, and the sample passes`, () => {
      expect([...(shapes.get(question)?.keys() ?? [])].toSorted()).toEqual(
        Object.keys(facts).toSorted(),
      )
      expect(createJudge().ask({ question, facts } as never).result).toBe('pass')
    })

  it('the same closed lists', () => {
    const zones: Record<ZoneKind, true> = {
      mynumber: true,
      lgwan: true,
      internet: true,
      management: true,
      outside: true,
    }
    const kinds: Record<CrossingKind, true> = {
      'mail-body': true,
      screen: true,
      file: true,
      general: true,
      'removable-media': true,
      print: true,
      screenshot: true,
    }
    const networks: Record<FlowFacts['outside'], true> = {
      none: true,
      internet: true,
      lgwan: true,
      dedicated: true,
    }
    const places: Record<PlacementFacts['place'], true> = {
      mynumber: true,
      lgwan: true,
      internet: true,
      'gov-cloud': true,
      'contract-cloud': true,
      'terms-cloud': true,
    }
    const methods: Record<FileRouteFacts['method'], true> = {
      text: true,
      'image-pdf': true,
      sanitise: true,
      'eye-check': true,
      none: true,
    }
    expect(wordsOf('cross', 'model')).toEqual(MODELS)
    expect(wordsOf('cross', 'edition')).toEqual(EDITIONS)
    expect(wordsOf('cross', 'level')).toEqual(CONFIDENTIALITY_LEVELS)
    expect(wordsOf('cross', 'fromZone')).toEqual(Object.keys(zones))
    expect(wordsOf('cross', 'kind')).toEqual(Object.keys(kinds))
    expect(wordsOf('check-flow', 'outside')).toEqual(Object.keys(networks))
    expect(wordsOf('check-file-route', 'method')).toEqual(Object.keys(methods))
    expect(wordsOf('place', 'personal')).toEqual(PERSONAL_DATA_KINDS)
    expect(wordsOf('place', 'place')).toEqual(Object.keys(places))
    expect(wordsOf('cross', 'disarm')).toEqual([
      'none',
      'removed',
      'confirmed-absent',
      'converted',
      'refused',
    ])
    expect(wordsOf('cross', 'approvalPolicy')).toEqual(['always', 'active-content', 'never'])
  })
})

describe('checked facts', () => {
  it('are a copy that the caller can no longer change', () => {
    const between = ['lgwan', 'internet']
    const facts = { ...SAMPLES['check-boundary'], between }
    const checked = readQuestion(shapes, { question: 'check-boundary', facts })
    between.push('nowhere')
    expect('facts' in checked && checked.facts['between']).toEqual(['lgwan', 'internet'])
  })

  it('hold no list beyond its bound', () => {
    expect([16, 17].map(acceptsListOf)).toEqual([true, false])
  })
})

describe('a damaged schema stops the start', () => {
  it('when it does not parse, or has a fact without a list, a minimum or a type', () => {
    expect(readShapes(action('x: Bool')).get('a')?.get('x')).toEqual({ kind: 'bool' })
    for (const context of ['x: String', 'x: Long', 'x?: Bool', 'x: Set<Bool>'])
      expect(() => readShapes(action(context))).toThrow('no shape')
    expect(() => readShapes('nonsense')).toThrow('cannot be read')
  })
})

function action(context: string): string {
  return `namespace Sekisho {
    entity A, S;
    action "a" appliesTo { principal: [A], resource: [S], context: {${context}} };
  }`
}

function acceptsListOf(length: number): boolean {
  const between = Array.from({ length }, () => 'lgwan')
  const facts = { ...SAMPLES['check-boundary'], between }
  return 'facts' in readQuestion(shapes, { question: 'check-boundary', facts })
}

function wordsOf(question: string, fact: string): readonly string[] {
  const shape = shapes.get(question)?.get(fact)
  return shape && 'values' in shape ? shape.values : []
}
