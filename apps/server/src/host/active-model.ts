/**
 * The model in force. A side whose town file is not the one in force does not serve: what runs is what was decided.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SekishoError } from '@sekisho/core'
import type { Town } from '@sekisho/core'
import { writeDurably } from '@sekisho/evidence'
import { modelDigest, readTown } from '@sekisho/town'
import type { TownReading } from '@sekisho/town'

export interface LoadedTown {
  readonly town: Town
  /** The same with the places of its file. */
  readonly read: TownReading
  /** The same as it was written. */
  readonly text: string
  /** SHA-256 of the file, lower-case hex. */
  readonly fileDigest: string
  /** SHA-256 of the model, lower-case hex. */
  readonly model: string
}

/**
 * Reads the declaration.
 *
 * @throws SekishoError CONFIG_INVALID with the first thing to mend
 */
export async function loadTown(file: string): Promise<LoadedTown> {
  const bytes = await readFile(file)
  const text = bytes.toString('utf8')
  const fileDigest = createHash('sha256').update(bytes).digest('hex')
  const read = readTown(text)
  if (read.ok) return { town: read.town, read, text, fileDigest, model: modelDigest(read.town) }
  const [first] = read.problems
  throw new SekishoError(
    'CONFIG_INVALID',
    `${file}:${first?.line ?? 1}: ${first?.message ?? ''}${first?.cure ?? ''}`,
  )
}

/** Digest of the model in force on a side, or `undefined` before the first start. */
export async function activeModel(dir: string): Promise<string | undefined> {
  const text = await readFile(join(dir, 'active-model'), 'utf8').catch(() => undefined)
  return text?.trim()
}

/** Puts a model in force; durable when it resolves. The record comes first. */
export async function activateModel(dir: string, model: string): Promise<void> {
  await writeDurably([{ path: join(dir, 'active-model'), bytes: Buffer.from(`${model}\n`) }], dir)
}

/**
 * The town of a side, when it is the one in force.
 *
 * @throws SekishoError CONFIG_INVALID when it is not
 */
export async function loadActiveTown(file: string, dir: string): Promise<LoadedTown> {
  const loaded = await loadTown(file)
  if ((await activeModel(dir)) !== loaded.model)
    throw new SekishoError(
      'CONFIG_INVALID',
      '町の宣言が、効いているものと違います。見直してから --activate を付けて始めてください。',
    )
  return loaded
}
