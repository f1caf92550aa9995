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
  readonly reason?: string
}

type Note = Omit<Required<Cut>, 'service'>

const FOLDER = 'cut'
/** No name of a service has a dot: a note of an opening cuts nothing. */
const OPENED = '.opened'
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/u

export async function cutService(dataDir: string, { service, ...note }: Cut): Promise<void> {
  const folder = join(dataDir, FOLDER)
  await makeFolder(folder)
  await keepNote(dataDir, named(service), note)
}

/**
 * @param note who opens it again and why, for the record of the gate
 * @returns false when it was not cut
 */
export async function reopenService(
  dataDir: string,
  service: string,
  note: Omit<Cut, 'service'> = { by: '', at: '' },
): Promise<boolean> {
  const folder = join(dataDir, FOLDER)
  if (!(await readCuts(dataDir)).some((cut) => cut.service === service)) return false
  await keepNote(dataDir, `${named(service)}${OPENED}`, note)
  await rm(join(folder, named(service)))
  await syncFolder(folder)
  return true
}

/** Who opened a service again last. */
export function reopenedBy(dataDir: string, service: string): Promise<Note> {
  return noteOf(join(dataDir, FOLDER, `${named(service)}${OPENED}`))
}

async function keepNote(dataDir: string, name: string, note: Omit<Cut, 'service'>): Promise<void> {
  const bytes = Buffer.from(`${JSON.stringify(note)}\n`)
  await writeDurably([{ path: join(dataDir, FOLDER, name), bytes }], dataDir)
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
async function noteOf(path: string): Promise<Note> {
  try {
    const { by, at, reason } = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
    return { by: textOf(by), at: textOf(at), reason: textOf(reason) }
  } catch {
    return { by: '', at: '', reason: '' }
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function named(service: string): string {
  if (!NAME.test(service)) throw new SekishoError('BUG', 'a service with a strange id')
  return service
}
