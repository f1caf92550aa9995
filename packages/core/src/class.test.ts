import { describe, expect, it } from 'vitest'
import {
  CLASS_TABLE,
  classLabel,
  compareClass,
  correspondingClasses,
  foldedClassLabel,
  foreignClass,
  readClass,
} from './class.ts'

describe('classes of different schemes', () => {
  const read = (label: string) => readClass(label)!

  it('are never compared', () => {
    for (const [one, other] of [
      ['自治体機密性3A', '国機密性3'],
      ['国機密性3', '自治体機密性3A'],
    ] as const)
      expect(compareClass(read(one), read(other))).toEqual({
        ok: false,
        problem: {
          reason: 'CLASS-SCHEME',
          label: '国機密性3',
          scheme: 'national',
          candidates: ['自治体機密性3A'],
        },
      })
    const order = (one: string, other: string) => {
      const compared = compareClass(read(one), read(other))
      return compared.ok ? compared.order : undefined
    }
    expect(order('自治体機密性2', '自治体機密性3C')).toBeLessThan(0)
    expect(order('国機密性3', '国機密性2')).toBeGreaterThan(0)
    expect(order('自治体機密性3B', '自治体機密性3B')).toBe(0)
  })

  it('are told from those of this scheme, with what they may mean here', () => {
    const candidates = (label: string) => foreignClass(label)?.candidates
    expect(candidates('旧機密性3')).toEqual(['自治体機密性3A', '自治体機密性3B'])
    expect(candidates('国機密性1')).toEqual(['自治体機密性1'])
    expect(candidates('機密性３')).toEqual(['自治体機密性3A', '自治体機密性3B'])
    expect(candidates('機密性 2')).toEqual(['自治体機密性3B', '自治体機密性3C', '自治体機密性2'])
    expect(candidates('国の機密性2')).toEqual(candidates('国機密性2'))
    for (const label of ['自治体機密性3B', '自治体機密性2', '3', '機密性4', '', '旧機密性3B'])
      expect(foreignClass(label)).toBeUndefined()
    expect(foreignClass(`旧機密性3${' '.repeat(100_000)}`)).toBeUndefined()
  })

  it('fold to three only where they are shown, and still say which', () => {
    expect(foldedClassLabel('自治体機密性3C')).toBe('自治体機密性3（うち3C）')
    for (const label of ['自治体機密性2', '自治体機密性1', '国機密性3', '高い'])
      expect(foldedClassLabel(label)).toBe(label)
  })

  it('are not read without their scheme', () => {
    for (const label of [
      '機密性3',
      '機密性2',
      '3B',
      '自治体機密性3',
      '国機密性3A',
      '自治体機密性3b',
    ])
      expect(readClass(label)).toBeUndefined()
    expect(correspondingClasses('機密性3')).toEqual([])
  })

  it('correspond as the ministry draws them: the former 3 was both 3A and 3B', () => {
    const municipal = (label: string) => correspondingClasses(label).map((row) => row.municipal)
    expect(municipal('旧機密性3')).toEqual(['自治体機密性3A', '自治体機密性3B'])
    expect(municipal('旧機密性2')).toEqual(['自治体機密性3C', '自治体機密性2'])
    expect(municipal('国機密性2')).toEqual(['自治体機密性3B', '自治体機密性3C', '自治体機密性2'])
    expect(correspondingClasses('自治体機密性3B')).toHaveLength(1)
  })

  it('stand in the table once each', () => {
    for (const { municipal, national } of CLASS_TABLE) {
      expect(classLabel(read(municipal))).toBe(municipal)
      expect(classLabel(read(national))).toBe(national)
    }
    expect(new Set(CLASS_TABLE.map(({ municipal }) => municipal)).size).toBe(CLASS_TABLE.length)
  })
})
