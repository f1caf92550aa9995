/**
 * Emergency cut: a file for each service that is cut, in the gate's data folder. Whoever stands before the machine at night can make one without the gate's help, and the gate has no door through which
 * a terminal could.
 */
import { readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError } from '@sekisho/core'
import { diskError, makeFolder, syncFolder, writeDurably } from '@sekisho/evidence'

export interface Cut {
  readonly service: string
  /** As given with the command; empty when nobody said, or the file was made by hand. */
  readonly by: string
  /** When, ISO 8601; empty as above. */
  readonly at: string
}

const FOLDER = 'cut'
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/u

export async function cutService(dataDir: string, { service, by, at }: Cut): Promise<void> {
  const folder = join(dataDir, FOLDER)
  await makeFolder(folder)
  await writeDurably(
    [{ path: join(folder, named(service)), bytes: Buffer.from(`${JSON.stringify({ by, at })}\n`) }],
    dataDir,
  )
}

/** @returns false when it was not cut */
export async function reopenService(dataDir: string, service: string): Promise<boolean> {
  const folder = join(dataDir, FOLDER)
  if (!(await readCuts(dataDir)).some((cut) => cut.service === service)) return false
  await rm(join(folder, named(service)))
  await syncFolder(folder)
  return true
}

/** @throws SekishoError when the folder cannot be read: then nobody knows what is cut */
export async function readCuts(dataDir: string): Promise<readonly Cut[]> {
  const folder = join(dataDir, FOLDER)
  await makeFolder(folder).catch((error: unknown) => Promise.reject(diskError(error)))
  const names = await readdir(folder).catch((error: unknown) => Promise.reject(diskError(error)))
  return Promise.all(
    names
      .filter((name) => NAME.test(name))
      .map(async (service) => ({ service, ...(await noteOf(join(folder, service))) })),
  )
}

/** The file cuts, whatever is in it. */
async function noteOf(path: string): Promise<{ readonly by: string; readonly at: string }> {
  try {
    const { by, at } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
    return { by: typeof by === 'string' ? by : '', at: typeof at === 'string' ? at : '' }
  } catch {
    return { by: '', at: '' }
  }
}

function named(service: string): string {
  if (!NAME.test(service)) throw new SekishoError('BUG', 'a service with a strange id')
  return service
}
