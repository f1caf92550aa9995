/**
 * Exporting a log: a folder that an auditor can carry away and check anywhere, without this program's server or store.
 */
import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SekishoError } from '@sekisho/core'
import { README_TEXT } from '../verify/index.ts'
import { diskError } from './durable.ts'
import { bundleBytes } from './entry-bundle.ts'
import { historyRecord } from './history.ts'
import { openLogReader } from './log-reader.ts'
import { readVerifier } from './note.ts'
import { readEntries, readHashes, tileFiles } from './tiles.ts'
import { TILE_WIDTH, tilePath } from './tile-path.ts'

/** What was exported. */
export interface Exported {
  readonly origin: string
  readonly size: number
}

/**
 * Copies the log as of its checkpoint now, while it may be written to.
 *
 * @param out a folder that is empty or not there yet
 * @throws NOT_FOUND when `dir` holds no log, CONFIG_INVALID when `out` holds anything, LOG_CORRUPT when a file is missing
 */
export async function exportLog(dir: string, out: string): Promise<Exported> {
  const reader = await openLogReader({ dir })
  const size = reader.size()
  const note = reader.checkpoint()
  try {
    await makeEmptyFolder(out)
    await writeFile(join(out, 'README.txt'), README_TEXT)
    await writeFile(join(out, 'key'), `${reader.verifier}\n`)
    await writeFile(join(out, 'checkpoint'), note)
    await writeFile(join(out, 'checkpoints'), await historyUpTo(dir, note))
    for (const { level, index, width } of tileFiles(size))
      await copyTile(dir, out, level, index, width, size)
  } catch (error) {
    throw diskError(error)
  }
  return { origin: readVerifier(reader.verifier).name, size }
}

async function makeEmptyFolder(out: string): Promise<void> {
  await mkdir(out, { recursive: true })
  if ((await readdir(out)).length > 0)
    throw new SekishoError('CONFIG_INVALID', 'the folder to export to is not empty')
}

/** The history is append-only: everything up to the exported checkpoint belongs to it, the rest came later. */
async function historyUpTo(dir: string, note: string): Promise<Buffer> {
  const history = await readFile(join(dir, 'checkpoints'))
  const record = historyRecord(note)
  const at = history.lastIndexOf(record)
  if (at === -1) throw new SekishoError('LOG_CORRUPT', 'the history lacks the checkpoint')
  return history.subarray(0, at + record.length)
}

async function copyTile(
  dir: string,
  out: string,
  level: number | 'entries',
  index: number,
  width: number,
  size: number,
): Promise<void> {
  const path = tilePath(level, index, width)
  const target = join(out, path)
  await mkdir(dirname(target), { recursive: true })
  if (width === TILE_WIDTH) return copyFile(join(dir, path), target)
  // A partial file may be gone because the full one is there by now.
  const bytes =
    level === 'entries'
      ? bundleBytes(await readEntries(dir, index, size))
      : Buffer.concat(await readHashes(dir, level, index, size))
  await writeFile(target, bytes)
}
