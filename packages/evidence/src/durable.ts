/**
 * Writing files so that they survive a power cut: temporary file, fdatasync, rename, fsync of the folder.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SekishoError, errorCode } from '@sekisho/core'

/** For the service's own user and group: what is written here is about people. */
const FOLDER_MODE = 0o750
const FILE_MODE = 0o640

export interface DurableFile {
  readonly path: string
  readonly bytes: Uint8Array
}

/**
 * Writes whole files, all or some of them when it throws, each either old or new and never torn. When it resolves,
 * all of them survive a power cut.
 *
 * @param work folder for temporary files, on the same file system as the paths
 * @throws STORE_FULL when the disk is full, STORE_UNAVAILABLE for any other failure of the disk
 */
export async function writeDurably(files: readonly DurableFile[], work: string): Promise<void> {
  const staged = files.map(({ path, bytes }) => ({ path, bytes, temporary: temporaryPath(work) }))
  try {
    for (const folder of foldersOf(files)) await makeFolder(folder)
    await every(staged.map(({ temporary, bytes }) => writeSynced(temporary, bytes)))
    await every(staged.map(({ temporary, path }) => rename(temporary, path)))
    await every(foldersOf(files).map(syncFolder))
  } catch (error) {
    await Promise.allSettled(staged.map(({ temporary }) => rm(temporary, { force: true })))
    throw diskError(error)
  }
}

/** Makes a folder and its parents; each is in its parent for good when this resolves. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, FOLDER_MODE)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return
    if (errorCode(error) !== 'ENOENT') throw error
    await makeFolder(dirname(path))
    return makeFolder(path)
  }
  await syncFolder(dirname(path))
}

/** Makes renames, creations and removals in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The closed code of a failure of the disk. A `SekishoError` stays what it is. */
export function diskError(error: unknown): SekishoError {
  if (error instanceof SekishoError) return error
  const code = errorCode(error)
  if (code === undefined) return new SekishoError('BUG', 'an unexpected failure', { cause: error })
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  const message = full ? 'the disk is full' : `the disk refused: ${code}`
  return new SekishoError(full ? 'STORE_FULL' : 'STORE_UNAVAILABLE', message, { cause: error })
}

/** Waits for all, also when one fails: a straggler must not write after its files were cleaned away. */
async function every(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'wx', FILE_MODE)
  try {
    await handle.writeFile(bytes)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

function temporaryPath(work: string): string {
  return join(work, `${TEMPORARY_PREFIX}${randomBytes(12).toString('hex')}`)
}

/** Temporary files that a crash left behind begin so; they are nobody's. */
export const TEMPORARY_PREFIX = 'new-'

function foldersOf(files: readonly DurableFile[]): string[] {
  return [...new Set(files.map(({ path }) => dirname(path)))]
}
