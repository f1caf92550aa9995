import { describe, expect, it } from 'vitest'
import { CLASS_TABLE, classLabel, compareClass, correspondingClasses, readClass } from './class.ts'

describe('classes of different schemes', () => {
  const read = (label: string) => readClass(label)!

  it('are never compared', () => {
    expect(compareClass(read('自治体機密性3A'), read('国機密性3'))).toBeUndefined()
    expect(compareClass(read('自治体機密性2'), read('自治体機密性3C'))).toBeLessThan(0)
    expect(compareClass(read('国機密性3'), read('国機密性2'))).toBeGreaterThan(0)
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
