import { expect, test } from 'vitest'
import { pathOfTile } from '../verify/tile.ts'
import { tileFiles } from './tiles.ts'
import { readTilePath, tilePath } from './tile-path.ts'

test.each([
  [0, 0, 256, 'tile/0/000'],
  [0, 1234067, 256, 'tile/0/x001/x234/067'],
  [0, 999, 1, 'tile/0/999.p/1'],
  [2, 1000, 255, 'tile/2/x001/000.p/255'],
  ['entries', 273, 112, 'tile/entries/273.p/112'],
] as const)('tile %s/%s of width %s is the file %s', (level, index, width, path) => {
  expect(tilePath(level, index, width)).toBe(path)
  expect(pathOfTile(level, index, width)).toBe(path)
  expect(readTilePath(path)).toEqual({ level, index, width })
})

test.each([
  'tile/0/1',
  'tile/00/000',
  'tile/0/x000/001',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/000.p/01',
  'tile/0/../000',
  'tile/entries/000.p/',
  'tile/0/001/000',
])('%s names no tile: each has one name only', (path) => {
  expect(readTilePath(path)).toBeUndefined()
})

test('a log of 70,000 entries has exactly the tiles of the specification’s example', () => {
  const tiles = tileFiles(70_000).filter(({ level }) => level !== 'entries')
  const full = (level: number): number =>
    tiles.filter((tile) => tile.level === level && tile.width === 256).length
  const partial = tiles.filter(({ width }) => width < 256).map(({ level, width }) => [level, width])
  expect([full(0), full(1), full(2)]).toEqual([273, 1, 0])
  expect(partial).toEqual([
    [0, 112],
    [1, 17],
    [2, 1],
  ])
})

test('a log of 256 entries has a full tile and a partial one of width 1 above it', () => {
  const tiles = tileFiles(256).map(({ level, index, width }) => tilePath(level, index, width))
  expect(tiles).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1'])
})
