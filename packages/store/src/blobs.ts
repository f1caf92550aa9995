/**
 * Files by their content: the name is the SHA-256 of the bytes, so a file is never changed, only there or not.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { access, readFile, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SekishoError, errorCode } from '@sekisho/core'
import {
  TEMPORARY_PREFIX,
  diskError,
  makeFolder,
  syncFolder,
  writeDurably,
} from '@sekisho/evidence'

export interface Blobs {
  /**
   * Stores bytes; durable when it resolves. Storing the same bytes again does nothing, or repairs a damaged copy.
   *
   * @returns SHA-256, lower-case hex
   * @throws STORE_FULL, STORE_UNAVAILABLE
   */
  put(bytes: Uint8Array): Promise<string>
  /** The bytes, checked against their name. Throws NOT_FOUND, or STORE_CORRUPT when the disk gives other bytes. */
  get(sha256: string): Promise<Buffer>
  /** Whether there is a file of that name. It may still be damaged: only {@link get} looks inside. */
  has(sha256: string): Promise<boolean>
  /** Removes it; gone for good when it resolves. Removing what is not there is fine. */
  remove(sha256: string): Promise<void>
}

/** Opens a folder of blobs, made when it is not there. What a crash left half-written is removed. */
export async function openBlobs(dir: string): Promise<Blobs> {
  const work = join(dir, '.work')
  await onDisk(async () => {
    await makeFolder(work)
    await removeTemporaries(work)
  })
  const pathOf = (sha256: string): string => join(dir, checked(sha256).slice(0, 2), sha256.slice(2))
  return {
    put: (bytes) => onDisk(() => put(bytes, pathOf, work)),
    get: async (sha256) => {
      const bytes = await onDisk(() => readOptional(pathOf(sha256)))
      if (bytes === undefined) throw new SekishoError('NOT_FOUND', `no blob ${sha256}`)
      if (!hasDigest(bytes, sha256))
        throw new SekishoError('STORE_CORRUPT', `blob ${sha256} is damaged`)
      return bytes
    },
    has: async (sha256) =>
      access(pathOf(sha256)).then(
        () => true,
        () => false,
      ),
    remove: (sha256) => onDisk(() => remove(pathOf(sha256))),
  }
}

async function put(
  bytes: Uint8Array,
  pathOf: (sha256: string) => string,
  work: string,
): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const path = pathOf(sha256)
  const present = await readOptional(path)
  if (present !== undefined && hasDigest(present, sha256)) {
    // It may have been renamed there by a put that is still waiting for this very sync.
    await syncFolder(dirname(path))
    return sha256
  }
  await writeDurably([{ path, bytes }], work)
  return sha256
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true })
  await syncFolder(dirname(path)).catch(ignoreMissing)
}

async function readOptional(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    ignoreMissing(error)
    return undefined
  }
}

function hasDigest(bytes: Uint8Array, sha256: string): boolean {
  return timingSafeEqual(createHash('sha256').update(bytes).digest(), Buffer.from(sha256, 'hex'))
}

/** A digest becomes part of a path: anything else could leave the folder. */
function checked(sha256: string): string {
  if (!/^[0-9a-f]{64}$/u.test(sha256))
    throw new SekishoError('BUG', 'not a SHA-256 in lower-case hex')
  return sha256
}

async function removeTemporaries(work: string): Promise<void> {
  const names = await readdir(work)
  for (const name of names.filter((one) => one.startsWith(TEMPORARY_PREFIX)))
    await rm(join(work, name))
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error
}

async function onDisk<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw diskError(error)
  }
}
