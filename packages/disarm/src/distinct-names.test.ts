import { describe, expect, it } from 'vitest'
import { DistinctNames } from './distinct-names.ts'

describe('two files never come out under one name', () => {
  it('as Windows, macOS and Unicode compare names', () => {
    const names = new DistinctNames()
    const given = ['a.txt', 'A.txt', 'が.txt', 'が.txt'.normalize('NFD'), 'a (2).txt', 'a.TXT']
    expect(given.map((name) => names.take(name))).toEqual([
      'a.txt',
      'A (2).txt',
      'が.txt',
      `${'が'.normalize('NFD')} (2).txt`,
      'a (2) (2).txt',
      'a (3).TXT',
    ])
  })
})
