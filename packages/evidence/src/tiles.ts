/**
 * Reading tiles and bundles of a log of known size. A partial file may have been replaced by the full one meanwhile
 * (C2SP tlog-tiles, "Partial Tiles"), so the full file is tried second and cut.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError, errorCode } from '@sekisho/core'
import { diskError } from './durable.ts'
import { readBundle } from './entry-bundle.ts'
import { HASH_BYTES, treeHash } from './merkle.ts'
import type { SubtreeReader } from './merkle.ts'
import { TILE_WIDTH, tilePath } from './tile-path.ts'
import type { TileLevel } from './tile-path.ts'

/** How many hashes or entries tile `index` of a level has in a log of `size` entries: 0 to 256. */
export function tileWidth(level: TileLevel, index: number, size: number): number {
  const hashes = level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level)
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH))
}

/** Every file of a log of `size` entries, bundles and tiles, in the order a reader needs them. */
export function tileFiles(size: number): { level: TileLevel; index: number; width: number }[] {
  const levels: TileLevel[] = ['entries']
  for (let level = 0; Math.floor(size / TILE_WIDTH ** level) > 0; level += 1) levels.push(level)
  return levels.flatMap((level) => tilesOfLevel(level, size))
}

/** Entries of one bundle, as many as the log of `size` entries has there. Throws LOG_CORRUPT. */
export async function readEntries(dir: string, index: number, size: number): Promise<Buffer[]> {
  const width = tileWidth('entries', index, size)
  const bytes = await readTile(dir, 'entries', index, width)
  const entries = readBundle(bytes)
  if (entries === undefined || entries.length < width)
    throw corrupt(tilePath('entries', index, width))
  return entries.slice(0, width)
}

/** Hashes of one tile. Throws LOG_CORRUPT. */
export async function readHashes(
  dir: string,
  level: number,
  index: number,
  size: number,
): Promise<Buffer[]> {
  const width = tileWidth(level, index, size)
  const bytes = await readTile(dir, level, index, width)
  if (bytes.length < width * HASH_BYTES) throw corrupt(tilePath(level, index, width))
  return Array.from({ length: width }, (_, i) =>
    bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES),
  )
}

/** Subtree hashes of a log of `size` entries, read from tiles; each tile is read once per reader. */
export function subtreeReader(dir: string, size: number): SubtreeReader {
  const tiles = new Map<string, Promise<Buffer[]>>()
  const tile = (level: number, index: number): Promise<Buffer[]> => {
    const name = `${level}/${index}`
    const known = tiles.get(name) ?? readHashes(dir, level, index, size)
    tiles.set(name, known)
    return known
  }
  return async (height, index) => {
    const level = Math.floor(height / 8)
    const count = 2 ** (height % 8)
    const first = index * count
    const hashes = await tile(level, Math.floor(first / TILE_WIDTH))
    return treeHash(hashes.slice(first % TILE_WIDTH, (first % TILE_WIDTH) + count))
  }
}

function tilesOfLevel(
  level: TileLevel,
  size: number,
): { level: TileLevel; index: number; width: number }[] {
  const hashes = level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level)
  const count = Math.ceil(hashes / TILE_WIDTH)
  return Array.from({ length: count }, (_, index) => ({
    level,
    index,
    width: tileWidth(level, index, size),
  }))
}

/** The bytes of a tile that has at least `width` hashes or entries. */
export async function readTile(
  dir: string,
  level: TileLevel,
  index: number,
  width: number,
): Promise<Buffer> {
  for (const path of [tilePath(level, index, width), tilePath(level, index)]) {
    try {
      return await readFile(join(dir, path))
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR') throw diskError(error)
    }
  }
  throw corrupt(tilePath(level, index, width))
}

function corrupt(path: string): SekishoError {
  return new SekishoError('LOG_CORRUPT', `the file ${path} of the log is missing or damaged`)
}
