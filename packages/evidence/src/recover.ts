/**
 * What happens to a log's folder when it is opened: everything up to the checkpoint is read and hashed again,
 * everything beyond it (a commit that a crash interrupted) is removed.
 */
import type { Dirent } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError, errorCode } from '@sekisho/core'
import { syncFolder } from './durable.ts'
import { Edge } from './edge.ts'
import type { TileFile } from './edge.ts'
import type { SignedCheckpoint } from './history.ts'
import { KeyIndex } from './key-index.ts'
import { readLeaf } from './leaf.ts'
import { readEntries, readTile, tileWidth } from './tiles.ts'
import { TILE_WIDTH, readTilePath } from './tile-path.ts'

/**
 * Rebuilds the state of the writer from the files. Throws LOG_CORRUPT when a file differs from what the entries hash
 * to, an entry is not at its place, or the root is not the signed one.
 */
export async function recover(
  dir: string,
  checkpoint: SignedCheckpoint,
): Promise<{ edge: Edge; keys: KeyIndex }> {
  const edge = new Edge()
  const keys = new KeyIndex()
  for (let bundle = 0; bundle * TILE_WIDTH < checkpoint.size; bundle += 1) {
    for (const bytes of await readEntries(dir, bundle, checkpoint.size)) addEntry(edge, keys, bytes)
    // Bundles too: one with bytes after its last entry is read without complaint, but is not what was written.
    for (const file of edge.takeFiles().files) await compare(dir, file, checkpoint.size)
  }
  if (edge.size !== checkpoint.size || !edge.root().equals(checkpoint.root))
    throw new SekishoError('LOG_CORRUPT', 'the entries do not hash to the signed checkpoint')
  // Only now: a damaged folder is left exactly as it was found.
  await removeBeyond(dir, checkpoint.size)
  return { edge, keys }
}

function addEntry(edge: Edge, keys: KeyIndex, bytes: Buffer): void {
  const leaf = readLeaf(bytes)
  if (leaf === undefined || leaf.seq !== edge.size)
    throw new SekishoError('LOG_CORRUPT', `entry ${edge.size} of the log is damaged`)
  keys.set(leaf.key, leaf.seq)
  edge.append(bytes)
}

/** A tile that is partial only while reading on is skipped: on disk it is already wider. */
async function compare(dir: string, { path, bytes }: TileFile, size: number): Promise<void> {
  const tile = readTilePath(path)
  if (tile === undefined || tile.width !== tileWidth(tile.level, tile.index, size)) return
  const found = await readTile(dir, tile.level, tile.index, tile.width)
  if (!found.equals(bytes))
    throw new SekishoError('LOG_CORRUPT', `the file ${path} of the log was altered`)
}

/** Removes files of an unfinished commit and partial tiles that have a full one; syncs every folder on the way. */
async function removeBeyond(dir: string, size: number): Promise<void> {
  for (const path of await tilePaths(dir, 'tile')) {
    const tile = readTilePath(path)
    if (tile === undefined) continue
    const width = tileWidth(tile.level, tile.index, size)
    const superseded = width === TILE_WIDTH && tile.width < TILE_WIDTH
    if (tile.width > width || superseded) await rm(join(dir, path), { force: true })
  }
}

async function tilePaths(dir: string, below: string): Promise<string[]> {
  const found: string[] = []
  for (const item of await list(join(dir, below))) {
    const path = `${below}/${item.name}`
    if (item.isDirectory()) found.push(...(await tilePaths(dir, path)))
    else found.push(path)
  }
  return found
}

async function list(path: string): Promise<Dirent[]> {
  try {
    await syncFolder(path)
    return await readdir(path, { withFileTypes: true })
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}
