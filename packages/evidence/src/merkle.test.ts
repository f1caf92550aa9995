import { describe, expect, test } from 'vitest'
import { CompactRange, consistent, rootFromInclusion } from '../verify/merkle.ts'
import {
  EMPTY_ROOT,
  consistencyPath,
  inclusionPath,
  leafHash,
  rootHash,
  treeHash,
} from './merkle.ts'
import type { SubtreeReader } from './merkle.ts'

// The test vectors of the RFC 6962 reference implementation (certificate-transparency, merkletree tests).
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
// Inclusion: index, size, path. Consistency: old size, size, path.
const INCLUSION: [number, number, string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    1,
    5,
    [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]
const CONSISTENCY: [number, number, string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]

const leaves = ENTRIES.map((hex) => leafHash(Buffer.from(hex, 'hex')))
const hex = (hashes: readonly Buffer[]): string[] => hashes.map((hash) => hash.toString('hex'))

function over(hashes: readonly Buffer[]): SubtreeReader {
  return async (height, index) => {
    const count = 2 ** height
    return treeHash(hashes.slice(index * count, (index + 1) * count))
  }
}

describe('the reference vectors of RFC 6962', () => {
  test('the empty tree has the hash of nothing', () => {
    expect(EMPTY_ROOT.toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
  })

  test.each(ROOTS.map((root, i) => [i + 1, root] as const))(
    '%i leaves hash to %s',
    async (size, root) => {
      expect((await rootHash(over(leaves), size)).toString('hex')).toBe(root)
      expect(treeHash(leaves.slice(0, size)).toString('hex')).toBe(root)
    },
  )

  test.each(INCLUSION)('leaf %i of %i has the known path', async (index, size, path) => {
    expect(hex(await inclusionPath(over(leaves), index, size))).toEqual(path)
  })

  test.each(CONSISTENCY)('%i leaves lead to %i by the known path', async (old, size, path) => {
    expect(hex(await consistencyPath(over(leaves), old, size))).toEqual(path)
  })
})

describe('what the log writes, the other code accepts', () => {
  const many = Array.from({ length: 70 }, (_, i) => leafHash(Buffer.of(i)))
  const roots = many.map((_, i) => treeHash(many.slice(0, i + 1)))

  test('roots agree at every size', () => {
    const range = new CompactRange()
    for (const [i, leaf] of many.entries()) {
      range.push(leaf)
      expect(range.root().equals(roots[i] as Buffer)).toBe(true)
    }
  })

  test('every inclusion path leads to the root, and for another leaf to another root', async () => {
    for (let size = 1; size <= many.length; size += 1)
      for (let index = 0; index < size; index += 1) {
        const path = await inclusionPath(over(many), index, size)
        const leaf = many[index] as Buffer
        const root = roots[size - 1] as Buffer
        expect(rootFromInclusion(leaf, index, size, path)?.equals(root)).toBe(true)
        const other = leafHash(Buffer.of(99))
        expect(rootFromInclusion(other, index, size, path)?.equals(root)).toBe(false)
        expect(rootFromInclusion(leaf, index + size, size, path)).toBeUndefined()
      }
  })

  test('every consistency path joins its two roots and no others', async () => {
    for (let size = 1; size <= many.length; size += 1)
      for (let old = 1; old <= size; old += 1) {
        const path = await consistencyPath(over(many), old, size)
        const older = { size: old, root: roots[old - 1] as Buffer }
        const newer = { size, root: roots[size - 1] as Buffer }
        expect(consistent(older, newer, path)).toBe(true)
        expect(consistent({ ...older, root: leafHash(Buffer.of(99)) }, newer, path)).toBe(false)
        expect(consistent(older, { ...newer, root: leafHash(Buffer.of(99)) }, path)).toBe(false)
      }
  })
})
